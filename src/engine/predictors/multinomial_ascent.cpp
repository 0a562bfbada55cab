#include "engine/predictors/multinomial_ascent.hpp"

#include "base/errors.hpp"
#include "linalg/vector_math.hpp"

namespace gatemix {

MultinomialAscent::MultinomialAscent(const Rows& rows, arma::uword classes,
                                     bool majorise)
    : rows_(rows),
      classes_(classes),
      majorise_(majorise),
      weight_(rows.tau.n_rows, rows.tau.n_cols / classes),
      log_odds_(rows.tau - rows.score),  // weight times p
      probability_(arma::size(log_odds_)),
      values_(rows.tau.n_rows),
      at_hand_(rows.design.n_cols()) {
  for (arma::uword m = 0; m < weight_.n_cols; ++m)
    weight_.col(m) = arma::sum(
        rows.tau.cols(m * classes, (m + 1) * classes - 1), 1);
  for (arma::uword c = 0; c < log_odds_.n_cols; ++c)
    log_odds_.col(c) /=
        arma::clamp(weight_.col(c / classes), 1e-300, arma::datum::inf);
  // a difference of two numbers near 1: smaller probabilities are not known
  log_odds_ = arma::log(arma::clamp(log_odds_, arma::datum::eps, 1.0));
  for (arma::uword m = 0; m < weight_.n_cols; ++m) set_probabilities(m);
}

void MultinomialAscent::set_probabilities(arma::uword copy) {
  if (rows_.interrupted()) throw Interrupted();
  arma::mat own(probability_.colptr(copy * classes_), probability_.n_rows,
                classes_, false, true);
  own = log_odds_.cols(copy * classes_, (copy + 1) * classes_ - 1);
  arma::vec log_sum;
  softmax_rows(own, log_sum);
}

void MultinomialAscent::read(arma::uword term) {
  if (at_hand_ == term) return;
  rows_.design.read_column(term, 0, values_.n_elem, values_.memptr());
  at_hand_ = term;
}

double MultinomialAscent::gradient(arma::uword term, arma::uword column) {
  read(term);
  return arma::dot(values_, rows_.tau.col(column) -
                                weight_.col(column / classes_) %
                                    probability_.col(column));
}

double MultinomialAscent::curvature(arma::uword term, arma::uword column) {
  return curvature(term, column, term, column);
}

double MultinomialAscent::curvature(arma::uword term, arma::uword column,
                                    arma::uword other_term,
                                    arma::uword other_column) {
  if (column / classes_ != other_column / classes_) return 0.0;
  const double diagonal = column == other_column ? 1.0 : 0.0;
  read(other_term);
  arma::vec weighted = values_ % weight_.col(column / classes_);
  if (majorise_)
    weighted *= 0.5 * (diagonal - 1.0 / static_cast<double>(classes_));
  else
    weighted %= probability_.col(column) %
                (diagonal - probability_.col(other_column));
  read(term);
  return arma::dot(values_, weighted);
}

void MultinomialAscent::move(arma::uword term, arma::uword column,
                             double change) {
  read(term);
  log_odds_.col(column) += change * values_;
  set_probabilities(column / classes_);
}

}  // namespace gatemix
