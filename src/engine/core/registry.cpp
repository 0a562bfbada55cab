#include "registry.hpp"

#include <functional>
#include <map>

#include "../experts/gaussian.hpp"
#include "../gates/constant.hpp"
#include "../gates/gaussian.hpp"
#include "../gates/quadratic.hpp"
#include "../gates/softmax.hpp"
#include "../penalties/none.hpp"
#include "errors.hpp"

namespace gatemix {

namespace {

using GateMaker = std::function<std::unique_ptr<Gate>(const ModelSpec&)>;
using ExpertMaker = std::function<std::unique_ptr<Expert>(const ModelSpec&)>;

std::shared_ptr<const Penalty> penalty() {
  return std::make_shared<NoPenalty>();
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
                                              penalty());
       }},
      {"gaussian",
       [](const ModelSpec& m) {
         return std::make_unique<GaussianGate>(m.n_components, m.gate_terms,
                                               m.gate.covariance,
                                               m.gate.shared, m.min_variance);
       }},
      {"quadratic",
       [](const ModelSpec& m) {
         return std::make_unique<QuadraticGate>(
             m.n_components, m.gate_terms, m.gate.covariance, penalty());
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
             m.expert.covariance, m.expert.shared, m.min_variance, penalty());
       }},
  };
  return catalogue;
}

template <class Catalogue>
const auto& find(const Catalogue& catalogue, const std::string& name,
                 const std::string& what) {
  const auto entry = catalogue.find(name);
  if (entry == catalogue.end())
    throw InputError("unknown " + what + " '" + name + "'");
  return entry->second;
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

std::vector<std::string> gate_names() { return keys(gates()); }
std::vector<std::string> expert_names() { return keys(experts()); }

}  // namespace gatemix
