#include "engine/covariance/full.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "linalg/decompose.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

namespace {

/// Returns whether all eigenvalues are known to be well above the floor, which
/// spares their computation: the smallest is at least 1 / |L^-1|^2.
bool well_above(const arma::mat& factor, double floor) {
  arma::mat inverse;
  return arma::inv(inverse, arma::trimatl(factor)) &&
         2.0 * floor * arma::accu(arma::square(inverse)) < 1.0;
}

/// Lower Cholesky factor of a covariance with eigenvalues raised to `floor`.
CovarianceStructure::Estimate floored_factor(const arma::mat& covariance,
                                             double floor) {
  arma::mat factor;
  if (arma::chol(factor, covariance, "lower") && well_above(factor, floor))
    return {factor, false};
  auto [values, vectors] = symmetric_eigen(covariance);
  if (values.min() >= floor)
    return {cholesky(covariance), at_floor(values.min(), floor)};
  values = arma::clamp(values, floor, arma::datum::inf);
  const arma::mat raised = vectors * arma::diagmat(values) * vectors.t();
  return {cholesky(arma::symmatu(raised)), true};
}

/// Directions at the floor that the data would shrink further pull no more:
/// within them only the part of the scatter beyond the floor counts. Their
/// products with the free directions stay, since rotating them is allowed.
arma::mat release_floor(const arma::mat& factor, const arma::mat& scatter,
                        double weight, double floor) {
  if (well_above(factor, floor)) return scatter;
  const auto [values, vectors] = symmetric_eigen(factor * factor.t());
  if (!at_floor(values.min(), floor)) return scatter;
  arma::uword held = 0;  // eigenvalues are in ascending order
  while (held < values.n_elem && at_floor(values[held], floor)) ++held;
  arma::mat rotated = vectors.t() * scatter * vectors;
  const arma::mat explained = weight * arma::diagmat(values.head(held));
  auto [beyond, directions] = symmetric_eigen(arma::symmatu(
      rotated.submat(0, 0, arma::size(held, held)) - explained));
  beyond = arma::clamp(beyond, 0.0, arma::datum::inf);
  rotated.submat(0, 0, arma::size(held, held)) =
      explained + directions * arma::diagmat(beyond) * directions.t();
  return vectors * rotated * vectors.t();
}

}  // namespace

arma::uword FullCovariance::n_moments(arma::uword q) const {
  return packed_size(q);
}

arma::vec FullCovariance::moments(const arma::mat& scatter) const {
  const arma::uword q = scatter.n_cols;
  arma::vec packed(packed_size(q));
  for (arma::uword j = 0; j < q; ++j)
    for (arma::uword i = 0; i <= j; ++i)
      packed[packed_index(i, j)] = scatter(i, j);
  return packed;
}

void FullCovariance::add_moments(const arma::mat& residual,
                                 const arma::vec& weight,
                                 double* moments) const {
  add_weighted_grams(residual, weight, moments);
}

FullCovariance::Estimate FullCovariance::estimate(const double* moments,
                                                  double weight,
                                                  const arma::mat& current,
                                                  double floor) const {
  return floored_factor(unpack_symmetric(moments, current.n_cols) / weight,
                        floor);
}

arma::uword FullCovariance::n_coordinates(arma::uword q) const {
  return packed_size(q);
}

std::vector<std::string> FullCovariance::names(arma::uword q) const {
  std::vector<std::string> names;
  for (arma::uword j = 1; j <= q; ++j)
    for (arma::uword i = j; i <= q; ++i)
      names.push_back((i == j ? "logchol" : "chol") + std::to_string(i) + "." +
                      std::to_string(j));
  return names;
}

arma::vec FullCovariance::coordinates(const arma::mat& factor) const {
  const arma::uword q = factor.n_cols;
  arma::vec out(packed_size(q));
  arma::uword at = 0;
  for (arma::uword j = 0; j < q; ++j)
    for (arma::uword i = j; i < q; ++i)
      out[at++] = i == j ? std::log(factor(j, j)) : factor(i, j);
  return out;
}

FullCovariance::Estimate FullCovariance::from_coordinates(
    const double* coordinates, arma::uword q, double floor) const {
  arma::mat factor(q, q, arma::fill::zeros);
  arma::uword at = 0;
  for (arma::uword j = 0; j < q; ++j)
    for (arma::uword i = j; i < q; ++i, ++at)
      factor(i, j) = i == j ? std::exp(coordinates[at]) : coordinates[at];
  if (well_above(factor, floor)) return {factor, false};
  const arma::mat covariance = factor * factor.t();
  const double smallest = symmetric_eigenvalues(covariance).min();
  if (smallest >= floor) return {factor, at_floor(smallest, floor)};
  return floored_factor(covariance, floor);
}

arma::vec FullCovariance::score(const arma::mat& factor,
                                const double* moments, double weight,
                                double floor) const {
  // l = -w log|L| - tr(L^-T L^-1 S)/2, so
  // dl/dL = L^-T (L^-1 S L^-T - w I), lower triangle
  const arma::uword q = factor.n_cols;
  const arma::mat scatter =
      release_floor(factor, unpack_symmetric(moments, q), weight, floor);
  arma::mat middle = solve_lower(factor, scatter);
  middle = solve_lower(factor, middle.t());
  middle.diag() -= weight;
  const arma::mat slope = solve_lower_transposed(factor, middle);
  arma::vec out(packed_size(q));
  arma::uword at = 0;
  for (arma::uword j = 0; j < q; ++j)
    for (arma::uword i = j; i < q; ++i)
      out[at++] = i == j ? slope(j, j) * factor(j, j) : slope(i, j);
  return out;
}

void FullCovariance::row_scores(const arma::mat& factor,
                                const arma::mat& white,
                                const arma::mat& solved,
                                double* columns) const {
  // the formula of score() for one row: a_i w_j below the diagonal,
  // (a_j w_j - 1 / L_jj) L_jj on it, a = Sigma^-1 e, w = L^-1 e
  const arma::uword q = factor.n_cols, n = white.n_rows;
  for (arma::uword j = 0; j < q; ++j)
    for (arma::uword i = j; i < q; ++i, columns += n) {
      multiply_elements(solved.colptr(i), white.colptr(j), columns, n);
      if (i != j) continue;
      for (arma::uword row = 0; row < n; ++row)
        columns[row] = columns[row] * factor(j, j) - 1.0;
    }
}

}  // namespace gatemix
