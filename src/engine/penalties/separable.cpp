#include "engine/penalties/separable.hpp"

#include <algorithm>
#include <cmath>

#include "engine/penalties/descent.hpp"

namespace gatemix {

SeparablePenalty::SeparablePenalty(const PenaltySpec& spec)
    : lambda_(spec.lambda * spec.factor),
      hold_(spec.alpha * lambda_),
      unit_(spec.unit) {}

double SeparablePenalty::value(const arma::mat& b) const {
  double sum = 0.0;
  for (arma::uword c = 0; c < b.n_cols; ++c)
    for (arma::uword j = 0; j < b.n_rows; ++j)
      if (lambda_[j] > 0.0)
        sum += phi(std::abs(unit_[j] * b(j, c)), lambda_[j]);
  return sum;
}

double SeparablePenalty::sweep(Quadratic& q, arma::mat& b, double weight,
                               bool all, const arma::mat& majorant) const {
  double moved = 0.0;
  for (arma::uword j = 0; j < b.n_rows; ++j)  // rows: a column is read once
    for (arma::uword c = 0; c < b.n_cols; ++c) {
      const double u = unit_[j], scale = weight * u * u;
      const bool zero = b(j, c) == 0.0 && lambda_[j] > 0.0;
      if (zero && !all) continue;
      const double g = q.gradient(j, c);
      if (zero && std::abs(g) <= weight * u * hold_[j]) continue;
      const double h = q.curvature(j, c) / scale;
      if (!(h > kFlat)) continue;
      const double old = u * b(j, c);
      const double z = old + g * u / (scale * h);
      double next = z;
      if (!majorant.is_empty())
        next =
            std::copysign(std::max(std::abs(z) - majorant(j, c) / h, 0.0), z);
      else if (lambda_[j] > 0.0)
        next = shrink(z, h, lambda_[j]);
      if (next == old) continue;
      q.move(j, c, next / u - b(j, c));
      b(j, c) = next / u;
      moved = std::max(moved, h * std::abs(next - old));
    }
  return moved;
}

// A concave penalty is below its tangent: Zou and Li (2008), One-step sparse
// estimates in nonconcave penalized likelihood models, Annals of Statistics 36.
arma::mat SeparablePenalty::minimise(Quadratic& q, const arma::mat& b,
                                     double weight, bool majorise) const {
  arma::mat majorant;  // its slopes
  if (majorise && bounded()) {
    majorant.zeros(arma::size(b));
    for (arma::uword c = 0; c < b.n_cols; ++c)
      for (arma::uword j = 0; j < b.n_rows; ++j)
        if (lambda_[j] > 0.0)
          majorant(j, c) = slope(std::abs(unit_[j] * b(j, c)), lambda_[j]);
  }
  arma::mat out = b;
  descend([&](bool all) { return sweep(q, out, weight, all, majorant); });
  return out;
}

double SeparablePenalty::violation(const arma::mat& gradient,
                                   const arma::mat& b,
                                   double weight) const {
  double worst = 0.0;
  for (arma::uword c = 0; c < b.n_cols; ++c)
    for (arma::uword j = 0; j < b.n_rows; ++j) {
      const double g = gradient(j, c) / (weight * unit_[j]);
      const double t = unit_[j] * b(j, c);
      const double bound =
          lambda_[j] > 0.0 ? slope(std::abs(t), lambda_[j]) : 0.0;
      worst = std::max(worst, t == 0.0 ? std::abs(g) - bound
                                       : std::abs(g - std::copysign(bound, t)));
    }
  return worst;
}

arma::vec SeparablePenalty::excess(const arma::mat& gradient,
                                   double weight) const {
  arma::vec out(gradient.n_rows);
  for (arma::uword j = 0; j < out.n_elem; ++j)
    out[j] = arma::abs(gradient.row(j)).max() / (weight * unit_[j]) -
             hold_[j];
  return out;
}

arma::uvec SeparablePenalty::free_cells(const arma::mat& b) const {
  arma::mat free = b;
  free.rows(arma::find(lambda_ == 0.0)).ones();
  return arma::find(free != 0.0);
}

arma::mat SeparablePenalty::slopes(const arma::mat& b) const {
  arma::mat out(arma::size(b), arma::fill::zeros);
  for (arma::uword c = 0; c < b.n_cols; ++c)
    for (arma::uword j = 0; j < b.n_rows; ++j) {
      const double t = unit_[j] * b(j, c);
      if (lambda_[j] > 0.0 && t != 0.0)
        out(j, c) =
            unit_[j] * std::copysign(slope(std::abs(t), lambda_[j]), t);
    }
  return out;
}

arma::mat SeparablePenalty::curvature(const arma::mat& b,
                                      const arma::uvec& cells) const {
  arma::vec diagonal(cells.n_elem, arma::fill::zeros);
  for (arma::uword i = 0; i < cells.n_elem; ++i) {
    const arma::uword j = cells[i] % b.n_rows;
    const double t = unit_[j] * b[cells[i]];
    if (lambda_[j] > 0.0 && t != 0.0)
      diagonal[i] = unit_[j] * unit_[j] * bend(std::abs(t), lambda_[j]);
  }
  return arma::diagmat(diagonal);
}

double SeparablePenalty::sum_at(const arma::rowvec& b, double c,
                                double lambda) const {
  double sum = 0.0;
  for (const double value : b) sum += phi(std::abs(value - c), lambda);
  return sum;
}

double SeparablePenalty::best_kink(const arma::rowvec& b,
                                   double lambda) const {
  double best = b[b.n_elem - 1], least = sum_at(b, best, lambda);
  for (arma::uword k = b.n_elem - 1; k-- > 0;) {
    const double sum = sum_at(b, b[k], lambda);
    if (sum < least - 1e-12 * std::abs(least)) {
      least = sum;
      best = b[k];
    }
  }
  return best;
}

double SeparablePenalty::best_centre(const arma::rowvec& b,
                                     double lambda) const {
  return best_kink(b, lambda);
}

arma::vec SeparablePenalty::centre(const arma::mat& b) const {
  arma::vec out(b.n_rows, arma::fill::zeros);
  for (arma::uword j = 0; j < b.n_rows; ++j) {
    if (!(lambda_[j] > 0.0) || !arma::any(b.row(j))) continue;
    const arma::rowvec scaled = b.row(j) * unit_[j];
    const double best = best_centre(scaled, lambda_[j]);
    out[j] = best / unit_[j];
    // not rounded through the units: a coefficient minus itself is 0
    for (arma::uword k = 0; k < b.n_cols; ++k)
      if (scaled[k] == best) out[j] = b(j, k);
  }
  return out;
}

}  // namespace gatemix
