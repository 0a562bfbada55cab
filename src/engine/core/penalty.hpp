#pragma once
#include "../armadillo.hpp"

namespace gatemix {

/// A penalty sees no data, only the quadratic that the statistics give. From
/// the current coefficients b it returns the step d that minimises
///   1/2 d' H d - g' d + pen(b + d)
/// or, for a nearly singular H, a damped version of it with the same fixed
/// point. So a penalty is written once and serves gates and experts.
class Penalty {
 public:
  virtual ~Penalty() = default;
  virtual double value(const arma::vec& coefficients) const = 0;
  virtual arma::vec step(const arma::mat& information, const arma::vec& score,
                         const arma::vec& coefficients) const = 0;
};

}  // namespace gatemix
