#pragma once
#include "engine/model/parameter_block.hpp"

namespace gatemix {

/// f_k(y | x), k = 1..K: the K experts of one family. The first of their
/// statistics are the sums of the responsibilities.
class Expert : public ParameterBlock {
 public:
  explicit Expert(arma::uword n_experts)
      : size_(statistics_.add("weight", {n_experts})) {}

  /// Returns how many rows each expert has: the sums of its responsibilities.
  arma::vec sizes(const double* stats) const { return size_.vector(stats); }
  /// E(y | x, k), standardised: column k * q + j is response j of expert k.
  virtual void mean(Batch& batch, arma::mat& out) const = 0;

 protected:
  Field size_;
};

}  // namespace gatemix
