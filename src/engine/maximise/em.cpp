#include "engine/maximise/em.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/errors.hpp"
#include "engine/maximise/anderson.hpp"
#include "engine/maximise/newton.hpp"

namespace gatemix {

namespace {

constexpr int kHalvings = 30;
/// Iterations after which EM counts as slow and Newton's method takes over;
/// iterations before it gets another chance where it failed.
constexpr int kPatience = 40;
constexpr int kNewtonFailures = 6;
/// A Newton step costs passes in proportion to the square of the number of
/// coordinates: beyond this many, patience grows in the same way. Above the
/// second number there is no Newton.
constexpr double kNewtonCheap = 100.0;
constexpr arma::uword kNewtonSize = 400;
constexpr double kRounding = 1e-13;
/// Accepted steps in a row that gain nothing before the run has stalled. With
/// a variance at its floor there is no maximum to be found exactly, and the
/// score is of no use: rounding is divided by that variance. There a gain must
/// be this large, per observation.
constexpr int kIdle = 50;
constexpr double kFloorGain = 1e-9;
/// Iterations between two looks at whether the gate diverges.
constexpr int kLook = 10;
/// An expert with fewer rows is about to lose them, which is no divergence.
constexpr double kEmptyRows = 0.5;
/// A run that ends this early may have begun at a saddle point, and Newton's
/// method may have led to one: they are checked, and so is any small model,
/// where the information costs little.
constexpr int kEarly = 3;
constexpr arma::uword kSmall = 60;
constexpr arma::uword kMedium = 150;

/// A point that the driver may accept: parameters, statistics, objective.
struct Point {
  arma::vec theta;
  arma::vec statistics;
  double objective = 0.0;
};

class Driver {
 public:
  Driver(Mixture& model, const Data& data, const EmControl& control,
         const Runtime& runtime)
      : model_(model),
        data_(data),
        control_(control),
        runtime_(runtime),
        anderson_(control.window) {}

  EmResult run() {
    current_ = evaluate(model_.coordinates());
    at_current_ = true;
    next_newton_ = patience();
    EmResult result;
    result.status = "max_iter";
    for (int iteration = 0;; ++iteration) {
      result.iterations = iteration;
      result.trace.push_back(current_.objective);
      result.gradient = gradient();
      if (result.gradient <= control_.tol) {
        if (iteration < control_.max_iter && saddle_is_likely(iteration) &&
            leave_saddle())
          continue;
        result.status = "converged";
        break;
      }
      if (hopeless(iteration)) {
        result.status = "saturated";
        break;
      }
      if (idle(result.gradient)) {
        result.status = "stalled";
        break;
      }
      if (control_.callback(
              {iteration, passes_, current_.objective, result.gradient})) {
        result.status = "stopped";
        break;
      }
      if (iteration == control_.max_iter) break;
      if (!(newton_time(iteration) && newton(iteration)) && !advance()) {
        result.status = "stalled";
        break;
      }
    }
    go_to_current();
    result.passes = passes_;
    result.objective = current_.objective;
    result.statistics = current_.statistics;
    result.sizes = model_.sizes(current_.statistics);
    result.floored = model_.floored();
    result.separated = model_.separated(current_.statistics);
    return result;
  }

 private:
  Point evaluate(const arma::vec& theta) {
    ++passes_;
    at_current_ = false;
    model_.set_coordinates(theta);
    Point point;
    point.theta = model_.coordinates();  // floors may have moved it
    point.statistics = run_pass(model_, data_, {0, data_.n_rows()}, {},
                                runtime_);
    point.objective = model_.objective(point.statistics);
    return point;
  }

  /// Evaluates where it can: a point beyond the range of the numbers counts
  /// as infinitely bad. Any other failure is not the point's.
  Point try_evaluate(const arma::vec& theta) {
    try {
      return evaluate(theta);
    } catch (const NumericError&) {
      Point bad;
      bad.objective = -arma::datum::inf;
      return bad;
    }
  }

  /// Whether coefficients of a penalised gate diverge, other than because an
  /// expert loses its rows.
  bool hopeless(int iteration) {
    if (!control_.stop_saturated || iteration % kLook != kLook - 1 ||
        !model_.gate().penalised())
      return false;
    go_to_current();
    return model_.sizes(current_.statistics).min() > kEmptyRows &&
           model_.separated(current_.statistics);
  }

  arma::vec em_step(double newton_fraction) {
    go_to_current();
    at_current_ = false;
    m_step(model_, data_, {}, current_.statistics, {newton_fraction},
           runtime_);
    return model_.coordinates();
  }

  double gradient() {
    go_to_current();
    return model_.violation(current_.statistics);
  }

  double slack() const {
    return kRounding * (std::abs(current_.objective) +
                        model_.weight(current_.statistics));
  }

  /// Takes the point that the model was evaluated at last, if it is no worse.
  bool accept(Point&& point) {
    if (!(point.objective >= current_.objective - slack())) return false;
    current_ = std::move(point);
    at_current_ = true;
    return true;
  }

  /// Gives the model the parameters of the current point, unless it has them.
  void go_to_current() {
    if (at_current_) return;
    model_.set_coordinates(current_.theta);
    at_current_ = true;
  }

  /// Whether the last steps moved only within rounding: neither the objective
  /// nor the gradient has improved for a while.
  bool idle(double gradient) {
    go_to_current();
    const bool floored = arma::any(model_.floored());
    const double gain =
        floored ? kFloorGain * model_.weight(current_.statistics) : slack();
    const bool better = current_.objective > best_objective_ + gain ||
                        (!floored && gradient < 0.9 * best_gradient_);
    if (!better) return ++idle_steps_ > kIdle;
    idle_steps_ = 0;
    best_objective_ = std::max(best_objective_, current_.objective);
    best_gradient_ = std::min(best_gradient_, gradient);
    return false;
  }

