#pragma once
#include <algorithm>
#include <cmath>

#include "base/armadillo.hpp"

namespace gatemix {

/// Minus the symmetrised Jacobian of a score, by central differences. For
/// functions of a few sufficient statistics, where a formula would be longer
/// and no faster.
template <class Score>
arma::mat minus_jacobian(const arma::vec& at, Score score) {
  arma::mat out(at.n_elem, at.n_elem);
  for (arma::uword j = 0; j < at.n_elem; ++j) {
    const double h = 1e-5 * std::max(1.0, std::abs(at[j]));
    arma::vec moved = at;
    moved[j] = at[j] + h;
    const arma::vec above = score(moved);
    moved[j] = at[j] - h;
    out.col(j) = (score(moved) - above) / (2.0 * h);
  }
  return 0.5 * (out + out.t());
}

}  // namespace gatemix
