#include "linalg/vector_math.hpp"

#include <cfloat>

#include "check.hpp"
#include "fixtures.hpp"

namespace {

double exp_of(double x) { gatemix::exp_in_place(&x, 1); return x; }
double log_of(double x) { gatemix::log_in_place(&x, 1); return x; }

const test::Case exponentials("exp: relative error below 4e-16 everywhere", [] {
  // every length exercises the vector loop and its remainder
  for (arma::uword n : {1u, 2u, 3u, 7u, 8u, 9u, 33u, 100001u}) {
    arma::vec x = n == 1 ? arma::vec{-0.3} : arma::linspace(-700.0, 700.0, n);
    arma::vec wanted = x;
    wanted.transform([](double v) { return std::exp(v); });
    gatemix::exp_in_place(x.memptr(), n);
    const double error = arma::abs(x / wanted - 1.0).max();
    test::check(error < 4e-16, "n = " + std::to_string(n) + ": error " +
                                   std::to_string(error * 1e16) + "e-16");
  }
});

const test::Case exponential_extremes("exp: extremes", [] {
  test::check(exp_of(0.0) == 1.0, "exp(0) is 1 exactly");
  test::check(exp_of(-0.0) == 1.0, "exp(-0) is 1 exactly");
  test::check(exp_of(1e-320) == 1.0, "exp(denormal) is 1");
  for (double x : {-709.0, -746.0, -1e30, -DBL_MAX, -arma::datum::inf}) {
    test::check(exp_of(x) >= 0.0 && exp_of(x) <= 4e-308,
                "exp(" + std::to_string(x) + ") is nothing");
  }
  for (double x : {709.0, 750.0, 1e30, DBL_MAX, arma::datum::inf})
    test::check(std::isfinite(exp_of(x)) && exp_of(x) > 8e307,
                "exp(" + std::to_string(x) + ") is huge and finite");
  test::check(std::isnan(exp_of(arma::datum::nan)), "exp(NaN) is NaN");
});

const test::Case logarithms("log: relative error below 4e-16", [] {
  arma::vec exponents = arma::linspace(-700.0, 700.0, 50021);
  arma::vec x = arma::exp(exponents), got = x;
  gatemix::log_in_place(got.memptr(), got.n_elem);
  double worst = 0.0;
  for (arma::uword i = 0; i < x.n_elem; ++i) {
    const double wanted = std::log(x[i]);
    worst = std::max(worst, std::abs(got[i] - wanted) /
                                std::max(1.0, std::abs(wanted)));
  }
  test::check(worst < 4e-16, "worst error " + std::to_string(worst * 1e16) + "e-16");
});

const test::Case logarithms_near_one("log: near 1 and at the powers of two", [] {
  test::check(log_of(1.0) == 0.0, "log(1) is 0 exactly");
  for (double d = 1e-15; d < 0.5; d *= 3.0)
    for (double x : {1.0 + d, 1.0 - d})
      test::check(std::abs(log_of(x) - std::log(x)) <= 4e-16,
                  "log(1 +- " + std::to_string(d) + ")");
  for (int k = -1022; k <= 1023; ++k) {
    const double x = std::ldexp(1.0, k);
    for (double v : {x, std::nextafter(x, DBL_MAX), x * std::sqrt(0.5)}) {
      if (v < DBL_MIN) continue;
      if (std::abs(log_of(v) - std::log(v)) > 4e-16 * std::max(1.0, std::abs(std::log(v))))
        test::check(false, "log near 2^" + std::to_string(k));
    }
  }
  test::check_close(log_of(DBL_MIN), std::log(DBL_MIN), 4e-16, "smallest normal");
  test::check_close(log_of(DBL_MAX), std::log(DBL_MAX), 4e-16, "largest");
});

const test::Case softmax_plain("softmax_rows: the textbook formula", [] {
  for (arma::uword k = 1; k <= 6; ++k) {
    arma::mat eta = 3.0 * fixtures::normals(101, k, k);
    arma::mat wanted = arma::exp(eta);
    arma::vec total = arma::sum(wanted, 1), log_sum;
    wanted.each_col() /= total;
    gatemix::softmax_rows(eta, log_sum);
    test::check_close(fixtures::largest(eta - wanted), 0.0, 1e-15, "probabilities");
    test::check_close(fixtures::largest(log_sum - arma::log(total)), 0.0, 5e-15, "log sum");
    test::check_close(fixtures::largest(arma::sum(eta, 1) - 1.0), 0.0, 1e-15, "rows sum to 1");
  }
});

const test::Case softmax_extremes("softmax_rows: +-1e30, ties, one column", [] {
  arma::mat eta = {{1e30, -1e30, 0.0},   {-1e30, -1e30, -1e30}, {1e30, 1e30, 1e30},
                   {0.0, 0.0, 0.0},      {5e307, 0.0, -5e307},  {1e30, 1e30, -1e30},
                   {-745.0, 0.0, 745.0}, {1e-300, 0.0, 0.0}};
  arma::vec log_sum;
  gatemix::softmax_rows(eta, log_sum);
  const double third = 1.0 / 3.0;
  const arma::mat wanted = {{1, 0, 0},     {third, third, third}, {third, third, third},
                            {third, third, third}, {1, 0, 0},     {0.5, 0.5, 0},
                            {0, 0, 1},     {third, third, third}};
  test::check(eta.is_finite() && log_sum.is_finite(), "all finite");
  test::check_close(fixtures::largest(eta - wanted), 0.0, 1e-15, "probabilities");
  test::check(log_sum[0] == 1e30 && log_sum[1] == -1e30 && log_sum[2] == 1e30, "log sums at 1e30");
  test::check_close(log_sum[3], std::log(3.0), 1e-15, "log 3");
  test::check_close(log_sum[6], 745.0, 1e-15, "745");

  arma::mat one = arma::vec{1e30, -1e30, 0.25};
  gatemix::softmax_rows(one, log_sum);
  test::check(one(0) == 1.0 && one(1) == 1.0 && one(2) == 1.0, "one column: all 1");
  test::check(log_sum[0] == 1e30 && log_sum[1] == -1e30 && log_sum[2] == 0.25,
              "one column: the log sum is the column");
});

}  // namespace
