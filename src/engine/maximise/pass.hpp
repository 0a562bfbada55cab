#pragma once
#include "base/runtime.hpp"
#include "engine/data/shards.hpp"
#include "engine/model/mixture.hpp"

namespace gatemix {

/// Runs one pass over the rows, an E-step fused with the statistics; the n x K
/// matrix of responsibilities never exists. Where `given` responsibilities are
/// set they replace the E-step and the objective is left at 0.
///
/// Rows go to a number of shards that depends on their number alone, and the
/// shards' statistics are added in order: any number of threads gives the
/// same bits.
arma::vec run_pass(const Mixture& model, const Data& data, RowRange rows,
                   const Responsibilities& given, const Runtime& runtime);

/// Sums over rows of products of scores: of the scores that a row would have
/// if its label were known, averaged over the label, and of the averages.
struct ScoreProducts {
  arma::mat complete;  // sum_i w_i E(s_i s_i' | data)
  arma::mat observed;  // sum_i w_i E(s_i | data) E(s_i | data)'
  /// Returns the part of the complete-data information that the unknown labels
  /// take away: the observed information is complete_information() minus this.
  /// Louis (1982), Finding the observed information matrix when using the EM
  /// algorithm, JRSS B 44, 226-233.
  arma::mat missing_information() const { return complete - observed; }
};
ScoreProducts score_products(const Mixture& model, const Data& data,
                             const Runtime& runtime);

/// Derivatives of the rows' log-likelihood by the linear predictors, a row
/// each: their cross product with a design is the score of its coefficients,
/// also of columns that the model does not have.
struct PredictorScores {
  arma::mat tau;     // n x K, the responsibilities times case weights
  arma::mat gate;    // n x K; empty: the gate has no linear predictors
  arma::mat expert;  // n x (K q)
};
PredictorScores predictor_scores(const Mixture& model, const Data& data,
                                 const Responsibilities& given,
                                 const Runtime& runtime);

/// Takes an M-step: new parameters from the statistics at the current ones,
/// and from the rows themselves where a block asks for them.
void m_step(Mixture& model, const Data& data, const Responsibilities& given,
            const arma::vec& statistics, const SolveOptions& options,
            const Runtime& runtime);

/// Returns sum_i w_i log sum_k g_k(z_i) for a generative gate and 0 for others:
/// the joint log-likelihood minus this is the conditional one.
double gate_log_likelihood(const Mixture& model, const Data& data,
                           const Runtime& runtime);

/// All values of each row that predictions are made of: n x K gate
/// probabilities, log densities and posterior probabilities, and n x (K q)
/// standardised means. Without a response the middle two stay empty.
struct RowValues {
  arma::mat gate;
  arma::mat mean;
  arma::mat log_expert;
  arma::mat posterior;
  arma::vec log_gate;     // log sum_k of a generative gate's densities, else 0
  arma::vec log_density;  // log sum_k g_k f_k
};
RowValues evaluate_rows(const Mixture& model, const Data& data,
                        const Runtime& runtime);

}  // namespace gatemix
