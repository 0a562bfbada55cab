#pragma once
// The engine's view of a problem that R holds (a plain list, see
// R/problem-build.R): no data is copied. And the one door through which R
// calls the engine.
#include <memory>
#include <new>

#include "base/armadillo.hpp"
#include "base/errors.hpp"
#include "base/runtime.hpp"
#include "engine/catalogue.hpp"
#include "engine/data/data.hpp"

namespace gatemix {

class Problem {
 public:
  explicit Problem(const Rcpp::List& problem);
  Problem(const Problem&) = delete;
  Problem& operator=(const Problem&) = delete;

  const Data& data() const { return data_; }
  const ModelSpec& spec() const { return spec_; }
  /// Returns a model with the given coordinates.
  Mixture mixture(const arma::vec& theta) const;

 private:
  std::unique_ptr<Design> x_;
  std::unique_ptr<Design> z_;
  std::unique_ptr<Design> gate_features_;
  std::unique_ptr<Design> expert_features_;
  Data data_;
  ModelSpec spec_;
};

/// Returns the specification of the model of a problem; needs no data.
ModelSpec read_model(const Rcpp::List& problem);

/// Returns a design from a dense matrix or a dgCMatrix of R.
Design read_design(const Rcpp::RObject& matrix,
                   const Rcpp::IntegerVector& columns,
                   const Rcpp::NumericVector& center,
                   const Rcpp::NumericVector& scale);

/// Returns threads and R's own interrupt.
Runtime make_runtime(int threads);

/// Raises the R condition of a failure: see abort_engine() in R.
[[noreturn]] void raise(const char* kind, const char* message);

Rcpp::NumericVector plain(const arma::vec& v);
Rcpp::LogicalVector flags(const arma::uvec& v);

/// Runs `work`. Every call of R goes through here: the engine's interrupt
/// becomes R's, and each type of failure a condition of its own class.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
  try {
    return work();
  } catch (const Interrupted&) {
    throw Rcpp::internal::InterruptedException();
  } catch (const InputError& e) {
    raise("input", e.what());
  } catch (const NumericError& e) {
    raise("numeric", e.what());
  } catch (const std::bad_alloc&) {
    raise("memory", "");
  } catch (const std::exception& e) {
    raise("internal", e.what());
  }
}

}  // namespace gatemix
