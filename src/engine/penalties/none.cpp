#include "none.hpp"

#include "../core/linear_solve.hpp"

namespace gatemix {

arma::vec NoPenalty::step(const arma::mat& information, const arma::vec& score,
                          const arma::vec&) const {
  return solve_positive(information, score);
}

}  // namespace gatemix
