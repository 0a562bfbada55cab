#include "registry.hpp"

#include <functional>
#include <map>

#include "../experts/gaussian.hpp"
#include "../gates/constant.hpp"
#include "../gates/gaussian.hpp"
#include "../gates/quadratic.hpp"
#include "../gates/softmax.hpp"
#include "../penalties/elastic_net.hpp"
#include "../penalties/group_lasso.hpp"
#include "../penalties/mcp.hpp"
#include "../penalties/scad.hpp"
#include "../penalties/support.hpp"
#include "errors.hpp"

namespace gatemix {

namespace {

using GateMaker = std::function<std::unique_ptr<Gate>(const ModelSpec&)>;
using ExpertMaker = std::function<std::unique_ptr<Expert>(const ModelSpec&)>;

using PenaltyMaker =
    std::function<std::shared_ptr<const Penalty>(const PenaltySpec&)>;

template <class Catalogue>
const auto& find(const Catalogue& catalogue, const std::string& name,
                 const std::string& what) {
  const auto entry = catalogue.find(name);
  if (entry == catalogue.end())
    throw InputError("unknown " + what + " '" + name + "'");
  return entry->second;
}

const std::map<std::string, PenaltyMaker>& penalties() {
  static const std::map<std::string, PenaltyMaker> catalogue{
      {"elastic_net",
       [](const PenaltySpec& p) { return std::make_shared<ElasticNet>(p); }},
      {"group_lasso",
       [](const PenaltySpec& p) { return std::make_shared<GroupLasso>(p); }},
      {"mcp", [](const PenaltySpec& p) { return std::make_shared<Mcp>(p); }},
      {"scad", [](const PenaltySpec& p) { return std::make_shared<Scad>(p); }},
      {"support",
       [](const PenaltySpec& p) { return std::make_shared<Support>(p); }},
  };
  return catalogue;
}

/// Terms after the intercept.
arma::uvec slopes(arma::uword n_terms) {
  return n_terms < 2 ? arma::uvec()
                     : arma::regspace<arma::uvec>(1, n_terms - 1);
}

const std::map<std::string, GateStep>& gate_steps() {
  static const std::map<std::string, GateStep> catalogue{
      {"newton", GateStep::newton},
      {"bound", GateStep::bound},
      {"coordinate", GateStep::coordinate},
  };
  return catalogue;
}

const std::map<std::string, GateMaker>& gates() {
  static const std::map<std::string, GateMaker> catalogue{
      {"constant",
       [](const ModelSpec& m) {
         return std::make_unique<ConstantGate>(m.n_components);
       }},
      {"softmax",
       [](const ModelSpec& m) {
         return std::make_unique<SoftmaxGate>(m.n_components, m.gate_terms,
                                              make_penalty(m.gate.penalty),
                                              find(gate_steps(), m.gate.step,
                                                   "gate step"),
                                              m.gate.wide);
       }},
      {"gaussian",
       [](const ModelSpec& m) {
         return std::make_unique<GaussianGate>(
             m.n_components, m.gate_terms, m.gate.covariance, m.gate.shared,
             m.min_variance,
             make_penalty(m.gate.penalty.select(slopes(m.gate_terms.size()))));
       }},
      {"quadratic",
       [](const ModelSpec& m) {
         return std::make_unique<QuadraticGate>(
             m.n_components, m.gate_terms, m.gate.covariance, nullptr);
       }},
  };
  return catalogue;
}

const std::map<std::string, ExpertMaker>& experts() {
  static const std::map<std::string, ExpertMaker> catalogue{
      {"gaussian",
       [](const ModelSpec& m) {
         return std::make_unique<GaussianExpert>(
             m.n_components, m.expert_terms, m.n_responses,
             m.expert.covariance, m.expert.shared, m.min_variance,
             make_penalty(m.expert.penalty), m.expert.wide);
       }},
  };
  return catalogue;
}

template <class Catalogue>
std::vector<std::string> keys(const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const auto& entry : catalogue) names.push_back(entry.first);
  return names;
}

}  // namespace

Mixture make_mixture(const ModelSpec& spec) {
  return Mixture(spec.n_components,
                 find(gates(), spec.gate.name, "gate")(spec),
                 find(experts(), spec.expert.name, "expert")(spec));
}

std::shared_ptr<const Penalty> make_penalty(const PenaltySpec& spec) {
  if (spec.name.empty()) return nullptr;
  return find(penalties(), spec.name, "penalty")(spec);
}

std::vector<std::string> gate_names() { return keys(gates()); }
std::vector<std::string> expert_names() { return keys(experts()); }
std::vector<std::string> penalty_names() { return keys(penalties()); }

}  // namespace gatemix
