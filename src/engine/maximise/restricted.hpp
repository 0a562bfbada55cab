#pragma once
#include "engine/data/data.hpp"
#include "engine/model/mixture.hpp"
#include "engine/model/spec.hpp"

namespace gatemix {

/// Columns of the two designs that a model uses, in increasing order.
struct Columns {
  arma::uvec x;
  arma::uvec z;
};

/// Whether a block can be fitted on some columns of its design: it is
/// penalised, and its coefficients belong to columns.
bool restricts(const ParameterBlock& block);

/// Whether the gate's columns are those of the experts because it reads none.
bool gate_follows(const Mixture& model, const Data& data);

/// Returns the columns whose coefficients are not all 0, and those that have
/// to be there: not penalised, or few enough.
Columns used_columns(const ModelSpec& spec, const Data& data,
                     const arma::vec& theta);

/// A problem with some of its columns. The designs of blocks that do not
/// restrict() keep theirs.
class Restricted {
 public:
  Restricted(const ModelSpec& spec, const Data& data, Columns use);
  Restricted(const Restricted&) = delete;
  Restricted& operator=(const Restricted&) = delete;

  const Columns& columns() const { return use_; }
  const Data& data() const { return data_; }
  /// Returns the model with the coordinates of these columns among `theta`
  /// (all).
  Mixture model(const arma::vec& theta) const;
  /// Returns all coordinates: 0 for the columns that are not in use.
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

}  // namespace gatemix
