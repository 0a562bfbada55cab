#pragma once
// The one place that chooses the Armadillo configuration. Two configurations
// in one shared object would break the one-definition rule.
//
// Inside R: RcppArmadillo (its integer size, its output streams).
// Elsewhere (the engine's own tests): plain Armadillo.
#if defined(GATEMIX_IN_R)
#include <RcppArmadillo/Lighter>
#else
#include <armadillo>
#endif
