#pragma once
#include "engine/model/parameter_block.hpp"
#include "engine/penalties/quadratic.hpp"

namespace gatemix {

/// The log-likelihood of a multinomial regression, sum_i sum_c t_ic log
/// p_c(z_i), in the place of a quadratic: gradient and curvature are those at
/// the present coefficients, so each move is a step of Newton's method in one
/// coordinate. It reads all rows for each number and is there for comparisons:
/// Chamroukhi and Huynh (2019), Regularized maximum likelihood estimation and
/// feature selection in mixtures-of-experts models, J. SFdS 160.
class MultinomialAscent final : public Quadratic {
 public:
  /// rows.tau are the targets, a column for each of so many classes, and again
  /// for each copy. `majorise`: with the largest curvature that there can be,
  /// for steps that never lower the objective.
  MultinomialAscent(const Rows& rows, arma::uword classes, bool majorise);

  arma::uword n_columns() const override { return log_odds_.n_cols; }
  double gradient(arma::uword term, arma::uword column) override;
  double curvature(arma::uword term, arma::uword column) override;
  double curvature(arma::uword term, arma::uword column, arma::uword other_term,
                   arma::uword other_column) override;
  void move(arma::uword term, arma::uword column, double change) override;

 private:
  void set_probabilities(arma::uword copy);
  /// Loads column `term`.
  void read(arma::uword term);

  const Rows& rows_;
  arma::uword classes_;
  bool majorise_;
  arma::mat weight_;  // n x copies
  arma::mat log_odds_;
  arma::mat probability_;
  arma::vec values_;
  arma::uword at_hand_;
};

}  // namespace gatemix
