#pragma once
#include <memory>
#include <string>
#include <vector>

#include "engine/covariance/covariances.hpp"
#include "engine/model/expert.hpp"
#include "engine/model/spec.hpp"
#include "engine/penalties/penalty.hpp"
#include "engine/penalties/row_quadratic.hpp"

namespace gatemix {

/// y | x, k ~ N(B_k' x, Sigma_k). The statistics are those of the residuals at
/// the current B_k, so that the M-step is also one step of iterative
/// refinement: at convergence it is as accurate as a QR decomposition.
class GaussianExpert : public Expert {
 public:
  /// Options: "covariance" and "shared"; setting: "min_variance".
  explicit GaussianExpert(const BlockSetup& setup);

  void add_log_density(Batch& batch, arma::mat& log_joint) const override;
  void accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                  double* stats) const override;
  void solve(const double* stats, const SolveOptions& options) override;
  bool by_rows() const override { return wide_; }
  void solve_rows(const Rows& rows, const double* stats,
                  const SolveOptions& options) override;
  arma::vec score(const double* stats) const override;
  bool has_information() const override { return !wide_; }
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
  arma::uvec coordinate_columns() const override;
  arma::mat predictor_scores(Batch& batch, const arma::mat& tau,
                             bool evaluated) const override;
  arma::vec excess(const arma::mat& gradient, double weight) const override;
  void permute(const arma::uvec& order) override;
  arma::uvec floored() const override { return covariances_.floored(); }
  void mean(Batch& batch, arma::mat& out) const override;

 private:
  /// The statistics, seen as matrices.
  struct View {
    arma::vec weight;   // K
    arma::mat gram;     // packed x'x, one column per expert; wide: empty
    arma::mat cross;    // x'e, p x (q K)
    arma::vec moments;  // second moments of e, one expert after another
  };
  View view(const double* stats) const;
  arma::vec score_of(const View& sums) const;
  arma::mat slope_score(const View& sums) const;
  /// The same sums after a change of the coefficients.
  View about(View sums, const arma::mat& move) const;
  void set_residuals(Batch& batch) const;
  arma::mat residual(Batch& batch, arma::uword k) const;
  /// The change of all coefficients, at the current covariances.
  arma::mat best_move(const View& sums) const;
  arma::mat penalised_move(const View& sums) const;
  /// Sigma_k^-1.
  arma::mat precision(arma::uword k) const;
  RowQuadratic row_quadratic(const Rows& rows) const;
  /// The second moments after a move, where the Gram matrices are not known:
  /// from x'e before and after it.
  arma::vec moved_moments(const View& sums, const arma::mat& move,
                          Quadratic& after) const;

  arma::uword n_experts_;
  std::vector<std::string> terms_;
  arma::uword n_terms_;
  arma::uword n_responses_;
  std::shared_ptr<const Penalty> penalty_;
  bool wide_;
  arma::mat coefficients_;  // p x (q K), column k * q + j
  Covariances covariances_;
  // statistics, see View
  Field gram_, cross_, moments_;
  // parameters
  Field coefficients_at_, covariances_at_;
};

}  // namespace gatemix
