#pragma once
#include <vector>

#include "engine/penalties/penalty.hpp"

namespace gatemix {

/// lambda sum over groups of sqrt(terms in it) times the Euclidean norm of
/// all their coefficients, of all experts together. Yuan and Lin (2006), Model
/// selection and estimation in regression with grouped variables, JRSS B 68.
class GroupLasso : public Penalty {
 public:
  explicit GroupLasso(const PenaltySpec& spec);

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

 private:
  struct Group {
    arma::uvec terms;
    double lambda;  // 0: not penalised
  };
  /// The largest eigenvalue that a group's part of H can have, per row.
  double bound(Quadratic& q, const Group& group, double weight) const;
  double sweep(Quadratic& q, arma::mat& b, const arma::vec& bounds,
               double weight, bool all) const;
  double move_group(Quadratic& q, arma::mat& b, const Group& group, double h,
                    double weight) const;
  double move_terms(Quadratic& q, arma::mat& b, const Group& group,
                    double weight) const;
  arma::mat gradient_at(Quadratic& q, const Group& group) const;
  /// Coefficients, or gradients, of a group in the units of the penalty.
  arma::mat scaled(const arma::mat& b, const Group& group) const;
  arma::mat gradient_of(arma::mat gradient, const Group& group,
                        double weight) const;

  std::vector<Group> groups_;
  arma::vec lambda_;  // by term
  arma::vec unit_;
};

}  // namespace gatemix
