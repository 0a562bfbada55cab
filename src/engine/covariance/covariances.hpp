#pragma once
#include "structure.hpp"

namespace gatemix {

/// K covariance matrices of one structure, each of its own or one for all
/// (`shared`): what Gaussian experts and Gaussian gates have in common.
class Covariances {
 public:
  Covariances(const std::string& structure, arma::uword n_components,
              arma::uword dimension, bool shared, double floor);

  arma::uword n_moments() const { return structure_->n_moments(dimension_); }
  const CovarianceStructure& structure() const { return *structure_; }

  /// From moments (n_moments x K) and weights (K). A component without rows
  /// keeps its matrix.
  void estimate(const arma::mat& moments, const arma::vec& weight);

  /// out[i] += log N(e_i; mean, Sigma_k) for the rows e_i of `e`.
  void add_log_density(const arma::mat& e, const arma::vec& mean,
                       arma::uword k, arma::mat& scratch, double* out) const;

  /// Sigma_k^-1 rhs.
  arma::mat solve(arma::uword k, const arma::mat& rhs) const;
  arma::mat matrix(arma::uword k) const;

  arma::uword n_coordinates() const;
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
  arma::uword n_distinct() const { return shared_ ? 1 : n_components_; }
  /// Moments and weights of the distinct matrices (their sums when shared).
  arma::mat pooled(const arma::mat& values) const;
  void store(arma::uword distinct,
             const CovarianceStructure::Estimate& estimate);

  std::shared_ptr<const CovarianceStructure> structure_;
  arma::uword n_components_;
  arma::uword dimension_;
  bool shared_;
  double floor_;
  std::vector<arma::mat> factor_;          // lower Cholesky, one per matrix
  std::vector<arma::mat> inverse_factor_;  // its inverse, transposed
  arma::vec log_constant_;  // -log|L| - (q/2) log(2 pi)
  arma::uvec floored_;
};

}  // namespace gatemix
