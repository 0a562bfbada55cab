#include "engine/gates/softmax_ascent.hpp"

#include <utility>

#include "base/errors.hpp"
#include "linalg/vector_math.hpp"

namespace gatemix {

SoftmaxAscent::SoftmaxAscent(const Rows& rows, bool majorise)
    : rows_(rows),
      majorise_(majorise),
      weight_(arma::sum(rows.tau, 1)),
      log_odds_(rows.tau - rows.score),  // weight times g
      values_(rows.tau.n_rows),
      at_hand_(rows.design.n_cols()) {
  log_odds_.each_col() /= arma::clamp(weight_, 1e-300, arma::datum::inf);
  // a difference of two numbers near 1: smaller probabilities are not known
  log_odds_ = arma::log(arma::clamp(log_odds_, arma::datum::eps, 1.0));
  set_probabilities();
}

void SoftmaxAscent::set_probabilities() {
  if (rows_.interrupted()) throw Interrupted();
  arma::vec log_sum;
  probability_ = log_odds_;
  softmax_rows(probability_, log_sum);
}

void SoftmaxAscent::read(arma::uword term) {
  if (at_hand_ == term) return;
  rows_.design.read_column(term, 0, values_.n_elem, values_.memptr());
  at_hand_ = term;
}

double SoftmaxAscent::gradient(arma::uword term, arma::uword column) {
  read(term);
  return arma::dot(values_, rows_.tau.col(column) -
                                weight_ % probability_.col(column));
}

double SoftmaxAscent::curvature(arma::uword term, arma::uword column) {
  return curvature(term, column, term, column);
}

double SoftmaxAscent::curvature(arma::uword term, arma::uword column,
                                arma::uword other_term,
                                arma::uword other_column) {
  const double diagonal = column == other_column ? 1.0 : 0.0;
  read(other_term);
  arma::vec weighted = values_ % weight_;
  if (majorise_)
    weighted *= 0.5 * (diagonal - 1.0 / static_cast<double>(n_columns()));
  else
    weighted %= probability_.col(column) %
                (diagonal - probability_.col(other_column));
  read(term);
  return arma::dot(values_, weighted);
}

void SoftmaxAscent::move(arma::uword term, arma::uword column,
                         double change) {
  read(term);
  log_odds_.col(column) += change * values_;
  set_probabilities();
}

}  // namespace gatemix
