#include "engine/penalties/support.hpp"

#include "engine/penalties/descent.hpp"

namespace gatemix {

Support::Support(const PenaltySpec& spec)
    : SeparablePenalty(spec), selects_(spec.alpha > 0.0) {}

arma::mat Support::minimise(Quadratic& q, const arma::mat& b, double weight,
                            bool) const {
  arma::mat out = b;
  descend([&](bool) { return sweep(q, out, weight, false, {}); });
  return out;
}

double Support::violation(const arma::mat& gradient, const arma::mat& b,
                          double weight) const {
  arma::mat free(arma::size(b), arma::fill::zeros);
  const arma::uvec cells = free_cells(b);
  free.elem(cells) = gradient.elem(cells);
  return SeparablePenalty::violation(free, b, weight);
}

arma::vec Support::excess(const arma::mat& gradient, double) const {
  return arma::vec(gradient.n_rows).fill(-arma::datum::inf);
}

double Support::best_centre(const arma::rowvec& b, double) const {
  arma::uword most = 0;
  double best = 0.0;
  for (arma::uword k = b.n_elem; k-- > 0;) {
    const arma::uword same = arma::accu(b == b[k]);
    if (same > most) {
      most = same;
      best = b[k];
    }
  }
  return best;
}

}  // namespace gatemix
