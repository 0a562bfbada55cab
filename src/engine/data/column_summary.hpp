#pragma once
#include "engine/data/design.hpp"

namespace gatemix {

/// Weighted mean, standard deviation and root mean square of each column of a
/// design, read as it is: what standardisation needs.
struct ColumnSummary {
  arma::vec mean;
  arma::vec sd;
  arma::vec root_mean_square;
};
ColumnSummary summarise_columns(const Design& design, const double* weight);

/// Returns the Gram matrix of the (centred and scaled) columns divided by the
/// weight.
arma::mat pooled_gram(const Design& design, const double* weight);

}  // namespace gatemix
