#pragma once
#include <string>
#include <vector>

#include "engine/model/gate.hpp"
#include "engine/model/spec.hpp"

namespace gatemix {

/// g_k = pi_k, whatever z. Coordinates: log(pi_k / pi_K).
class ConstantGate : public Gate {
 public:
  explicit ConstantGate(const BlockSetup& setup);

  bool reads_design() const override { return false; }
  void add_log_density(Batch& batch, arma::mat& log_joint) const override;
  void accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                  double* stats) const override;
  void solve(const double* stats, const SolveOptions& options) override;
  arma::vec score(const double* stats) const override;
  arma::mat information(const double* stats) const override;
  arma::uvec score_coordinates(arma::uword k) const override;
  void row_scores(Batch& batch, arma::uword k,
                  double* columns) const override;
  arma::vec coordinates() const override;
  void set_coordinates(const arma::vec& coordinates) override;
  std::vector<std::string> coordinate_names() const override;
  void permute(const arma::uvec& order) override;

 private:
  Field size_;
  arma::vec log_weight_;  // log pi
};

}  // namespace gatemix
