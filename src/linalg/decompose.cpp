#include "linalg/decompose.hpp"

#include <string>

#include "base/errors.hpp"

namespace gatemix {

namespace {

void require(bool success, const char* decomposition) {
  if (!success)
    throw NumericError(std::string(decomposition) +
                       " failed: a matrix is singular or not finite");
}

}  // namespace

arma::mat cholesky(const arma::mat& m) {
  arma::mat lower;
  require(arma::chol(lower, m, "lower"), "a Cholesky factorisation");
  return lower;
}

SymmetricEigen symmetric_eigen(const arma::mat& m) {
  SymmetricEigen out;
  require(arma::eig_sym(out.values, out.vectors, m),
          "an eigenvalue decomposition");
  return out;
}

arma::vec symmetric_eigenvalues(const arma::mat& m) {
  arma::vec values;
  require(arma::eig_sym(values, m), "an eigenvalue decomposition");
  return values;
}

arma::mat inverse_lower(const arma::mat& lower) {
  arma::mat out;
  require(arma::inv(out, arma::trimatl(lower)), "an inversion");
  return out;
}

arma::mat solve_lower(const arma::mat& lower, const arma::mat& right) {
  arma::mat out;
  require(arma::solve(out, arma::trimatl(lower), right), "a linear system");
  return out;
}

arma::mat solve_lower_transposed(const arma::mat& lower,
                                 const arma::mat& right) {
  arma::mat out;
  require(arma::solve(out, arma::trimatu(lower.t()), right),
          "a linear system");
  return out;
}

}  // namespace gatemix
