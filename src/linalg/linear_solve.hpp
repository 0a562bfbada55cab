#pragma once
#include "base/armadillo.hpp"

namespace gatemix {

/// d with H d = g for a symmetric positive semi-definite H. Where H is
/// singular to working precision, a damped solution (H + c diag(H)) d = g:
/// directions without information then get no step, and a fixed point of
/// b <- b + d is still a zero of g.
arma::mat solve_positive(const arma::mat& h, const arma::mat& g);

/// Columns that a pivoted Cholesky factorisation of the Gram matrix keeps:
/// 1 where the column is not (to `tolerance`) a combination of the columns
/// before it, in the order of the columns, as lm() does.
struct IndependentColumns {
  arma::uvec keep;       // 0/1
  double smallest_kept;  // smallest squared distance of a kept column
};
IndependentColumns independent_columns(const arma::mat& gram,
                                       double tolerance);

}  // namespace gatemix
