#pragma once
#include <cstddef>

#include "engine/data/data.hpp"

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

  /// Scratch that add_log_density() fills and accumulate() reads, one for the
  /// gate and one for the experts.
  struct Scratch {
    arma::mat values;  // probabilities of a gate, residuals of experts
    arma::mat work;
    arma::mat weighted;
    arma::vec log_sum;
  };
  Scratch gate;
  Scratch expert;

  void read(const Data& data, std::size_t first_row, arma::uword n_rows);

  /// out += the packed Gram matrices design' diag(tau(:, k)) design. Computed
  /// once per block of rows where gate and experts have the same design: for
  /// one batch `tau` must not change between calls with the same matrix.
  void add_tau_grams(const DesignBlock& design, const arma::mat& tau,
                     double* out);

 private:
  arma::mat tau_grams_;
  const DesignBlock* tau_grams_of_ = nullptr;
  const arma::mat* tau_grams_at_ = nullptr;
};

}  // namespace gatemix
