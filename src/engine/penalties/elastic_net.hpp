#pragma once
#include "engine/penalties/separable.hpp"

namespace gatemix {

/// lambda (alpha |t| + (1 - alpha) / 2 t^2): lasso (alpha = 1), ridge
/// (alpha = 0) and what lies between.
class ElasticNet : public SeparablePenalty {
 public:
  explicit ElasticNet(const PenaltySpec& spec);
  bool selects() const override { return alpha_ > 0.0; }

 protected:
  double phi(double size, double lambda) const override;
  double slope(double size, double lambda) const override;
  double bend(double size, double lambda) const override;
  double shrink(double z, double h, double lambda) const override;
  double best_centre(const arma::rowvec& b, double lambda) const override;

 private:
  double alpha_;
};

}  // namespace gatemix
