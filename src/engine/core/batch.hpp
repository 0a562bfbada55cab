#pragma once
#include "data.hpp"

namespace gatemix {

/// One block of rows, standardised, with the scratch space of the blocks that
/// work on it. Each thread owns one and reuses it.
class Batch {
 public:
  std::size_t first = 0;
  arma::uword size = 0;
  DesignBlock x;      // size x p
  DesignBlock z_own;  // size x r, used when the gate has its own design
  const DesignBlock* z = nullptr;
  arma::mat y;       // size x q
  arma::vec weight;  // size

  // What add_log_density() leaves for accumulate(), by its owner.
  struct Scratch {
    arma::mat a, b, c, d;
    arma::vec v;
  };
  Scratch gate;
  DesignBlock gate_features;  // of gates that make them from z
  Scratch expert;

  void read(const Data& data, std::size_t first_row, arma::uword n_rows);

  /// out += the packed Gram matrices design' diag(tau(:, k)) design. Computed
  /// once per block where gate and experts have the same design.
  void add_tau_grams(const DesignBlock& design, const arma::mat& tau,
                     double* out);

 private:
  arma::mat tau_grams_;
  const DesignBlock* tau_grams_of_ = nullptr;
};

}  // namespace gatemix
