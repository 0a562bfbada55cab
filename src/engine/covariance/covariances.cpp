#include "engine/covariance/covariances.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "engine/covariance/structures.hpp"
#include "linalg/decompose.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

namespace {

/// Returns an array of `n` blocks whose ends are given: a column for each, or
/// one column where they differ in size.
std::vector<arma::uword> array_shape(const arma::uvec& first) {
  const arma::uword n = first.n_elem - 1, size = first[1];
  for (arma::uword i = 0; i < n; ++i)
    if (first[i + 1] - first[i] != size) return {first[n]};
  return {size, n};
}

}  // namespace

Covariances::Covariances(const std::vector<std::string>& structures,
                         arma::uword n_experts, arma::uword dimension,
                         bool shared, double floor)
    : n_experts_(n_experts),
      dimension_(dimension),
      shared_(shared),
      floor_(floor),
      matrices_(n_distinct()) {
  if (structures.size() != 1 && (shared || structures.size() != n_experts))
    throw InputError("one covariance structure is needed, or one per expert");
  for (const std::string& name : structures)
    structures_.push_back(make_covariance_structure(name));
  structures_.resize(n_distinct(), structures_[0]);
  lay_out();
  const arma::mat unit(dimension, dimension, arma::fill::eye);
  for (arma::uword d = 0; d < n_distinct(); ++d) store(d, {unit, false});
}

void Covariances::lay_out() {
  first_moment_.zeros(n_experts_ + 1);
  for (arma::uword k = 0; k < n_experts_; ++k)
    first_moment_[k + 1] =
        first_moment_[k] + structure(k).n_moments(dimension_);
  first_coordinate_.zeros(n_distinct() + 1);
  for (arma::uword d = 0; d < n_distinct(); ++d)
    first_coordinate_[d + 1] =
        first_coordinate_[d] + structures_[d]->n_coordinates(dimension_);
}

bool Covariances::diagonal() const {
  return std::all_of(structures_.begin(), structures_.end(),
                     [](const auto& own) { return own->diagonal(); });
}

arma::uword Covariances::n_moments() const {
  return first_moment_[n_experts_];
}

std::vector<arma::uword> Covariances::moments_shape() const {
  return array_shape(first_moment_);
}

std::vector<arma::uword> Covariances::shape() const {
  return array_shape(first_coordinate_);
}

void Covariances::add_scatter(arma::uword k, const arma::mat& scatter,
                              double sign, arma::vec& moments) const {
  const arma::vec own = structure(k).moments(scatter);
  moments.subvec(first_moment_[k], arma::size(own)) += sign * own;
}

void Covariances::store(arma::uword d,
                        const CovarianceStructure::Estimate& estimate) {
  const double log_determinant =
      estimate.factor.n_rows == dimension_
          ? arma::accu(arma::log(estimate.factor.diag()))
          : arma::datum::nan;
  if (!std::isfinite(log_determinant))
    throw NumericError("a covariance matrix is not finite");
  matrices_[d] = {
      estimate.factor, inverse_lower(estimate.factor).t(),
      -log_determinant - 0.5 * dimension_ * std::log(2.0 * arma::datum::pi),
      estimate.floored};
}

arma::vec Covariances::moments_of(arma::uword d,
                                  const arma::vec& moments) const {
  if (shared_)
    return arma::sum(
        arma::reshape(moments, moments.n_elem / n_experts_, n_experts_), 1);
  return moments.subvec(first_moment_[d], first_moment_[d + 1] - 1);
}

void Covariances::estimate(const arma::vec& moments, const arma::vec& weight) {
  for (arma::uword d = 0; d < n_distinct(); ++d) {
    const double total = weight_of(d, weight);
    if (total < 1e-12) continue;
    const arma::vec own = moments_of(d, moments);
    if (!own.is_finite())
      throw NumericError("a covariance matrix is not finite");
    store(d, structures_[d]->estimate(own.memptr(), total, matrices_[d].factor,
                                      floor_));
  }
}

arma::mat Covariances::solve(arma::uword k, const arma::mat& rhs) const {
  const arma::mat& inverse = inverse_factor(k);
  return inverse * (inverse.t() * rhs);
}

arma::mat Covariances::matrix(arma::uword k) const {
  const arma::mat& factor = matrices_[place(k)].factor;
  return factor * factor.t();
}

arma::uword Covariances::n_coordinates() const {
  return first_coordinate_[n_distinct()];
}

std::vector<std::string> Covariances::coordinate_names() const {
  std::vector<std::string> names;
  for (arma::uword d = 0; d < n_distinct(); ++d)
    for (const std::string& name : structures_[d]->names(dimension_))
      names.push_back(shared_ ? name : std::to_string(d + 1) + ":" + name);
  return names;
}

arma::vec Covariances::coordinates() const {
  arma::vec out(n_coordinates());
  for (arma::uword d = 0; d < n_distinct(); ++d)
    out.subvec(first_coordinate_[d], first_coordinate_[d + 1] - 1) =
        structures_[d]->coordinates(matrices_[d].factor);
  return out;
}

void Covariances::set_coordinates(const arma::vec& coordinates) {
  for (arma::uword d = 0; d < n_distinct(); ++d)
    store(d, structures_[d]->from_coordinates(
                 coordinates.memptr() + first_coordinate_[d], dimension_,
                 floor_));
}

arma::vec Covariances::score(const arma::vec& moments,
                             const arma::vec& weight) const {
  arma::vec out(n_coordinates());
  for (arma::uword d = 0; d < n_distinct(); ++d)
    out.subvec(first_coordinate_[d], first_coordinate_[d + 1] - 1) =
        structures_[d]->score(matrices_[d].factor,
                              moments_of(d, moments).memptr(),
                              weight_of(d, weight), floor_);
  return out;
}

arma::uvec Covariances::score_coordinates(arma::uword k) const {
  const arma::uword d = place(k);
  return arma::regspace<arma::uvec>(first_coordinate_[d],
                                    first_coordinate_[d + 1] - 1);
}

void Covariances::row_scores(const arma::mat& e, arma::uword k,
                             double* columns) const {
  arma::mat white;
  multiply(e, inverse_factor(k), white);
  structure(k).row_scores(matrices_[place(k)].factor, white, solve_rows(e, k),
                          columns);
}

arma::mat Covariances::solve_rows(const arma::mat& e, arma::uword k) const {
  const arma::mat& inverse = inverse_factor(k);
  arma::mat out;
  multiply(e, inverse * inverse.t(), out);
  return out;
}

void Covariances::permute(const arma::uvec& order) {
  if (shared_) return;
  const auto structures = structures_;
  const auto matrices = matrices_;
  for (arma::uword k = 0; k < n_experts_; ++k) {
    structures_[k] = structures[order[k]];
    matrices_[k] = matrices[order[k]];
  }
  lay_out();
}

arma::uvec Covariances::floored() const {
  arma::uvec out(n_experts_);
  for (arma::uword k = 0; k < n_experts_; ++k)
    out[k] = matrices_[place(k)].floored;
  return out;
}

}  // namespace gatemix
