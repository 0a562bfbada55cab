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
