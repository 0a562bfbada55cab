#pragma once
#include "engine/model/parameter_block.hpp"
#include "engine/penalties/penalty.hpp"

namespace gatemix {

// Penalised coefficients of linear predictors: a matrix with a row per term
// and a column per predictor, which lies among the coordinates of a block.

/// Returns the tangent of a block whose coefficients `b` are its coordinates
/// from `first` on and may move in `cells`; of `n` coordinates the others are
/// free.
Tangent coefficient_tangent(const Penalty& penalty, const arma::mat& b,
                            const arma::uvec& cells, arma::uword first,
                            arma::uword n, double weight);

/// Gives an extrapolated point the pattern of `image`: what is 0 there stays
/// 0, and no coefficient changes its sign.
void keep_pattern(const arma::mat& image, arma::mat& extrapolated);

/// Returns for each of `n` coordinates its column of the design; kNoColumn for
/// those outside of `coefficients`.
arma::uvec coefficient_columns(const Field& coefficients, arma::uword n);

}  // namespace gatemix
