#pragma once
#include <algorithm>
#include <atomic>
#include <exception>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "errors.hpp"
#include "pass.hpp"

namespace gatemix {

// Internal to the passes: how rows become shards and shards become threads.

constexpr std::size_t kShards = 64;

/// Rows per block: a few dozen columns of this length stay in the cache.
inline arma::uword rows_per_block(const Mixture& model, const Data& data) {
  const arma::uword columns = data.x->row_size() + data.z->row_size() +
                              4 * model.n_components() +
                              data.n_responses() * model.n_components();
  const arma::uword rows = 32768 / (columns + 1);
  return std::min<arma::uword>(
      1024, std::max<arma::uword>(128, rows / 64 * 64));
}

/// Boundaries of the shards: whole blocks, as even as they can be.
inline std::vector<std::size_t> shard_starts(RowRange rows, arma::uword block,
                                      std::size_t statistics) {
  const std::size_t n = rows.last - rows.first;
  const std::size_t blocks = (n + block - 1) / block;
  // many large statistics: fewer shards, so that they fit in memory
  const std::size_t room =
      std::max<std::size_t>(1, (std::size_t{1} << 25) / statistics);
  const std::size_t shards =
      std::max<std::size_t>(1, std::min({kShards, blocks, room}));
  std::vector<std::size_t> starts(shards + 1);
  for (std::size_t s = 0; s <= shards; ++s)
    starts[s] = std::min<std::size_t>(
        rows.last, rows.first + blocks * s / shards * block);
  return starts;
}

inline bool on_calling_thread() {
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
  // once for sure: other threads may finish before the calling one begins
  if (runtime.interrupted()) throw Interrupted();
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

}  // namespace gatemix
