#pragma once
#include "engine/penalties/separable.hpp"

namespace gatemix {

/// Smoothly clipped absolute deviation, Fan and Li (2001), Variable selection
/// via nonconcave penalized likelihood and its oracle properties, JASA 96,
/// eq. (2.7): the l1 norm up to lambda, constant beyond shape * lambda.
class Scad : public SeparablePenalty {
 public:
  explicit Scad(const PenaltySpec& spec);
  bool bounded() const override { return true; }

 protected:
  double phi(double size, double lambda) const override;
  double slope(double size, double lambda) const override;
  double bend(double size, double lambda) const override;
  double shrink(double z, double h, double lambda) const override;

 private:
  double shape_;
};

}  // namespace gatemix
