#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/model/gate.hpp"
#include "engine/model/spec.hpp"
#include "engine/penalties/gram_quadratic.hpp"
#include "engine/penalties/penalty.hpp"
#include "engine/penalties/row_quadratic.hpp"

namespace gatemix {

/// How the coefficients move in an M-step.
enum class GateStep {
  newton,      // the maximum of the quadratic that the information gives
  bound,       // that of a quadratic bound: Boehning (1992), Multinomial
               // logistic regression algorithm, AISM 44, 197-200, the MM
               // variant of the papers; it never lowers the objective
  coordinate,  // the papers' coordinate ascent: see SoftmaxAscent
};

/// g_k(z) = exp(b_k' z) / sum_l exp(b_l' z), b_K = 0. One Newton step a pass:
/// the gradient and the information of the multinomial regression of the
/// responsibilities on z are the statistics.
/// A penalty is on all K vectors b_k, at the translation that makes it
/// smallest: so it depends on the probabilities only, not on which expert is
/// the reference.
class SoftmaxGate : public Gate {
 public:
  /// Setting: "gate_step".
  explicit SoftmaxGate(const BlockSetup& setup);

  void add_log_density(Batch& batch, arma::mat& log_joint) const override;
  void accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                  double* stats) const override;
  void solve(const double* stats, const SolveOptions& options) override;
  bool by_rows() const override {
    return n_experts_ > 1 && (wide_ || step_ == GateStep::coordinate);
  }
  void solve_rows(const Rows& rows, const double* stats,
                  const SolveOptions& options) override;
  arma::vec score(const double* stats) const override;
  bool has_information() const override { return !wide_; }
  arma::mat information(const double* stats) const override;
  arma::uvec score_coordinates(arma::uword k) const override;
  void row_scores(Batch& batch, arma::uword k,
                  double* columns) const override;
  arma::vec coordinates() const override;
  void set_coordinates(const arma::vec& coordinates) override;
  std::vector<std::string> coordinate_names() const override;
  bool penalised() const override { return penalty_ != nullptr; }
  bool selects() const override { return penalty_ && penalty_->selects(); }
  double penalty() const override;
  double violation(const double* stats, double weight) const override;
  Tangent tangent(double weight) const override;
  void keep_pattern(arma::vec& coordinates) const override;
  arma::uvec coordinate_columns() const override;
  arma::mat predictor_scores(Batch& batch, const arma::mat& tau,
                             bool evaluated) const override;
  arma::vec excess(const arma::mat& gradient, double weight) const override;
  void permute(const arma::uvec& order) override;
  bool separated(const double* stats) const override;

 protected:
  SoftmaxGate(arma::uword n_experts, std::vector<std::string> terms,
              std::shared_ptr<const Penalty> penalty, GateStep step, bool wide);

 private:
  arma::uword n_pairs() const {
    return n_experts_ * (n_experts_ - 1) / 2;
  }
  /// Leaves the probabilities in the scratch's values, their logarithms in its
  /// work.
  void evaluate(Batch& batch, const DesignBlock& z) const;
  /// The K vectors b_k at the penalty's translation, a column each.
  arma::mat symmetric(const arma::mat& coefficients) const;
  void set_symmetric(arma::mat b);
  /// The score for each of the K vectors.
  arma::mat symmetric_score(const double* stats) const;
  GramQuadratic quadratic(const double* stats) const;
  GramQuadratic bounding_quadratic(const double* stats) const;
  RowQuadratic row_quadratic(const Rows& rows) const;
  /// A penalised step, or a part of it.
  void move(Quadratic& quadratic, double weight, const SolveOptions& options);
  void ascend(const Rows& rows, double weight, bool majorise);
  bool bound() const { return step_ == GateStep::bound; }
  double weight(const double* stats) const { return *weight_.in(stats); }
  /// The matrix that bounds the information: 1/2 (I - 1/K) (x) z'z.
  arma::mat bounding_information(const double* stats) const;
  arma::mat design_gram(const double* stats) const;
  arma::uword n_experts_;
  std::vector<std::string> terms_;
  arma::uword n_terms_;
  std::shared_ptr<const Penalty> penalty_;
  GateStep step_;
  bool wide_;
  arma::mat coefficients_;  // r x (K - 1), against the last expert
  Field coefficients_at_;
  // statistics; a wide gate has no Gram matrices
  Field weight_;
  Field score_;
  Field pair_gram_;    // z' diag(w g_k g_l) z for each pair k < l
  Field design_gram_;  // z' diag(w) z, for the bound
};

}  // namespace gatemix
