#pragma once
#include <cstddef>

#include "engine/data/design.hpp"

namespace gatemix {

/// The data of one problem, read-only and owned by the caller.
struct Data {
  const Design* x = nullptr;  // the experts' design
  const Design* z = nullptr;  // the gate's design; may be the same object
  const double* y = nullptr;  // response, n x q by columns; null: not needed
  const double* offset = nullptr;  // subtracted from y, n x q; may be null
  const double* weight = nullptr;  // case weights; null: all 1
  arma::vec y_center;
  arma::vec y_scale;

  std::size_t n_rows() const { return x->n_rows(); }
  arma::uword n_responses() const { return y_center.n_elem; }
};

/// Given responsibilities (a start): labels 1..K, or an n x K matrix.
struct Responsibilities {
  const int* labels = nullptr;
  const double* matrix = nullptr;
  explicit operator bool() const { return labels || matrix; }
};

}  // namespace gatemix
