#include "linalg/linear_solve.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using fixtures::normals;
using gatemix::independent_columns;
using gatemix::solve_positive;

const test::Case regular("solve_positive: H d = g", [] {
  for (arma::uword p = 1; p <= 8; ++p) {
    const arma::mat x = normals(50, p, p), h = x.t() * x, g = normals(p, 3, p + 9);
    const arma::mat d = solve_positive(h, g);
    test::check_close(largest(h * d - g), 0.0, 1e-12, "p = " + std::to_string(p));
  }
});

const test::Case units("solve_positive: units do not matter", [] {
  const arma::mat x = normals(50, 4, 1), h = x.t() * x, g = normals(4, 1, 2);
  const arma::vec unit{1e-8, 1.0, 1e8, 1e3};
  const arma::mat scaled = arma::diagmat(unit) * h * arma::diagmat(unit);
  const arma::mat d = arma::diagmat(unit) * solve_positive(scaled, arma::diagmat(unit) * g);
  test::check_close(largest(d - solve_positive(h, g)), 0.0, 1e-12, "the same step");
});

const test::Case singular("solve_positive: singular matrices give finite steps uphill", [] {
  arma::mat x = normals(30, 4, 3);
  x.col(3) = x.col(0) + x.col(1);
  const arma::mat h = x.t() * x, inside = h * normals(4, 1, 4);
  arma::mat d = solve_positive(h, inside);
  test::check(d.is_finite(), "finite");
  test::check_close(largest(h * d - inside) / largest(inside), 0.0, 1e-4, "solves where it can");
  test::check(arma::dot(d, inside) > 0.0, "uphill");

  // H = 0 with g = 0: nothing is known, nothing moves
  d = solve_positive(arma::mat(3, 3, arma::fill::zeros), arma::mat(3, 1, arma::fill::zeros));
  test::check(d.n_rows == 3 && largest(d) == 0.0, "zero matrix");
  d = solve_positive(arma::mat(), arma::mat(0, 1));
  test::check(d.n_elem == 0, "empty");
  arma::mat ones(3, 3, arma::fill::ones);
  d = solve_positive(ones, arma::mat(3, 1, arma::fill::ones));
  test::check(d.is_finite(), "rank one");
  test::check_close(arma::accu(d), 1.0, 1e-6, "rank one: the known direction is solved");
  // a column without rows
  arma::mat block(2, 2, arma::fill::zeros);
  block(0, 0) = 4.0;
  d = solve_positive(block, arma::vec{2.0, 0.0});
  test::check(d(0) == 0.5 && d(1) == 0.0, "a zero row and column");
});

const test::Case not_finite("solve_positive: NaN in, no crash", [] {
  arma::mat h(2, 2, arma::fill::eye);
  h(0, 1) = h(1, 0) = arma::datum::nan;
  const arma::mat d = solve_positive(h, arma::mat(2, 1, arma::fill::ones));
  test::check(d.n_rows == 2, "returns");
});

const test::Case columns("independent_columns keeps what lm() keeps", [] {
  arma::mat x = normals(40, 6, 8);
  x.col(0).ones();
  x.col(2).ones();                         // duplicate of the first
  x.col(4) = 2.0 * x.col(1) - x.col(3);    // a combination of earlier ones
  const auto found = independent_columns(x.t() * x / 40.0, 1e-10);
  const arma::uvec wanted{1, 1, 0, 1, 0, 1};
  test::check(arma::all(found.keep == wanted), "the later one is dropped");
  test::check(found.smallest_kept > 0.1 && found.smallest_kept <= 1.0, "kept columns are clear");

  const arma::mat good = normals(40, 5, 9);
  const auto all = independent_columns(good.t() * good, 1e-10);
  test::check(arma::all(all.keep == 1), "independent columns all stay");
  const auto none = independent_columns(arma::mat(3, 3, arma::fill::zeros), 1e-10);
  test::check(arma::all(none.keep == 0), "zero columns all go");
  test::check(independent_columns(arma::mat(), 1e-10).keep.is_empty(), "no columns");
});

const test::Case nearly("independent_columns reports how close the call was", [] {
  arma::mat x = normals(60, 3, 10);
  x.col(2) = x.col(0) + 1e-3 * x.col(2);
  const auto found = independent_columns(x.t() * x / 60.0, 1e-10);
  test::check(arma::all(found.keep == 1), "kept");
  test::check(found.smallest_kept > 1e-8 && found.smallest_kept < 1e-4, "but close");
});

}  // namespace
