#include "pass.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "errors.hpp"
#include "vector_math.hpp"

namespace gatemix {

namespace {

constexpr std::size_t kShards = 64;

/// Rows per block: a few dozen columns of this length stay in the cache.
arma::uword rows_per_block(const Mixture& model, const Data& data) {
  const arma::uword columns = data.x->n_cols() + data.z->n_cols() +
                              4 * model.n_components() +
                              data.n_responses() * model.n_components();
  const arma::uword rows = 32768 / (columns + 1);
  return std::min<arma::uword>(1024, std::max<arma::uword>(128, rows / 64 * 64));
}

/// Boundaries of the shards: whole blocks, as even as they can be.
std::vector<std::size_t> shard_starts(RowRange rows, arma::uword block,
                                      std::size_t statistics) {
  const std::size_t n = rows.last - rows.first;
  const std::size_t blocks = (n + block - 1) / block;
  // many large statistics: fewer shards, so that they fit in memory
  const std::size_t room = std::max<std::size_t>(1, (std::size_t{1} << 25) / statistics);
  const std::size_t shards =
      std::max<std::size_t>(1, std::min({kShards, blocks, room}));
  std::vector<std::size_t> starts(shards + 1);
  for (std::size_t s = 0; s <= shards; ++s)
    starts[s] = std::min(rows.last, rows.first + blocks * s / shards * block);
  return starts;
}

bool on_calling_thread() {
#ifdef _OPENMP
  return omp_get_thread_num() == 0;
#else
  return true;
#endif
}

/// Runs work(s) for each shard on `threads` threads. The first exception of
/// any of them is thrown after all have ended; the host is asked for
/// interrupts by the calling thread only.
template <class Work>
void for_each_shard(std::size_t shards, const Runtime& runtime, Work work) {
  std::atomic<bool> stop{false};
  bool interrupted = false;
  std::exception_ptr error;
  const int threads =
      static_cast<int>(std::min<std::size_t>(runtime.threads, shards));
  const long long count = static_cast<long long>(shards);
#ifdef _OPENMP
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
#endif
  for (long long s = 0; s < count; ++s) {
    if (stop) continue;
    try {
      if (on_calling_thread() && runtime.interrupted()) {
        interrupted = true;
        stop = true;
      } else {
        work(static_cast<std::size_t>(s));
      }
    } catch (...) {
#ifdef _OPENMP
#pragma omp critical(gatemix_error)
#endif
      if (!error) error = std::current_exception();
      stop = true;
    }
  }
  (void)threads;
  if (error) std::rethrow_exception(error);
  if (interrupted) throw Interrupted();
}

/// Given responsibilities of a block, times the case weights.
void read_given(const Responsibilities& given, std::size_t n_rows,
                const Batch& batch, arma::uword n_components,
                arma::mat& tau) {
  tau.zeros(batch.size, n_components);
  for (arma::uword i = 0; i < batch.size; ++i)
    for (arma::uword k = 0; k < n_components; ++k) {
      const std::size_t row = batch.first + i;
      const double share =
          given.labels ? (given.labels[row] == static_cast<int>(k) + 1)
                       : given.matrix[k * n_rows + row];
      tau(i, k) = share * batch.weight[i];
    }
}

/// Calls use(batch) for the blocks of rows [first, last).
template <class Use>
void for_each_batch(const Data& data, RowRange rows, arma::uword block,
                    Use use) {
  Batch batch;
  for (std::size_t at = rows.first; at < rows.last; at += block) {
    batch.read(data, at,
               static_cast<arma::uword>(
                   std::min<std::size_t>(block, rows.last - at)));
    use(batch);
  }
}

}  // namespace

arma::vec run_pass(const Mixture& model, const Data& data, RowRange rows,
                   const Responsibilities& given, const Runtime& runtime) {
  const arma::uword block = rows_per_block(model, data);
  const std::vector<std::size_t> starts =
      shard_starts(rows, block, model.n_statistics());
  const std::size_t shards = starts.size() - 1;
  arma::mat parts(model.n_statistics(), static_cast<arma::uword>(shards),
                  arma::fill::zeros);
  for_each_shard(shards, runtime, [&](std::size_t s) {
    double* stats = parts.colptr(static_cast<arma::uword>(s));
    arma::mat log_joint;
    arma::vec log_density;
    for_each_batch(data, {starts[s], starts[s + 1]}, block, [&](Batch& batch) {
      if (given) {
        read_given(given, data.n_rows(), batch, model.n_components(),
                   log_joint);
        model.add_rows_given(batch, log_joint, stats);
      } else {
        model.add_rows(batch, log_joint, log_density, stats);
      }
    });
  });
  arma::vec total = parts.col(0);
  for (arma::uword s = 1; s < parts.n_cols; ++s) total += parts.col(s);
  if (!std::isfinite(total[0]))
    throw NumericError("the log-likelihood is not finite");
  return total;
}

double gate_log_likelihood(const Mixture& model, const Data& data,
                           const Runtime& runtime) {
  if (!model.gate().generative()) return 0.0;
  const arma::uword block = rows_per_block(model, data);
  const std::vector<std::size_t> starts =
      shard_starts({0, data.n_rows()}, block, 1);
  arma::vec parts(static_cast<arma::uword>(starts.size() - 1),
                  arma::fill::zeros);
  for_each_shard(parts.n_elem, runtime, [&](std::size_t s) {
    arma::mat joint;
    arma::vec log_sum;
    for_each_batch(data, {starts[s], starts[s + 1]}, block, [&](Batch& batch) {
      joint.zeros(batch.size, model.n_components());
      model.gate().add_log_density(batch, joint);
      softmax_rows(joint, log_sum);
      parts[static_cast<arma::uword>(s)] += arma::dot(batch.weight, log_sum);
    });
  });
  return arma::accu(parts);
}

RowValues evaluate_rows(const Mixture& model, const Data& data,
                        const Runtime& runtime) {
  const arma::uword n = static_cast<arma::uword>(data.n_rows()),
                    k = model.n_components();
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
