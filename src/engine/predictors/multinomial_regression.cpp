#include "engine/predictors/multinomial_regression.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "engine/penalties/descent.hpp"
#include "engine/predictors/coefficients.hpp"
#include "engine/predictors/multinomial_ascent.hpp"
#include "linalg/kernels.hpp"
#include "linalg/linear_solve.hpp"
#include "linalg/vector_math.hpp"

namespace gatemix {

namespace {

/// Information per row (in scaled coordinates) at which a direction counts as
/// unknown. It damps Newton's steps along diverging slopes (separated
/// classes); the fixed points are untouched.
constexpr double kDamping = 1e-10;

/// Returns the column of the pair (k, l), k < l.
constexpr arma::uword pair_index(arma::uword k, arma::uword l) {
  return l * (l - 1) / 2 + k;
}

/// Returns the shape of an array, with an extent for the copies if there are
/// several.
std::vector<arma::uword> per_copy(std::vector<arma::uword> shape,
                                  arma::uword copies) {
  if (copies > 1) shape.push_back(copies);
  return shape;
}

}  // namespace

MultinomialStep multinomial_step(const std::string& name) {
  if (name == "newton") return MultinomialStep::newton;
  if (name == "bound") return MultinomialStep::bound;
  if (name == "coordinate") return MultinomialStep::coordinate;
  throw InputError("unknown gate step '" + name + "'");
}

MultinomialRegression::MultinomialRegression(
    Size size, std::shared_ptr<const Penalty> penalty, MultinomialStep step,
    bool wide)
    : terms_(size.terms),
      classes_(size.classes),
      copies_(size.copies),
      penalty_(std::move(penalty)),
      step_(step),
      wide_(wide),
      coefficients_(terms_, (classes_ - 1) * copies_, arma::fill::zeros) {}

void MultinomialRegression::add_statistics(Packing& packing) {
  const arma::uword packed = wide_ ? 0 : packed_size(terms_);
  weight_ = packing.add("weight", {copies_});
  score_ = packing.add("score", per_copy({terms_, classes_ - 1}, copies_));
  pair_gram_ = packing.add("pair_gram", per_copy({packed, n_pairs()}, copies_));
  design_gram_ =
      packing.add("gram", per_copy({bound() ? packed : 0}, copies_));
}

void MultinomialRegression::add_parameters(Packing& packing) {
  coefficients_at_ = packing.add(
      "coefficients", per_copy({terms_, classes_ - 1}, copies_));
}

void MultinomialRegression::set_coefficients(const arma::vec& coordinates) {
  coefficients_ =
      arma::reshape(coordinates, terms_, (classes_ - 1) * copies_);
}

void MultinomialRegression::evaluate(const DesignBlock& z,
                                     Batch::Scratch& scratch) const {
  const arma::uword n = z.n_rows(), last = classes_ - 1;
  arma::mat& probability = scratch.values;
  arma::mat& log_probability = scratch.work;
  z.multiply(coefficients_, scratch.weighted);
  log_probability.set_size(n, n_columns());
  for (arma::uword m = 0; m < copies_; ++m) {
    const double* own = scratch.weighted.colptr(m * last);
    std::copy(own, own + n * last, log_probability.colptr(m * classes_));
    log_probability.col(m * classes_ + last).zeros();
  }
  probability = log_probability;
  for (arma::uword m = 0; m < copies_; ++m) {
    const arma::uword first = m * classes_;
    arma::mat own(probability.colptr(first), n, classes_, false, true);
    softmax_rows(own, scratch.log_sum);
    for (arma::uword c = first; c < first + classes_; ++c)
      log_probability.col(c) -= scratch.log_sum;
  }
}

void MultinomialRegression::accumulate_weight(const arma::mat& weights,
                                              double* stats) const {
  add_column_sums(weights, weight_.in(stats));
}

void MultinomialRegression::accumulate(const DesignBlock& z,
                                       const arma::mat& targets,
                                       const arma::mat& weights,
                                       Batch::Scratch& scratch,
                                       double* stats) const {
  const arma::mat& probability = scratch.values;
  const arma::uword n = z.n_rows(), last = classes_ - 1;
  accumulate_weight(weights, stats);

  // score: z' (targets - w p); the logarithms are no longer needed
  arma::mat& rest = scratch.work;
  arma::mat& weighted = scratch.weighted;
  weighted.set_size(n, n_columns());
  rest.set_size(n, last * copies_);
  for (arma::uword m = 0; m < copies_; ++m)
    for (arma::uword k = 0; k < classes_; ++k) {
      const arma::uword c = m * classes_ + k;
      multiply_elements(probability.colptr(c), weights.colptr(m),
                        weighted.colptr(c), n);
      if (k < last) rest.col(m * last + k) = targets.col(c) - weighted.col(c);
    }
  z.add_cross_product(rest, score_.in(stats));
  if (wide_) return;

  // information: z' diag(w p_k p_l) z for each pair k < l
  arma::mat& pairs = scratch.work;
  pairs.set_size(n, n_pairs() * copies_);
  for (arma::uword m = 0; m < copies_; ++m)
    for (arma::uword l = 1; l < classes_; ++l)
      for (arma::uword k = 0; k < l; ++k)
        multiply_elements(weighted.colptr(m * classes_ + k),
                          probability.colptr(m * classes_ + l),
                          pairs.colptr(m * n_pairs() + pair_index(k, l)), n);
  z.add_weighted_grams(pairs, pair_gram_.in(stats));
  if (bound()) z.add_weighted_grams(weights, design_gram_.in(stats));
}

arma::mat MultinomialRegression::pair_gram(const double* stats,
                                           arma::uword copy, arma::uword k,
                                           arma::uword l) const {
  const arma::uword at = copy * n_pairs() + pair_index(k, l);
  return unpack_symmetric(pair_gram_.in(stats) + at * packed_size(terms_),
                          terms_);
}

arma::mat MultinomialRegression::design_gram(const double* stats,
                                             arma::uword copy) const {
  return unpack_symmetric(
      design_gram_.in(stats) + copy * packed_size(terms_), terms_);
}

arma::vec MultinomialRegression::score(const double* stats) const {
  return score_.vector(stats);
}

arma::mat MultinomialRegression::information(const double* stats) const {
  const arma::uword r = terms_, last = classes_ - 1;
  arma::mat h(coefficients_.n_elem, coefficients_.n_elem, arma::fill::zeros);
  for (arma::uword m = 0; m < copies_; ++m) {
    const auto block = [&](arma::uword k, arma::uword l) {
      return h.submat((m * last + k) * r, (m * last + l) * r,
                      arma::size(r, r));
    };
    for (arma::uword l = 1; l < classes_; ++l)
      for (arma::uword k = 0; k < l; ++k) {
        const arma::mat gram = pair_gram(stats, m, k, l);
        block(k, k) += gram;
        if (l == last) continue;
        block(l, l) += gram;
        block(k, l) -= gram;
        block(l, k) -= gram;
      }
  }
  return h;
}

arma::mat MultinomialRegression::bounding_information(
    const double* stats) const {
  const arma::uword last = classes_ - 1, own = terms_ * last;
  arma::mat share(last, last);
  share.fill(-0.5 / static_cast<double>(classes_));
  share.diag() += 0.5;
  arma::mat h(coefficients_.n_elem, coefficients_.n_elem, arma::fill::zeros);
  for (arma::uword m = 0; m < copies_; ++m)
    h.submat(m * own, m * own, arma::size(own, own)) =
        arma::kron(share, design_gram(stats, m));
  return h;
}

void MultinomialRegression::solve(const double* stats,
                                  const SolveOptions& options) {
  if (empty()) return;
  const double weight = total_weight(stats);
  if (penalty_) {
    GramQuadratic q = quadratic(stats);
    return move(q, weight, options);
  }
  arma::mat h = bound() ? bounding_information(stats) : information(stats);
  h.diag() += kDamping * weight;
  const arma::vec step = solve_positive(h, score(stats));
  coefficients_ +=
      options.newton_fraction *
      arma::reshape(step, coefficients_.n_rows, coefficients_.n_cols);
}

void MultinomialRegression::solve_rows(const Rows& rows, const double* stats,
                                       const SolveOptions& options) {
  const double weight = total_weight(stats);
  if (step_ == MultinomialStep::coordinate)
    return ascend(rows, weight, options.after_overshoot());
  RowQuadratic q = row_quadratic(rows);
  move(q, weight, options);
}

void MultinomialRegression::move(Quadratic& quadratic, double weight,
                                 const SolveOptions& options) {
  const arma::mat b = symmetric(coefficients_);
  arma::mat next =
      penalty_->minimise(quadratic, b, weight, options.after_overshoot());
  if (options.after_overshoot())
    next = b + options.newton_fraction * (next - b);
  coefficients_ = against_reference(next);
}

void MultinomialRegression::ascend(const Rows& rows, double weight,
                                   bool majorise) {
  MultinomialAscent q(rows, classes_, majorise);
  if (penalty_) return move(q, weight, {});
  arma::mat b = with_reference(coefficients_);
  descend([&](bool) {
    double moved = 0.0;
    for (arma::uword c = 0; c < b.n_cols; ++c)
      for (arma::uword j = 0; j < terms_; ++j)
        moved = std::max(moved, move_free(q, b, j, c, weight));
    return moved;
  });
  coefficients_ = against_reference(b);
}

arma::mat MultinomialRegression::with_reference(
    const arma::mat& coefficients) const {
  const arma::uword last = classes_ - 1;
  arma::mat all(terms_, n_columns(), arma::fill::zeros);
  for (arma::uword m = 0; m < copies_ && last > 0; ++m)
    all.cols(m * classes_, m * classes_ + last - 1) =
        coefficients.cols(m * last, (m + 1) * last - 1);
  return all;
}

arma::mat MultinomialRegression::against_reference(
    const arma::mat& all) const {
  const arma::uword last = classes_ - 1;
  arma::mat out(all.n_rows, last * copies_);
  for (arma::uword m = 0; m < copies_; ++m)
    for (arma::uword k = 0; k < last; ++k)
      out.col(m * last + k) =
          all.col(m * classes_ + k) - all.col(m * classes_ + last);
  return out;
}

arma::mat MultinomialRegression::symmetric(
    const arma::mat& coefficients) const {
  arma::mat b = with_reference(coefficients);
  for (arma::uword m = 0; m < copies_; ++m) {
    arma::mat own(b.colptr(m * classes_), terms_, classes_, false, true);
    own.each_col() -= penalty_->centre(own);
  }
  return b;
}

arma::mat MultinomialRegression::symmetric_score(const double* stats) const {
  const arma::uword last = classes_ - 1;
  arma::mat g = with_reference(score_.matrix(stats));
  for (arma::uword m = 0; m < copies_; ++m)  // shares and p both sum to 1
    g.col(m * classes_ + last) =
        -arma::sum(g.cols(m * classes_, m * classes_ + last - 1), 1);
  return g;
}

GramQuadratic MultinomialRegression::quadratic(const double* stats) const {
  const double rest = 0.5 / static_cast<double>(classes_);
  GramQuadratic q(symmetric_score(stats));
  for (arma::uword m = 0; m < copies_; ++m) {
    const arma::uword first = m * classes_;
    if (bound()) {
      const arma::mat gram = design_gram(stats, m);
      for (arma::uword l = 0; l < classes_; ++l)
        for (arma::uword k = 0; k <= l; ++k)
          q.set_block(first + k, first + l,
                      gram * (k == l ? 0.5 - rest : -rest));
      continue;
    }
    std::vector<arma::mat> diagonal(
        classes_, arma::mat(terms_, terms_, arma::fill::zeros));
    for (arma::uword l = 1; l < classes_; ++l)
      for (arma::uword k = 0; k < l; ++k) {
        const arma::mat gram = pair_gram(stats, m, k, l);
        diagonal[k] += gram;
        diagonal[l] += gram;
        q.set_block(first + k, first + l, -gram);
      }
    for (arma::uword k = 0; k < classes_; ++k)
      q.set_block(first + k, first + k, std::move(diagonal[k]));
  }
  return q;
}

RowQuadratic MultinomialRegression::row_quadratic(const Rows& rows) const {
  const arma::mat weighted = rows.tau - rows.score;  // weight times p
  const double rest = 0.5 / static_cast<double>(classes_);
  RowQuadratic q(rows.design, rows.score, rows.interrupted);
  for (arma::uword m = 0; m < copies_; ++m) {
    const arma::uword first = m * classes_;
    const arma::vec weight =
        arma::sum(rows.tau.cols(first, first + classes_ - 1), 1);
    for (arma::uword l = first; l < first + classes_; ++l)
      for (arma::uword k = first; k <= l; ++k) {
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
  }
  return q;
}

arma::uvec MultinomialRegression::score_coordinates(arma::uword copy) const {
  const arma::uword own = terms_ * (classes_ - 1);
  if (own == 0) return {};
  return arma::regspace<arma::uvec>(copy * own, (copy + 1) * own - 1);
}

void MultinomialRegression::row_scores(const DesignBlock& z,
                                       const arma::mat& residual,
                                       double* columns) const {
  const arma::mat& values = z.dense();
  for (arma::uword l = 0; l + 1 < classes_; ++l)
    for (arma::uword j = 0; j < terms_; ++j, columns += z.n_rows())
      multiply_elements(residual.colptr(l), values.colptr(j), columns,
                        z.n_rows());
}

arma::mat MultinomialRegression::predictor_scores(
    const arma::mat& targets, const arma::mat& weights,
    const Batch::Scratch& scratch) const {
  arma::mat out = targets;
  for (arma::uword c = 0; c < out.n_cols; ++c)
    out.col(c) -= weights.col(c / classes_) % scratch.values.col(c);
  return out;
}

double MultinomialRegression::penalty() const {
  return penalty_ ? penalty_->value(symmetric(coefficients_)) : 0.0;
}

double MultinomialRegression::violation(const double* stats,
                                        double weight) const {
  if (empty()) return 0.0;
  if (!penalty_) return arma::abs(score(stats)).max() / weight;
  return penalty_->violation(symmetric_score(stats), symmetric(coefficients_),
                             weight);
}

Tangent MultinomialRegression::tangent(double weight) const {
  const arma::uword size = coefficients_.n_elem;
  if (!penalty_ || empty())
    return {arma::mat(size, size, arma::fill::eye),
            arma::vec(size, arma::fill::zeros),
            arma::mat(size, size, arma::fill::zeros)};
  const arma::mat b = symmetric(coefficients_);
  // an unpenalised term's translation is free, so the cell of the reference is
  // redundant
  std::vector<arma::uword> cells;
  for (const arma::uword cell : penalty_->free_cells(b)) {
    const bool reference = cell / terms_ % classes_ == classes_ - 1;
    if (!reference || penalty_->penalises(cell % terms_))
      cells.push_back(cell);
  }
  Tangent out = coefficient_tangent(
      *penalty_, b, arma::conv_to<arma::uvec>::from(cells), 0, b.n_elem,
      weight);
  // from all C vectors to those against the reference
  arma::mat basis(size, out.basis.n_cols);
  for (arma::uword i = 0; i < basis.n_cols; ++i)
    basis.col(i) = arma::vectorise(against_reference(
        arma::reshape(out.basis.col(i), terms_, n_columns())));
  out.basis = std::move(basis);
  return out;
}

void MultinomialRegression::keep_pattern(arma::vec& coordinates) const {
  if (!penalty_) return;
  arma::mat b = symmetric(
      arma::reshape(coordinates, terms_, coefficients_.n_cols));
  gatemix::keep_pattern(symmetric(coefficients_), b);
  coordinates = arma::vectorise(against_reference(b));
}

arma::vec MultinomialRegression::excess(const arma::mat& gradient,
                                        double weight) const {
  return penalty_ ? penalty_->excess(gradient, weight) : arma::vec();
}

bool MultinomialRegression::separated(const double* stats) const {
  if (empty() || wide_ || (penalty_ && !penalty_->bounded())) return false;
  // At a finite maximum Newton's step vanishes with the score. Where slopes
  // diverge, score and information vanish together and the step stays: about
  // one unit of log odds, a few per cent of the slopes.
  const double rows = total_weight(stats);
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
      // which the columns are dependent (never left, so its slope is small)
      if (std::abs(slope[i]) > 10.0) return true;
      continue;
    }
    if (std::abs(along[i]) > 0.005 * scale * values[i]) return true;
  }
  return false;
}

void MultinomialRegression::permute_classes(const arma::uvec& order) {
  arma::mat all = with_reference(coefficients_);
  for (arma::uword m = 0; m < copies_; ++m) {
    arma::mat own(all.colptr(m * classes_), terms_, classes_, false, true);
    own = arma::mat(own.cols(order));
  }
  coefficients_ = against_reference(all);
}

void MultinomialRegression::permute_copies(const arma::uvec& order) {
  const arma::mat old = coefficients_;
  const arma::uword last = classes_ - 1;
  for (arma::uword m = 0; m < copies_ && last > 0; ++m)
    coefficients_.cols(m * last, (m + 1) * last - 1) =
        old.cols(order[m] * last, (order[m] + 1) * last - 1);
}

}  // namespace gatemix
