#pragma once
#include "base/armadillo.hpp"

namespace gatemix {

// Armadillo's decompositions, which fail where a matrix is singular or not
// finite: they then throw NumericError.

/// Returns the lower Cholesky factor of a symmetric matrix.
arma::mat cholesky(const arma::mat& m);

/// Eigenvalues of a symmetric matrix in ascending order, and eigenvectors.
struct SymmetricEigen {
  arma::vec values;
  arma::mat vectors;
};
SymmetricEigen symmetric_eigen(const arma::mat& m);
arma::vec symmetric_eigenvalues(const arma::mat& m);

/// Returns the inverse of a lower triangular matrix.
arma::mat inverse_lower(const arma::mat& lower);

/// Returns lower^-1 right, and the same for the transposed factor.
arma::mat solve_lower(const arma::mat& lower, const arma::mat& right);
arma::mat solve_lower_transposed(const arma::mat& lower,
                                 const arma::mat& right);

}  // namespace gatemix
