#pragma once
#include "engine/maximise/em.hpp"
#include "engine/maximise/restricted.hpp"

namespace gatemix {

/// By column, how much the gradient exceeds the bound that keeps a coefficient
/// at 0 (see Penalty::excess()); empty for designs whose block has no penalty.
struct Excess {
  arma::vec x;
  arma::vec z;
};
Excess column_excess(const ModelSpec& spec, const Data& data,
                     const arma::vec& theta, const Runtime& runtime);

/// Runs EM for a penalised model on a working set of columns, which grows by
/// the columns that violate the optimality conditions until none does. So
/// a pass costs what the columns in use cost, whatever their number in the
/// data. `theta`: all coordinates, in and out. With `given`, it begins with an
/// M-step from these responsibilities. The result's `gradient` is the largest
/// violation over all columns.
EmResult run_working_set(const ModelSpec& spec, const Data& data,
                         arma::vec& theta, const Responsibilities& given,
                         const EmControl& control, const Runtime& runtime);

}  // namespace gatemix
