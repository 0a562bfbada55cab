#include "penalty.hpp"

namespace gatemix {

PenaltySpec PenaltySpec::select(const arma::uvec& terms) const {
  PenaltySpec out = *this;
  if (name.empty()) return out;
  out.factor = factor.elem(terms);
  out.unit = unit.elem(terms);
  out.group = group.elem(terms);
  return out;
}

void keep_pattern(const arma::mat& image, arma::mat& extrapolated) {
  for (arma::uword i = 0; i < image.n_elem; ++i)
    if (!(image[i] * extrapolated[i] > 0.0)) extrapolated[i] = image[i];
}

}  // namespace gatemix
