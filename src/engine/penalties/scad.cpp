#include "engine/penalties/scad.hpp"

#include <algorithm>
#include <cmath>

namespace gatemix {

Scad::Scad(const PenaltySpec& spec)
    : SeparablePenalty(spec), shape_(spec.shape) {}

double Scad::phi(double size, double lambda) const {
  const double a = shape_;
  if (size <= lambda) return lambda * size;
  if (size >= a * lambda) return 0.5 * (a + 1.0) * lambda * lambda;
  return (2.0 * a * lambda * size - size * size - lambda * lambda) /
         (2.0 * (a - 1.0));
}

double Scad::slope(double size, double lambda) const {
  if (size <= lambda) return lambda;
  return std::max(0.0, shape_ * lambda - size) / (shape_ - 1.0);
}

double Scad::bend(double size, double lambda) const {
  return size > lambda && size < shape_ * lambda ? -1.0 / (shape_ - 1.0) : 0.0;
}

double Scad::shrink(double z, double h, double lambda) const {
  const double size = std::abs(z), a = shape_;
  const auto cost = [&](double t) {
    return 0.5 * h * (t - size) * (t - size) + phi(t, lambda);
  };
  double best = 0.0, least = cost(0.0);
  const auto consider = [&](double t) {
    if (!(t > 0.0) || cost(t) >= least) return;
    best = t;
    least = cost(t);
  };
  // the stationary point of each of the three pieces, where it lies in it
  consider(std::min(size - lambda / h, lambda));
  const double middle = h - 1.0 / (a - 1.0);
  if (middle > 0.0)
    consider(std::min(std::max((h * size - a * lambda / (a - 1.0)) / middle,
                               lambda),
                      a * lambda));
  if (size > a * lambda) consider(size);
  return std::copysign(best, z);
}

}  // namespace gatemix
