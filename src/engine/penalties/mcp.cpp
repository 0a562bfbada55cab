#include "engine/penalties/mcp.hpp"

#include <algorithm>
#include <cmath>

namespace gatemix {

Mcp::Mcp(const PenaltySpec& spec)
    : SeparablePenalty(spec), shape_(spec.shape) {}

double Mcp::phi(double size, double lambda) const {
  const double end = shape_ * lambda;
  return size >= end ? 0.5 * end * lambda
                     : size * (lambda - 0.5 * size / shape_);
}

double Mcp::slope(double size, double lambda) const {
  return std::max(0.0, lambda - size / shape_);
}

double Mcp::bend(double size, double lambda) const {
  return size < shape_ * lambda ? -1.0 / shape_ : 0.0;
}

double Mcp::shrink(double z, double h, double lambda) const {
  const double size = std::abs(z), end = shape_ * lambda;
  if (h * shape_ > 1.0) {
    if (size >= end) return z;
    const double t = std::max(0.0, h * size - lambda) / (h - 1.0 / shape_);
    return std::copysign(t, z);
  }
  // the objective is concave below `end`: the minimum is 0 or beyond it
  return size > end && h * size * size > end * lambda ? z : 0.0;
}

}  // namespace gatemix
