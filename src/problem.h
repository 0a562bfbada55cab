#pragma once
// The engine's view of a problem that R holds (a plain list, see
// R/problem-build.R): no data is copied.
#include "engine/armadillo.hpp"
#include "engine/core/em.hpp"
#include "engine/core/errors.hpp"
#include "engine/core/linear_solve.hpp"
#include "engine/core/registry.hpp"
#include "engine/core/working_set.hpp"

namespace gatemix {

class Problem {
 public:
  explicit Problem(const Rcpp::List& problem);
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  const Data& data() const { return data_; }
  const ModelSpec& spec() const { return spec_; }
  /// A model with the given coordinates.
  Mixture mixture(const arma::vec& theta) const;

 private:
  std::unique_ptr<Design> x_;
  std::unique_ptr<Design> z_;
  Data data_;
  ModelSpec spec_;
};

/// A design from a dense matrix or a dgCMatrix of R.
Design read_design(const Rcpp::RObject& matrix,
                   const Rcpp::IntegerVector& columns,
                   const Rcpp::NumericVector& center,
                   const Rcpp::NumericVector& scale);

/// Threads and R's own interrupt.
Runtime make_runtime(int threads);

/// Runs `work` and turns the engine's interrupt into R's. (Errors reach R as
/// C++Error conditions, which with_engine() in R/utils-conditions.R gives a class.)
template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Interrupted&) {
    throw Rcpp::internal::InterruptedException();
  }
}

}  // namespace gatemix
