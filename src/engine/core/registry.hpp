#pragma once
#include <memory>
#include <string>
#include <vector>

#include "mixture.hpp"
#include "penalty.hpp"

namespace gatemix {

/// A model in words: what the host knows about it.
struct BlockSpec {
  std::string name;        // key of the registry
  std::string covariance;  // "full", "diagonal", "spherical"
  bool shared = false;     // one covariance for all components
  std::string step = "newton";  // softmax gates: see GateStep
  bool wide = false;  // penalised, with columns too many for Gram matrices
  PenaltySpec penalty;
};

struct ModelSpec {
  arma::uword n_components = 1;
  BlockSpec gate;
  BlockSpec expert;
  std::vector<std::string> gate_terms;
  std::vector<std::string> expert_terms;
  arma::uword n_responses = 1;
  double min_variance = 0.0;  // floor, in units of standardised variables
};

/// The catalogue: every gate, expert and penalty the engine knows, by name.
Mixture make_mixture(const ModelSpec& spec);
/// Null where the specification names no penalty.
std::shared_ptr<const Penalty> make_penalty(const PenaltySpec& spec);
std::vector<std::string> gate_names();
std::vector<std::string> expert_names();
std::vector<std::string> penalty_names();

}  // namespace gatemix
