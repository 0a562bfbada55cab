#include "kernels.hpp"

#include <cstring>

#include "wide.hpp"

namespace gatemix {

namespace {

GATEMIX_WIDE
double dot(const double* a, const double* b, arma::uword n) {
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (arma::uword i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum;
}

/// Four dot products with a shared first factor: one load of `a` serves four.
GATEMIX_WIDE
void dot4(const double* a, const double* b, arma::uword stride, arma::uword n,
          double* out) {
  const double* b0 = b;
  const double* b1 = b0 + stride;
  const double* b2 = b1 + stride;
  const double* b3 = b2 + stride;
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
#pragma omp simd reduction(+ : s0, s1, s2, s3)
  for (arma::uword i = 0; i < n; ++i) {
    s0 += a[i] * b0[i];
    s1 += a[i] * b1[i];
    s2 += a[i] * b2[i];
    s3 += a[i] * b3[i];
  }
  out[0] = s0;
  out[1] = s1;
  out[2] = s2;
  out[3] = s3;
}

/// out[k * stride] += a' b_k for the `cols` columns b_k.
void add_dots(const double* a, const arma::mat& b, double* out,
              arma::uword stride) {
  const arma::uword n = b.n_rows, cols = b.n_cols;
  double sums[4];
  arma::uword k = 0;
  for (; k + 4 <= cols; k += 4) {
    dot4(a, b.colptr(k), n, n, sums);
    for (arma::uword c = 0; c < 4; ++c) out[(k + c) * stride] += sums[c];
  }
  for (; k < cols; ++k) out[k * stride] += dot(a, b.colptr(k), n);
}

GATEMIX_WIDE
void add_scaled4(const double* x, arma::uword stride, const double* coef,
                 double* out, arma::uword n) {
  const double* x1 = x + stride;
  const double* x2 = x1 + stride;
  const double* x3 = x2 + stride;
  const double c0 = coef[0], c1 = coef[1], c2 = coef[2], c3 = coef[3];
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i)
    out[i] += c0 * x[i] + c1 * x1[i] + c2 * x2[i] + c3 * x3[i];
}

GATEMIX_WIDE
void add_scaled(const double* x, double coef, double* out, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) out[i] += coef * x[i];
}

}  // namespace

GATEMIX_WIDE
void multiply_elements(const double* a, const double* b, double* out,
                       arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) out[i] = a[i] * b[i];
}

arma::mat unpack_symmetric(const double* packed, arma::uword p) {
  arma::mat full(p, p);
  for (arma::uword j = 0; j < p; ++j)
    for (arma::uword i = 0; i <= j; ++i)
      full(i, j) = full(j, i) = packed[packed_index(i, j)];
  return full;
}

void add_weighted_grams(const arma::mat& x, const arma::mat& weight,
                        double* out) {
  const arma::uword n = x.n_rows, p = x.n_cols, size = packed_size(p);
  arma::vec product(n, arma::fill::none);
  for (arma::uword j = 0; j < p; ++j)
    for (arma::uword i = 0; i <= j; ++i) {
      multiply_elements(x.colptr(i), x.colptr(j), product.memptr(), n);
      add_dots(product.memptr(), weight, out + packed_index(i, j), size);
    }
}

void add_cross_product(const arma::mat& x, const arma::mat& w, double* out) {
  for (arma::uword j = 0; j < x.n_cols; ++j)
    add_dots(x.colptr(j), w, out + j, x.n_cols);
}

void multiply(const arma::mat& x, const arma::mat& coef, arma::mat& out) {
  const arma::uword n = x.n_rows, p = x.n_cols;
  out.zeros(n, coef.n_cols);
  for (arma::uword k = 0; k < coef.n_cols; ++k) {
    double* column = out.colptr(k);
    arma::uword j = 0;
    for (; j + 4 <= p; j += 4)
      add_scaled4(x.colptr(j), n, coef.colptr(k) + j, column, n);
    for (; j < p; ++j) add_scaled(x.colptr(j), coef(j, k), column, n);
  }
}

void add_column_sums(const arma::mat& w, double* out) {
  const arma::vec ones(w.n_rows, arma::fill::ones);
  add_dots(ones.memptr(), w, out, 1);
}

}  // namespace gatemix
