#pragma once
#include <functional>
#include <string>
#include <vector>

#include "engine/data/batch.hpp"
#include "engine/model/packing.hpp"

namespace gatemix {

/// How far solve() may go from the current parameters. EM drivers use
/// fraction 1; after a Newton step that overshot, a smaller one. Exact
/// (closed-form) M-steps cannot overshoot and go all the way.
struct SolveOptions {
  double newton_fraction = 1.0;
  bool after_overshoot() const { return newton_fraction < 1.0; }
};

/// All rows, for an M-step that needs them beside their statistics.
struct Rows {
  const Design& design;
  const arma::mat& tau;    // responsibilities times case weights, n x K
  const arma::mat& score;  // see predictor_scores()
  const std::function<bool()>& interrupted;  // see Runtime
};

/// The directions in which a penalised block is smooth at its parameters: a
/// column each, in coordinates; along them the penalty's derivatives and second
/// derivatives, times the weight of the rows.
struct Tangent {
  arma::mat basis;
  arma::vec slope;
  arma::mat curvature;
};

/// A coordinate that belongs to no column of the design.
constexpr arma::uword kNoColumn = static_cast<arma::uword>(-1);

/// A group of parameters that can be estimated from weighted rows: a gate, or
/// the K experts together. Three stages, as in any EM algorithm:
///   add_log_density   the block's part of log g_k f_k for a block of rows,
///   accumulate        adds the block's sufficient statistics of these rows,
///   solve             new parameters from the statistics.
/// Statistics are taken at the current parameters and can only be added.
/// `coordinates` are an unconstrained vector of the parameters (logarithms of
/// scales, ...), in which acceleration extrapolates and the score is taken.
class ParameterBlock {
 public:
  virtual ~ParameterBlock() = default;

  /// Names, shapes and places of the statistics in their flat vector, and of
  /// the parameters in coordinates().
  const Packing& statistics() const { return statistics_; }
  const Packing& parameters() const { return parameters_; }

  /// log_joint(:, k) += log density of expert k (or log gate k).
  virtual void add_log_density(Batch& batch, arma::mat& log_joint) const = 0;
  /// `tau`: responsibilities times case weights. `evaluated`: whether
  /// add_log_density() has just run on this batch.
  virtual void accumulate(Batch& batch, const arma::mat& tau, bool evaluated,
                          double* stats) const = 0;
  virtual void solve(const double* stats, const SolveOptions& options) = 0;
  /// Whether solve_rows() takes the place of solve(), whose statistics are not
  /// all there or not enough.
  virtual bool by_rows() const { return false; }
  virtual void solve_rows(const Rows&, const double*, const SolveOptions&) {}

  /// Score of the observed likelihood by Fisher's identity, in coordinates().
  /// Where a bound is active and the score pushes against it, it is 0.
  virtual arma::vec score(const double* stats) const = 0;
  /// Whether the statistics hold what information() needs.
  virtual bool has_information() const { return true; }
  /// Information of the complete data: minus the second derivative of the
  /// expected complete log-likelihood that the statistics stand for.
  virtual arma::mat information(const double* stats) const = 0;
  /// The coordinates that expert k's density depends on, and for each row
  /// of an evaluated batch the derivatives of its logarithm, one column each.
  virtual arma::uvec score_coordinates(arma::uword k) const = 0;
  virtual void row_scores(Batch& batch, arma::uword k,
                          double* columns) const = 0;

  virtual arma::vec coordinates() const = 0;
  virtual void set_coordinates(const arma::vec& coordinates) = 0;
  virtual std::vector<std::string> coordinate_names() const = 0;
  virtual bool penalised() const { return false; }
  /// Whether the penalty can set coefficients to 0.
  virtual bool selects() const { return false; }
  /// Value of the block's penalty at the current parameters, per row.
  virtual double penalty() const { return 0.0; }
  /// How far the parameters are from a stationary point of the penalised
  /// objective, per row: without a penalty the largest element of the score.
  virtual double violation(const double* stats, double weight) const {
    const arma::vec s = score(stats);
    return s.is_empty() ? 0.0 : arma::abs(s).max() / weight;
  }
  /// Gives extrapolated coordinates the pattern of zeros and signs that the
  /// current parameters, an M-step's, have.
  virtual void keep_pattern(arma::vec&) const {}

  virtual Tangent tangent(double) const {
    const arma::uword n = coordinates().n_elem;
    return {arma::mat(n, n, arma::fill::eye), arma::vec(n, arma::fill::zeros),
            arma::mat(n, n, arma::fill::zeros)};
  }

  // A penalised block may be fitted on some columns of its design: these say
  // which coordinates belong to which, and which columns are missing.

  /// For each coordinate the column of the design that it belongs to, or
  /// kNoColumn.
  virtual arma::uvec coordinate_columns() const {
    return arma::uvec(coordinates().n_elem).fill(kNoColumn);
  }
  /// For each row of a batch the derivatives of sum_k tau_k log(g_k f_k) by
  /// the block's linear predictors, one column each.
  virtual arma::mat predictor_scores(Batch&, const arma::mat&, bool) const {
    return {};
  }
  /// By column of the design: see Penalty::excess(). `gradient`: the
  /// predictor scores' cross product with the design.
  virtual arma::vec excess(const arma::mat&, double) const { return {}; }
  /// Puts expert order[k] into place k.
  virtual void permute(const arma::uvec& order) = 0;
  /// Experts held at a bound (variance floor), 0/1 each; empty: none can be.
  virtual arma::uvec floored() const { return {}; }

 protected:
  // filled by the constructors of derived classes
  Packing statistics_;
  Packing parameters_;
};

}  // namespace gatemix
