#include "engine/gates/softmax.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "engine/gates/softmax_ascent.hpp"
#include "engine/penalties/descent.hpp"
#include "engine/predictors/coefficients.hpp"
#include "linalg/kernels.hpp"
#include "linalg/linear_solve.hpp"
#include "linalg/vector_math.hpp"

namespace gatemix {

namespace {

/// Information per row (in scaled coordinates) at which a direction counts as
/// unknown. It damps Newton's steps along diverging slopes (separated
/// experts); the fixed points are untouched.
constexpr double kDamping = 1e-10;

/// Returns the column of the pair (k, l), k < l.
constexpr arma::uword pair_index(arma::uword k, arma::uword l) {
  return l * (l - 1) / 2 + k;
}

GateStep gate_step(const std::string& name) {
  if (name == "newton") return GateStep::newton;
  if (name == "bound") return GateStep::bound;
  if (name == "coordinate") return GateStep::coordinate;
  throw InputError("unknown gate step '" + name + "'");
}

}  // namespace

SoftmaxGate::SoftmaxGate(const BlockSetup& setup)
    : SoftmaxGate(setup.n_experts, setup.terms,
                  setup.make_penalty(setup.block.penalty),
                  gate_step(setup.settings.text("gate_step")),
                  setup.block.wide) {}

SoftmaxGate::SoftmaxGate(arma::uword n_experts,
                         std::vector<std::string> terms,
                         std::shared_ptr<const Penalty> penalty,
                         GateStep step, bool wide)
    : n_experts_(n_experts),
      terms_(std::move(terms)),
      n_terms_(terms_.size()),
      penalty_(std::move(penalty)),
      step_(step),
      wide_(wide),
      coefficients_(n_terms_, n_experts - 1, arma::fill::zeros) {
  const arma::uword packed = wide_ ? 0 : packed_size(n_terms_);
  weight_ = statistics_.add("weight", {1});
  score_ = statistics_.add("score", {n_terms_, n_experts - 1});
  pair_gram_ = statistics_.add("pair_gram", {packed, n_pairs()});
  design_gram_ = statistics_.add("gram", {bound() ? packed : 0});
  coefficients_at_ = parameters_.add("coefficients", {n_terms_, n_experts - 1});
}

void SoftmaxGate::evaluate(Batch& batch, const DesignBlock& z) const {
  arma::mat& probability = batch.gate.values;
  arma::mat& log_probability = batch.gate.work;
  z.multiply(coefficients_, log_probability);
  log_probability.resize(batch.size, n_experts_);
  log_probability.col(n_experts_ - 1).zeros();
  probability = log_probability;
  softmax_rows(probability, batch.gate.log_sum);
  for (arma::uword k = 0; k < n_experts_; ++k)
    log_probability.col(k) -= batch.gate.log_sum;
}

void SoftmaxGate::add_log_density(Batch& batch, arma::mat& log_joint) const {
  if (n_experts_ == 1) return;
  evaluate(batch, *batch.z);
  log_joint += batch.gate.work;
}

void SoftmaxGate::accumulate(Batch& batch, const arma::mat& tau,
                             bool evaluated, double* stats) const {
  *weight_.in(stats) += arma::accu(batch.weight);
  if (n_experts_ == 1) return;
  const DesignBlock& z = *batch.z;
  if (!evaluated) evaluate(batch, z);
  const arma::mat& probability = batch.gate.values;
  const arma::uword n = batch.size, last = n_experts_ - 1;

  // score: z' (tau - w g); the logarithms are no longer needed
  arma::mat& rest = batch.gate.work;
  arma::mat& weighted = batch.gate.weighted;
  weighted.set_size(n, n_experts_);
  rest.set_size(n, last);
  for (arma::uword k = 0; k < n_experts_; ++k)
    multiply_elements(probability.colptr(k), batch.weight.memptr(),
                      weighted.colptr(k), n);
  for (arma::uword k = 0; k < last; ++k)
    rest.col(k) = tau.col(k) - weighted.col(k);
  z.add_cross_product(rest, score_.in(stats));
  if (wide_) return;

  // information: z' diag(w g_k g_l) z for each pair k < l
  arma::mat& pairs = batch.gate.work;
  pairs.set_size(n, n_pairs());
  for (arma::uword l = 1; l < n_experts_; ++l)
    for (arma::uword k = 0; k < l; ++k)
      multiply_elements(weighted.colptr(k), probability.colptr(l),
                        pairs.colptr(pair_index(k, l)), n);
  z.add_weighted_grams(pairs, pair_gram_.in(stats));
  if (bound())
    z.add_weighted_grams(arma::mat(batch.weight), design_gram_.in(stats));
}

arma::mat SoftmaxGate::information(const double* stats) const {
  const arma::uword r = n_terms_, last = n_experts_ - 1;
  arma::mat h(r * last, r * last, arma::fill::zeros);
  for (arma::uword l = 1; l < n_experts_; ++l)
    for (arma::uword k = 0; k < l; ++k) {
      const arma::mat gram =
          unpack_symmetric(pair_gram_.slice(stats, pair_index(k, l)), r);
      h.submat(k * r, k * r, arma::size(r, r)) += gram;
      if (l == last) continue;
      h.submat(l * r, l * r, arma::size(r, r)) += gram;
      h.submat(k * r, l * r, arma::size(r, r)) -= gram;
      h.submat(l * r, k * r, arma::size(r, r)) -= gram;
    }
  return h;
}

void SoftmaxGate::solve(const double* stats, const SolveOptions& options) {
  if (n_experts_ == 1) return;
  if (penalty_) {
    GramQuadratic q = quadratic(stats);
    return move(q, weight(stats), options);
  }
  arma::mat h = bound() ? bounding_information(stats) : information(stats);
  h.diag() += kDamping * weight(stats);
  const arma::vec step = solve_positive(h, score(stats));
  coefficients_ += options.newton_fraction *
                   arma::reshape(step, n_terms_, n_experts_ - 1);
}

void SoftmaxGate::solve_rows(const Rows& rows, const double* stats,
                             const SolveOptions& options) {
  if (step_ == GateStep::coordinate)
    return ascend(rows, weight(stats), options.after_overshoot());
  RowQuadratic q = row_quadratic(rows);
  move(q, weight(stats), options);
}

void SoftmaxGate::move(Quadratic& quadratic, double weight,
                       const SolveOptions& options) {
  const arma::mat b = symmetric(coefficients_);
  arma::mat next =
      penalty_->minimise(quadratic, b, weight, options.after_overshoot());
  if (options.after_overshoot())
    next = b + options.newton_fraction * (next - b);
  set_symmetric(std::move(next));
}

void SoftmaxGate::ascend(const Rows& rows, double weight, bool majorise) {
  SoftmaxAscent q(rows, majorise);
  if (penalty_) return move(q, weight, {});
  arma::mat b = coefficients_;
  b.resize(n_terms_, n_experts_);
  descend([&](bool) {
    double moved = 0.0;
    for (arma::uword k = 0; k < n_experts_; ++k)
      for (arma::uword j = 0; j < n_terms_; ++j)
        moved = std::max(moved, move_free(q, b, j, k, weight));
    return moved;
  });
  set_symmetric(std::move(b));
}

void SoftmaxGate::set_symmetric(arma::mat b) {
  b.each_col() -= arma::vec(b.col(n_experts_ - 1));
  coefficients_ = b.head_cols(n_experts_ - 1);
}

arma::mat SoftmaxGate::symmetric(const arma::mat& coefficients) const {
  arma::mat b = coefficients;
  b.resize(n_terms_, n_experts_);  // the reference's coefficients: 0
  b.each_col() -= penalty_->centre(b);
  return b;
}

arma::mat SoftmaxGate::symmetric_score(const double* stats) const {
  arma::mat g = score_.matrix(stats);
  g.resize(n_terms_, n_experts_);
  g.col(n_experts_ - 1) = -arma::sum(g, 1);  // tau and g both sum to 1
  return g;
}

arma::mat SoftmaxGate::design_gram(const double* stats) const {
  return unpack_symmetric(design_gram_.in(stats), n_terms_);
}

arma::mat SoftmaxGate::bounding_information(const double* stats) const {
  const arma::uword last = n_experts_ - 1;
  arma::mat share(last, last);
  share.fill(-0.5 / static_cast<double>(n_experts_));
  share.diag() += 0.5;
  return arma::kron(share, design_gram(stats));
}

GramQuadratic SoftmaxGate::bounding_quadratic(const double* stats) const {
  const arma::mat gram = design_gram(stats);
  const double rest = 0.5 / static_cast<double>(n_experts_);
  GramQuadratic q(symmetric_score(stats));
  for (arma::uword l = 0; l < n_experts_; ++l)
    for (arma::uword k = 0; k <= l; ++k)
      q.set_block(k, l, gram * (k == l ? 0.5 - rest : -rest));
  return q;
}

GramQuadratic SoftmaxGate::quadratic(const double* stats) const {
  if (bound()) return bounding_quadratic(stats);
  std::vector<arma::mat> diagonal(
      n_experts_, arma::mat(n_terms_, n_terms_, arma::fill::zeros));
  GramQuadratic q(symmetric_score(stats));
  for (arma::uword l = 1; l < n_experts_; ++l)
    for (arma::uword k = 0; k < l; ++k) {
      const arma::mat gram = unpack_symmetric(
          pair_gram_.slice(stats, pair_index(k, l)), n_terms_);
      diagonal[k] += gram;
      diagonal[l] += gram;
      q.set_block(k, l, -gram);
    }
  for (arma::uword k = 0; k < n_experts_; ++k)
    q.set_block(k, k, std::move(diagonal[k]));
  return q;
}

RowQuadratic SoftmaxGate::row_quadratic(const Rows& rows) const {
  const arma::vec weight = arma::sum(rows.tau, 1);
  const arma::mat weighted = rows.tau - rows.score;  // weight times g
  const double rest = 0.5 / static_cast<double>(n_experts_);
  RowQuadratic q(rows.design, rows.score, rows.interrupted);
  for (arma::uword l = 0; l < n_experts_; ++l)
    for (arma::uword k = 0; k <= l; ++k) {
      const double diagonal = k == l ? 1.0 : 0.0;
      if (bound()) {
        q.set_weight(k, l, weight * (0.5 * diagonal - rest));
        continue;
      }
      arma::vec own = weighted.col(k);
      for (arma::uword i = 0; i < own.n_elem; ++i)
        if (weight[i] > 0.0) own[i] *= diagonal - weighted(i, l) / weight[i];
      q.set_weight(k, l, std::move(own));
    }
  return q;
}

double SoftmaxGate::violation(const double* stats, double weight) const {
  if (!penalty_ || n_experts_ == 1)
    return ParameterBlock::violation(stats, weight);
  return penalty_->violation(symmetric_score(stats), symmetric(coefficients_),
                             weight);
}

Tangent SoftmaxGate::tangent(double weight) const {
  if (!penalty_ || coefficients_.is_empty())
    return ParameterBlock::tangent(weight);
  const arma::mat b = symmetric(coefficients_);
  const arma::uword size = coefficients_.n_elem;
  // an unpenalised term's translation is free, so the cell of the reference is
  // redundant
  std::vector<arma::uword> cells;
  for (const arma::uword cell : penalty_->free_cells(b))
    if (cell < size || penalty_->penalises(cell - size)) cells.push_back(cell);
  Tangent out = coefficient_tangent(
      *penalty_, b, arma::conv_to<arma::uvec>::from(cells), 0, b.n_elem,
      weight);
  // from the K vectors to those against the reference: b_k - b_K
  const arma::mat reference = out.basis.tail_rows(n_terms_);
  out.basis = out.basis.head_rows(size).eval();
  for (arma::uword k = 0; k + 1 < n_experts_; ++k)
    out.basis.rows(k * n_terms_, (k + 1) * n_terms_ - 1) -= reference;
  return out;
}

void SoftmaxGate::keep_pattern(arma::vec& coordinates) const {
  if (!penalty_) return;
  arma::mat b = symmetric(
      arma::reshape(coordinates, n_terms_, n_experts_ - 1));
  gatemix::keep_pattern(symmetric(coefficients_), b);
  b.each_col() -= arma::vec(b.col(n_experts_ - 1));
  coordinates = arma::vectorise(b.head_cols(n_experts_ - 1));
}

arma::uvec SoftmaxGate::coordinate_columns() const {
  return coefficient_columns(coefficients_at_, coefficients_.n_elem);
}

arma::mat SoftmaxGate::predictor_scores(Batch& batch, const arma::mat& tau,
                                        bool evaluated) const {
  if (n_experts_ == 1) return {};
  if (!evaluated) evaluate(batch, *batch.z);
  arma::mat out = tau;
  for (arma::uword k = 0; k < n_experts_; ++k)
    out.col(k) -= batch.weight % batch.gate.values.col(k);
  return out;
}

arma::vec SoftmaxGate::excess(const arma::mat& gradient,
                              double weight) const {
  return penalty_ ? penalty_->excess(gradient, weight) : arma::vec();
}

arma::vec SoftmaxGate::score(const double* stats) const {
  return score_.vector(stats);
}

arma::uvec SoftmaxGate::score_coordinates(arma::uword) const {
  if (coefficients_.is_empty()) return {};
  return arma::regspace<arma::uvec>(0, coefficients_.n_elem - 1);
}

void SoftmaxGate::row_scores(Batch& batch, arma::uword k,
                             double* columns) const {
  const arma::mat& z = batch.z->dense();
  for (arma::uword l = 0; l + 1 < n_experts_; ++l) {
    const arma::vec rest = (k == l ? 1.0 : 0.0) - batch.gate.values.col(l);
    for (arma::uword j = 0; j < n_terms_; ++j, columns += batch.size)
      multiply_elements(rest.memptr(), z.colptr(j), columns, batch.size);
  }
}

arma::vec SoftmaxGate::coordinates() const {
  return arma::vectorise(coefficients_);
}

void SoftmaxGate::set_coordinates(const arma::vec& coordinates) {
  coefficients_ =
      arma::reshape(coordinates, n_terms_, n_experts_ - 1);
}

bool SoftmaxGate::separated(const double* stats) const {
  if (coefficients_.is_empty() || wide_ ||
      (penalty_ && !penalty_->bounded()))
    return false;
  // At a finite maximum Newton's step vanishes with the score. Where slopes
  // diverge, score and information vanish together and the step stays: about
  // one unit of log odds, a few per cent of the slopes.
  const double rows = weight(stats);
  const Tangent t = tangent(rows);
  const arma::mat h = t.basis.t() * information(stats) * t.basis;
  arma::vec values;
  arma::mat vectors;
  if (!arma::eig_sym(values, vectors, arma::symmatu(h))) return false;
  const double unknown = 1e-6 * rows;
  const double scale = 1.0 + arma::abs(coefficients_).max();
  const arma::vec along = vectors.t() * (t.basis.t() * score(stats) - t.slope);
  const arma::vec slope =
      vectors.t() * (t.basis.t() * arma::vectorise(coefficients_));
  for (arma::uword i = 0; i < values.n_elem; ++i) {
    if (values[i] > unknown) break;
    if (values[i] < 1e-14 * rows) {
      // no information at all: the end of a divergence, or a direction in
      // which the features are dependent (never left, so its slope is small)
      if (std::abs(slope[i]) > 10.0) return true;
      continue;
    }
    if (std::abs(along[i]) > 0.005 * scale * values[i]) return true;
  }
  return false;
}

std::vector<std::string> SoftmaxGate::coordinate_names() const {
  std::vector<std::string> names;
  for (arma::uword k = 1; k < n_experts_; ++k)
    for (const std::string& term : terms_)
      names.push_back("gate." + std::to_string(k) + ":" + term);
  return names;
}

double SoftmaxGate::penalty() const {
  return penalty_ ? penalty_->value(symmetric(coefficients_)) : 0.0;
}

void SoftmaxGate::permute(const arma::uvec& order) {
  if (n_experts_ == 1) return;
  arma::mat all = coefficients_;
  all.resize(n_terms_, n_experts_);  // the reference's coefficients: 0
  all = all.cols(order);
  const arma::vec reference = all.col(n_experts_ - 1);
  all.each_col() -= reference;
  coefficients_ = all.head_cols(n_experts_ - 1);
}

}  // namespace gatemix
