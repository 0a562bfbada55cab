#pragma once
#include "engine/model/parameter_block.hpp"

namespace gatemix {

/// g_k(z): the probability of expert k. A generative gate adds the joint
/// density of (label, z) instead, log pi_k f_k(z): EM then maximises the joint
/// likelihood of (z, y).
class Gate : public ParameterBlock {
 public:
  virtual bool generative() const { return false; }
  /// Whether the block reads its design at all.
  virtual bool reads_design() const { return true; }
  /// Whether the experts are separated: the likelihood still grows along a
  /// direction that runs to infinity. Judged from the statistics at the
  /// optimum.
  virtual bool separated(const double*) const { return false; }
};

}  // namespace gatemix
