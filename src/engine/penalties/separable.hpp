#pragma once
#include "engine/penalties/penalty.hpp"

namespace gatemix {

/// A sum over coefficients of phi(|unit b|; factor lambda), minimised by cyclic
/// coordinate descent. Derived classes are four functions of one number; all
/// are per row.
class SeparablePenalty : public Penalty {
 public:
  explicit SeparablePenalty(const PenaltySpec& spec);

  double value(const arma::mat& b) const override;
  arma::mat minimise(Quadratic& q, const arma::mat& b, double weight,
                     bool majorise) const override;
  double violation(const arma::mat& gradient, const arma::mat& b,
                   double weight) const override;
  arma::vec excess(const arma::mat& gradient, double weight) const override;
  bool penalises(arma::uword term) const override {
    return lambda_[term] > 0.0;
  }
  arma::uvec free_cells(const arma::mat& b) const override;
  arma::mat slopes(const arma::mat& b) const override;
  arma::mat curvature(const arma::mat& b,
                      const arma::uvec& cells) const override;
  arma::vec centre(const arma::mat& b) const override;

 protected:
  /// One sweep, over `all` coefficients or those that are not 0 or not
  /// penalised: how far it moved the gradient. `majorant`: slopes of an l1 norm
  /// that takes the place of the penalty; empty: none does.
  double sweep(Quadratic& q, arma::mat& b, double weight, bool all,
               const arma::mat& majorant) const;
  virtual double phi(double size, double lambda) const = 0;
  /// Derivative of phi; at 0 the one from the right.
  virtual double slope(double size, double lambda) const = 0;
  /// Second derivative, not at 0.
  virtual double bend(double size, double lambda) const = 0;
  /// argmin over t of 1/2 h (t - z)^2 + phi(|t|), h > 0.
  virtual double shrink(double z, double h, double lambda) const = 0;
  /// argmin over c of sum_k phi(|b_k - c|).
  virtual double best_centre(const arma::rowvec& b, double lambda) const;
  /// The best of the coefficients themselves: where phi is concave, and for
  /// the l1 norm, the minimum is at one of them. Ties: the last.
  double best_kink(const arma::rowvec& b, double lambda) const;
  double sum_at(const arma::rowvec& b, double c, double lambda) const;

 private:
  arma::vec lambda_;  // factor times lambda
  arma::vec hold_;    // gradient per row that a coefficient of 0 withstands
  arma::vec unit_;
};

}  // namespace gatemix
