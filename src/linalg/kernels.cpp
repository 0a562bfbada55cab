#include "linalg/kernels.hpp"

#include <algorithm>

#include "base/wide.hpp"

namespace gatemix {

namespace {

/// N dot products with a shared first factor: one load of `a` serves all.
template <int N>
[[gnu::always_inline]] inline void dots(const double* a, const double* b,
                                        arma::uword n, double* out) {
  static_assert(N >= 1 && N <= 4, "four columns at most");
  const double* b1 = b + (N > 1 ? n : 0);
  const double* b2 = b1 + (N > 2 ? n : 0);
  const double* b3 = b2 + (N > 3 ? n : 0);
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
#pragma omp simd reduction(+ : s0, s1, s2, s3)
  for (arma::uword i = 0; i < n; ++i) {
    s0 += a[i] * b[i];
    if (N > 1) s1 += a[i] * b1[i];
    if (N > 2) s2 += a[i] * b2[i];
    if (N > 3) s3 += a[i] * b3[i];
  }
  out[0] = s0;
  if (N > 1) out[1] = s1;
  if (N > 2) out[2] = s2;
  if (N > 3) out[3] = s3;
}

GATEMIX_WIDE
void dots1(const double* a, const double* b, arma::uword n, double* out) {
  dots<1>(a, b, n, out);
}
GATEMIX_WIDE
void dots2(const double* a, const double* b, arma::uword n, double* out) {
  dots<2>(a, b, n, out);
}
GATEMIX_WIDE
void dots3(const double* a, const double* b, arma::uword n, double* out) {
  dots<3>(a, b, n, out);
}
GATEMIX_WIDE
void dots4(const double* a, const double* b, arma::uword n, double* out) {
  dots<4>(a, b, n, out);
}

/// The products of two columns with four: six loads serve eight products.
GATEMIX_WIDE
void dots_2x4(const double* a, const double* b, arma::uword n, double* out) {
  const double* a1 = a + n;
  const double* b1 = b + n;
  const double* b2 = b1 + n;
  const double* b3 = b2 + n;
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
  double t0 = 0.0, t1 = 0.0, t2 = 0.0, t3 = 0.0;
#pragma omp simd reduction(+ : s0, s1, s2, s3, t0, t1, t2, t3)
  for (arma::uword i = 0; i < n; ++i) {
    s0 += a[i] * b[i];
    s1 += a[i] * b1[i];
    s2 += a[i] * b2[i];
    s3 += a[i] * b3[i];
    t0 += a1[i] * b[i];
    t1 += a1[i] * b1[i];
    t2 += a1[i] * b2[i];
    t3 += a1[i] * b3[i];
  }
  const double sums[] = {s0, s1, s2, s3, t0, t1, t2, t3};
  std::copy(sums, sums + 8, out);
}

/// The products of N weights with two products of columns, a b and c d: as many
/// sums as the registers hold.
template <int N>
[[gnu::always_inline]] inline void products(const double* a, const double* b,
                                            const double* c, const double* d,
                                            const double* w, arma::uword n,
                                            double* out) {
  static_assert(N >= 1 && N <= 5, "five weights at most");
  const double* w1 = w + (N > 1 ? n : 0);
  const double* w2 = w1 + (N > 2 ? n : 0);
  const double* w3 = w2 + (N > 3 ? n : 0);
  const double* w4 = w3 + (N > 4 ? n : 0);
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0, s4 = 0.0;
  double t0 = 0.0, t1 = 0.0, t2 = 0.0, t3 = 0.0, t4 = 0.0;
#pragma omp simd reduction(+ : s0, s1, s2, s3, s4, t0, t1, t2, t3, t4)
  for (arma::uword i = 0; i < n; ++i) {
    const double p = a[i] * b[i], q = c[i] * d[i];
    s0 += p * w[i];
    t0 += q * w[i];
    if (N > 1) s1 += p * w1[i];
    if (N > 1) t1 += q * w1[i];
    if (N > 2) s2 += p * w2[i];
    if (N > 2) t2 += q * w2[i];
    if (N > 3) s3 += p * w3[i];
    if (N > 3) t3 += q * w3[i];
    if (N > 4) s4 += p * w4[i];
    if (N > 4) t4 += q * w4[i];
  }
  const double sums[] = {s0, t0, s1, t1, s2, t2, s3, t3, s4, t4};
  std::copy(sums, sums + 2 * N, out);
}

// The compiler makes versions for several instruction sets of plain functions,
// not of templates: hence one for each number of weights.
GATEMIX_WIDE
void products1(const double* a, const double* b, const double* c,
               const double* d, const double* w, arma::uword n, double* out) {
  products<1>(a, b, c, d, w, n, out);
}
GATEMIX_WIDE
void products2(const double* a, const double* b, const double* c,
               const double* d, const double* w, arma::uword n, double* out) {
  products<2>(a, b, c, d, w, n, out);
}
GATEMIX_WIDE
void products3(const double* a, const double* b, const double* c,
               const double* d, const double* w, arma::uword n, double* out) {
  products<3>(a, b, c, d, w, n, out);
}
GATEMIX_WIDE
void products4(const double* a, const double* b, const double* c,
               const double* d, const double* w, arma::uword n, double* out) {
  products<4>(a, b, c, d, w, n, out);
}
GATEMIX_WIDE
void products5(const double* a, const double* b, const double* c,
               const double* d, const double* w, arma::uword n, double* out) {
  products<5>(a, b, c, d, w, n, out);
}

using Products = void (*)(const double*, const double*, const double*,
                          const double*, const double*, arma::uword, double*);
constexpr Products kProducts[] = {products1, products2, products3, products4,
                                  products5};

/// out[k * stride] += a' b_k for the first `cols` columns b_k, in groups of
/// four, three and two: never one alone where it can be helped.
void add_dots(const double* a, const double* b, arma::uword n,
              arma::uword cols, double* out, arma::uword stride) {
  double sums[4];
  for (arma::uword k = 0; k < cols;) {
    const arma::uword rest = cols - k;
    const arma::uword group = rest == 5 ? 3 : (rest < 4 ? rest : 4);
    const double* column = b + k * n;
    switch (group) {
      case 1: dots1(a, column, n, sums); break;
      case 2: dots2(a, column, n, sums); break;
      case 3: dots3(a, column, n, sums); break;
      default: dots4(a, column, n, sums);
    }
    for (arma::uword c = 0; c < group; ++c) out[(k + c) * stride] += sums[c];
    k += group;
  }
}

/// out = or, where it has begun, += x times four coefficients.
template <bool kBegun>
[[gnu::always_inline]] inline void scaled4(const double* x, const double* coef,
                                           double* out, arma::uword n) {
  const double* x1 = x + n;
  const double* x2 = x1 + n;
  const double* x3 = x2 + n;
  const double c0 = coef[0], c1 = coef[1], c2 = coef[2], c3 = coef[3];
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) {
    const double sum = c0 * x[i] + c1 * x1[i] + c2 * x2[i] + c3 * x3[i];
    out[i] = kBegun ? out[i] + sum : sum;
  }
}

/// The same for two columns of coefficients: the loads of x serve both.
template <bool kBegun>
[[gnu::always_inline]] inline void scaled4x2(const double* x,
                                             const double* coef,
                                             const double* other, double* out,
                                             arma::uword n) {
  const double* x1 = x + n;
  const double* x2 = x1 + n;
  const double* x3 = x2 + n;
  double* out1 = out + n;
  const double c0 = coef[0], c1 = coef[1], c2 = coef[2], c3 = coef[3];
  const double d0 = other[0], d1 = other[1], d2 = other[2], d3 = other[3];
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) {
    const double v0 = x[i], v1 = x1[i], v2 = x2[i], v3 = x3[i];
    const double sum = c0 * v0 + c1 * v1 + c2 * v2 + c3 * v3;
    const double sum1 = d0 * v0 + d1 * v1 + d2 * v2 + d3 * v3;
    out[i] = kBegun ? out[i] + sum : sum;
    out1[i] = kBegun ? out1[i] + sum1 : sum1;
  }
}

