#pragma once
#include <memory>
#include <string>

#include "engine/model/parameter_block.hpp"
#include "engine/penalties/gram_quadratic.hpp"
#include "engine/penalties/penalty.hpp"
#include "engine/penalties/row_quadratic.hpp"

namespace gatemix {

/// How the coefficients move in an M-step.
enum class MultinomialStep {
  newton,      // the maximum of the quadratic that the information gives
  bound,       // that of a quadratic bound: Boehning (1992), Multinomial
               // logistic regression algorithm, AISM 44, 197-200, the MM
               // variant of the papers; it never lowers the objective
  coordinate,  // the papers' coordinate ascent: see MultinomialAscent
};

/// Returns the step with a name; InputError if there is none.
MultinomialStep multinomial_step(const std::string& name);

/// Multinomial logistic regression of shares of classes on a design,
///   p_c(z) = exp(b_c' z) / sum_d exp(b_d' z),  b_C = 0,
/// as a part of a block: for the responsibilities it is a softmax gate, for
/// observed classes a family of experts. There can be several copies, each with
/// its coefficients and its weights of the rows, but one penalty. The
/// statistics are the score and, for each pair of classes, the Gram matrix that
/// the information is made of; one Newton step a pass.
/// Targets are shares times weights: n x (C copies), a copy's classes side by
/// side; weights are n x copies.
/// A penalty is on all C vectors b_c, at the translation that makes it
/// smallest: so it depends on the probabilities only, not on which class is the
/// reference.
class MultinomialRegression {
 public:
  struct Size {
    arma::uword terms;
    arma::uword classes;
    arma::uword copies;
  };
  MultinomialRegression(Size size, std::shared_ptr<const Penalty> penalty,
                        MultinomialStep step, bool wide);
  /// Name the arrays "weight", "score", "pair_gram" and "gram", and
  /// "coefficients".
  void add_statistics(Packing& packing);
  void add_parameters(Packing& packing);

  /// Whether there is one class, and nothing to estimate.
  bool empty() const { return classes_ == 1; }
  /// Terms x ((C - 1) copies), against the last class.
  const arma::mat& coefficients() const { return coefficients_; }
  void set_coefficients(const arma::vec& coordinates);
  const Field& place() const { return coefficients_at_; }

  /// Leaves the probabilities in the scratch's values, their logarithms in its
  /// work.
  void evaluate(const DesignBlock& z, Batch::Scratch& scratch) const;
  /// Adds the statistics of evaluated rows; overwrites the scratch's work.
  void accumulate(const DesignBlock& z, const arma::mat& targets,
                  const arma::mat& weights, Batch::Scratch& scratch,
                  double* stats) const;
  /// For a regression of one class, whose rows need not be evaluated.
  void accumulate_weight(const arma::mat& weights, double* stats) const;

  void solve(const double* stats, const SolveOptions& options);
  bool by_rows() const {
    return !empty() && (wide_ || step_ == MultinomialStep::coordinate);
  }
  /// The same from all rows, whose tau are the targets.
  void solve_rows(const Rows& rows, const double* stats,
                  const SolveOptions& options);

  arma::vec score(const double* stats) const;
  bool has_information() const { return !wide_; }
  arma::mat information(const double* stats) const;
  /// The coordinates of a copy, from 0 on, and for each row of an evaluated
  /// block its score, a column each. `residual`: shares less probabilities of
  /// the classes but the last.
  arma::uvec score_coordinates(arma::uword copy) const;
  void row_scores(const DesignBlock& z, const arma::mat& residual,
                  double* columns) const;
  /// The derivatives by all C linear predictors of each copy.
  arma::mat predictor_scores(const arma::mat& targets,
                             const arma::mat& weights,
                             const Batch::Scratch& scratch) const;

  bool penalised() const { return penalty_ != nullptr; }
  bool selects() const { return penalty_ && penalty_->selects(); }
  double penalty() const;
  double violation(const double* stats, double weight) const;
  /// See ParameterBlock, for the coefficients alone.
  Tangent tangent(double weight) const;
  void keep_pattern(arma::vec& coordinates) const;
  arma::vec excess(const arma::mat& gradient, double weight) const;
  /// Whether the classes of a copy are separated: see Gate.
  bool separated(const double* stats) const;

  /// Puts class order[c] into place c, in each copy.
  void permute_classes(const arma::uvec& order);
  void permute_copies(const arma::uvec& order);

 private:
  arma::uword n_pairs() const { return classes_ * (classes_ - 1) / 2; }
  arma::uword n_columns() const { return classes_ * copies_; }
  bool bound() const { return step_ == MultinomialStep::bound; }
  double total_weight(const double* stats) const {
    return arma::accu(weight_.vector(stats));
  }
  arma::mat pair_gram(const double* stats, arma::uword copy, arma::uword k,
                      arma::uword l) const;
  arma::mat design_gram(const double* stats, arma::uword copy) const;
  /// The matrix that bounds the information: 1/2 (I - 1/C) (x) z'z.
  arma::mat bounding_information(const double* stats) const;
  /// All C vectors of each copy with 0 for the reference, and back.
  arma::mat with_reference(const arma::mat& coefficients) const;
  arma::mat against_reference(const arma::mat& all) const;
  /// All C vectors at the penalty's translation.
  arma::mat symmetric(const arma::mat& coefficients) const;
  /// The score for each of them.
  arma::mat symmetric_score(const double* stats) const;
  GramQuadratic quadratic(const double* stats) const;
  RowQuadratic row_quadratic(const Rows& rows) const;
  /// A penalised step, or a part of it.
  void move(Quadratic& quadratic, double weight, const SolveOptions& options);
  void ascend(const Rows& rows, double weight, bool majorise);

  arma::uword terms_;
  arma::uword classes_;
  arma::uword copies_;
  std::shared_ptr<const Penalty> penalty_;
  MultinomialStep step_;
  bool wide_;
  arma::mat coefficients_;
  Field coefficients_at_;
  // statistics; a wide regression has no Gram matrices
  Field weight_;
  Field score_;
  Field pair_gram_;    // z' diag(w p_k p_l) z for each pair k < l
  Field design_gram_;  // z' diag(w) z, for the bound
};

}  // namespace gatemix
