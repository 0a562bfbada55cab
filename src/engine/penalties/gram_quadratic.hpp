#pragma once
#include <vector>

#include "engine/penalties/quadratic.hpp"

namespace gatemix {

/// A quadratic that holds H: a block for each pair of columns, of which most
/// are zero for experts and none is for a softmax gate.
class GramQuadratic final : public Quadratic {
 public:
  explicit GramQuadratic(arma::mat gradient);

  /// H(., .) between columns c and d, symmetric: set once for each pair.
  void set_block(arma::uword c, arma::uword d, arma::mat block);

  arma::uword n_columns() const override { return gradient_.n_cols; }
  double gradient(arma::uword term, arma::uword column) override {
    return gradient_(term, column);
  }
  double curvature(arma::uword term, arma::uword column) override;
  double curvature(arma::uword term, arma::uword column, arma::uword other_term,
                   arma::uword other_column) override;
  void move(arma::uword term, arma::uword column, double change) override;

 private:
  const arma::mat& block(arma::uword c, arma::uword d) const {
    return blocks_[c <= d ? d * (d + 1) / 2 + c : c * (c + 1) / 2 + d];
  }
  arma::mat gradient_;
  std::vector<arma::mat> blocks_;  // packed by pairs of columns; empty: zero
};

}  // namespace gatemix
