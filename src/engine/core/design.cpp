#include "design.hpp"

#include <algorithm>
#include <cmath>

#include "kernels.hpp"

namespace gatemix {

namespace {
constexpr arma::uword kSummaryRows = 1024;

/// Calls use(block, weights) for consecutive blocks of rows.
template <class Use>
void for_each_block(const Design& design, const double* weight, Use use) {
  arma::mat block, w;
  for (std::size_t first = 0; first < design.n_rows();
       first += kSummaryRows) {
    const arma::uword count = static_cast<arma::uword>(
        std::min<std::size_t>(kSummaryRows, design.n_rows() - first));
    design.read(first, count, block);
    w.ones(count, 1);
    if (weight) std::copy(weight + first, weight + first + count, w.memptr());
    use(block, w);
  }
}
}  // namespace

Design::Design(const int* column_start, const int* row_index,
               const double* values, std::size_t n_rows, arma::uvec columns,
               arma::vec center, arma::vec scale)
    : column_start_(column_start),
      row_index_(row_index),
      values_(values),
      n_rows_(n_rows),
      columns_(std::move(columns)),
      center_(std::move(center)),
      inverse_scale_(1.0 / scale) {}

Design Design::dense(const double* values, std::size_t n_rows,
                     arma::uvec columns, arma::vec center, arma::vec scale) {
  return Design(nullptr, nullptr, values, n_rows, std::move(columns),
                std::move(center), std::move(scale));
}

Design Design::sparse(const int* column_start, const int* row_index,
                      const double* values, std::size_t n_rows,
                      arma::uvec columns, arma::vec center, arma::vec scale) {
  return Design(column_start, row_index, values, n_rows, std::move(columns),
                std::move(center), std::move(scale));
}

void Design::read_sparse_column(arma::uword j, std::size_t first,
                                arma::uword count, double* out) const {
  const int* begin = row_index_ + column_start_[columns_[j]];
  const int* end = row_index_ + column_start_[columns_[j] + 1];
  const int stop = static_cast<int>(first + count);
  std::fill(out, out + count, -center_[j] * inverse_scale_[j]);
  for (const int* row = std::lower_bound(begin, end, static_cast<int>(first));
       row != end && *row < stop; ++row)
    out[*row - first] += values_[row - row_index_] * inverse_scale_[j];
}

void Design::read(std::size_t first, arma::uword count,
                  arma::mat& out) const {
  out.set_size(count, n_cols());
  for (arma::uword j = 0; j < n_cols(); ++j) {
    double* target = out.colptr(j);
    if (column_start_) {
      read_sparse_column(j, first, count, target);
      continue;
    }
    const double* source = values_ + columns_[j] * n_rows_ + first;
    const double center = center_[j], factor = inverse_scale_[j];
    for (arma::uword i = 0; i < count; ++i)
      target[i] = (source[i] - center) * factor;
  }
}

ColumnSummary summarise_columns(const Design& design, const double* weight) {
  const arma::uword p = design.n_cols();
  arma::vec total(1, arma::fill::zeros), sum(p, arma::fill::zeros);
  arma::vec squares(p, arma::fill::zeros), raw_squares(p, arma::fill::zeros);
  for_each_block(design, weight, [&](const arma::mat& x, const arma::mat& w) {
    total[0] += arma::accu(w);
    add_cross_product(x, w, sum.memptr());
  });
  const arma::vec mean = sum / total[0];
  // a second pass about the mean: no cancellation for columns such as a year
  for_each_block(design, weight, [&](const arma::mat& x, const arma::mat& w) {
    for (arma::uword j = 0; j < p; ++j)
      for (arma::uword i = 0; i < x.n_rows; ++i) {
        const double centred = x(i, j) - mean[j];
        squares[j] += w[i] * centred * centred;
        raw_squares[j] += w[i] * x(i, j) * x(i, j);
      }
  });
  return {mean, arma::sqrt(squares / total[0]),
          arma::sqrt(raw_squares / total[0])};
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
