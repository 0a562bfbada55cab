#pragma once
#include "base/armadillo.hpp"

namespace gatemix {

// The linear algebra of one block of rows. Blocks are tall and narrow (some
// hundred rows, a few columns), where a BLAS call costs more than its work;
// these loops run at the speed of the registers with any BLAS.

/// Position of (i, j), i <= j, in the upper triangle packed by columns.
constexpr arma::uword packed_index(arma::uword i, arma::uword j) {
  return j * (j + 1) / 2 + i;
}

/// Length of a packed triangle of order p.
constexpr arma::uword packed_size(arma::uword p) { return p * (p + 1) / 2; }

/// The symmetric matrix of a packed upper triangle.
arma::mat unpack_symmetric(const double* packed, arma::uword p);

/// out(:, k) += packed upper triangle of x' diag(weight(:, k)) x, for each k.
/// `out` is packed_size(x.n_cols) x weight.n_cols.
void add_weighted_grams(const arma::mat& x, const arma::mat& weight,
                        double* out);

/// out += packed upper triangle of x' w, where w is x times one weight per row.
void add_gram(const arma::mat& x, const arma::mat& w, double* out);

/// out += x' w, `out` is x.n_cols x w.n_cols.
void add_cross_product(const arma::mat& x, const arma::mat& w, double* out);

/// out = x * coef.
void multiply(const arma::mat& x, const arma::mat& coef, arma::mat& out);

/// out[i] = a[i] * b[i].
void multiply_elements(const double* a, const double* b, double* out,
                       arma::uword n);

/// out[i] += factor * a[i].
void add_multiple(const double* a, double factor, double* out, arma::uword n);

/// out[i] += factor * a[i] * b[i].
void add_product(const double* a, const double* b, double factor, double* out,
                 arma::uword n);

/// out[i] = (a[i] - center) * factor.
void standardise(const double* a, double center, double factor, double* out,
                 arma::uword n);

double dot(const double* a, const double* b, arma::uword n);

/// out(:, j) = x(:, j) * weight for every column.
void scale_rows(const arma::mat& x, const arma::vec& weight, arma::mat& out);

/// out[k] += sum of column k.
void add_column_sums(const arma::mat& w, double* out);

}  // namespace gatemix
