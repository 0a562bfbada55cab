#pragma once
#include "engine/maximise/pass.hpp"

namespace gatemix {

/// Newton's method with the observed information, damped by the complete one:
///   (I_observed + lambda I_complete) d = score.
/// lambda = 0 is Newton's step, lambda large a short EM step (EM's own step is
/// I_complete^-1 score), so no choice of units enters. lambda follows the
/// agreement between predicted and achieved gain (Levenberg-Marquardt).
class NewtonStep {
 public:
  /// Sets the information and the score of a new point.
  void set_point(arma::mat observed, arma::mat complete, arma::vec score);

  /// Returns the step for the current lambda, which grows until the damped
  /// matrix is positive definite; empty if no lambda will do.
  arma::vec propose();

  /// Adapts lambda to the gain of the objective that the step achieved
  /// (-infinity: not evaluable).
  void learn(double gain);

 private:
  arma::mat observed_;
  arma::mat complete_;
  arma::vec score_;
  double predicted_ = 0.0;
  double lambda_ = 1e-2;
};

}  // namespace gatemix
