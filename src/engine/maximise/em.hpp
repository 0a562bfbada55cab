#pragma once
#include <functional>
#include <string>
#include <vector>

#include "engine/maximise/pass.hpp"

namespace gatemix {

/// Where a run is: reported to the caller before each step.
struct Progress {
  int iteration;
  int passes;
  double objective;
  double gradient;  // Mixture::violation(): without penalties the largest
                    // element of the score per unit of weight
};

struct EmControl {
  int max_iter = 2000;
  double tol = 1e-8;  // on the gradient, see Progress
  bool accelerate = true;
  arma::uword window = 8;
  /// Penalised models: give up (status "saturated") where there is no maximum
  /// of use: the experts have more coefficients than half of the rows, or a
  /// bounded penalty lets the gate's diverge.
  bool stop_saturated = false;
  /// True: stop here.
  std::function<bool(const Progress&)> callback = [](const Progress&) {
    return false;
  };
};

struct EmResult {
  std::string status;  // "converged", "max_iter", "stalled", "stopped",
                        // "saturated"
  int iterations = 0;
  int passes = 0;
  double objective = 0.0;
  double gradient = 0.0;
  std::vector<double> trace;  // objective of each accepted point
  // at the final parameters:
  arma::vec statistics;
  arma::vec sizes;     // sums of responsibilities
  arma::uvec floored;  // see Mixture
  bool separated = false;
};

/// Runs EM with safeguarded acceleration, and Newton's method where that is
/// still slow. The model comes in with its parameters and goes out with better
/// ones. The objective of the accepted points never
/// decreases (beyond rounding), and "converged" means that the score of the
/// observed likelihood is below `tol`; of a penalised one, its distance from
/// the penalty's subdifferential.
EmResult run_em(Mixture& model, const Data& data, const EmControl& control,
                const Runtime& runtime);

/// Takes one M-step from given responsibilities, where most starts begin.
void start_from(Mixture& model, const Data& data,
                const Responsibilities& given, const Runtime& runtime);

}  // namespace gatemix
