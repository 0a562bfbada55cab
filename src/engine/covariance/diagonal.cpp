#include "engine/covariance/diagonal.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "linalg/kernels.hpp"

namespace gatemix {

namespace {
CovarianceStructure::Estimate factor_of(arma::vec variance, double floor) {
  const bool floored = at_floor(variance.min(), floor);
  variance = arma::clamp(variance, floor, arma::datum::inf);
  return {arma::diagmat(arma::sqrt(variance)), floored};
}
}  // namespace

arma::vec DiagonalCovariance::moments(const arma::mat& scatter) const {
  return scatter.diag();
}

void DiagonalCovariance::add_moments(const arma::mat& residual,
                                     const arma::vec& weight,
                                     double* moments) const {
  const arma::mat squares = arma::square(residual);
  add_cross_product(squares, weight, moments);
}

DiagonalCovariance::Estimate DiagonalCovariance::estimate(
    const double* moments, double weight, const arma::mat& current,
    double floor) const {
  return factor_of(arma::vec(moments, current.n_cols) / weight, floor);
}

std::vector<std::string> DiagonalCovariance::names(arma::uword q) const {
  std::vector<std::string> names;
  for (arma::uword j = 1; j <= q; ++j)
    names.push_back("logsd" + std::to_string(j));
  return names;
}

arma::vec DiagonalCovariance::coordinates(const arma::mat& factor) const {
  return arma::log(factor.diag());
}

DiagonalCovariance::Estimate DiagonalCovariance::from_coordinates(
    const double* coordinates, arma::uword q, double floor) const {
  return factor_of(arma::exp(2.0 * arma::vec(coordinates, q)), floor);
}

arma::vec DiagonalCovariance::score(const arma::mat& factor,
                                    const double* moments, double weight,
                                    double floor) const {
  const arma::vec variance = arma::square(factor.diag());
  arma::vec out = arma::vec(moments, factor.n_cols) / variance - weight;
  for (arma::uword j = 0; j < out.n_elem; ++j)
    if (at_floor(variance[j], floor) && out[j] < 0.0) out[j] = 0.0;
  return out;
}

void DiagonalCovariance::row_scores(const arma::mat&, const arma::mat& white,
                                    const arma::mat&, double* columns) const {
  for (arma::uword j = 0; j < white.n_elem; ++j)
    columns[j] = white[j] * white[j] - 1.0;
}

}  // namespace gatemix
