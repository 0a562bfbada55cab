#pragma once
#include <memory>
#include <string>

#include "engine/model/spec.hpp"
#include "engine/penalties/quadratic.hpp"

namespace gatemix {

/// A penalty sees no data, only the quadratic that the statistics give. So it
/// is written once and serves gates and experts. `b` has a row for each term
/// and a column for each predictor (expert, class, response); the statistics
/// are sums over rows with the total `weight`, the penalty is per row.
class Penalty {
 public:
  virtual ~Penalty() = default;

  virtual double value(const arma::mat& b) const = 0;
  /// Returns new coefficients b + d, where d minimises q(d) + weight * pen(b+d),
  /// to a fraction of what is left; never worse than b. `majorise`: with a
  /// convex majorant in the place of a penalty that is not convex. Where q is
  /// right near b only, the way to its minimum may begin uphill; the way to the
  /// majorant's begins downhill.
  virtual arma::mat minimise(Quadratic& q, const arma::mat& b, double weight,
                             bool majorise) const = 0;
  /// Returns how far g is from weight times the subdifferential of the penalty
  /// at b, per row: the largest element.
  virtual double violation(const arma::mat& gradient, const arma::mat& b,
                           double weight) const = 0;
  /// Returns for each term whose coefficients are 0 by how much the gradient
  /// per row exceeds the bound that the penalty sets.
  virtual arma::vec excess(const arma::mat& gradient,
                           double weight) const = 0;
  virtual bool penalises(arma::uword term) const = 0;
  /// Whether it can set coefficients to 0.
  virtual bool selects() const { return true; }
  /// Whether large coefficients cost no more than others: then they may
  /// diverge as those of an unpenalised gate.
  virtual bool bounded() const { return false; }
  /// Returns the coefficients in which the penalty is smooth, those that are
  /// not 0 or not penalised, counted by columns.
  virtual arma::uvec free_cells(const arma::mat& b) const = 0;
  /// Return its first derivatives per row there, and the second ones.
  virtual arma::mat slopes(const arma::mat& b) const = 0;
  virtual arma::mat curvature(const arma::mat& b,
                              const arma::uvec& cells) const = 0;
  /// Returns for each term the number that, subtracted from its coefficients,
  /// makes the penalty smallest: a softmax gate may be translated.
  virtual arma::vec centre(const arma::mat& b) const = 0;
};

}  // namespace gatemix
