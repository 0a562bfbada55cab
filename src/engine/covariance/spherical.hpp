#pragma once
#include <string>
#include <vector>

#include "engine/covariance/structure.hpp"

namespace gatemix {

/// One variance for all coordinates. Coordinate: log standard deviation.
class SphericalCovariance : public CovarianceStructure {
 public:
  arma::uword n_moments(arma::uword) const override { return 1; }
  arma::vec moments(const arma::mat& scatter) const override;
  void add_moments(const arma::mat& residual, const arma::vec& weight,
                   double* moments) const override;
  Estimate estimate(const double* moments, double weight,
                    const arma::mat& current, double floor) const override;
  arma::uword n_coordinates(arma::uword) const override { return 1; }
  std::vector<std::string> names(arma::uword q) const override;
  arma::vec coordinates(const arma::mat& factor) const override;
  Estimate from_coordinates(const double* coordinates, arma::uword q,
                            double floor) const override;
  arma::vec score(const arma::mat& factor, const double* moments,
                  double weight, double floor) const override;
  void row_scores(const arma::mat& factor, const arma::mat& white,
                  const arma::mat& solved, double* columns) const override;
  bool diagonal() const override { return true; }
};

}  // namespace gatemix
