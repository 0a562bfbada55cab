#include "engine/penalties/elastic_net.hpp"

#include <algorithm>
#include <cmath>

namespace gatemix {

ElasticNet::ElasticNet(const PenaltySpec& spec)
    : SeparablePenalty(spec), alpha_(spec.alpha) {}

double ElasticNet::phi(double size, double lambda) const {
  return lambda * size * (alpha_ + 0.5 * (1.0 - alpha_) * size);
}

double ElasticNet::slope(double size, double lambda) const {
  return lambda * (alpha_ + (1.0 - alpha_) * size);
}

double ElasticNet::bend(double, double lambda) const {
  return lambda * (1.0 - alpha_);
}

double ElasticNet::shrink(double z, double h, double lambda) const {
  const double size = h * std::abs(z) - lambda * alpha_;
  if (size <= 0.0) return 0.0;
  return std::copysign(size / (h + lambda * (1.0 - alpha_)), z);
}

double ElasticNet::best_centre(const arma::rowvec& b, double lambda) const {
  if (alpha_ >= 1.0) return best_kink(b, lambda);
  // convex and, between two neighbouring coefficients, a parabola: each
  // piece has its minimum where the slopes of both parts cancel
  const arma::rowvec sorted = arma::sort(b);
  const double k = static_cast<double>(b.n_elem), mean = arma::mean(b);
  double best = best_kink(b, lambda), least = sum_at(b, best, lambda);
  for (arma::uword i = 1; i < b.n_elem; ++i) {
    const double below = static_cast<double>(i);
    const double c = mean - alpha_ * (2.0 * below - k) / (k * (1.0 - alpha_));
    if (c <= sorted[i - 1] || c >= sorted[i]) continue;
    const double sum = sum_at(b, c, lambda);
    if (sum < least) {
      least = sum;
      best = c;
    }
  }
  return best;
}

}  // namespace gatemix
