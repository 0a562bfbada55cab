#include "engine/gates/softmax.hpp"

#include <string>
#include <vector>

#include "engine/predictors/coefficients.hpp"

namespace gatemix {

SoftmaxGate::SoftmaxGate(const BlockSetup& setup)
    : n_experts_(setup.n_experts),
      terms_(setup.terms),
      regression_({static_cast<arma::uword>(terms_.size()), n_experts_, 1},
                  setup.make_penalty(setup.block.penalty),
                  multinomial_step(setup.settings.text("gate_step")),
                  setup.block.wide) {
  regression_.add_statistics(statistics_);
  regression_.add_parameters(parameters_);
}

void SoftmaxGate::add_log_density(Batch& batch, arma::mat& log_joint) const {
  if (regression_.empty()) return;
  regression_.evaluate(*batch.z, batch.gate);
  log_joint += batch.gate.work;
}

void SoftmaxGate::accumulate(Batch& batch, const arma::mat& tau,
                             bool evaluated, double* stats) const {
  if (regression_.empty())
    return regression_.accumulate_weight(batch.weight, stats);
  if (!evaluated) regression_.evaluate(*batch.z, batch.gate);
  regression_.accumulate(*batch.z, tau, batch.weight, batch.gate, stats);
}

void SoftmaxGate::row_scores(Batch& batch, arma::uword k,
                             double* columns) const {
  if (regression_.empty()) return;
  arma::mat residual = -batch.gate.values.head_cols(n_experts_ - 1);
  if (k + 1 < n_experts_) residual.col(k) += 1.0;
  regression_.row_scores(*batch.z, residual, columns);
}

arma::uvec SoftmaxGate::coordinate_columns() const {
  return coefficient_columns(regression_.place(), parameters_.size());
}

arma::mat SoftmaxGate::predictor_scores(Batch& batch, const arma::mat& tau,
                                        bool evaluated) const {
  if (regression_.empty()) return {};
  if (!evaluated) regression_.evaluate(*batch.z, batch.gate);
  return regression_.predictor_scores(tau, batch.weight, batch.gate);
}

std::vector<std::string> SoftmaxGate::coordinate_names() const {
  std::vector<std::string> names;
  for (arma::uword k = 1; k < n_experts_; ++k)
    for (const std::string& term : terms_)
      names.push_back("gate." + std::to_string(k) + ":" + term);
  return names;
}

}  // namespace gatemix
