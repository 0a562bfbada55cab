#include "engine/data/design_block.hpp"

#include <cstddef>
#include <vector>

#include "linalg/kernels.hpp"

namespace gatemix {

void DesignBlock::set_dense(arma::uword n_rows, arma::uword n_cols) {
  sparse_ = false;
  n_rows_ = n_rows;
  n_cols_ = n_cols;
  dense_.set_size(n_rows, n_cols);
  dense_known_ = true;
}

void DesignBlock::set_sparse(arma::uword n_rows, const arma::vec& shift) {
  sparse_ = true;
  n_rows_ = n_rows;
  n_cols_ = shift.n_elem;
  shift_ = shift;
  entries_.clear();
  dense_known_ = false;
}

void DesignBlock::add_entry(arma::uword row, arma::uword column,
                            double value) {
  entries_.push_back({row, column, value});
}

void DesignBlock::finish_sparse() {
  // a counting sort by rows
  row_start_.assign(n_rows_ + 1, 0);
  for (const Entry& e : entries_) ++row_start_[e.row + 1];
  for (arma::uword i = 0; i < n_rows_; ++i) row_start_[i + 1] += row_start_[i];
  std::vector<std::size_t> next(row_start_.begin(), row_start_.end() - 1);
  by_rows_.resize(entries_.size());
  for (const Entry& e : entries_) by_rows_[next[e.row]++] = e;
}

const arma::mat& DesignBlock::dense() const {
  if (dense_known_) return dense_;
  dense_.set_size(n_rows_, n_cols_);
  dense_.each_row() = shift_.t();
  for (const Entry& e : entries_) dense_(e.row, e.column) += e.value;
  dense_known_ = true;
  return dense_;
}

void DesignBlock::multiply(const arma::mat& coef, arma::mat& out) const {
  if (!sparse_) return gatemix::multiply(dense_, coef, out);
  out.set_size(n_rows_, coef.n_cols);
  out.each_row() = shift_.t() * coef;
  for (const Entry& e : entries_)
    for (arma::uword c = 0; c < coef.n_cols; ++c)
      out(e.row, c) += e.value * coef(e.column, c);
}

arma::mat DesignBlock::entry_products(const arma::mat& w) const {
  arma::mat out(n_cols_, w.n_cols, arma::fill::zeros);
  for (const Entry& e : entries_)
    for (arma::uword c = 0; c < w.n_cols; ++c)
      out(e.column, c) += e.value * w(e.row, c);
  return out;
}

void DesignBlock::add_cross_product(const arma::mat& w, double* out) const {
  if (!sparse_) return gatemix::add_cross_product(dense_, w, out);
  const arma::mat all = entry_products(w) + shift_ * arma::sum(w, 0);
  for (arma::uword i = 0; i < all.n_elem; ++i) out[i] += all[i];
}

void DesignBlock::add_weighted_grams(const arma::mat& weight,
                                     double* out) const {
  if (!sparse_) return gatemix::add_weighted_grams(dense_, weight, out);
  add_entry_grams(weight, out);
  add_shift_grams(weight, out);
}

void DesignBlock::add_entry_grams(const arma::mat& weight,
                                  double* out) const {
  const arma::uword size = packed_size(n_cols_);
  for (arma::uword row = 0; row < n_rows_; ++row)
    for (std::size_t b = row_start_[row]; b < row_start_[row + 1]; ++b)
      for (std::size_t a = row_start_[row]; a <= b; ++a) {
        const double product = by_rows_[a].value * by_rows_[b].value;
        double* cell =
            out + packed_index(by_rows_[a].column, by_rows_[b].column);
        for (arma::uword k = 0; k < weight.n_cols; ++k)
          cell[k * size] += weight(row, k) * product;
      }
}

// With entries S, shift c and weights d: (S + 1c')' D (S + 1c') =
// S'DS + (S'd) c' + c (S'd)' + (1'd) c c'.
void DesignBlock::add_shift_grams(const arma::mat& weight,
                                  double* out) const {
  const arma::uword size = packed_size(n_cols_);
  const arma::mat sums = entry_products(weight);
  const arma::rowvec totals = arma::sum(weight, 0);
  for (arma::uword k = 0; k < weight.n_cols; ++k)
    for (arma::uword j = 0; j < n_cols_; ++j) {
      double* column = out + k * size + packed_index(0, j);
      add_multiple(sums.colptr(k), shift_[j], column, j + 1);
      add_multiple(shift_.memptr(), sums(j, k) + totals[k] * shift_[j], column,
                   j + 1);
    }
}

}  // namespace gatemix
