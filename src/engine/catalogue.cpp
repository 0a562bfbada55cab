#include "engine/catalogue.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "engine/experts/gaussian.hpp"
#include "engine/gates/constant.hpp"
#include "engine/gates/gaussian.hpp"
#include "engine/gates/softmax.hpp"
#include "engine/penalties/elastic_net.hpp"
#include "engine/penalties/group_lasso.hpp"
#include "engine/penalties/mcp.hpp"
#include "engine/penalties/scad.hpp"
#include "engine/penalties/support.hpp"

namespace gatemix {

namespace {

/// Makers of one kind of object by name.
template <class Base, class Setup>
using Shelf =
    std::map<std::string, std::function<std::unique_ptr<Base>(const Setup&)>>;

/// Returns a maker that calls a constructor.
template <class Derived, class Base, class Setup>
std::unique_ptr<Base> make(const Setup& setup) {
  return std::make_unique<Derived>(setup);
}

const Shelf<Gate, BlockSetup>& gates() {
  static const Shelf<Gate, BlockSetup> shelf{
      {"constant", make<ConstantGate, Gate, BlockSetup>},
      {"gaussian", make<GaussianGate, Gate, BlockSetup>},
      {"softmax", make<SoftmaxGate, Gate, BlockSetup>},
  };
  return shelf;
}

const Shelf<Expert, BlockSetup>& experts() {
  static const Shelf<Expert, BlockSetup> shelf{
      {"gaussian", make<GaussianExpert, Expert, BlockSetup>},
  };
  return shelf;
}

const Shelf<Penalty, PenaltySpec>& penalties() {
  static const Shelf<Penalty, PenaltySpec> shelf{
      {"elastic_net", make<ElasticNet, Penalty, PenaltySpec>},
      {"group_lasso", make<GroupLasso, Penalty, PenaltySpec>},
      {"mcp", make<Mcp, Penalty, PenaltySpec>},
      {"scad", make<Scad, Penalty, PenaltySpec>},
      {"support", make<Support, Penalty, PenaltySpec>},
  };
  return shelf;
}

template <class Base, class Setup>
std::unique_ptr<Base> take(const Shelf<Base, Setup>& shelf,
                           const std::string& key, const Setup& setup,
                           const std::string& kind) {
  const auto entry = shelf.find(key);
  if (entry == shelf.end())
    throw InputError("unknown " + kind + " '" + key + "'");
  return entry->second(setup);
}

template <class Base, class Setup>
std::vector<std::string> keys(const Shelf<Base, Setup>& shelf) {
  std::vector<std::string> names;
  for (const auto& entry : shelf) names.push_back(entry.first);
  return names;
}

BlockSetup setup_of(const ModelSpec& model, const BlockSpec& block,
                    const std::vector<std::string>& terms) {
  return {model.n_experts, terms,          model.n_responses,
          block,           model.settings, make_penalty};
}

}  // namespace

Mixture make_mixture(const ModelSpec& spec) {
  return Mixture(spec.n_experts,
                 take(gates(), spec.gate.key,
                      setup_of(spec, spec.gate, spec.gate_terms), "gate"),
                 take(experts(), spec.expert.key,
                      setup_of(spec, spec.expert, spec.expert_terms),
                      "expert"));
}

std::shared_ptr<const Penalty> make_penalty(const PenaltySpec& spec) {
  if (!spec.given()) return nullptr;
  return take(penalties(), spec.key, spec, "penalty");
}

std::vector<std::string> gate_names() { return keys(gates()); }
std::vector<std::string> expert_names() { return keys(experts()); }
std::vector<std::string> penalty_names() { return keys(penalties()); }

}  // namespace gatemix
