#include "engine/maximise/restricted.hpp"

#include <string>
#include <utility>
#include <vector>

namespace gatemix {

namespace {

/// A design with this many columns is used whole.
constexpr arma::uword kWhole = 40;
/// Columns in use beyond which the M-step works on the rows, not on their
/// products: per response, as one Gram matrix serves them all.
constexpr arma::uword kGram = 500;

arma::uvec all_columns(arma::uword n) {
  return n ? arma::regspace<arma::uvec>(0, n - 1) : arma::uvec();
}

/// Returns the columns that are always in use: all where they are few or the
/// penalty sets no coefficient to 0, else those that are not penalised.
arma::uvec always(const ParameterBlock& block, const PenaltySpec& penalty,
                  arma::uword n) {
  if (n <= kWhole || !penalty.lambda || !block.selects())
    return all_columns(n);
  return arma::find(penalty.factor == 0.0);
}

/// Returns the columns with a coefficient that is not 0, with those of their
/// groups: a group's penalty counts its columns.
arma::uvec support(const PenaltySpec& penalty, const arma::uvec& column_of,
                   const arma::vec& theta) {
  arma::uvec in_use(penalty.group.max() + 1, arma::fill::zeros);
  for (arma::uword i = 0; i < theta.n_elem; ++i)
    if (theta[i] != 0.0 && column_of[i] != kNoColumn)
      in_use[penalty.group[column_of[i]]] = 1;
  return arma::find(in_use.elem(penalty.group));
}

/// Returns the columns of one design that a model uses.
arma::uvec used_by(const ParameterBlock& block, const PenaltySpec& penalty,
                   arma::uword n, const arma::vec& theta) {
  if (!restricts(block)) return all_columns(n);
  return arma::unique(arma::join_cols(
      always(block, penalty, n),
      support(penalty, block.coordinate_columns(), theta)));
}

Design restricted(const Design& design, const arma::uvec& use) {
  return use.n_elem == design.n_cols() ? design : design.select(use);
}

std::vector<std::string> chosen(const std::vector<std::string>& names,
                                const arma::uvec& use) {
  std::vector<std::string> out;
  for (const arma::uword j : use) out.push_back(names[j]);
  return out;
}

arma::uvec find_coordinates(const arma::uvec& column_of,
                            const arma::uvec& use, arma::uword n_columns) {
  arma::uvec in_use(n_columns, arma::fill::zeros);
  in_use.elem(use).ones();
  std::vector<arma::uword> kept;
  for (arma::uword i = 0; i < column_of.n_elem; ++i)
    if (column_of[i] == kNoColumn || in_use[column_of[i]]) kept.push_back(i);
  return arma::conv_to<arma::uvec>::from(kept);
}

}  // namespace

bool restricts(const ParameterBlock& block) {
  return block.penalised() &&
         arma::any(block.coordinate_columns() != kNoColumn);
}

bool gate_follows(const Mixture& model, const Data& data) {
  return !model.gate().reads_design() && data.x == data.z;
}

Columns used_columns(const ModelSpec& spec, const Data& data,
                     const arma::vec& theta) {
  const Mixture model = spec.catalogue(spec);
  const arma::uword gate = model.n_gate_coordinates();
  Columns use{used_by(model.expert(), spec.expert.penalty, data.x->n_cols(),
                      theta.tail(theta.n_elem - gate)),
              used_by(model.gate(), spec.gate.penalty, data.z->n_cols(),
                      theta.head(gate))};
  if (gate_follows(model, data)) use.z = use.x;
  return use;
}

Restricted::Restricted(const ModelSpec& spec, const Data& data, Columns use)
    : use_(std::move(use)),
      x_(restricted(*data.x, use_.x)),
      z_(restricted(*data.z, use_.z)),
      data_(data),
      spec_(spec) {
  const bool same = data.x == data.z && use_.x.n_elem == use_.z.n_elem &&
                    arma::all(use_.x == use_.z);
  data_.x = &x_;
  data_.z = same ? &x_ : &z_;
  const Mixture model = spec.catalogue(spec);
  const arma::uword gate = model.n_gate_coordinates();
  size_ = static_cast<arma::uword>(model.parameters().size());
  kept_ = arma::join_cols(
      find_coordinates(model.gate().coordinate_columns(), use_.z,
                       data.z->n_cols()),
      gate + find_coordinates(model.expert().coordinate_columns(), use_.x,
                              data.x->n_cols()));
  spec_.gate_terms = chosen(spec.gate_terms, use_.z);
  spec_.expert_terms = chosen(spec.expert_terms, use_.x);
  spec_.gate.penalty = spec.gate.penalty.select(use_.z);
  spec_.expert.penalty = spec.expert.penalty.select(use_.x);
  spec_.gate.wide = restricts(model.gate()) && use_.z.n_elem > kGram;
  spec_.expert.wide = restricts(model.expert()) &&
                      use_.x.n_elem > kGram * spec.n_responses;
}

Mixture Restricted::model(const arma::vec& theta) const {
  Mixture out = spec_.catalogue(spec_);
  out.set_coordinates(theta.elem(kept_));
  return out;
}

arma::vec Restricted::expand(const arma::vec& restricted) const {
  arma::vec out(size_, arma::fill::zeros);
  out.elem(kept_) = restricted;
  return out;
}

}  // namespace gatemix
