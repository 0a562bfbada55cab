#pragma once
#include "parameter_block.hpp"

namespace gatemix {

/// g_k(z): the probability of expert k. A generative gate adds the joint
/// density of (label, z) instead, log pi_k f_k(z): EM then maximises the joint
/// likelihood of (z, y).
class Gate : public ParameterBlock {
 public:
  virtual bool generative() const { return false; }
  /// Whether the likelihood still grows along a direction that runs to
  /// infinity (separation), judged from the statistics at the optimum.
  virtual bool diverging(const double*) const { return false; }
};

}  // namespace gatemix
