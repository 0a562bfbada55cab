#include "softmax.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "../core/descent.hpp"
#include "../core/kernels.hpp"
#include "../core/linear_solve.hpp"
#include "../core/vector_math.hpp"
#include "softmax_ascent.hpp"

namespace gatemix {

namespace {

/// Information per row (in scaled coordinates) at which a direction counts as
/// unknown. It damps Newton's steps along diverging slopes (separated
/// experts); the fixed points are untouched.
constexpr double kDamping = 1e-10;

/// Column of the pair (k, l), k < l.
constexpr arma::uword pair_index(arma::uword k, arma::uword l) {
  return l * (l - 1) / 2 + k;
}

}  // namespace

SoftmaxGate::SoftmaxGate(arma::uword n_components,
                         std::vector<std::string> terms,
                         std::shared_ptr<const Penalty> penalty,
                         GateStep step, bool wide)
    : n_components_(n_components),
      terms_(std::move(terms)),
      n_terms_(terms_.size()),
      penalty_(std::move(penalty)),
      step_(step),
      wide_(wide),
      coefficients_(n_terms_, n_components - 1, arma::fill::zeros) {}

Layout SoftmaxGate::layout() const {
  return {{"gate.weight", 1},
          {"gate.score", n_terms_ * (n_components_ - 1)},
          {"gate.pair_gram", wide_ ? 0 : packed_size(n_terms_) * n_pairs()},
          {"gate.gram", bound() && !wide_ ? packed_size(n_terms_) : 0}};
}

void SoftmaxGate::evaluate(Batch& batch, const DesignBlock& z) const {
  arma::mat& probability = batch.gate.a;
  arma::mat& log_probability = batch.gate.b;
  z.multiply(coefficients_, log_probability);
  log_probability.resize(batch.size, n_components_);
  log_probability.col(n_components_ - 1).zeros();
  probability = log_probability;
  softmax_rows(probability, batch.gate.v);
  for (arma::uword k = 0; k < n_components_; ++k)
    log_probability.col(k) -= batch.gate.v;
}

void SoftmaxGate::add_log_density(Batch& batch, arma::mat& log_joint) const {
  if (n_components_ == 1) return;
  evaluate(batch, features(batch));
  log_joint += batch.gate.b;
}

void SoftmaxGate::accumulate(Batch& batch, const arma::mat& tau,
                             bool evaluated, double* stats) const {
  *stats += arma::accu(batch.weight);
  if (n_components_ == 1) return;
  const DesignBlock& z = features(batch);
  if (!evaluated) evaluate(batch, z);
  const arma::mat& probability = batch.gate.a;
  const arma::uword n = batch.size, last = n_components_ - 1;

  // score: z' (tau - w g); b is free again
  arma::mat& rest = batch.gate.b;
  arma::mat& weighted = batch.gate.c;
  weighted.set_size(n, n_components_);
  rest.set_size(n, last);
  for (arma::uword k = 0; k < n_components_; ++k)
    multiply_elements(probability.colptr(k), batch.weight.memptr(),
                      weighted.colptr(k), n);
  for (arma::uword k = 0; k < last; ++k)
    rest.col(k) = tau.col(k) - weighted.col(k);
  double* score = stats + 1;
  z.add_cross_product(rest, score);
  if (wide_) return;

  // information: z' diag(w g_k g_l) z for each pair k < l
  arma::mat& pairs = batch.gate.b;
  pairs.set_size(n, n_pairs());
  for (arma::uword l = 1; l < n_components_; ++l)
    for (arma::uword k = 0; k < l; ++k)
      multiply_elements(weighted.colptr(k), probability.colptr(l),
                        pairs.colptr(pair_index(k, l)), n);
  double* grams = score + n_terms_ * last;
  z.add_weighted_grams(pairs, grams);
  if (bound())
    z.add_weighted_grams(arma::mat(batch.weight),
                         grams + packed_size(n_terms_) * n_pairs());
}

arma::mat SoftmaxGate::information(const double* stats) const {
  const double* pair_grams = stats + 1 + coefficients_.n_elem;
  const arma::uword r = n_terms_, last = n_components_ - 1;
  arma::mat h(r * last, r * last, arma::fill::zeros);
  for (arma::uword l = 1; l < n_components_; ++l)
    for (arma::uword k = 0; k < l; ++k) {
      const arma::mat gram = unpack_symmetric(
          pair_grams + pair_index(k, l) * packed_size(r), r);
      h.submat(k * r, k * r, arma::size(r, r)) += gram;
      if (l == last) continue;
      h.submat(l * r, l * r, arma::size(r, r)) += gram;
      h.submat(k * r, l * r, arma::size(r, r)) -= gram;
      h.submat(l * r, k * r, arma::size(r, r)) -= gram;
    }
  return h;
}

void SoftmaxGate::solve(const double* stats, const SolveOptions& options) {
  if (n_components_ == 1) return;
  if (penalty_) {
    GramQuadratic q = quadratic(stats);
    return move(q, stats[0], options.newton_fraction);
  }
  const arma::uword size = coefficients_.n_elem;
  arma::mat h = bound() ? bounding_information(stats) : information(stats);
  h.diag() += kDamping * stats[0];
  const arma::vec step = solve_positive(h, arma::vec(stats + 1, size));
  coefficients_ += options.newton_fraction *
                   arma::reshape(step, n_terms_, n_components_ - 1);
}

void SoftmaxGate::solve_rows(const Rows& rows, const double* stats,
                             const SolveOptions& options) {
  if (step_ == GateStep::coordinate)
    return ascend(rows, stats[0], options.newton_fraction < 1.0);
  RowQuadratic q = row_quadratic(rows);
  move(q, stats[0], options.newton_fraction);
}

void SoftmaxGate::move(Quadratic& quadratic, double weight,
                       double fraction) {
  const arma::mat b = symmetric(coefficients_);
  arma::mat next = penalty_->minimise(quadratic, b, weight, fraction < 1.0);
  if (fraction < 1.0) next = b + fraction * (next - b);
  set_symmetric(std::move(next));
}

void SoftmaxGate::ascend(const Rows& rows, double weight, bool safe) {
  SoftmaxAscent q(rows, safe);
  if (penalty_) return move(q, weight, 1.0);
  arma::mat b = coefficients_;
  b.resize(n_terms_, n_components_);
  descend([&](bool) {
    double moved = 0.0;
    for (arma::uword k = 0; k < n_components_; ++k)
      for (arma::uword j = 0; j < n_terms_; ++j)
        moved = std::max(moved, move_free(q, b, j, k, weight));
    return moved;
  });
  set_symmetric(std::move(b));
}

void SoftmaxGate::set_symmetric(arma::mat b) {
  b.each_col() -= arma::vec(b.col(n_components_ - 1));
  coefficients_ = b.head_cols(n_components_ - 1);
}

arma::mat SoftmaxGate::symmetric(const arma::mat& coefficients) const {
  arma::mat b = coefficients;
  b.resize(n_terms_, n_components_);  // the reference's coefficients: 0
  b.each_col() -= penalty_->centre(b);
  return b;
}

arma::mat SoftmaxGate::symmetric_score(const double* stats) const {
  arma::mat g(stats + 1, n_terms_, n_components_ - 1);
  g.resize(n_terms_, n_components_);
  g.col(n_components_ - 1) = -arma::sum(g, 1);  // tau and g both sum to 1
  return g;
}

arma::mat SoftmaxGate::design_gram(const double* stats) const {
  return unpack_symmetric(stats + 1 + coefficients_.n_elem +
                              packed_size(n_terms_) * n_pairs(),
                          n_terms_);
}

arma::mat SoftmaxGate::bounding_information(const double* stats) const {
  const arma::uword last = n_components_ - 1;
  arma::mat share(last, last);
  share.fill(-0.5 / static_cast<double>(n_components_));
  share.diag() += 0.5;
  return arma::kron(share, design_gram(stats));
}

GramQuadratic SoftmaxGate::bounding_quadratic(const double* stats) const {
  const arma::mat gram = design_gram(stats);
  const double rest = 0.5 / static_cast<double>(n_components_);
  GramQuadratic q(symmetric_score(stats));
  for (arma::uword l = 0; l < n_components_; ++l)
    for (arma::uword k = 0; k <= l; ++k)
      q.set_block(k, l, gram * (k == l ? 0.5 - rest : -rest));
  return q;
}

GramQuadratic SoftmaxGate::quadratic(const double* stats) const {
  if (bound()) return bounding_quadratic(stats);
  const double* pair_grams = stats + 1 + coefficients_.n_elem;
  std::vector<arma::mat> diagonal(
      n_components_, arma::mat(n_terms_, n_terms_, arma::fill::zeros));
  GramQuadratic q(symmetric_score(stats));
  for (arma::uword l = 1; l < n_components_; ++l)
    for (arma::uword k = 0; k < l; ++k) {
      const arma::mat gram = unpack_symmetric(
          pair_grams + pair_index(k, l) * packed_size(n_terms_), n_terms_);
      diagonal[k] += gram;
      diagonal[l] += gram;
      q.set_block(k, l, -gram);
    }
  for (arma::uword k = 0; k < n_components_; ++k)
    q.set_block(k, k, std::move(diagonal[k]));
  return q;
}

RowQuadratic SoftmaxGate::row_quadratic(const Rows& rows) const {
  const arma::vec weight = arma::sum(rows.tau, 1);
  const arma::mat weighted = rows.tau - rows.score;  // weight times g
  const double rest = 0.5 / static_cast<double>(n_components_);
  RowQuadratic q(rows.design, rows.score, rows.interrupted);
  for (arma::uword l = 0; l < n_components_; ++l)
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
  if (!penalty_ || n_components_ == 1)
    return ParameterBlock::violation(stats, weight);
  return penalty_->violation(symmetric_score(stats), symmetric(coefficients_),
                             weight);
}

Tangent SoftmaxGate::tangent(double weight) const {
  if (!penalty_ || coefficients_.is_empty())
    return ParameterBlock::tangent(weight);
  const arma::mat b = symmetric(coefficients_);
  const arma::uword size = coefficients_.n_elem;
  // where a term is not penalised the reference repeats the others' directions
  std::vector<arma::uword> cells;
  for (const arma::uword cell : penalty_->free_cells(b))
    if (cell < size || penalty_->penalises(cell - size)) cells.push_back(cell);
  Tangent out = coefficient_tangent(
      *penalty_, b, arma::conv_to<arma::uvec>::from(cells), 0, b.n_elem,
      weight);
  // from the K vectors to those against the reference: b_k - b_K
  const arma::mat reference = out.basis.tail_rows(n_terms_);
  out.basis = out.basis.head_rows(size).eval();
  for (arma::uword k = 0; k + 1 < n_components_; ++k)
    out.basis.rows(k * n_terms_, (k + 1) * n_terms_ - 1) -= reference;
  return out;
}

void SoftmaxGate::keep_pattern(arma::vec& coordinates) const {
  if (!penalty_) return;
  arma::mat b = symmetric(
      arma::reshape(coordinates, n_terms_, n_components_ - 1));
  gatemix::keep_pattern(symmetric(coefficients_), b);
  b.each_col() -= arma::vec(b.col(n_components_ - 1));
  coordinates = arma::vectorise(b.head_cols(n_components_ - 1));
}

arma::uvec SoftmaxGate::coordinate_columns() const {
  arma::uvec out(coefficients_.n_elem);
  for (arma::uword i = 0; i < out.n_elem; ++i) out[i] = i % n_terms_;
  return out;
}

arma::mat SoftmaxGate::predictor_scores(Batch& batch, const arma::mat& tau,
                                        bool evaluated) const {
  if (n_components_ == 1) return {};
  if (!evaluated) evaluate(batch, features(batch));
  arma::mat out = tau;
  for (arma::uword k = 0; k < n_components_; ++k)
    out.col(k) -= batch.weight % batch.gate.a.col(k);
  return out;
}

arma::vec SoftmaxGate::excess(const arma::mat& gradient,
                              double weight) const {
  return penalty_ ? penalty_->excess(gradient, weight) : arma::vec();
}

arma::vec SoftmaxGate::score(const double* stats) const {
  return arma::vec(stats + 1, coefficients_.n_elem);
}

arma::uvec SoftmaxGate::score_coordinates(arma::uword) const {
  if (coefficients_.is_empty()) return {};
  return arma::regspace<arma::uvec>(0, coefficients_.n_elem - 1);
}

void SoftmaxGate::row_scores(Batch& batch, arma::uword k,
                             double* columns) const {
  const arma::mat& z = features(batch).dense();
  for (arma::uword l = 0; l + 1 < n_components_; ++l) {
    const arma::vec rest = (k == l ? 1.0 : 0.0) - batch.gate.a.col(l);
    for (arma::uword j = 0; j < n_terms_; ++j, columns += batch.size)
      multiply_elements(rest.memptr(), z.colptr(j), columns, batch.size);
  }
}

arma::vec SoftmaxGate::coordinates() const {
  return arma::vectorise(coefficients_);
}

void SoftmaxGate::set_coordinates(const arma::vec& coordinates) {
  coefficients_ =
      arma::reshape(coordinates, n_terms_, n_components_ - 1);
}

bool SoftmaxGate::diverging(const double* stats) const {
  if (coefficients_.is_empty() || wide_ ||
      (penalty_ && !penalty_->bounded()))
    return false;
  // At a finite maximum Newton's step vanishes with the score. Where slopes
  // diverge, score and information vanish together and the step stays: about
  // one unit of log odds, a few per cent of the slopes.
  const Tangent t = tangent(stats[0]);
  const arma::mat h = t.basis.t() * information(stats) * t.basis;
  arma::vec values;
  arma::mat vectors;
  arma::eig_sym(values, vectors, arma::symmatu(h));
  const double unknown = 1e-6 * stats[0];
  const double scale = 1.0 + arma::abs(coefficients_).max();
  const arma::vec along = vectors.t() * (t.basis.t() * score(stats) - t.slope);
  const arma::vec slope =
      vectors.t() * (t.basis.t() * arma::vectorise(coefficients_));
  for (arma::uword i = 0; i < values.n_elem; ++i) {
    if (values[i] > unknown) break;
    if (values[i] < 1e-14 * stats[0]) {
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
  for (arma::uword k = 1; k < n_components_; ++k)
    for (const std::string& term : terms_)
      names.push_back("gate." + std::to_string(k) + ":" + term);
  return names;
}

double SoftmaxGate::penalty() const {
  return penalty_ ? penalty_->value(symmetric(coefficients_)) : 0.0;
}

void SoftmaxGate::permute(const arma::uvec& order) {
  if (n_components_ == 1) return;
  arma::mat all = coefficients_;
  all.resize(n_terms_, n_components_);  // the reference's coefficients: 0
  all = all.cols(order);
  const arma::vec reference = all.col(n_components_ - 1);
  all.each_col() -= reference;
  coefficients_ = all.head_cols(n_components_ - 1);
}

}  // namespace gatemix
