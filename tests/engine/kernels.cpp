#include "linalg/kernels.hpp"

#include "engine/data/batch.hpp"
#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using fixtures::normals;

const arma::uword kRows[] = {1, 2, 7, 64, 513};

const test::Case packed("packed triangles", [] {
  for (arma::uword p = 1; p <= 6; ++p) {
    std::vector<int> seen(gatemix::packed_size(p));
    for (arma::uword j = 0; j < p; ++j)
      for (arma::uword i = 0; i <= j; ++i) ++seen[gatemix::packed_index(i, j)];
    for (int count : seen) test::check(count == 1, "each place once");
    arma::vec values = arma::regspace(1, gatemix::packed_size(p));
    const arma::mat m = gatemix::unpack_symmetric(values.memptr(), p);
    test::check(m.is_symmetric(), "symmetric");
    test::check(m(0, p - 1) == values[gatemix::packed_index(0, p - 1)], "upper, by columns");
  }
});

const test::Case grams("weighted Gram matrices = Armadillo, 1 to 9 columns", [] {
  for (arma::uword n : kRows)
    for (arma::uword p = 1; p <= 9; ++p)
      for (arma::uword k = 1; k <= 9; ++k) {
        const arma::mat x = normals(n, p, p), w = fixtures::uniforms(n, k, k);
        arma::mat out(gatemix::packed_size(p), k, arma::fill::ones);  // adds to what is there
        gatemix::add_weighted_grams(x, w, out.memptr());
        double worst = 0.0;
        for (arma::uword c = 0; c < k; ++c) {
          const arma::mat wanted = x.t() * arma::diagmat(w.col(c)) * x + 1.0;
          const arma::mat got = gatemix::unpack_symmetric(out.colptr(c), p);
          worst = std::max(worst, largest(got - wanted) / (1.0 + largest(wanted)));
        }
        test::check(worst < 1e-13, "n, p, k = " + std::to_string(n) + ", " +
                                       std::to_string(p) + ", " + std::to_string(k));
      }
});

const test::Case one_gram("one weighted Gram matrix and scaled rows = Armadillo, 1 to 13 columns", [] {
  for (arma::uword n : kRows)
    for (arma::uword p = 1; p <= 13; ++p) {
      const arma::mat x = normals(n, p, p);
      const arma::vec weight = fixtures::uniforms(n, 1, p);
      arma::mat w;
      gatemix::scale_rows(x, weight, w);
      test::check(largest(w - arma::diagmat(weight) * x) == 0.0, "scaled rows");
      arma::vec out(gatemix::packed_size(p), arma::fill::ones);  // adds to what is there
      gatemix::add_gram(x, w, out.memptr());
      const arma::mat wanted = x.t() * w + 1.0;
      const arma::mat got = gatemix::unpack_symmetric(out.memptr(), p);
      test::check(largest(got - wanted) < 1e-13 * (1.0 + largest(wanted)),
                  "n, p = " + std::to_string(n) + ", " + std::to_string(p));
    }
});

const test::Case products("cross products and column sums = Armadillo", [] {
  for (arma::uword n : kRows)
    for (arma::uword p = 1; p <= 9; ++p)
      for (arma::uword k = 1; k <= 9; ++k) {
        const arma::mat x = normals(n, p, p), w = normals(n, k, k + 20);
        arma::mat out(p, k, arma::fill::ones);
        gatemix::add_cross_product(x, w, out.memptr());
        arma::mat wanted = x.t() * w + 1.0;
        test::check_close(largest(out - wanted), 0.0, 1e-13 * (1 + n), "x'w");
        arma::vec sums(k, arma::fill::ones);
        gatemix::add_column_sums(w, sums.memptr());
        test::check_close(largest(sums - arma::sum(w, 0).t() - 1.0), 0.0, 1e-14 * (1 + n), "sums");
      }
});

const test::Case multiplication("multiply = Armadillo, with zeros in the coefficients", [] {
  arma::mat out;
  for (arma::uword n : kRows)
    for (arma::uword p = 1; p <= 9; ++p)
      for (arma::uword k = 0; k <= 9; ++k) {
        const arma::mat x = normals(n, p, p);
        arma::mat coef = normals(p, k, k + 40);
        gatemix::multiply(x, coef, out);
        test::check(out.n_rows == n && out.n_cols == k, "size");
        test::check_close(largest(out - x * coef), 0.0, 1e-13, "dense");
        if (k == 0) continue;
        const arma::uword least = std::min(p, k);
        const arma::mat square = coef.submat(0, 0, least - 1, least - 1);
        const arma::mat left = x.head_cols(least);
        coef = arma::trimatu(square);
        gatemix::multiply(left, coef, out);
        test::check_close(largest(out - left * coef), 0.0, 1e-13, "triangular");
      }
  gatemix::multiply(normals(5, 4, 1), arma::mat(4, 2, arma::fill::zeros), out);
  test::check(largest(out) == 0.0, "all zero");
});

const test::Case elements("element-wise products", [] {
  const arma::mat a = normals(77, 1, 1), b = normals(77, 1, 2);
  arma::mat out(77, 1);
  gatemix::multiply_elements(a.memptr(), b.memptr(), out.memptr(), 77);
  test::check(largest(out - a % b) == 0.0, "exact");
});

const test::Case shared_grams("the batch's shared Gram matrices are those of its own rows", [] {
  fixtures::Problem problem(40, 3, 1, 2, 5, true);
  gatemix::Batch batch;
  for (std::size_t first : {0u, 10u, 30u}) {
    batch.read(problem.data, first, 10);
    const arma::mat tau = fixtures::uniforms(10, 2, static_cast<unsigned>(first));
    const gatemix::DesignBlock* designs[] = {&batch.x, &batch.x, batch.z, &batch.x};
    for (const gatemix::DesignBlock* design : designs) {
      arma::mat got(6, 2, arma::fill::zeros), wanted(6, 2, arma::fill::zeros);
      batch.add_tau_grams(*design, tau, got.memptr());
      gatemix::add_weighted_grams(design->dense(), tau, wanted.memptr());
      test::check(largest(got - wanted) == 0.0, "same bits");
    }
  }
});

}  // namespace
