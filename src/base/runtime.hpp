#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>

#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/errors.hpp"

namespace gatemix {

/// How the engine may use its host: threads, and a question for interrupts.
struct Runtime {
  int threads = 1;
  /// Polled on the calling thread only; true: stop (throws Interrupted).
  std::function<bool()> interrupted = [] { return false; };
};

inline bool on_calling_thread() {
#ifdef _OPENMP
  return omp_get_thread_num() == 0;
#else
  return true;
#endif
}

/// Runs work(i) for each i below `count` on the threads of the runtime. Throws
/// the first exception of any of them after all have ended; asks the host for
/// interrupts on the calling thread only.
template <class Work>
void run_parallel(std::size_t count, const Runtime& runtime, Work work) {
  // ask once before the loop: other threads may finish before the calling one
  // begins
  if (runtime.interrupted()) throw Interrupted();
  std::atomic<bool> stop{false};
  bool interrupted = false;
  std::exception_ptr error;
  const int threads =
      static_cast<int>(std::min<std::size_t>(runtime.threads, count));
  const long long n = static_cast<long long>(count);
#ifdef _OPENMP
#pragma omp parallel for num_threads(threads) schedule(dynamic, 1)
#endif
  for (long long i = 0; i < n; ++i) {
    if (stop) continue;
    try {
      if (on_calling_thread() && runtime.interrupted()) {
        interrupted = true;
        stop = true;
      } else {
        work(static_cast<std::size_t>(i));
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

}  // namespace gatemix
