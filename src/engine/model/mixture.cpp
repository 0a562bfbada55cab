#include "engine/model/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/errors.hpp"
#include "linalg/kernels.hpp"
#include "linalg/vector_math.hpp"

namespace gatemix {

Mixture::Mixture(arma::uword n_experts, std::unique_ptr<Gate> gate,
                 std::unique_ptr<Expert> expert)
    : n_experts_(n_experts),
      gate_(std::move(gate)),
      expert_(std::move(expert)),
      objective_(statistics_.add("objective", {1})),
      weight_(statistics_.add("weight", {1})),
      gate_first_(statistics_.size()) {
  statistics_.append("gate.", gate_->statistics());
  expert_first_ = statistics_.size();
  statistics_.append("expert.", expert_->statistics());
  parameters_.append("gate.", gate_->parameters());
  parameters_.append("expert.", expert_->parameters());
}

void Mixture::accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                         double* stats) const {
  *weight_.in(stats) += arma::accu(batch.weight);
  gate_->accumulate(batch, tau, evaluated, stats + gate_first_);
  expert_->accumulate(batch, tau, evaluated, stats + expert_first_);
}

void Mixture::responsibilities(Batch& batch, arma::mat& tau,
                               arma::vec& log_density) const {
  tau.zeros(batch.size, n_experts_);
  gate_->add_log_density(batch, tau);
  expert_->add_log_density(batch, tau);
  softmax_rows(tau, log_density);
  for (arma::uword k = 0; k < n_experts_; ++k)
    multiply_elements(tau.colptr(k), batch.weight.memptr(), tau.colptr(k),
                      batch.size);
}

void Mixture::add_rows(Batch& batch, arma::mat& log_joint,
                       arma::vec& log_density, double* stats) const {
  responsibilities(batch, log_joint, log_density);
  *objective_.in(stats) += arma::dot(batch.weight, log_density);
  accumulate(batch, log_joint, true, stats);
}

void Mixture::add_rows_given(Batch& batch, const arma::mat& tau,
                             double* stats) const {
  accumulate(batch, tau, false, stats);
}

void Mixture::solve(const arma::vec& stats, const SolveOptions& options) {
  if (by_rows())
    throw InputError("this M-step needs the rows, not only their statistics");
  gate_->solve(gate_stats(stats), options);
  expert_->solve(expert_stats(stats), options);
}

void Mixture::solve_rows(const Rows& gate, const Rows& expert,
                         const arma::vec& stats,
                         const SolveOptions& options) {
  if (gate_->by_rows())
    gate_->solve_rows(gate, gate_stats(stats), options);
  else
    gate_->solve(gate_stats(stats), options);
  if (expert_->by_rows())
    expert_->solve_rows(expert, expert_stats(stats), options);
  else
    expert_->solve(expert_stats(stats), options);
}

double Mixture::objective(const arma::vec& stats) const {
  return log_likelihood(stats) -
         weight(stats) * (gate_->penalty() + expert_->penalty());
}

arma::vec Mixture::score(const arma::vec& stats) const {
  return arma::join_cols(gate_->score(gate_stats(stats)),
                         expert_->score(expert_stats(stats)));
}

double Mixture::violation(const arma::vec& stats) const {
  return std::max(gate_->violation(gate_stats(stats), weight(stats)),
                  expert_->violation(expert_stats(stats), weight(stats)));
}

Tangent Mixture::tangent(const arma::vec& stats) const {
  const Tangent gate = gate_->tangent(weight(stats)),
                expert = expert_->tangent(weight(stats));
  const auto join = [](const arma::mat& a, const arma::mat& b) {
    arma::mat out(a.n_rows + b.n_rows, a.n_cols + b.n_cols, arma::fill::zeros);
    if (!a.is_empty()) out.submat(0, 0, arma::size(a)) = a;
    out.submat(a.n_rows, a.n_cols, arma::size(b)) = b;
    return out;
  };
  return {join(gate.basis, expert.basis),
          arma::join_cols(gate.slope, expert.slope),
          join(gate.curvature, expert.curvature)};
}

