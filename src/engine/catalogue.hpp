#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/model/mixture.hpp"
#include "engine/model/spec.hpp"
#include "engine/penalties/penalty.hpp"

namespace gatemix {

// The catalogue: every gate, expert and penalty that the engine knows, by
// name. The only place that sees them all.

/// Returns the model of a specification; InputError for a key that is not in
/// the catalogue.
Mixture make_mixture(const ModelSpec& spec);
/// Returns null where the specification names no penalty.
std::shared_ptr<const Penalty> make_penalty(const PenaltySpec& spec);
std::vector<std::string> gate_names();
std::vector<std::string> expert_names();
std::vector<std::string> penalty_names();

}  // namespace gatemix
