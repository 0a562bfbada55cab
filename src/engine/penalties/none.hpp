#pragma once
#include "../core/penalty.hpp"

namespace gatemix {

/// No penalty: the step is the solution of H d = g.
class NoPenalty : public Penalty {
 public:
  double value(const arma::vec&) const override { return 0.0; }
  arma::vec step(const arma::mat& information, const arma::vec& score,
                 const arma::vec& coefficients) const override;
};

}  // namespace gatemix
