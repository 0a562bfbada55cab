#include "linalg/vector_math.hpp"

#include <cstdint>
#include <cstring>

#include "base/wide.hpp"

namespace gatemix {

namespace {

using Bits = std::uint64_t;  // unsigned: shifts and sums wrap around

inline double from_bits(Bits bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline Bits to_bits(double value) {
  Bits bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

constexpr double kLog2e = 1.4426950408889634074;
constexpr double kLn2High = 6.93147180369123816490e-01;
constexpr double kLn2Low = 1.90821492927058770002e-10;
constexpr double kRound = 6755399441055744.0;  // 1.5 * 2^52

/// exp(x) for |x| < 708: x = k log 2 + r, exp(r) by its Taylor polynomial
/// (|r| <= 0.347: the first omitted term is below 1.1e-17), scaled by 2^k.
[[gnu::always_inline]] inline double exp_core(double x) {
  const double shifted = x * kLog2e + kRound;
  const double k = shifted - kRound;
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  // the low bits of `shifted` hold k; move them to the exponent of p
  return from_bits(to_bits(p) + (to_bits(shifted) << 52));
}

/// log(x) for positive normal x: x = 2^k m with m in [sqrt(1/2), sqrt(2)),
/// log m = 2 atanh(s), s = (m - 1) / (m + 1), by its series in s^2.
[[gnu::always_inline]] inline double log_core(double x) {
  const Bits bits = to_bits(x);
  const Bits offset = bits - 0x3fe6a09e667f3bcdULL;  // sqrt(1/2)
  // arithmetic right shift by 52 is not a vector instruction before AVX-512:
  // the exponent is read through a double instead
  const Bits biased = (offset + (2048ULL << 52)) & (4095ULL << 52);
  const double k =
      from_bits((biased >> 52) | 0x4330000000000000ULL) -
      4503599627370496.0 - 2048.0;
  const double m = from_bits(bits - (biased - (2048ULL << 52)));
  const double f = m - 1.0;
  const double s = f / (m + 1.0);
  const double z = s * s;
  double p = 2.0 / 21.0;
  p = p * z + 2.0 / 19.0;
  p = p * z + 2.0 / 17.0;
  p = p * z + 2.0 / 15.0;
  p = p * z + 2.0 / 13.0;
  p = p * z + 2.0 / 11.0;
  p = p * z + 2.0 / 9.0;
  p = p * z + 2.0 / 7.0;
  p = p * z + 2.0 / 5.0;
  p = p * z + 2.0 / 3.0;
  // 2s = f - s f exactly in real arithmetic: keeps the leading term exact
  const double tail = s * (z * p - f) + k * kLn2Low;
  return k * kLn2High + (f + tail);
}

GATEMIX_WIDE
void clamp(double* x, arma::uword n, double lower, double upper) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) x[i] = x[i] < lower ? lower : x[i];
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) x[i] = x[i] > upper ? upper : x[i];
}

GATEMIX_WIDE
void shift_rows(double* m, const double* shift, arma::uword rows,
                arma::uword cols) {
  for (arma::uword k = 0; k < cols; ++k) {
    double* column = m + k * rows;
#pragma omp simd
    for (arma::uword i = 0; i < rows; ++i) column[i] -= shift[i];
  }
}

GATEMIX_WIDE
void row_max(const double* m, double* out, arma::uword rows,
             arma::uword cols) {
  std::memcpy(out, m, rows * sizeof(double));
  for (arma::uword k = 1; k < cols; ++k) {
    const double* column = m + k * rows;
#pragma omp simd
    for (arma::uword i = 0; i < rows; ++i)
      out[i] = out[i] < column[i] ? column[i] : out[i];
  }
}

GATEMIX_WIDE
void normalise_rows(double* m, double* sum, arma::uword rows,
                    arma::uword cols) {
  std::memcpy(sum, m, rows * sizeof(double));
  for (arma::uword k = 1; k < cols; ++k) {
    const double* column = m + k * rows;
#pragma omp simd
    for (arma::uword i = 0; i < rows; ++i) sum[i] += column[i];
  }
  for (arma::uword k = 0; k < cols; ++k) {
    double* column = m + k * rows;
#pragma omp simd
    for (arma::uword i = 0; i < rows; ++i) column[i] /= sum[i];
  }
}

}  // namespace

GATEMIX_WIDE
void exp_in_place(double* x, arma::uword n) {
  // The clamp has a loop of its own: in one loop with the polynomial the
  // compiler turns it into a branch and gives up vectorising.
  clamp(x, n, -708.0, 709.0);
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) x[i] = exp_core(x[i]);
}

GATEMIX_WIDE
void log_in_place(double* x, arma::uword n) {
#pragma omp simd
  for (arma::uword i = 0; i < n; ++i) x[i] = log_core(x[i]);
}

void softmax_rows(arma::mat& m, arma::vec& log_sum) {
  const arma::uword rows = m.n_rows, cols = m.n_cols;
  arma::vec shift(rows, arma::fill::none);
  log_sum.set_size(rows);
  row_max(m.memptr(), shift.memptr(), rows, cols);
  shift_rows(m.memptr(), shift.memptr(), rows, cols);
  exp_in_place(m.memptr(), rows * cols);
  normalise_rows(m.memptr(), log_sum.memptr(), rows, cols);
  log_in_place(log_sum.memptr(), rows);  // the sums lie in [1, K]
  log_sum += shift;
}

}  // namespace gatemix
