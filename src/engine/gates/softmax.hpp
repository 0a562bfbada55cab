#pragma once
#include <string>
#include <vector>

#include "engine/model/gate.hpp"
#include "engine/model/spec.hpp"
#include "engine/predictors/multinomial_regression.hpp"

namespace gatemix {

/// g_k(z) = exp(b_k' z) / sum_l exp(b_l' z), b_K = 0: the multinomial
/// regression of the responsibilities on z.
class SoftmaxGate : public Gate {
 public:
  /// Setting: "gate_step".
  explicit SoftmaxGate(const BlockSetup& setup);

  void add_log_density(Batch& batch, arma::mat& log_joint) const override;
  void accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                  double* stats) const override;
  void solve(const double* stats, const SolveOptions& options) override {
    regression_.solve(stats, options);
  }
  bool by_rows() const override { return regression_.by_rows(); }
  void solve_rows(const Rows& rows, const double* stats,
                  const SolveOptions& options) override {
    regression_.solve_rows(rows, stats, options);
  }
  arma::vec score(const double* stats) const override {
    return regression_.score(stats);
  }
  bool has_information() const override {
    return regression_.has_information();
  }
  arma::mat information(const double* stats) const override {
    return regression_.information(stats);
  }
  arma::uvec score_coordinates(arma::uword) const override {
    return regression_.score_coordinates(0);
  }
  void row_scores(Batch& batch, arma::uword k,
                  double* columns) const override;
  arma::vec coordinates() const override {
    return arma::vectorise(regression_.coefficients());
  }
  void set_coordinates(const arma::vec& coordinates) override {
    regression_.set_coefficients(coordinates);
  }
  std::vector<std::string> coordinate_names() const override;
  bool penalised() const override { return regression_.penalised(); }
  bool selects() const override { return regression_.selects(); }
  double penalty() const override { return regression_.penalty(); }
  double violation(const double* stats, double weight) const override {
    return regression_.violation(stats, weight);
  }
  Tangent tangent(double weight) const override {
    return regression_.tangent(weight);
  }
  void keep_pattern(arma::vec& coordinates) const override {
    regression_.keep_pattern(coordinates);
  }
  arma::uvec coordinate_columns() const override;
  arma::mat predictor_scores(Batch& batch, const arma::mat& tau,
                             bool evaluated) const override;
  arma::vec excess(const arma::mat& gradient, double weight) const override {
    return regression_.excess(gradient, weight);
  }
  void permute(const arma::uvec& order) override {
    regression_.permute_classes(order);
  }
  bool separated(const double* stats) const override {
    return regression_.separated(stats);
  }

 private:
  arma::uword n_experts_;
  std::vector<std::string> terms_;
  MultinomialRegression regression_;
};

}  // namespace gatemix
