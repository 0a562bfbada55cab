#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/armadillo.hpp"

namespace gatemix {

class Mixture;
class Penalty;

/// Named options, as their owner's constructor was given them. Who needs one
/// asks for it by name and type; InputError where it is not there.
class Options {
 public:
  using Value = std::variant<bool, double, std::string,
                             std::vector<std::string>>;

  void set(const std::string& name, Value value);
  bool flag(const std::string& name) const;
  double number(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  /// One text, or several.
  std::vector<std::string> texts(const std::string& name) const;

 private:
  template <class Type>
  const Type& get(const std::string& name, const char* type) const;

  std::map<std::string, Value> values_;
};

/// The specification of a penalty. Vectors have an element for each term of a
/// design.
struct PenaltySpec {
  std::string key;  // in the catalogue; empty: no penalty
  double lambda = 0.0;
  double alpha = 1.0;  // elastic net: share of the l1 norm
  double shape = 0.0;  // SCAD, MCP: where the penalty becomes constant
  arma::vec factor;    // multiplies lambda; 0: the term is not penalised
  arma::vec unit;      // coefficient times unit is what is penalised
  arma::uvec group;    // terms of one group enter together

  bool given() const { return !key.empty(); }
  /// Returns the same penalty for some of the terms.
  PenaltySpec select(const arma::uvec& terms) const;
};

/// The specification of a gate or of a family of experts.
struct BlockSpec {
  std::string key;  // in the catalogue
  Options options;  // the block's own
  PenaltySpec penalty;
  bool wide = false;  // penalised, with columns too many for Gram matrices
};

/// The specification of a model: what the host knows about it.
struct ModelSpec {
  arma::uword n_experts = 1;
  BlockSpec gate;
  BlockSpec expert;
  std::vector<std::string> gate_terms;
  std::vector<std::string> expert_terms;
  arma::uword n_responses = 1;
  Options settings;  // of the maximisation, common to all blocks
  /// The catalogue that the keys are from.
  std::function<Mixture(const ModelSpec&)> catalogue;
};

/// All that a block is made from: its part of the specification, and the
/// catalogue's way to make its penalty. Valid while it is constructed, not
/// longer.
struct BlockSetup {
  arma::uword n_experts;
  const std::vector<std::string>& terms;
  arma::uword n_responses;
  const BlockSpec& block;
  const Options& settings;
  /// Returns null for a specification without a penalty.
  std::function<std::shared_ptr<const Penalty>(const PenaltySpec&)>
      make_penalty;
};

}  // namespace gatemix
