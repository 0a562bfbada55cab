#include "engine/covariance/covariances.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "engine/covariance/structures.hpp"
#include "linalg/decompose.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

Covariances::Covariances(const std::string& structure,
                         arma::uword n_experts, arma::uword dimension,
                         bool shared, double floor)
    : structure_(make_covariance_structure(structure)),
      n_experts_(n_experts),
      dimension_(dimension),
      shared_(shared),
      floor_(floor),
      factor_(n_distinct()),
      inverse_factor_(n_distinct()),
      log_constant_(n_distinct()),
      floored_(n_distinct(), arma::fill::zeros) {
  const arma::mat unit(dimension, dimension, arma::fill::eye);
  for (arma::uword d = 0; d < n_distinct(); ++d) store(d, {unit, false});
}

void Covariances::store(arma::uword d,
                        const CovarianceStructure::Estimate& estimate) {
  const double log_determinant =
      estimate.factor.n_rows == dimension_
          ? arma::accu(arma::log(estimate.factor.diag()))
          : arma::datum::nan;
  if (!std::isfinite(log_determinant))
    throw NumericError("a covariance matrix is not finite");
  factor_[d] = estimate.factor;
  inverse_factor_[d] = inverse_lower(estimate.factor).t();
  log_constant_[d] =
      -log_determinant - 0.5 * dimension_ * std::log(2.0 * arma::datum::pi);
  floored_[d] = estimate.floored;
}

arma::mat Covariances::pooled(const arma::mat& values) const {
  return shared_ ? arma::mat(arma::sum(values, 1)) : values;
}

void Covariances::estimate(const arma::mat& moments, const arma::vec& weight) {
  const arma::mat sums = pooled(moments);
  const arma::mat weights = pooled(weight.t());
  for (arma::uword d = 0; d < n_distinct(); ++d) {
    if (weights[d] < 1e-12) continue;
    if (!sums.col(d).is_finite())
      throw NumericError("a covariance matrix is not finite");
    store(d, structure_->estimate(sums.colptr(d), weights[d], dimension_,
                                  floor_));
  }
}

arma::mat Covariances::solve(arma::uword k, const arma::mat& rhs) const {
  const arma::mat& inverse = inverse_factor(k);
  return inverse * (inverse.t() * rhs);
}

arma::mat Covariances::matrix(arma::uword k) const {
  const arma::mat& factor = factor_[place(k)];
  return factor * factor.t();
}

arma::uword Covariances::n_coordinates() const {
  return n_distinct() * structure_->n_coordinates(dimension_);
}

std::vector<std::string> Covariances::coordinate_names() const {
  std::vector<std::string> names;
  for (arma::uword d = 1; d <= n_distinct(); ++d)
    for (const std::string& name : structure_->names(dimension_))
      names.push_back(shared_ ? name : std::to_string(d) + ":" + name);
  return names;
}

arma::vec Covariances::coordinates() const {
  const arma::uword size = structure_->n_coordinates(dimension_);
  arma::vec out(n_coordinates());
  for (arma::uword d = 0; d < n_distinct(); ++d)
    out.subvec(d * size, arma::size(size, 1)) =
        structure_->coordinates(factor_[d]);
  return out;
}

void Covariances::set_coordinates(const arma::vec& coordinates) {
  const arma::uword size = structure_->n_coordinates(dimension_);
  for (arma::uword d = 0; d < n_distinct(); ++d)
    store(d, structure_->from_coordinates(coordinates.memptr() + d * size,
                                          dimension_, floor_));
}

arma::vec Covariances::score(const arma::mat& moments,
                             const arma::vec& weight) const {
  const arma::uword size = structure_->n_coordinates(dimension_);
  const arma::mat sums = pooled(moments);
  const arma::mat weights = pooled(weight.t());
  arma::vec out(n_coordinates());
  for (arma::uword d = 0; d < n_distinct(); ++d)
    out.subvec(d * size, arma::size(size, 1)) =
        structure_->score(factor_[d], sums.colptr(d), weights[d], floor_);
  return out;
}

arma::uvec Covariances::score_coordinates(arma::uword k) const {
  const arma::uword size = structure_->n_coordinates(dimension_);
  const arma::uword first = place(k) * size;
  return arma::regspace<arma::uvec>(first, first + size - 1);
}

void Covariances::row_scores(const arma::mat& e, arma::uword k,
                             double* columns) const {
  arma::mat white;
  multiply(e, inverse_factor(k), white);
  structure_->row_scores(factor_[place(k)], white, solve_rows(e, k), columns);
}

arma::mat Covariances::solve_rows(const arma::mat& e, arma::uword k) const {
  const arma::mat& inverse = inverse_factor(k);
  arma::mat out;
  multiply(e, inverse * inverse.t(), out);
  return out;
}

void Covariances::permute(const arma::uvec& order) {
  if (shared_) return;
  const Covariances old = *this;
  for (arma::uword k = 0; k < n_experts_; ++k) {
    factor_[k] = old.factor_[order[k]];
    inverse_factor_[k] = old.inverse_factor_[order[k]];
    log_constant_[k] = old.log_constant_[order[k]];
    floored_[k] = old.floored_[order[k]];
  }
}

arma::uvec Covariances::floored() const {
  if (!shared_) return floored_;
  arma::uvec all(n_experts_);
  all.fill(floored_[0]);
  return all;
}

}  // namespace gatemix
