#include "engine/predictors/coefficients.hpp"

namespace gatemix {

Tangent coefficient_tangent(const Penalty& penalty, const arma::mat& b,
                            const arma::uvec& cells, arma::uword first,
                            arma::uword n, double weight) {
  const arma::uword before = first, own = cells.n_elem,
                    after = n - first - b.n_elem;
  const arma::uword m = before + own + after;
  Tangent out{arma::mat(n, m, arma::fill::zeros),
              arma::vec(m, arma::fill::zeros),
              arma::mat(m, m, arma::fill::zeros)};
  for (arma::uword i = 0; i < before; ++i) out.basis(i, i) = 1.0;
  for (arma::uword i = 0; i < own; ++i)
    out.basis(first + cells[i], before + i) = 1.0;
  for (arma::uword i = 0; i < after; ++i)
    out.basis(first + b.n_elem + i, before + own + i) = 1.0;
  if (own == 0) return out;
  out.slope.subvec(before, before + own - 1) =
      weight * penalty.slopes(b).eval().elem(cells);
  out.curvature.submat(before, before, arma::size(own, own)) =
      weight * penalty.curvature(b, cells);
  return out;
}

void keep_pattern(const arma::mat& image, arma::mat& extrapolated) {
  for (arma::uword i = 0; i < image.n_elem; ++i)
    if (!(image[i] * extrapolated[i] > 0.0)) extrapolated[i] = image[i];
}

arma::uvec coefficient_columns(const Field& coefficients, arma::uword n) {
  arma::uvec out(n);
  out.fill(kNoColumn);
  for (arma::uword i = 0; i < coefficients.size(); ++i)
    out[coefficients.first + i] = i % coefficients.shape[0];
  return out;
}

}  // namespace gatemix