GATEMIX_WIDE
void set_scaled4(const double* x, const double* coef, double* out,
                 arma::uword n) {
  scaled4<false>(x, coef, out, n);
}
GATEMIX_WIDE
void add_scaled4(const double* x, const double* coef, double* out,
                 arma::uword n) {
  scaled4<true>(x, coef, out, n);
}
GATEMIX_WIDE
void set_scaled4x2(const double* x, const double* coef, const double* other,
                   double* out, arma::uword n) {
  scaled4x2<false>(x, coef, other, out, n);
}
GATEMIX_WIDE
void add_scaled4x2(const double* x, const double* coef, const double* other,
                   double* out, arma::uword n) {
  scaled4x2<true>(x, coef, other, out, n);
}

/// Whether four coefficients are 0: of triangular and sparse ones half are.
bool all_zero(const double* c) {
  return c[0] == 0.0 && c[1] == 0.0 && c[2] == 0.0 && c[3] == 0.0;
}

}  // namespace

GATEMIX_WIDE
void multiply_elements(const double* a, const double* b, double* out,
                       arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) out[i] = a[i] * b[i];
}

GATEMIX_WIDE
void add_multiple(const double* a, double factor, double* out,
                  arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) out[i] += factor * a[i];
}

GATEMIX_WIDE
void add_product(const double* a, const double* b, double factor, double* out,
                 arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) out[i] += factor * a[i] * b[i];
}

