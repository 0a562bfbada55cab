#include "engine/maximise/pass.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "base/errors.hpp"
#include "engine/data/shards.hpp"
#include "linalg/kernels.hpp"
#include "linalg/vector_math.hpp"

namespace gatemix {

namespace {

/// Returns how many rows a block has: a few dozen columns of this length stay
/// in the cache.
arma::uword rows_per_block(const Mixture& model, const Data& data) {
  const arma::uword columns = data.x->row_size() + data.z->row_size() +
                              4 * model.n_experts() +
                              data.n_responses() * model.n_experts();
  const arma::uword rows = 32768 / (columns + 1);
  return std::min<arma::uword>(
      1024, std::max<arma::uword>(128, rows / 64 * 64));
}

/// Returns the number of statistics; refuses more than one vector can hold.
arma::uword n_statistics(const Mixture& model) {
  const std::size_t size = model.statistics().size();
  if (size > std::numeric_limits<arma::uword>::max())
    throw InputError("the model has too many terms for one vector of its "
                     "statistics");
  return static_cast<arma::uword>(size);
}

/// Reads the given responsibilities of a block, times the case weights.
void read_given(const Responsibilities& given, std::size_t n_rows,
                const Batch& batch, arma::uword n_experts,
                arma::mat& tau) {
  tau.zeros(batch.size, n_experts);
  for (arma::uword i = 0; i < batch.size; ++i)
    for (arma::uword k = 0; k < n_experts; ++k) {
      const std::size_t row = batch.first + i;
      const double share =
          given.labels ? (given.labels[row] == static_cast<int>(k) + 1)
                       : given.matrix[k * n_rows + row];
      tau(i, k) = share * batch.weight[i];
    }
}

}  // namespace

arma::vec run_pass(const Mixture& model, const Data& data, RowRange rows,
                   const Responsibilities& given, const Runtime& runtime) {
  const arma::uword block = rows_per_block(model, data);
  const arma::uword statistics = n_statistics(model);
  const std::vector<std::size_t> starts =
      shard_starts(rows, block, statistics);
  const std::size_t shards = starts.size() - 1;
  arma::mat parts(statistics, static_cast<arma::uword>(shards),
                  arma::fill::zeros);
  run_parallel(shards, runtime, [&](std::size_t s) {
    double* stats = parts.colptr(static_cast<arma::uword>(s));
    arma::mat log_joint;
    arma::vec log_density;
    for_each_batch(data, {starts[s], starts[s + 1]}, block, [&](Batch& batch) {
      if (given) {
        read_given(given, data.n_rows(), batch, model.n_experts(),
                   log_joint);
        model.add_rows_given(batch, log_joint, stats);
      } else {
        model.add_rows(batch, log_joint, log_density, stats);
      }
    });
  });
  arma::vec total = parts.col(0);
  for (arma::uword s = 1; s < parts.n_cols; ++s) total += parts.col(s);
  if (!std::isfinite(model.log_likelihood(total)))
    throw NumericError("the log-likelihood is not finite");
  return total;
}

ScoreProducts score_products(const Mixture& model, const Data& data,
                             const Runtime& runtime) {
  const arma::uword order =
      static_cast<arma::uword>(model.parameters().size());
  const arma::uword size = packed_size(order);
  const arma::uword block = rows_per_block(model, data) / 2;
  const std::vector<std::size_t> starts =
      shard_starts({0, data.n_rows()}, block, 2 * size);
  arma::mat parts(2 * size, static_cast<arma::uword>(starts.size() - 1),
                  arma::fill::zeros);
  run_parallel(parts.n_cols, runtime, [&](std::size_t s) {
    double* complete = parts.colptr(static_cast<arma::uword>(s));
    arma::mat log_joint;
    for_each_batch(data, {starts[s], starts[s + 1]}, block,
                   [&](Batch& batch) {
                     model.add_score_products(batch, log_joint, complete,
                                              complete + size);
                   });
  });
  const arma::vec total = arma::sum(parts, 1);
  return {unpack_symmetric(total.memptr(), order),
          unpack_symmetric(total.memptr() + size, order)};
}

PredictorScores predictor_scores(const Mixture& model, const Data& data,
                                 const Responsibilities& given,
                                 const Runtime& runtime) {
  PredictorScores out;
  const arma::uword block = rows_per_block(model, data);
  const std::size_t n = data.n_rows();
  out.tau.set_size(n, model.n_experts());
  arma::mat tau, gate, expert;
  arma::vec log_density;
  for_each_batch(data, {0, n}, block, [&](Batch& batch) {
    if (runtime.interrupted()) throw Interrupted();
    if (given)
      read_given(given, n, batch, model.n_experts(), tau);
    else
      model.responsibilities(batch, tau, log_density);
    model.predictor_scores(batch, tau, !given, gate, expert);
    if (batch.first == 0) {
      out.gate.set_size(gate.is_empty() ? 0 : n, gate.n_cols);
      out.expert.set_size(n, expert.n_cols);
    }
    const arma::uword a = static_cast<arma::uword>(batch.first),
                      b = a + batch.size - 1;
    out.tau.rows(a, b) = tau;
    if (!gate.is_empty()) out.gate.rows(a, b) = gate;
    out.expert.rows(a, b) = expert;
  });
  return out;
}

void m_step(Mixture& model, const Data& data, const Responsibilities& given,
            const arma::vec& statistics, const SolveOptions& options,
            const Runtime& runtime) {
  if (!model.by_rows()) return model.solve(statistics, options);
  const PredictorScores rows = predictor_scores(model, data, given, runtime);
  model.solve_rows({*data.z, rows.tau, rows.gate, runtime.interrupted},
                   {*data.x, rows.tau, rows.expert, runtime.interrupted},
                   statistics, options);
}

double gate_log_likelihood(const Mixture& model, const Data& data,
                           const Runtime& runtime) {
  if (!model.gate().generative()) return 0.0;
  const arma::uword block = rows_per_block(model, data);
  const std::vector<std::size_t> starts =
      shard_starts({0, data.n_rows()}, block, 1);
  arma::vec parts(static_cast<arma::uword>(starts.size() - 1),
                  arma::fill::zeros);
  run_parallel(parts.n_elem, runtime, [&](std::size_t s) {
    arma::mat joint;
    arma::vec log_sum;
    for_each_batch(data, {starts[s], starts[s + 1]}, block, [&](Batch& batch) {
      joint.zeros(batch.size, model.n_experts());
      model.gate().add_log_density(batch, joint);
      softmax_rows(joint, log_sum);
      parts[static_cast<arma::uword>(s)] += arma::dot(batch.weight, log_sum);
    });
  });
  return arma::accu(parts);
}

RowValues evaluate_rows(const Mixture& model, const Data& data,
                        const Runtime& runtime) {
  const std::size_t cells =
      data.n_rows() * model.n_experts() * data.n_responses();
  if (cells > std::numeric_limits<arma::uword>::max())
    throw InputError("too many rows for one prediction; predict in pieces");
  const arma::uword n = static_cast<arma::uword>(data.n_rows()),
                    k = model.n_experts();
  RowValues out;
  out.gate.set_size(n, k);
  out.mean.set_size(n, k * data.n_responses());
  out.log_gate.set_size(n);
  if (data.y) {
    out.log_expert.set_size(n, k);
    out.posterior.set_size(n, k);
    out.log_density.set_size(n);
  }
  arma::mat work;
  arma::vec log_sum;
  for_each_batch(data, {0, n}, rows_per_block(model, data), [&](Batch& batch) {
    if (runtime.interrupted()) throw Interrupted();
    const arma::uword a = static_cast<arma::uword>(batch.first),
                      b = a + batch.size - 1;
    arma::mat joint(batch.size, k, arma::fill::zeros);
    model.gate().add_log_density(batch, joint);
    work = joint;
    softmax_rows(work, log_sum);
    out.gate.rows(a, b) = work;
    out.log_gate.rows(a, b) = log_sum;
    model.expert().mean(batch, work);
    out.mean.rows(a, b) = work;
    if (!data.y) return;
    work.zeros(batch.size, k);
    model.expert().add_log_density(batch, work);
    out.log_expert.rows(a, b) = work;
    joint += work;
    softmax_rows(joint, log_sum);
    out.posterior.rows(a, b) = joint;
    out.log_density.rows(a, b) = log_sum;
  });
  return out;
}

}  // namespace gatemix