void Mixture::keep_pattern(arma::vec& coordinates) const {
  if (!penalised()) return;
  const arma::uword n = n_gate_coordinates();
  arma::vec gate = coordinates.head(n),
            expert = coordinates.tail(coordinates.n_elem - n);
  gate_->keep_pattern(gate);
  expert_->keep_pattern(expert);
  coordinates = arma::join_cols(gate, expert);
}

void Mixture::predictor_scores(Batch& batch, const arma::mat& tau,
                               bool evaluated, arma::mat& gate,
                               arma::mat& expert) const {
  gate = gate_->predictor_scores(batch, tau, evaluated);
  expert = expert_->predictor_scores(batch, tau, evaluated);
}

arma::mat Mixture::complete_information(const arma::vec& stats) const {
  const arma::mat gate = gate_->information(gate_stats(stats));
  const arma::mat expert = expert_->information(expert_stats(stats));
  const arma::uword g = gate.n_rows, e = expert.n_rows;
  arma::mat all(g + e, g + e, arma::fill::zeros);
  if (g > 0) all.submat(0, 0, arma::size(g, g)) = gate;
  all.submat(g, g, arma::size(e, e)) = expert;
  return all;
}

void Mixture::add_score_products(Batch& batch, arma::mat& log_joint,
                                 double* complete, double* observed) const {
  arma::vec log_density;
  log_joint.zeros(batch.size, n_experts_);
  gate_->add_log_density(batch, log_joint);
  expert_->add_log_density(batch, log_joint);
  softmax_rows(log_joint, log_density);

  const arma::uword gate = n_gate_coordinates();
  arma::mat mean(batch.size, coordinates().n_elem, arma::fill::zeros);
  arma::mat weighted;
  for (arma::uword k = 0; k < n_experts_; ++k) {
    const arma::uvec own = gate_->score_coordinates(k),
                     theirs = expert_->score_coordinates(k);
    const arma::uvec at = arma::join_cols(own, gate + theirs);
    arma::mat scores(batch.size, at.n_elem, arma::fill::none);
    gate_->row_scores(batch, k, scores.memptr());
    expert_->row_scores(batch, k, scores.colptr(own.n_elem));
    scale_rows(scores, log_joint.unsafe_col(k), weighted);
    mean.cols(at) += weighted;
    scale_rows(weighted, batch.weight, weighted);
    arma::vec gram(packed_size(at.n_elem), arma::fill::zeros);
    add_gram(scores, weighted, gram.memptr());
    for (arma::uword j = 0; j < at.n_elem; ++j)
      for (arma::uword i = 0; i <= j; ++i)
        complete[packed_index(at[i], at[j])] += gram[packed_index(i, j)];
  }
  scale_rows(mean, batch.weight, weighted);
  add_gram(mean, weighted, observed);
}

arma::vec Mixture::sizes(const arma::vec& stats) const {
  return expert_->sizes(expert_stats(stats));
}

bool Mixture::separated(const arma::vec& stats) const {
  return gate_->separated(gate_stats(stats));
}

arma::uvec Mixture::floored() const {
  arma::uvec any(n_experts_, arma::fill::zeros);
  for (const arma::uvec& part : {gate_->floored(), expert_->floored()})
    for (arma::uword k = 0; k < part.n_elem; ++k)
      any[k] = any[k] || part[k];
  return any;
}

arma::vec Mixture::coordinates() const {
  return arma::join_cols(gate_->coordinates(), expert_->coordinates());
}

void Mixture::set_coordinates(const arma::vec& coordinates) {
  const arma::uword gate = n_gate_coordinates();
  if (!coordinates.is_finite())
    throw NumericError("a parameter is not finite");
  gate_->set_coordinates(gate ? arma::vec(coordinates.head(gate))
                              : arma::vec());
  expert_->set_coordinates(coordinates.tail(coordinates.n_elem - gate));
}

std::vector<std::string> Mixture::coordinate_names() const {
  std::vector<std::string> names = gate_->coordinate_names();
  for (const std::string& name : expert_->coordinate_names())
    names.push_back(name);
  return names;
}

void Mixture::permute(const arma::uvec& order) {
  gate_->permute(order);
  expert_->permute(order);
}

}  // namespace gatemix