  /// Newton's quadratic at the current point. A penalised objective is smooth
  /// along the tangent of its pattern of zeros and signs only; other
  /// directions are left to the next M-step.
  void set_newton_point() {
    const arma::mat complete =
        model_.complete_information(current_.statistics);
    const arma::mat information = observed(complete);
    const arma::vec score = model_.score(current_.statistics);
    if (!model_.penalised()) {
      newton_.set_point(information, complete, score);
      return;
    }
    const Tangent t = model_.tangent(current_.statistics);
    basis_ = t.basis;
    const auto along = [this](const arma::mat& h) {
      return arma::mat(arma::symmatu(basis_.t() * h * basis_));
    };
    const arma::vec bend =
        arma::clamp(t.curvature.diag(), 0.0, arma::datum::inf);
    newton_.set_point(along(information) + t.curvature,
                      along(complete) + arma::diagmat(bend),
                      basis_.t() * score - t.slope);
  }

  /// Newton's step in all coordinates; empty where there is none. A penalised
  /// one keeps its pattern.
  arma::vec newton_target() {
    const arma::vec step = newton_.propose();
    if (step.is_empty()) return {};
    if (!model_.penalised()) return current_.theta + step;
    arma::vec target = current_.theta + basis_ * step;
    go_to_current();
    model_.keep_pattern(target);
    return target;
  }

  arma::mat observed(const arma::mat& complete) {
    ++passes_;
    return complete -
           score_products(model_, data_, runtime_).missing_information();
  }

  int patience() const {
    const double size = current_.theta.n_elem / kNewtonCheap;
    return static_cast<int>(kPatience * std::max(1.0, size * size));
  }

  bool may_use_information() {
    go_to_current();
    return current_.theta.n_elem <= kNewtonSize && model_.has_information() &&
           !arma::any(model_.floored());
  }

  bool saddle_is_likely(int iteration) const {
    const arma::uword size = iteration <= kEarly ? kMedium : kSmall;
    return newton_used_ || current_.theta.n_elem <= size;
  }

  /// Experts that begin alike stay alike: the score is 0 there, but it is no
  /// maximum. Where the information has a negative direction, follow it.
  bool leave_saddle() {
    if (model_.n_experts() == 1 || model_.penalised() ||
        !may_use_information())
      return false;
    const arma::mat complete =
        model_.complete_information(current_.statistics);
    arma::vec values;
    arma::mat vectors;
    arma::eig_sym(values, vectors, observed(complete));
    if (values.is_empty() ||
        values[0] > -1e-6 * model_.weight(current_.statistics))
      return false;
    const double before = current_.objective;
    for (double length = 0.5; length > 1e-3; length *= 0.5) {
      Point point = try_evaluate(current_.theta + length * vectors.col(0));
      if (point.objective > before + slack() && accept(std::move(point)))
        return true;
    }
    return false;
  }

  /// One accepted step; false where no step of any length helps.
  bool advance() {
    const arma::vec image = em_step(1.0);
    if (control_.accelerate) {
      arma::vec proposal = anderson_.propose(current_.theta, image);
      model_.keep_pattern(proposal);
      if (accept(try_evaluate(proposal))) return true;
      anderson_.restart();
    }
    if (accept(try_evaluate(image))) return true;
    // The closed-form parts cannot overshoot; a Newton step of the gate can.
    double fraction = 0.5;
    for (int h = 0; h < kHalvings; ++h, fraction *= 0.5) {
      const arma::vec shorter = em_step(fraction);
      if (arma::approx_equal(shorter, image, "absdiff", 0.0)) break;
      if (accept(try_evaluate(shorter))) return true;
    }
    return false;
  }

  /// Whether the next step should be one of Newton's: EM has proved slow, and
  /// no bound is active (the information knows no bounds).
  bool newton_time(int iteration) {
    return control_.accelerate && iteration >= next_newton_ &&
           may_use_information();
  }

  /// One accepted Newton step; false where none was found, and EM goes on.
  bool newton(int iteration) {
    set_newton_point();
    for (int failures = 0; failures < kNewtonFailures; ++failures) {
      const arma::vec target = newton_target();
      if (target.is_empty()) break;
      const double before = current_.objective;
      Point point = try_evaluate(target);
      newton_.learn(point.objective - before);
      if (accept(std::move(point))) {
        anderson_.restart();
        newton_used_ = true;
        // the pattern changes in M-steps only
        if (model_.penalised()) next_newton_ = iteration + 2;
        return true;
      }
    }
    newton_ = NewtonStep();
    next_newton_ = iteration + patience();
    return false;
  }

  Mixture& model_;
  const Data& data_;
  const EmControl& control_;
  const Runtime& runtime_;
  Anderson anderson_;
  NewtonStep newton_;
  arma::mat basis_;  // of the tangent that Newton's step is in
  int next_newton_ = 0;
  bool newton_used_ = false;
  int idle_steps_ = 0;
  double best_objective_ = -arma::datum::inf;
  double best_gradient_ = arma::datum::inf;
  Point current_;
  bool at_current_ = false;  // whether the model has its parameters
  int passes_ = 0;
};

}  // namespace

EmResult run_em(Mixture& model, const Data& data, const EmControl& control,
                const Runtime& runtime) {
  return Driver(model, data, control, runtime).run();
}

void start_from(Mixture& model, const Data& data,
                const Responsibilities& given, const Runtime& runtime) {
  m_step(model, data, given,
         run_pass(model, data, {0, data.n_rows()}, given, runtime), {},
         runtime);
}

}  // namespace gatemix
