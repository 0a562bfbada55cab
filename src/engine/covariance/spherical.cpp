#include "engine/covariance/spherical.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "linalg/kernels.hpp"

namespace gatemix {

namespace {
CovarianceStructure::Estimate factor_of(double variance, arma::uword q,
                                        double floor) {
  const double held = std::max(variance, floor);
  return {std::sqrt(held) * arma::mat(q, q, arma::fill::eye),
          at_floor(variance, floor)};
}
}  // namespace

arma::vec SphericalCovariance::moments(const arma::mat& scatter) const {
  return {arma::trace(scatter)};
}

void SphericalCovariance::add_moments(const arma::mat& residual,
                                      const arma::vec& weight,
                                      double* moments) const {
  const arma::mat squares = arma::sum(arma::square(residual), 1);
  add_cross_product(squares, weight, moments);
}

SphericalCovariance::Estimate SphericalCovariance::estimate(
    const double* moments, double weight, const arma::mat& current,
    double floor) const {
  const arma::uword q = current.n_cols;
  return factor_of(moments[0] / (weight * q), q, floor);
}

std::vector<std::string> SphericalCovariance::names(arma::uword) const {
  return {"logsd"};
}

arma::vec SphericalCovariance::coordinates(const arma::mat& factor) const {
  return {std::log(factor(0, 0))};
}

SphericalCovariance::Estimate SphericalCovariance::from_coordinates(
    const double* coordinates, arma::uword q, double floor) const {
  return factor_of(std::exp(2.0 * coordinates[0]), q, floor);
}

arma::vec SphericalCovariance::score(const arma::mat& factor,
                                     const double* moments, double weight,
                                     double floor) const {
  const double variance = factor(0, 0) * factor(0, 0);
  const double slope = moments[0] / variance - weight * factor.n_cols;
  const bool held = at_floor(variance, floor) && slope < 0.0;
  return {held ? 0.0 : slope};
}

void SphericalCovariance::row_scores(const arma::mat&, const arma::mat& white,
                                     const arma::mat&,
                                     double* columns) const {
  for (arma::uword row = 0; row < white.n_rows; ++row) {
    double sum = -static_cast<double>(white.n_cols);
    for (arma::uword j = 0; j < white.n_cols; ++j)
      sum += white(row, j) * white(row, j);
    columns[row] = sum;
  }
}

}  // namespace gatemix
