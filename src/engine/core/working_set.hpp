#pragma once
#include <functional>

#include "em.hpp"
#include "registry.hpp"

namespace gatemix {

/// Columns of the two designs that a model uses, in increasing order.
struct Columns {
  arma::uvec x;
  arma::uvec z;
};

/// A problem with some of its columns. The experts' design is restricted where
/// the experts are penalised, the gate's where a softmax gate is.
class Restricted {
 public:
  Restricted(const ModelSpec& spec, const Data& data, Columns use);
  Restricted(const Restricted&) = delete;
  Restricted& operator=(const Restricted&) = delete;

  const Columns& columns() const { return use_; }
  const Data& data() const { return data_; }
  /// The model with the coordinates of these columns among `theta` (all).
  Mixture model(const arma::vec& theta) const;
  /// All coordinates: 0 for the columns that are not in use.
  arma::vec expand(const arma::vec& restricted) const;

 private:
  Columns use_;
  Design x_;
  Design z_;
  Data data_;
  ModelSpec spec_;
  arma::uvec kept_;  // positions of the coordinates among all
  arma::uword size_;
};

/// The columns whose coefficients are not all 0, and those that have to be
/// there: not penalised, or few enough.
Columns used_columns(const ModelSpec& spec, const Data& data,
                     const arma::vec& theta);

/// By column, how much the gradient exceeds what keeps a coefficient at 0 (see
/// Penalty::excess()); empty for designs whose block has no penalty.
struct Excess {
  arma::vec x;
  arma::vec z;
};
Excess column_excess(const ModelSpec& spec, const Data& data,
                     const arma::vec& theta, const Runtime& runtime);

/// EM for a penalised model: run_em() on a working set of columns, which grows
/// by the columns that violate the optimality conditions until none does. So
/// a pass costs what the columns in use cost, whatever their number in the
/// data. `theta`: all coordinates, in and out. With `given`, it begins with an
/// M-step from these responsibilities. The result's `gradient` is the largest
/// violation over all columns.
EmResult run_working_set(const ModelSpec& spec, const Data& data,
                         arma::vec& theta, const Responsibilities& given,
                         const EmControl& control, const Runtime& runtime);

}  // namespace gatemix
