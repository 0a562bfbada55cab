#pragma once
#include "parameter_block.hpp"

namespace gatemix {

/// f_k(y | x), k = 1..K: the K experts of one family.
class Expert : public ParameterBlock {
 public:
  /// E(y | x, k), standardised: column k * q + j is response j of expert k.
  virtual void mean(Batch& batch, arma::mat& out) const = 0;
};

}  // namespace gatemix
