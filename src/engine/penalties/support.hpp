#pragma once
#include "engine/penalties/separable.hpp"

namespace gatemix {

/// No penalty, but what is 0 stays 0: the refit of a support. It can begin at
/// coefficients only, whose zeros say what the support is.
class Support : public SeparablePenalty {
 public:
  explicit Support(const PenaltySpec& spec);

  arma::mat minimise(Quadratic& q, const arma::mat& b, double weight,
                     bool majorise) const override;
  double violation(const arma::mat& gradient, const arma::mat& b,
                   double weight) const override;
  arma::vec excess(const arma::mat& gradient, double weight) const override;
  bool bounded() const override { return true; }
  /// The refit of a ridge keeps all columns.
  bool selects() const override { return selects_; }

 protected:
  double phi(double, double) const override { return 0.0; }
  double slope(double, double) const override { return 0.0; }
  double bend(double, double) const override { return 0.0; }
  double shrink(double z, double, double) const override { return z; }
  /// The value that most experts share: they are the zeros.
  double best_centre(const arma::rowvec& b, double lambda) const override;

 private:
  bool selects_;
};

}  // namespace gatemix
