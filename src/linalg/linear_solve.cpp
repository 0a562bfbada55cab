#include "linalg/linear_solve.hpp"

#include <algorithm>
#include <cmath>

namespace gatemix {

namespace {
constexpr double kSingular = 1e-13;  // squared pivot that counts as none
}

arma::mat solve_positive(const arma::mat& h, const arma::mat& g) {
  if (h.is_empty()) return arma::mat(g.n_rows, g.n_cols, arma::fill::zeros);
  // unit diagonal first: the damping must not depend on units
  arma::vec root = arma::sqrt(arma::clamp(h.diag(), 0.0, arma::datum::inf));
  arma::vec inverse_root(root.n_elem);
  for (arma::uword i = 0; i < root.n_elem; ++i)
    inverse_root[i] = root[i] > 0.0 ? 1.0 / root[i] : 0.0;
  arma::mat scaled = h;
  scaled.each_col() %= inverse_root;
  scaled.each_row() %= inverse_root.t();
  for (arma::uword i = 0; i < root.n_elem; ++i)
    if (root[i] == 0.0) scaled(i, i) = 1.0;
  arma::mat right = g;
  right.each_col() %= inverse_root;

  arma::mat factor;
  for (double damping = 0.0; damping < 1.0;
       damping = damping == 0.0 ? 1e-12 : damping * 100.0) {
    arma::mat damped = scaled;
    damped.diag() += damping;
    if (!arma::chol(factor, damped)) continue;
    const double smallest = factor.diag().min();
    if (smallest * smallest < kSingular) continue;
    arma::mat d = arma::solve(
        arma::trimatu(factor),
        arma::solve(arma::trimatl(factor.t()), right, arma::solve_opts::fast),
        arma::solve_opts::fast);
    d.each_col() %= inverse_root;
    return d;
  }
  return arma::mat(g.n_rows, g.n_cols, arma::fill::zeros);
}

IndependentColumns independent_columns(const arma::mat& gram,
                                       double tolerance) {
  const arma::uword p = gram.n_cols;
  IndependentColumns out{arma::uvec(p, arma::fill::zeros), 1.0};
  arma::mat factor(p, p, arma::fill::zeros);  // rows: kept columns
  arma::uword kept = 0;
  for (arma::uword j = 0; j < p; ++j) {
    double rest = gram(j, j);
    arma::vec projection(kept);
    arma::uword row = 0;
    for (arma::uword i = 0; i < j; ++i) {
      if (!out.keep[i]) continue;
      double value = gram(i, j);
      for (arma::uword l = 0; l < row; ++l)
        value -= factor(l, i) * projection[l];
      projection[row] = value / factor(row, i);
      rest -= projection[row] * projection[row];
      ++row;
    }
    const double relative = gram(j, j) > 0.0 ? rest / gram(j, j) : 0.0;
    if (relative <= tolerance) continue;
    out.keep[j] = 1;
    out.smallest_kept = std::min(out.smallest_kept, relative);
    for (arma::uword l = 0; l < kept; ++l) factor(l, j) = projection[l];
    factor(kept, j) = std::sqrt(rest);
    ++kept;
  }
  return out;
}

}  // namespace gatemix