GATEMIX_WIDE
void standardise(const double* a, double center, double factor, double* out,
                 arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) out[i] = (a[i] - center) * factor;
}

double dot(const double* a, const double* b, arma::uword n) {
  double sum;
  dots1(a, b, n, &sum);
  return sum;
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
  const arma::uword n = x.n_rows, size = packed_size(x.n_cols);
  // weights in even groups of five at most, products by twos
  const arma::uword groups = (weight.n_cols + 4) / 5;
  double sums[10];
  for (arma::uword g = 0; g < groups; ++g) {
    const arma::uword first = g * weight.n_cols / groups,
                      count = (g + 1) * weight.n_cols / groups - first;
    const Products add = kProducts[count - 1];
    double* target = out + first * size;
    arma::uword i = 0, j = 0;
    const auto advance = [&i, &j] {
      if (++i > j) {
        i = 0;
        ++j;
      }
    };
    for (arma::uword at = 0; at < size; at += 2) {
      const double *a = x.colptr(i), *b = x.colptr(j);
      advance();
      const bool two = at + 1 < size;
      add(a, b, two ? x.colptr(i) : a, two ? x.colptr(j) : b,
          weight.colptr(first), n, sums);
      advance();
      for (arma::uword k = 0; k < count; ++k) {
        target[at + k * size] += sums[2 * k];
        if (two) target[at + 1 + k * size] += sums[2 * k + 1];
      }
    }
  }
}

void add_gram(const arma::mat& x, const arma::mat& w, double* out) {
  const arma::uword n = x.n_rows, p = x.n_cols;
  double sums[8];
  for (arma::uword j = 0; j < p; j += 2) {
    double* first = out + packed_index(0, j);
    double* second = out + packed_index(0, j + 1);
    const bool pair = j + 1 < p;
    arma::uword i = 0;
    for (; pair && i + 4 <= j + 1; i += 4) {
      dots_2x4(w.colptr(j), x.colptr(i), n, sums);
      for (arma::uword c = 0; c < 4; ++c) {
        first[i + c] += sums[c];
        second[i + c] += sums[4 + c];
      }
    }
    add_dots(w.colptr(j), x.colptr(i), n, j + 1 - i, first + i, 1);
    if (pair)
      add_dots(w.colptr(j + 1), x.colptr(i), n, j + 2 - i, second + i, 1);
  }
}

void add_cross_product(const arma::mat& x, const arma::mat& w, double* out) {
  for (arma::uword j = 0; j < x.n_cols; ++j)
    add_dots(x.colptr(j), w.memptr(), x.n_rows, w.n_cols, out + j, x.n_cols);
}

void multiply(const arma::mat& x, const arma::mat& coef, arma::mat& out) {
  const arma::uword n = x.n_rows, p = x.n_cols;
  out.set_size(n, coef.n_cols);
  for (arma::uword k = 0; k < coef.n_cols; k += 2) {
    const bool pair = k + 1 < coef.n_cols;
    double* column = out.colptr(k);
    arma::uword j = 0;
    bool begun[] = {false, false};
    for (; j + 4 <= p; j += 4) {
      const double* c = coef.colptr(k) + j;
      const bool use[] = {!all_zero(c), pair && !all_zero(c + p)};
      if (use[0] && use[1] && begun[0] == begun[1]) {
        (begun[0] ? add_scaled4x2 : set_scaled4x2)(x.colptr(j), c, c + p,
                                                   column, n);
        begun[0] = begun[1] = true;
        continue;
      }
      for (arma::uword l = 0; l < 2; ++l) {
        if (!use[l]) continue;
        (begun[l] ? add_scaled4 : set_scaled4)(x.colptr(j), c + l * p,
                                               column + l * n, n);
        begun[l] = true;
      }
    }
    for (arma::uword l = 0; l < 1u + pair; ++l) {
      double* own = column + l * n;
      if (!begun[l]) std::fill(own, own + n, 0.0);
      for (arma::uword i = j; i < p; ++i)
        if (coef(i, k + l) != 0.0)
          add_multiple(x.colptr(i), coef(i, k + l), own, n);
    }
  }
}

void scale_rows(const arma::mat& x, const arma::vec& weight, arma::mat& out) {
  out.set_size(x.n_rows, x.n_cols);
  for (arma::uword j = 0; j < x.n_cols; ++j)
    multiply_elements(x.colptr(j), weight.memptr(), out.colptr(j), x.n_rows);
}

void add_column_sums(const arma::mat& w, double* out) {
  const arma::vec ones(w.n_rows, arma::fill::ones);
  add_dots(ones.memptr(), w.memptr(), w.n_rows, w.n_cols, out, 1);
}

}  // namespace gatemix
