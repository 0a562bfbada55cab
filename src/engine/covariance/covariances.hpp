#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/covariance/structure.hpp"

namespace gatemix {

/// K covariance matrices, each of its own structure, or one for all
/// (`shared`): what Gaussian experts and Gaussian gates have in common. The
/// moments and the coordinates of one matrix follow those of another; each has
/// as many as its structure wants.
class Covariances {
 public:
  /// One structure for all experts, or one for each.
  Covariances(const std::vector<std::string>& structures,
              arma::uword n_experts, arma::uword dimension, bool shared,
              double floor);

  arma::uword dimension() const { return dimension_; }
  const CovarianceStructure& structure(arma::uword k) const {
    return *structures_[place(k)];
  }
  /// Whether no expert needs products of two variables.
  bool diagonal() const;

  /// Number of moments of all experts, and these as an array: a column for each
  /// expert where all have the same number.
  arma::uword n_moments() const;
  std::vector<arma::uword> moments_shape() const;
  /// Where those of expert k begin.
  arma::uword first_moment(arma::uword k) const { return first_moment_[k]; }
  /// moments += sign times those of sums of products of expert k.
  void add_scatter(arma::uword k, const arma::mat& scatter, double sign,
                   arma::vec& moments) const;

  /// From the moments and weights (K) of all experts. An expert without rows
  /// keeps its matrix.
  void estimate(const arma::vec& moments, const arma::vec& weight);

  /// With Sigma_k = L L': the transpose of L^-1, and the logarithm of the
  /// Gaussian density at its mean.
  const arma::mat& inverse_factor(arma::uword k) const {
    return matrices_[place(k)].inverse_factor;
  }
  double log_constant(arma::uword k) const {
    return matrices_[place(k)].log_constant;
  }

  /// Sigma_k^-1 rhs.
  arma::mat solve(arma::uword k, const arma::mat& rhs) const;
  arma::mat matrix(arma::uword k) const;

  arma::uword n_coordinates() const;
  /// The coordinates as an array: a column for each distinct matrix where all
  /// have the same number.
  std::vector<arma::uword> shape() const;
  std::vector<std::string> coordinate_names() const;
  arma::vec coordinates() const;
  void set_coordinates(const arma::vec& coordinates);
  arma::vec score(const arma::vec& moments, const arma::vec& weight) const;

  /// Coordinates of Sigma_k among all, and their scores for each row.
  arma::uvec score_coordinates(arma::uword k) const;
  void row_scores(const arma::mat& e, arma::uword k, double* columns) const;
  /// rows of e times Sigma_k^-1
  arma::mat solve_rows(const arma::mat& e, arma::uword k) const;

  /// The structures move with their experts: the coordinates are then those of
  /// a model whose structures are in this order.
  void permute(const arma::uvec& order);
  arma::uvec floored() const;

 private:
  /// All that is known of one matrix.
  struct Matrix {
    arma::mat factor;          // lower Cholesky
    arma::mat inverse_factor;  // its inverse, transposed
    double log_constant;       // -log|L| - (q/2) log(2 pi)
    bool floored;
  };
  arma::uword n_distinct() const { return shared_ ? 1 : n_experts_; }
  arma::uword place(arma::uword k) const { return shared_ ? 0 : k; }
  /// Finds where the moments and the coordinates of each begin.
  void lay_out();
  /// Moments of distinct matrix d, and its weight (sums when shared).
  arma::vec moments_of(arma::uword d, const arma::vec& moments) const;
  double weight_of(arma::uword d, const arma::vec& weight) const {
    return shared_ ? arma::accu(weight) : weight[d];
  }
  void store(arma::uword distinct,
             const CovarianceStructure::Estimate& estimate);

  std::vector<std::shared_ptr<const CovarianceStructure>> structures_;
  arma::uword n_experts_;
  arma::uword dimension_;
  bool shared_;
  double floor_;
  std::vector<Matrix> matrices_;    // one per distinct matrix
  arma::uvec first_moment_;         // by expert; then their number
  arma::uvec first_coordinate_;     // by distinct matrix; then their number
};

}  // namespace gatemix
