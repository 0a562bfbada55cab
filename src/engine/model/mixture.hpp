#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/model/expert.hpp"
#include "engine/model/gate.hpp"

namespace gatemix {

/// A mixture of experts: gate x expert. Its coordinates are those of the gate
/// followed by those of the experts; its statistics too, after two numbers:
/// the objective and the total weight of the rows.
class Mixture {
 public:
  Mixture(arma::uword n_experts, std::unique_ptr<Gate> gate,
          std::unique_ptr<Expert> expert);

  arma::uword n_experts() const { return n_experts_; }
  const Gate& gate() const { return *gate_; }
  const Expert& expert() const { return *expert_; }

  /// Names, shapes and places of all statistics and of all parameters; names
  /// begin with "gate." or "expert.".
  const Packing& statistics() const { return statistics_; }
  const Packing& parameters() const { return parameters_; }

  /// E-step and statistics of one block of rows: `stats` grows by theirs.
  void add_rows(Batch& batch, arma::mat& log_joint, arma::vec& log_density,
                double* stats) const;
  /// The same with given responsibilities (times case weights).
  void add_rows_given(Batch& batch, const arma::mat& tau,
                      double* stats) const;

  void solve(const arma::vec& stats, const SolveOptions& options = {});
  bool by_rows() const { return gate_->by_rows() || expert_->by_rows(); }
  /// The same where a block needs rows: see ParameterBlock.
  void solve_rows(const Rows& gate, const Rows& expert, const arma::vec& stats,
                  const SolveOptions& options);
  double log_likelihood(const arma::vec& stats) const {
    return *objective_.in(stats.memptr());
  }
  /// The log-likelihood less what the penalties take.
  double objective(const arma::vec& stats) const;
  double weight(const arma::vec& stats) const {
    return *weight_.in(stats.memptr());
  }
  arma::vec score(const arma::vec& stats) const;
  bool penalised() const { return gate_->penalised() || expert_->penalised(); }
  /// How far from a stationary point, per row: see ParameterBlock.
  double violation(const arma::vec& stats) const;
  Tangent tangent(const arma::vec& stats) const;
  /// The current parameters' pattern of zeros and signs for others.
  void keep_pattern(arma::vec& coordinates) const;
  /// Predictor scores of a block of rows, of the gate and of the experts, at
  /// the responsibilities `tau` (times case weights).
  void predictor_scores(Batch& batch, const arma::mat& tau, bool evaluated,
                        arma::mat& gate, arma::mat& expert) const;
  /// Computes the responsibilities, times case weights.
  void responsibilities(Batch& batch, arma::mat& tau,
                        arma::vec& log_density) const;
  /// Information of the complete data, from statistics; without it where a
  /// block has too many columns.
  bool has_information() const {
    return gate_->has_information() && expert_->has_information();
  }
  arma::mat complete_information(const arma::vec& stats) const;
  /// For a block of rows, with s the score of row i if its label were known:
  /// complete += sum_i w_i E(s s' | data), observed += sum_i w_i E(s | data)
  /// E(s | data)'. Packed upper triangles.
  void add_score_products(Batch& batch, arma::mat& log_joint,
                          double* complete, double* observed) const;
  /// Sum of the responsibilities of each expert.
  arma::vec sizes(const arma::vec& stats) const;
  bool separated(const arma::vec& stats) const;
  /// 0/1 by expert: a variance of its gate or its own is at the floor.
  arma::uvec floored() const;

  arma::vec coordinates() const;
  void set_coordinates(const arma::vec& coordinates);
  std::vector<std::string> coordinate_names() const;
  arma::uword n_gate_coordinates() const {
    return static_cast<arma::uword>(gate_->parameters().size());
  }
  void permute(const arma::uvec& order);

 private:
  const double* gate_stats(const arma::vec& stats) const {
    return stats.memptr() + gate_first_;
  }
  const double* expert_stats(const arma::vec& stats) const {
    return stats.memptr() + expert_first_;
  }
  void accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                  double* stats) const;

  arma::uword n_experts_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<Expert> expert_;
  Packing statistics_;
  Packing parameters_;
  Field objective_;
  Field weight_;
  std::size_t gate_first_;    // where the statistics of the gate begin
  std::size_t expert_first_;  // and those of the experts
};

}  // namespace gatemix
