#include "covariances.hpp"

#include <cmath>

#include "../core/errors.hpp"
#include "../core/kernels.hpp"
#include "../core/wide.hpp"

namespace gatemix {

namespace {

/// out[i] += constant - 1/2 sum_j factor_j^2 (e_ij - mean_j)^2
GATEMIX_WIDE
void add_half_squares(const double* e, arma::uword n, arma::uword q,
                      const double* mean, const double* factor,
                      double constant, double* out) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) out[i] += constant;
  for (arma::uword j = 0; j < q; ++j) {
    const double* column = e + j * n;
    const double half = -0.5 * factor[j] * factor[j], m = mean[j];
#pragma omp simd
    for (arma::uword i = 0; i < n; ++i)
      out[i] += half * (column[i] - m) * (column[i] - m);
  }
}

}  // namespace

Covariances::Covariances(const std::string& structure,
                         arma::uword n_components, arma::uword dimension,
                         bool shared, double floor)
    : structure_(make_covariance_structure(structure)),
      n_components_(n_components),
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
  inverse_factor_[d] = arma::trans(arma::inv(arma::trimatl(estimate.factor)));
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

void Covariances::add_log_density(const arma::mat& e, const arma::vec& mean,
                                  arma::uword k, arma::mat& scratch,
                                  double* out) const {
  const arma::mat& inverse = inverse_factor_[shared_ ? 0 : k];
  const double constant = log_constant_[shared_ ? 0 : k];
  if (structure_->diagonal() || dimension_ == 1) {
    const arma::vec factor = inverse.diag();
    add_half_squares(e.memptr(), e.n_rows, dimension_, mean.memptr(),
                     factor.memptr(), constant, out);
    return;
  }
  // rows and mean are whitened first
  const arma::vec factor(dimension_, arma::fill::ones);
  const arma::vec center = inverse.t() * mean;
  multiply(e, inverse, scratch);
  add_half_squares(scratch.memptr(), e.n_rows, dimension_, center.memptr(),
                   factor.memptr(), constant, out);
}

arma::mat Covariances::solve(arma::uword k, const arma::mat& rhs) const {
  const arma::mat& inverse = inverse_factor_[shared_ ? 0 : k];
  return inverse * (inverse.t() * rhs);
}

arma::mat Covariances::matrix(arma::uword k) const {
  const arma::mat& factor = factor_[shared_ ? 0 : k];
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
  const arma::uword first = shared_ ? 0 : k * size;
  return arma::regspace<arma::uvec>(first, first + size - 1);
}

void Covariances::row_scores(const arma::mat& e, arma::uword k,
                             double* columns) const {
  const arma::uword d = shared_ ? 0 : k;
  arma::mat white;
  multiply(e, inverse_factor_[d], white);
  structure_->row_scores(factor_[d], white, solve_rows(e, k), columns);
}

arma::mat Covariances::solve_rows(const arma::mat& e, arma::uword k) const {
  const arma::mat& inverse = inverse_factor_[shared_ ? 0 : k];
  arma::mat out;
  multiply(e, inverse * inverse.t(), out);
  return out;
}

void Covariances::permute(const arma::uvec& order) {
  if (shared_) return;
  const Covariances old = *this;
  for (arma::uword k = 0; k < n_components_; ++k) {
    factor_[k] = old.factor_[order[k]];
    inverse_factor_[k] = old.inverse_factor_[order[k]];
    log_constant_[k] = old.log_constant_[order[k]];
    floored_[k] = old.floored_[order[k]];
  }
}

arma::uvec Covariances::floored() const {
  if (!shared_) return floored_;
  arma::uvec all(n_components_);
  all.fill(floored_[0]);
  return all;
}

}  // namespace gatemix
