#include "engine/experts/gaussian.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/families/gaussian.hpp"
#include "engine/penalties/gram_quadratic.hpp"
#include "engine/predictors/coefficients.hpp"
#include "linalg/jacobian.hpp"
#include "linalg/kernels.hpp"
#include "linalg/linear_solve.hpp"

namespace gatemix {

namespace {
constexpr double kEmpty = 1e-10;  // weight below which an expert is empty
}

GaussianExpert::GaussianExpert(const BlockSetup& setup)
    : Expert(setup.n_experts),
      n_experts_(setup.n_experts),
      terms_(setup.terms),
      n_terms_(terms_.size()),
      n_responses_(setup.n_responses),
      penalty_(setup.make_penalty(setup.block.penalty)),
      wide_(setup.block.wide),
      coefficients_(n_terms_, n_experts_ * n_responses_, arma::fill::zeros),
      covariances_(setup.block.options.texts("covariance"), n_experts_,
                   n_responses_, setup.block.options.flag("shared"),
                   setup.settings.number("min_variance")) {
  const arma::uword k = n_experts_, q = n_responses_;
  gram_ = statistics_.add("gram", {wide_ ? 0 : packed_size(n_terms_), k});
  cross_ = statistics_.add("cross", {n_terms_, q, k});
  moments_ = statistics_.add("moments", covariances_.moments_shape());
  coefficients_at_ = parameters_.add("coefficients", {n_terms_, q, k});
  covariances_at_ = parameters_.add("covariances", covariances_.shape());
}

GaussianExpert::View GaussianExpert::view(const double* stats) const {
  return {sizes(stats), gram_.matrix(stats), cross_.matrix(stats),
          moments_.vector(stats)};
}

void GaussianExpert::set_residuals(Batch& batch) const {
  arma::mat& e = batch.expert.values;
  batch.x.multiply(coefficients_, e);
  for (arma::uword c = 0; c < e.n_cols; ++c)
    e.col(c) = batch.y.col(c % n_responses_) - e.col(c);
}

arma::mat GaussianExpert::residual(Batch& batch, arma::uword k) const {
  return arma::mat(batch.expert.values.colptr(k * n_responses_), batch.size,
                   n_responses_, false, true);
}

void GaussianExpert::add_log_density(Batch& batch,
                                     arma::mat& log_joint) const {
  set_residuals(batch);
  const arma::vec zero(n_responses_, arma::fill::zeros);
  for (arma::uword k = 0; k < n_experts_; ++k)
    add_gaussian_log_density(covariances_, k, residual(batch, k), zero,
                             batch.expert.work, log_joint.colptr(k));
}

void GaussianExpert::accumulate(Batch& batch, const arma::mat& tau,
                                bool evaluated, double* stats) const {
  if (!evaluated) set_residuals(batch);
  add_column_sums(tau, size_.in(stats));
  if (!wide_) batch.add_tau_grams(batch.x, tau, gram_.in(stats));

  arma::mat& weighted = batch.expert.weighted;
  weighted.set_size(batch.size, n_experts_ * n_responses_);
  for (arma::uword c = 0; c < weighted.n_cols; ++c)
    multiply_elements(batch.expert.values.colptr(c),
                      tau.colptr(c / n_responses_), weighted.colptr(c),
                      batch.size);
  batch.x.add_cross_product(weighted, cross_.in(stats));
  for (arma::uword k = 0; k < n_experts_; ++k) {
    const arma::vec weight(const_cast<double*>(tau.colptr(k)), batch.size,
                           false, true);
    covariances_.structure(k).add_moments(
        residual(batch, k), weight,
        moments_.in(stats) + covariances_.first_moment(k));
  }
}

arma::mat GaussianExpert::best_move(const View& sums) const {
  if (penalty_) return penalised_move(sums);
  arma::mat out(arma::size(coefficients_), arma::fill::zeros);
  const arma::uword q = n_responses_;
  for (arma::uword k = 0; k < n_experts_; ++k) {
    if (sums.weight[k] < kEmpty) continue;
    const arma::mat gram = unpack_symmetric(sums.gram.colptr(k), n_terms_);
    // the covariances cancel; their scale keeps numbers near 1
    const arma::vec scale = precision(k).diag();
    for (arma::uword j = 0; j < q; ++j)
      out.col(k * q + j) = solve_positive(
          gram * scale[j], sums.cross.col(k * q + j) * scale[j]);
  }
  return out;
}

arma::mat GaussianExpert::penalised_move(const View& sums) const {
  const arma::uword q = n_responses_;
  GramQuadratic quadratic(slope_score(sums));
  for (arma::uword k = 0; k < n_experts_; ++k) {
    const arma::mat gram = unpack_symmetric(sums.gram.colptr(k), n_terms_);
    const arma::mat inverse = precision(k);
    for (arma::uword j = 0; j < q; ++j)
      for (arma::uword i = 0; i <= j; ++i)
        if (inverse(i, j) != 0.0)
          quadratic.set_block(k * q + i, k * q + j, gram * inverse(i, j));
  }
  return penalty_->minimise(quadratic, coefficients_,
                            arma::accu(sums.weight), false) -
         coefficients_;
}

arma::mat GaussianExpert::precision(arma::uword k) const {
  return covariances_.solve(
      k, arma::mat(n_responses_, n_responses_, arma::fill::eye));
}

RowQuadratic GaussianExpert::row_quadratic(const Rows& rows) const {
  const arma::uword q = n_responses_;
  RowQuadratic out(rows.design, rows.score, rows.interrupted);
  for (arma::uword k = 0; k < n_experts_; ++k) {
    const arma::mat inverse = precision(k);
    for (arma::uword j = 0; j < q; ++j)
      for (arma::uword i = 0; i <= j; ++i)
        if (inverse(i, j) != 0.0)
          out.set_weight(k * q + i, k * q + j,
                         rows.tau.col(k) * inverse(i, j));
  }
  return out;
}

void GaussianExpert::solve_rows(const Rows& rows, const double* stats,
                                const SolveOptions&) {
  const View sums = view(stats);
  RowQuadratic quadratic = row_quadratic(rows);
  const arma::mat next = penalty_->minimise(quadratic, coefficients_,
                                            arma::accu(sums.weight), false);
  const arma::vec moments =
      moved_moments(sums, next - coefficients_, quadratic);
  coefficients_ = next;
  covariances_.estimate(moments, sums.weight);
}

// With D the move, C = x'e and G = x'x: C after it is C - G D, and the moments
// are M - C'D - D'C + D'G D = M - C'D - D'(C - G D).
arma::vec GaussianExpert::moved_moments(const View& sums,
                                        const arma::mat& move,
                                        Quadratic& after) const {
  const arma::uword q = n_responses_;
  arma::vec out = sums.moments;
  for (arma::uword k = 0; k < n_experts_; ++k) {
    const arma::span own(k * q, k * q + q - 1);
    const arma::mat d = move.cols(own);
    arma::mat score(n_terms_, q, arma::fill::zeros);
    for (const arma::uword j : arma::uvec(arma::find(arma::any(d, 1))))
      for (arma::uword i = 0; i < q; ++i)
        score(j, i) = after.gradient(j, k * q + i);
    const arma::mat cross = score * covariances_.matrix(k);
    const arma::mat mixed = sums.cross.cols(own).t() * d + d.t() * cross;
    covariances_.add_scatter(k, 0.5 * (mixed + mixed.t()), -1.0, out);
  }
  return out;
}

void GaussianExpert::solve(const double* stats, const SolveOptions&) {
  View sums = view(stats);
  const arma::mat move = best_move(sums);
  sums = about(std::move(sums), move);
  coefficients_ += move;
  covariances_.estimate(sums.moments, sums.weight);
}

arma::vec GaussianExpert::score(const double* stats) const {
  return score_of(view(stats));
}

arma::mat GaussianExpert::slope_score(const View& sums) const {
  const arma::uword q = n_responses_;
  arma::mat slopes(n_terms_, n_experts_ * q);
  for (arma::uword k = 0; k < n_experts_; ++k)
    slopes.cols(k * q, k * q + q - 1) =
        covariances_.solve(k, sums.cross.cols(k * q, k * q + q - 1).t()).t();
  return slopes;
}

arma::vec GaussianExpert::score_of(const View& sums) const {
  return arma::join_cols(arma::vectorise(slope_score(sums)),
                         covariances_.score(sums.moments, sums.weight));
}

double GaussianExpert::violation(const double* stats, double weight) const {
  if (!penalty_) return ParameterBlock::violation(stats, weight);
  const View sums = view(stats);
  const arma::vec spread = covariances_.score(sums.moments, sums.weight);
  return std::max(
      penalty_->violation(slope_score(sums), coefficients_, weight),
      arma::abs(spread).max() / weight);
}

Tangent GaussianExpert::tangent(double weight) const {
  if (!penalty_) return ParameterBlock::tangent(weight);
  return coefficient_tangent(*penalty_, coefficients_,
                             penalty_->free_cells(coefficients_),
                             coefficients_at_.first, parameters_.size(),
                             weight);
}

void GaussianExpert::keep_pattern(arma::vec& coordinates) const {
  if (!penalty_) return;
  arma::mat b(coefficients_at_.in(coordinates.memptr()), n_terms_,
              coefficients_.n_cols, false, true);
  gatemix::keep_pattern(coefficients_, b);
}

arma::uvec GaussianExpert::coordinate_columns() const {
  return coefficient_columns(coefficients_at_, parameters_.size());
}

arma::mat GaussianExpert::predictor_scores(Batch& batch, const arma::mat& tau,
                                           bool evaluated) const {
  if (!evaluated) set_residuals(batch);
  arma::mat out(batch.size, n_experts_ * n_responses_);
  for (arma::uword k = 0; k < n_experts_; ++k) {
    arma::mat own = covariances_.solve_rows(residual(batch, k), k);
    own.each_col() %= tau.col(k);
    out.cols(k * n_responses_, (k + 1) * n_responses_ - 1) = own;
  }
  return out;
}

arma::vec GaussianExpert::excess(const arma::mat& gradient,
                                 double weight) const {
  return penalty_ ? penalty_->excess(gradient, weight) : arma::vec();
}

GaussianExpert::View GaussianExpert::about(
    View out, const arma::mat& move) const {
  const arma::uword q = n_responses_;
  for (arma::uword k = 0; k < n_experts_; ++k) {
    const arma::span own(k * q, k * q + q - 1);
    const arma::mat gram = unpack_symmetric(out.gram.colptr(k), n_terms_);
    const arma::mat d = move.cols(own), cross = out.cross.cols(own);
    const arma::mat mixed = d.t() * cross;
    out.cross.cols(own) = cross - gram * d;
    covariances_.add_scatter(k, d.t() * gram * d - mixed - mixed.t(), 1.0,
                             out.moments);
  }
  return out;
}

arma::mat GaussianExpert::information(const double* stats) const {
  const View sums = view(stats);
  GaussianExpert moved = *this;
  return minus_jacobian(coordinates(), [&](const arma::vec& at) {
    moved.set_coordinates(at);
    return moved.score_of(about(sums, moved.coefficients_ - coefficients_));
  });
}

arma::uvec GaussianExpert::score_coordinates(arma::uword k) const {
  const arma::uword own = n_terms_ * n_responses_;
  return arma::join_cols(
      coefficients_at_.first +
          arma::regspace<arma::uvec>(k * own, (k + 1) * own - 1),
      covariances_at_.first + covariances_.score_coordinates(k));
}

void GaussianExpert::row_scores(Batch& batch, arma::uword k,
                                double* columns) const {
  const arma::mat e = residual(batch, k);
  const arma::mat solved = covariances_.solve_rows(e, k);
  const arma::mat& x = batch.x.dense();
  for (arma::uword m = 0; m < n_responses_; ++m)
    for (arma::uword j = 0; j < n_terms_; ++j, columns += batch.size)
      multiply_elements(x.colptr(j), solved.colptr(m), columns,
                        batch.size);
  covariances_.row_scores(e, k, columns);
}

arma::vec GaussianExpert::coordinates() const {
  return arma::join_cols(arma::vectorise(coefficients_),
                         covariances_.coordinates());
}

void GaussianExpert::set_coordinates(const arma::vec& coordinates) {
  const double* flat = coordinates.memptr();
  coefficients_ = coefficients_at_.matrix(flat);
  covariances_.set_coordinates(covariances_at_.vector(flat));
}

std::vector<std::string> GaussianExpert::coordinate_names() const {
  std::vector<std::string> names;
  for (arma::uword k = 1; k <= n_experts_; ++k)
    for (arma::uword j = 1; j <= n_responses_; ++j)
      for (const std::string& term : terms_)
        names.push_back("expert." + std::to_string(k) +
                        (n_responses_ > 1 ? "." + std::to_string(j) : "") +
                        ":" + term);
  for (const std::string& name : covariances_.coordinate_names())
    names.push_back("expert." + name);
  return names;
}

double GaussianExpert::penalty() const {
  return penalty_ ? penalty_->value(coefficients_) : 0.0;
}

void GaussianExpert::permute(const arma::uvec& order) {
  const arma::mat old = coefficients_;
  const arma::uword q = n_responses_;
  for (arma::uword k = 0; k < n_experts_; ++k)
    coefficients_.cols(k * q, k * q + q - 1) =
        old.cols(order[k] * q, order[k] * q + q - 1);
  covariances_.permute(order);
}

void GaussianExpert::mean(Batch& batch, arma::mat& out) const {
  batch.x.multiply(coefficients_, out);
}

}  // namespace gatemix
