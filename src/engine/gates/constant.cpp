#include "engine/gates/constant.hpp"

#include <string>
#include <vector>

#include "engine/gates/mixing_weights.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

ConstantGate::ConstantGate(const BlockSetup& setup)
    : size_(statistics_.add("weight", {setup.n_experts})),
      log_weight_(log_weights(arma::vec(setup.n_experts, arma::fill::ones))) {
  parameters_.add("log_ratios", {setup.n_experts - 1});
}

void ConstantGate::add_log_density(Batch&, arma::mat& log_joint) const {
  log_joint.each_row() += log_weight_.t();
}

void ConstantGate::accumulate(Batch&, const arma::mat& tau, bool,
                              double* stats) const {
  add_column_sums(tau, size_.in(stats));
}

void ConstantGate::solve(const double* stats, const SolveOptions&) {
  log_weight_ = log_weights(size_.vector(stats));
}

arma::vec ConstantGate::score(const double* stats) const {
  return log_ratio_score(size_.vector(stats), log_weight_);
}

arma::mat ConstantGate::information(const double* stats) const {
  return log_ratio_information(arma::accu(size_.vector(stats)), log_weight_);
}

arma::uvec ConstantGate::score_coordinates(arma::uword) const {
  return log_ratio_coordinates(log_weight_);
}

void ConstantGate::row_scores(Batch& batch, arma::uword k,
                              double* columns) const {
  log_ratio_row_scores(batch.size, k, log_weight_, columns);
}

arma::vec ConstantGate::coordinates() const { return log_ratios(log_weight_); }

void ConstantGate::set_coordinates(const arma::vec& coordinates) {
  log_weight_ = from_log_ratios(coordinates);
}

std::vector<std::string> ConstantGate::coordinate_names() const {
  std::vector<std::string> names;
  for (arma::uword k = 1; k < log_weight_.n_elem; ++k)
    names.push_back("gate." + std::to_string(k) + ":logratio");
  return names;
}

void ConstantGate::permute(const arma::uvec& order) {
  log_weight_ = log_weight_.elem(order).eval();
}

}  // namespace gatemix
