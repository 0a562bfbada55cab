#pragma once
#include <vector>

#include "../armadillo.hpp"

namespace gatemix {

/// What the statistics say about a step d from the current coefficients (a
/// matrix with a row per term and a column per predictor):
///   q(d) = 1/2 d' H d - g' d.
/// H has a block for each pair of columns; most are zero for experts, none is
/// for a softmax gate.
class Quadratic {
 public:
  explicit Quadratic(arma::mat gradient);

  /// H(., .) between columns c and d, symmetric: set once for each pair.
  void set_block(arma::uword c, arma::uword d, arma::mat block);

  arma::uword n_terms() const { return gradient_.n_rows; }
  arma::uword n_columns() const { return gradient_.n_cols; }
  /// g - H d at the steps made so far.
  const arma::mat& gradient() const { return gradient_; }
  double curvature(arma::uword term, arma::uword column) const;
  double curvature(arma::uword term, arma::uword column, arma::uword other_term,
                   arma::uword other_column) const;
  /// Moves one coefficient.
  void move(arma::uword term, arma::uword column, double change);

 private:
  const arma::mat& block(arma::uword c, arma::uword d) const {
    return blocks_[c <= d ? d * (d + 1) / 2 + c : c * (c + 1) / 2 + d];
  }
  arma::mat gradient_;
  std::vector<arma::mat> blocks_;  // packed by pairs of columns; empty: zero
};

}  // namespace gatemix
