#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/covariance/covariances.hpp"
#include "engine/model/gate.hpp"
#include "engine/model/spec.hpp"
#include "engine/penalties/penalty.hpp"

namespace gatemix {

/// g_k(z) proportional to pi_k N(z; c_k, Gamma_k), estimated with the joint
/// likelihood of (z, y): closed-form M-steps. The first column of the gate's
/// design is the intercept, the others are z. A penalty is on the means c_k.
class GaussianGate : public Gate {
 public:
  /// Options: "covariance" and "shared"; setting: "min_variance".
  explicit GaussianGate(const BlockSetup& setup);

  bool generative() const override { return true; }
  void add_log_density(Batch& batch, arma::mat& log_joint) const override;
  void accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                  double* stats) const override;
  void solve(const double* stats, const SolveOptions& options) override;
  arma::vec score(const double* stats) const override;
  arma::mat information(const double* stats) const override;
  arma::uvec score_coordinates(arma::uword k) const override;
  void row_scores(Batch& batch, arma::uword k,
                  double* columns) const override;
  arma::vec coordinates() const override;
  void set_coordinates(const arma::vec& coordinates) override;
  std::vector<std::string> coordinate_names() const override;
  bool penalised() const override { return penalty_ != nullptr; }
  bool selects() const override { return penalty_ && penalty_->selects(); }
  double penalty() const override;
  double violation(const double* stats, double weight) const override;
  Tangent tangent(double weight) const override;
  void keep_pattern(arma::vec& coordinates) const override;
  void permute(const arma::uvec& order) override;
  arma::uvec floored() const override { return covariances_.floored(); }

 private:
  struct Moments {
    arma::vec weight;  // K
    arma::mat sum;     // d x K
    /// Sums of products about the means `center` (d x K), as the covariance
    /// structures want them.
    arma::vec about_center;
  };
  /// Moments about the weighted means, or about `center` where given.
  Moments moments(const double* stats, const arma::mat* center) const;
  arma::mat mean_score(const Moments& sums) const;
  arma::mat penalised_means(const Moments& sums) const;

  arma::uword n_experts_;
  std::vector<std::string> terms_;  // without the intercept
  arma::uword dimension_;
  arma::vec log_weight_;
  arma::mat mean_;  // d x K
  Covariances covariances_;
  std::shared_ptr<const Penalty> penalty_;
  // statistics: raw moments of (1, z), which is centred and scaled; without
  // products where the covariances have none
  Field sum_, square_, gram_;
  // parameters
  Field log_ratios_at_, means_at_, covariances_at_;
};

}  // namespace gatemix
