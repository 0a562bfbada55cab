#pragma once
#include <memory>
#include <string>

#include "parameter_block.hpp"
#include "quadratic.hpp"

namespace gatemix {

/// A penalty in words. Vectors have an element for each term of a design.
struct PenaltySpec {
  std::string name;  // key of the registry; empty: no penalty
  double lambda = 0.0;
  double alpha = 1.0;  // elastic net: share of the l1 norm
  double shape = 0.0;  // SCAD, MCP: where the penalty becomes constant
  arma::vec factor;    // multiplies lambda; 0: the term is not penalised
  arma::vec unit;      // coefficient times unit is what is penalised
  arma::uvec group;    // terms of one group enter together

  /// The same for some of the terms.
  PenaltySpec select(const arma::uvec& terms) const;
};

/// A penalty sees no data, only the quadratic that the statistics give. So it
/// is written once and serves gates and experts. `b` has a row for each term
/// and a column for each predictor (expert, class, response); the statistics
/// are sums over rows with the total `weight`, the penalty is per row.
class Penalty {
 public:
  virtual ~Penalty() = default;

  virtual double value(const arma::mat& b) const = 0;
  /// New coefficients b + d of which d minimises q(d) + weight pen(b + d), to
  /// a fraction of what is left; never worse than b. `near`: with a convex
  /// majorant in the place of a penalty that is not convex. Where q is right
  /// near b only, the way to its minimum may begin uphill; the way to the
  /// majorant's begins downhill.
  virtual arma::mat minimise(Quadratic& q, const arma::mat& b, double weight,
                             bool near) const = 0;
  /// How far g is from weight times the subdifferential of the penalty at b,
  /// per row: the largest component.
  virtual double violation(const arma::mat& gradient, const arma::mat& b,
                           double weight) const = 0;
  /// For each term whose coefficients are 0, by how much the gradient per row
  /// exceeds what the penalty holds back.
  virtual arma::vec excess(const arma::mat& gradient,
                           double weight) const = 0;
  virtual bool penalises(arma::uword term) const = 0;
  /// Whether large coefficients cost no more than others: then they may
  /// diverge as those of an unpenalised gate.
  virtual bool bounded() const { return false; }
  /// Where the penalty is smooth: the coefficients that are not 0 or not
  /// penalised, counted by columns.
  virtual arma::uvec free_cells(const arma::mat& b) const = 0;
  /// Derivatives per row at these, and the second ones.
  virtual arma::mat slopes(const arma::mat& b) const = 0;
  virtual arma::mat curvature(const arma::mat& b,
                              const arma::uvec& cells) const = 0;
  /// For each term the number that, subtracted from its coefficients, makes
  /// the penalty smallest: a softmax gate may be translated.
  virtual arma::vec centre(const arma::mat& b) const = 0;
};

/// The tangent of a block whose coefficients `b` are its coordinates from
/// `first` on and may move in `cells`; of `n` coordinates the others are free.
Tangent coefficient_tangent(const Penalty& penalty, const arma::mat& b,
                            const arma::uvec& cells, arma::uword first,
                            arma::uword n, double weight);

/// The pattern of `image` for a point that was extrapolated: what is 0 there
/// stays 0, and no coefficient changes its sign.
void keep_pattern(const arma::mat& image, arma::mat& extrapolated);

}  // namespace gatemix
