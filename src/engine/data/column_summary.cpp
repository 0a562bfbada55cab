#include "engine/data/column_summary.hpp"

#include <algorithm>
#include <cstddef>

#include "linalg/kernels.hpp"

namespace gatemix {

namespace {
/// Rows and columns that are dense in memory at once.
constexpr arma::uword kSummaryRows = 1024;
constexpr arma::uword kSummaryColumns = 512;

/// Calls use(block, weights) for consecutive blocks of rows.
template <class Use>
void for_each_block(const Design& design, const double* weight, Use use) {
  DesignBlock rows;
  arma::mat w;
  for (std::size_t first = 0; first < design.n_rows();
       first += kSummaryRows) {
    const arma::uword count = static_cast<arma::uword>(
        std::min<std::size_t>(kSummaryRows, design.n_rows() - first));
    design.read(first, count, rows);
    w.ones(count, 1);
    if (weight) std::copy(weight + first, weight + first + count, w.memptr());
    use(rows.dense(), w);
  }
}

ColumnSummary summarise_block(const Design& design, const double* weight) {
  const arma::uword p = design.n_cols();
  arma::vec total(1, arma::fill::zeros), sum(p, arma::fill::zeros);
  arma::vec squares(p, arma::fill::zeros), raw_squares(p, arma::fill::zeros);
  for_each_block(design, weight, [&](const arma::mat& x, const arma::mat& w) {
    total[0] += arma::accu(w);
    add_cross_product(x, w, sum.memptr());
  });
  const arma::vec mean = sum / total[0];
  // a second pass about the mean: no cancellation for columns such as a year
  arma::vec square(kSummaryRows);
  for_each_block(design, weight, [&](const arma::mat& x, const arma::mat& w) {
    const auto sum_of_squares = [&](const double* values) {
      multiply_elements(values, values, square.memptr(), x.n_rows);
      return dot(square.memptr(), w.memptr(), x.n_rows);
    };
    for (arma::uword j = 0; j < p; ++j) {
      raw_squares[j] += sum_of_squares(x.colptr(j));
      standardise(x.colptr(j), mean[j], 1.0, square.memptr(), x.n_rows);
      squares[j] += sum_of_squares(square.memptr());
    }
  });
  return {mean, arma::sqrt(squares / total[0]),
          arma::sqrt(raw_squares / total[0])};
}
}  // namespace

ColumnSummary summarise_columns(const Design& design, const double* weight) {
  const arma::uword p = design.n_cols();
  ColumnSummary out{arma::vec(p), arma::vec(p), arma::vec(p)};
  for (arma::uword first = 0; first < p; first += kSummaryColumns) {
    const arma::uword last = std::min(first + kSummaryColumns, p) - 1;
    const ColumnSummary part = summarise_block(
        design.select(arma::regspace<arma::uvec>(first, last)), weight);
    out.mean.subvec(first, last) = part.mean;
    out.sd.subvec(first, last) = part.sd;
    out.root_mean_square.subvec(first, last) = part.root_mean_square;
  }
  return out;
}

arma::mat pooled_gram(const Design& design, const double* weight) {
  const arma::uword p = design.n_cols();
  arma::vec packed(packed_size(p), arma::fill::zeros);
  double total = 0.0;
  for_each_block(design, weight, [&](const arma::mat& x, const arma::mat& w) {
    total += arma::accu(w);
    add_weighted_grams(x, w, packed.memptr());
  });
  return unpack_symmetric(packed.memptr(), p) / total;
}

}  // namespace gatemix
