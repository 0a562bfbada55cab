#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/covariance/structure.hpp"

namespace gatemix {

/// K covariance matrices of one structure, each of its own or one for all
/// (`shared`): what Gaussian experts and Gaussian gates have in common.
class Covariances {
 public:
  Covariances(const std::string& structure, arma::uword n_experts,
              arma::uword dimension, bool shared, double floor);

  arma::uword dimension() const { return dimension_; }
  arma::uword n_moments() const { return structure_->n_moments(dimension_); }
  const CovarianceStructure& structure() const { return *structure_; }

  /// From moments (n_moments x K) and weights (K). An expert without rows
  /// keeps its matrix.
  void estimate(const arma::mat& moments, const arma::vec& weight);

  /// With Sigma_k = L L': the transpose of L^-1, and the logarithm of the
  /// Gaussian density at its mean.
  const arma::mat& inverse_factor(arma::uword k) const {
    return inverse_factor_[place(k)];
  }
  double log_constant(arma::uword k) const { return log_constant_[place(k)]; }

  /// Sigma_k^-1 rhs.
  arma::mat solve(arma::uword k, const arma::mat& rhs) const;
  arma::mat matrix(arma::uword k) const;

  arma::uword n_coordinates() const;
  /// The coordinates as an array: a column for each distinct matrix.
  std::vector<arma::uword> shape() const {
    return {structure_->n_coordinates(dimension_), n_distinct()};
  }
  std::vector<std::string> coordinate_names() const;
  arma::vec coordinates() const;
  void set_coordinates(const arma::vec& coordinates);
  arma::vec score(const arma::mat& moments, const arma::vec& weight) const;

  /// Coordinates of Sigma_k among all, and their scores for each row.
  arma::uvec score_coordinates(arma::uword k) const;
  void row_scores(const arma::mat& e, arma::uword k, double* columns) const;
  /// rows of e times Sigma_k^-1
  arma::mat solve_rows(const arma::mat& e, arma::uword k) const;

  void permute(const arma::uvec& order);
  arma::uvec floored() const;

 private:
  arma::uword n_distinct() const { return shared_ ? 1 : n_experts_; }
  arma::uword place(arma::uword k) const { return shared_ ? 0 : k; }
  /// Moments and weights of the distinct matrices (their sums when shared).
  arma::mat pooled(const arma::mat& values) const;
  void store(arma::uword distinct,
             const CovarianceStructure::Estimate& estimate);

  std::shared_ptr<const CovarianceStructure> structure_;
  arma::uword n_experts_;
  arma::uword dimension_;
  bool shared_;
  double floor_;
  std::vector<arma::mat> factor_;          // lower Cholesky, one per matrix
  std::vector<arma::mat> inverse_factor_;  // its inverse, transposed
  arma::vec log_constant_;  // -log|L| - (q/2) log(2 pi)
  arma::uvec floored_;
};

}  // namespace gatemix
