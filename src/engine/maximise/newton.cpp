#include "engine/maximise/newton.hpp"

#include <algorithm>
#include <utility>

namespace gatemix {

namespace {
constexpr double kLargest = 1e6;
constexpr double kSmallest = 1e-12;
}  // namespace

void NewtonStep::set_point(arma::mat observed, arma::mat complete,
                           arma::vec score) {
  observed_ = std::move(observed);
  complete_ = std::move(complete);
  score_ = std::move(score);
}

arma::vec NewtonStep::propose() {
  // an expert without rows has no complete information either
  const double none = 1e-12 * complete_.diag().max();
  arma::mat factor;
  for (; lambda_ <= kLargest; lambda_ = std::max(10.0 * lambda_, 1e-8)) {
    arma::mat damped = observed_ + lambda_ * complete_;
    damped.diag() += none;
    if (!damped.is_finite() || !arma::chol(factor, damped)) continue;
    const arma::vec half = arma::solve(arma::trimatl(factor.t()), score_,
                                       arma::solve_opts::fast);
    const arma::vec step = arma::solve(arma::trimatu(factor), half,
                                       arma::solve_opts::fast);
    predicted_ = arma::dot(step, score_) -
                 0.5 * arma::as_scalar(step.t() * observed_ * step);
    return step;
  }
  return {};
}

void NewtonStep::learn(double gain) {
  const double ratio = predicted_ > 0.0 ? gain / predicted_ : 1.0;
  if (ratio > 0.75) {
    lambda_ = std::max(lambda_ / 10.0, kSmallest);
  } else if (!(ratio > 0.25)) {
    lambda_ = std::min(std::max(4.0 * lambda_, 1e-6), 10.0 * kLargest);
  }
}

}  // namespace gatemix
