#include "engine/families/gaussian.hpp"

#include <cmath>

#include "base/wide.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

namespace {

/// out[i] += constant - 1/2 sum_j factor_j^2 (e_ij - mean_j)^2
GATEMIX_WIDE
void add_half_squares(const double* e, arma::uword n, arma::uword q,
                      const double* mean, const double* factor,
                      double constant, double* out) {
  arma::uword j = 0;
  for (; j + 4 <= q; j += 4, constant = 0.0) {
    const double *e0 = e + j * n, *e1 = e0 + n, *e2 = e1 + n, *e3 = e2 + n;
    const double m0 = mean[j], m1 = mean[j + 1], m2 = mean[j + 2],
                 m3 = mean[j + 3];
    const double* f = factor + j;
    const double h0 = -0.5 * f[0] * f[0], h1 = -0.5 * f[1] * f[1],
                 h2 = -0.5 * f[2] * f[2], h3 = -0.5 * f[3] * f[3];
#pragma omp simd
    for (arma::uword i = 0; i < n; ++i) {
      const double d0 = e0[i] - m0, d1 = e1[i] - m1, d2 = e2[i] - m2,
                   d3 = e3[i] - m3;
      out[i] += constant + h0 * d0 * d0 + h1 * d1 * d1 + h2 * d2 * d2 +
                h3 * d3 * d3;
    }
  }
  for (; j < q; ++j, constant = 0.0) {
    const double* column = e + j * n;
    const double half = -0.5 * factor[j] * factor[j], m = mean[j];
#pragma omp simd
    for (arma::uword i = 0; i < n; ++i)
      out[i] += constant + half * (column[i] - m) * (column[i] - m);
  }
}

}  // namespace

void add_gaussian_log_density(const Covariances& covariances, arma::uword k,
                              const arma::mat& e, const arma::vec& mean,
                              arma::mat& scratch, double* out) {
  const arma::uword q = covariances.dimension();
  const arma::mat& inverse = covariances.inverse_factor(k);
  const double constant = covariances.log_constant(k);
  if (covariances.structure(k).diagonal() || q == 1) {
    const arma::vec factor = inverse.diag();
    add_half_squares(e.memptr(), e.n_rows, q, mean.memptr(), factor.memptr(),
                     constant, out);
    return;
  }
  // rows and mean are whitened first
  const arma::vec factor(q, arma::fill::ones);
  const arma::vec center = inverse.t() * mean;
  multiply(e, inverse, scratch);
  add_half_squares(scratch.memptr(), e.n_rows, q, center.memptr(),
                   factor.memptr(), constant, out);
}

}  // namespace gatemix
