#pragma once
#include <algorithm>
#include <cmath>

#include "engine/penalties/quadratic.hpp"

namespace gatemix {

// Coordinate descent on a quadratic: one step, and when to stop.

/// Change of the gradient per row below which a sweep has moved nothing, by
/// itself or as a share of the first sweep's: the rest is left to the next
/// quadratic.
constexpr double kStill = 1e-10;
constexpr double kLess = 1e-4;
constexpr int kSweeps = 1000;
/// Curvature per row below which a coefficient has no information.
constexpr double kFlat = 1e-14;

/// Moves a coefficient that is not penalised to its optimum. Returns the change
/// of the gradient, per row.
inline double move_free(Quadratic& q, arma::mat& b, arma::uword term,
                        arma::uword column, double weight) {
  const double h = q.curvature(term, column);
  if (!(h > kFlat * weight)) return 0.0;
  const double g = q.gradient(term, column);
  q.move(term, column, g / h);
  b(term, column) += g / h;
  return std::abs(g) / weight;
}

/// Alternates sweeps over all coefficients with sweeps over those that are not
/// 0 until one over all changes nothing. sweep(all) returns the change of the
/// gradient.
template <class Sweep>
void descend(Sweep sweep) {
  double still = kStill;
  for (int sweeps = 0; sweeps < kSweeps; ++sweeps) {
    const double moved = sweep(true);
    if (sweeps == 0) still = std::max(still, kLess * moved);
    if (moved < still) break;
    while (++sweeps < kSweeps && sweep(false) >= still) {
    }
  }
}

}  // namespace gatemix
