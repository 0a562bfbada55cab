#include "engine/gates/gaussian.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/families/gaussian.hpp"
#include "engine/gates/mixing_weights.hpp"
#include "engine/penalties/gram_quadratic.hpp"
#include "engine/predictors/coefficients.hpp"
#include "linalg/jacobian.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

namespace {

/// Returns a penalty for the terms after the intercept.
PenaltySpec without_intercept(const PenaltySpec& penalty, arma::uword terms) {
  return penalty.select(terms < 2
                            ? arma::uvec()
                            : arma::regspace<arma::uvec>(1, terms - 1));
}

}  // namespace

GaussianGate::GaussianGate(const BlockSetup& setup)
    : n_experts_(setup.n_experts),
      terms_(setup.terms.begin() + 1, setup.terms.end()),
      dimension_(terms_.size()),
      log_weight_(log_weights(arma::vec(n_experts_, arma::fill::ones))),
      mean_(dimension_, n_experts_, arma::fill::zeros),
      covariances_(setup.block.options.texts("covariance"), n_experts_,
                   dimension_, setup.block.options.flag("shared"),
                   setup.settings.number("min_variance")),
      penalty_(setup.make_penalty(
          without_intercept(setup.block.penalty, setup.terms.size()))) {
  const arma::uword d = dimension_;
  if (covariances_.diagonal()) {
    sum_ = statistics_.add("sum", {d + 1, n_experts_});
    square_ = statistics_.add("square", {d, n_experts_});
  } else {
    gram_ = statistics_.add("gram", {packed_size(d + 1), n_experts_});
  }
  log_ratios_at_ = parameters_.add("log_ratios", {n_experts_ - 1});
  means_at_ = parameters_.add("means", {d, n_experts_});
  covariances_at_ = parameters_.add("covariances", covariances_.shape());
}

void GaussianGate::add_log_density(Batch& batch, arma::mat& log_joint) const {
  // the columns after the intercept, without a copy
  const arma::mat z(const_cast<double*>(batch.z->dense().colptr(1)), batch.size,
                    dimension_, false, true);
  for (arma::uword k = 0; k < n_experts_; ++k)
    add_gaussian_log_density(covariances_, k, z, mean_.col(k),
                             batch.gate.work, log_joint.colptr(k));
  log_joint.each_row() += log_weight_.t();
}

void GaussianGate::accumulate(Batch& batch, const arma::mat& tau, bool,
                              double* stats) const {
  if (!covariances_.diagonal()) {
    batch.add_tau_grams(*batch.z, tau, gram_.in(stats));
    return;
  }
  batch.z->add_cross_product(tau, sum_.in(stats));
  const arma::mat squares =
      arma::square(batch.z->dense().tail_cols(dimension_));
  add_cross_product(squares, tau, square_.in(stats));
}

GaussianGate::Moments GaussianGate::moments(const double* stats,
                                            const arma::mat* center) const {
  const arma::uword d = dimension_;
  const bool diagonal = covariances_.diagonal();
  Moments out{arma::vec(n_experts_), arma::mat(d, n_experts_),
              arma::vec(covariances_.n_moments(), arma::fill::zeros)};
  for (arma::uword k = 0; k < n_experts_; ++k) {
    arma::mat second(d, d, arma::fill::zeros);
    if (diagonal) {
      const double* sum = sum_.slice(stats, k);
      out.weight[k] = sum[0];
      out.sum.col(k) = arma::vec(sum + 1, d);
      second.diag() = arma::vec(square_.slice(stats, k), d);
    } else {
      const arma::mat gram = unpack_symmetric(gram_.slice(stats, k), d + 1);
      out.weight[k] = gram(0, 0);
      out.sum.col(k) = gram.submat(1, 0, d, 0);
      second = gram.submat(1, 1, d, d);
    }
    const arma::vec sum = out.sum.col(k);
    const arma::vec c =
        center ? arma::vec(center->col(k))
               : arma::vec(sum / std::max(out.weight[k], 1e-300));
    covariances_.add_scatter(
        k, second - sum * c.t() - c * sum.t() + out.weight[k] * c * c.t(), 1.0,
        out.about_center);
  }
  return out;
}

void GaussianGate::solve(const double* stats, const SolveOptions&) {
  const Moments sums = moments(stats, &mean_);
  if (penalty_) {
    mean_ = penalised_means(sums);
  } else {
    for (arma::uword k = 0; k < n_experts_; ++k)
      if (sums.weight[k] > 1e-10)
        mean_.col(k) = sums.sum.col(k) / sums.weight[k];
  }
  log_weight_ = log_weights(sums.weight);
  covariances_.estimate(moments(stats, &mean_).about_center, sums.weight);
}

