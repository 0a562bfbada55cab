#pragma once
#include "base/armadillo.hpp"

namespace gatemix {

/// x[i] <- exp(x[i]), vectorised; relative error below 4e-16. Arguments below
/// -708 give exp(-708) = 3e-308: as a responsibility, nothing.
void exp_in_place(double* x, arma::uword n);

/// x[i] <- log(x[i]) for positive, normal x[i], vectorised; relative error
/// below 4e-16 (absolute error below 4e-16 near 1).
void log_in_place(double* x, arma::uword n);

/// Rows of `m` on the log scale become probabilities; `log_sum` receives the
/// log of each row's sum of exponentials. The only log-sum-exp of the engine.
void softmax_rows(arma::mat& m, arma::vec& log_sum);

}  // namespace gatemix
