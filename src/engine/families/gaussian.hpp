#pragma once
#include "engine/covariance/covariances.hpp"

namespace gatemix {

/// out[i] += log N(e_i; mean, Sigma_k) for the rows e_i of `e`. `scratch` is
/// overwritten.
void add_gaussian_log_density(const Covariances& covariances, arma::uword k,
                              const arma::mat& e, const arma::vec& mean,
                              arma::mat& scratch, double* out);

}  // namespace gatemix