arma::mat GaussianGate::penalised_means(const Moments& sums) const {
  GramQuadratic quadratic(mean_score(sums));
  const arma::mat one(dimension_, dimension_, arma::fill::eye);
  for (arma::uword k = 0; k < n_experts_; ++k)
    quadratic.set_block(k, k, covariances_.solve(k, one) * sums.weight[k]);
  return penalty_->minimise(quadratic, mean_, arma::accu(sums.weight), false);
}

arma::mat GaussianGate::mean_score(const Moments& sums) const {
  arma::mat slopes(dimension_, n_experts_);
  for (arma::uword k = 0; k < n_experts_; ++k)
    slopes.col(k) = covariances_.solve(
        k, sums.sum.col(k) - sums.weight[k] * mean_.col(k));
  return slopes;
}

arma::vec GaussianGate::score(const double* stats) const {
  const Moments sums = moments(stats, &mean_);
  return arma::join_cols(log_ratio_score(sums.weight, log_weight_),
                         arma::vectorise(mean_score(sums)),
                         covariances_.score(sums.about_center, sums.weight));
}

double GaussianGate::penalty() const {
  return penalty_ ? penalty_->value(mean_) : 0.0;
}

double GaussianGate::violation(const double* stats, double weight) const {
  if (!penalty_) return ParameterBlock::violation(stats, weight);
  const Moments sums = moments(stats, &mean_);
  const arma::vec smooth =
      arma::join_cols(log_ratio_score(sums.weight, log_weight_),
                      covariances_.score(sums.about_center, sums.weight));
  return std::max(penalty_->violation(mean_score(sums), mean_, weight),
                  arma::abs(smooth).max() / weight);
}

Tangent GaussianGate::tangent(double weight) const {
  if (!penalty_) return ParameterBlock::tangent(weight);
  return coefficient_tangent(*penalty_, mean_, penalty_->free_cells(mean_),
                             means_at_.first, parameters_.size(), weight);
}

void GaussianGate::keep_pattern(arma::vec& coordinates) const {
  if (!penalty_) return;
  arma::mat means(means_at_.in(coordinates.memptr()), dimension_, n_experts_,
                  false, true);
  gatemix::keep_pattern(mean_, means);
}

arma::mat GaussianGate::information(const double* stats) const {
  // the statistics do not depend on the parameters: the score may be taken
  // anywhere with them
  GaussianGate moved = *this;
  return minus_jacobian(coordinates(), [&](const arma::vec& at) {
    moved.set_coordinates(at);
    return moved.score(stats);
  });
}

arma::uvec GaussianGate::score_coordinates(arma::uword k) const {
  const arma::uword d = dimension_, mean = means_at_.first + k * d;
  return arma::join_cols(
      log_ratio_coordinates(log_weight_),
      arma::regspace<arma::uvec>(mean, mean + d - 1),
      covariances_at_.first + covariances_.score_coordinates(k));
}

void GaussianGate::row_scores(Batch& batch, arma::uword k,
                              double* columns) const {
  arma::mat deviation = batch.z->dense().tail_cols(dimension_);
  deviation.each_row() -= mean_.col(k).t();
  const arma::mat solved = covariances_.solve_rows(deviation, k);
  log_ratio_row_scores(batch.size, k, log_weight_, columns);
  columns += log_ratios_at_.size() * batch.size;
  std::copy(solved.begin(), solved.end(), columns);
  covariances_.row_scores(deviation, k, columns + solved.n_elem);
}

arma::vec GaussianGate::coordinates() const {
  return arma::join_cols(log_ratios(log_weight_), arma::vectorise(mean_),
                         covariances_.coordinates());
}

void GaussianGate::set_coordinates(const arma::vec& coordinates) {
  const double* flat = coordinates.memptr();
  log_weight_ = from_log_ratios(log_ratios_at_.vector(flat));
  mean_ = means_at_.matrix(flat);
  covariances_.set_coordinates(covariances_at_.vector(flat));
}

std::vector<std::string> GaussianGate::coordinate_names() const {
  std::vector<std::string> names;
  for (arma::uword k = 1; k < n_experts_; ++k)
    names.push_back("gate." + std::to_string(k) + ":logratio");
  for (arma::uword k = 1; k <= n_experts_; ++k)
    for (const std::string& term : terms_)
      names.push_back("gate." + std::to_string(k) + ":" + term);
  for (const std::string& name : covariances_.coordinate_names())
    names.push_back("gate." + name);
  return names;
}

void GaussianGate::permute(const arma::uvec& order) {
  log_weight_ = log_weight_.elem(order).eval();
  mean_ = mean_.cols(order).eval();
  covariances_.permute(order);
}

}  // namespace gatemix
