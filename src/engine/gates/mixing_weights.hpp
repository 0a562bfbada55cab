#pragma once
#include <algorithm>
#include <cmath>

#include "base/armadillo.hpp"

namespace gatemix {

// Mixing weights pi on the log scale, for the constant and the Gaussian gate.
// An empty expert keeps a weight of 1e-100, so that logarithms stay finite.

inline arma::vec log_weights(const arma::vec& sums) {
  return arma::log(arma::clamp(sums / arma::accu(sums), 1e-100, 1.0));
}

inline arma::vec log_ratios(const arma::vec& log_weight) {
  return log_weight.head(log_weight.n_elem - 1) -
         log_weight[log_weight.n_elem - 1];
}

inline arma::vec from_log_ratios(const arma::vec& ratios) {
  arma::vec all = ratios;
  all.resize(ratios.n_elem + 1);
  const double top = all.max();
  return all - top - std::log(arma::accu(arma::exp(all - top)));
}

/// d/dratios of sum_k n_k log pi_k.
inline arma::vec log_ratio_score(const arma::vec& sums,
                                 const arma::vec& log_weight) {
  const arma::vec all = sums - arma::accu(sums) * arma::exp(log_weight);
  return all.head(all.n_elem - 1);
}

/// Minus its second derivative, total = sum_k n_k.
inline arma::mat log_ratio_information(double total,
                                       const arma::vec& log_weight) {
  const arma::vec all = arma::exp(log_weight);
  const arma::vec pi = all.head(all.n_elem - 1);
  return total * (arma::diagmat(pi) - pi * pi.t());
}

inline arma::uvec log_ratio_coordinates(const arma::vec& log_weight) {
  if (log_weight.n_elem == 1) return {};
  return arma::regspace<arma::uvec>(0, log_weight.n_elem - 2);
}

/// d log pi_k / d ratios, the same in each row.
inline void log_ratio_row_scores(arma::uword rows, arma::uword k,
                                 const arma::vec& log_weight,
                                 double* columns) {
  for (arma::uword l = 0; l + 1 < log_weight.n_elem; ++l, columns += rows)
    std::fill(columns, columns + rows,
              (k == l ? 1.0 : 0.0) - std::exp(log_weight[l]));
}

}  // namespace gatemix
