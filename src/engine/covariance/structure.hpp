#pragma once
#include <string>
#include <vector>

#include "base/armadillo.hpp"

namespace gatemix {

/// The shape of a q x q covariance matrix: which second moments it needs, its
/// maximum-likelihood estimate, and its unconstrained coordinates. A matrix is
/// held by its lower Cholesky factor.
class CovarianceStructure {
 public:
  virtual ~CovarianceStructure() = default;

  /// Number of second moments of one matrix.
  virtual arma::uword n_moments(arma::uword q) const = 0;
  /// The moments of a symmetric matrix of sums of products.
  virtual arma::vec moments(const arma::mat& scatter) const = 0;
  /// moments += those of the residuals, weighted.
  virtual void add_moments(const arma::mat& residual, const arma::vec& weight,
                           double* moments) const = 0;

  /// Estimate from moments and weight; eigenvalues stay at or above `floor`.
  /// `current` is the factor so far, where an iterative step begins.
  struct Estimate {
    arma::mat factor;
    bool floored;
  };
  virtual Estimate estimate(const double* moments, double weight,
                            const arma::mat& current, double floor) const = 0;

  virtual arma::uword n_coordinates(arma::uword q) const = 0;
  virtual std::vector<std::string> names(arma::uword q) const = 0;
  virtual arma::vec coordinates(const arma::mat& factor) const = 0;
  virtual Estimate from_coordinates(const double* coordinates, arma::uword q,
                                    double floor) const = 0;
  /// d/dcoordinates of sum_i w_i log N(e_i; 0, factor factor'); elements
  /// that a floor holds back are 0.
  virtual arma::vec score(const arma::mat& factor, const double* moments,
                          double weight, double floor) const = 0;
  /// The same for single rows, a column per coordinate: `white` holds
  /// L^-1 e and `solved` Sigma^-1 e in their rows.
  virtual void row_scores(const arma::mat& factor, const arma::mat& white,
                          const arma::mat& solved, double* columns) const = 0;
  virtual bool diagonal() const = 0;
};

/// Whether a variance is at the floor (to the rounding of a coordinate).
inline bool at_floor(double variance, double floor) {
  return variance <= floor * (1.0 + 1e-6);
}

}  // namespace gatemix
