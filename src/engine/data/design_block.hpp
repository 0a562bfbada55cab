#pragma once
#include <cstddef>
#include <vector>

#include "base/armadillo.hpp"

namespace gatemix {

/// Some rows of a standardised design: a dense matrix or, for a sparse design,
/// its entries and one shift for each column. The products that the blocks
/// need cost what the entries cost; those with the shifts are added for all
/// rows at once.
class DesignBlock {
 public:
  arma::uword n_rows() const { return n_rows_; }
  arma::uword n_cols() const { return n_cols_; }

  /// Becomes a dense block, to be filled through values().
  void set_dense(arma::uword n_rows, arma::uword n_cols);
  arma::mat& values() { return dense_; }
  /// Becomes a sparse block without entries: row i is shift' + entries.
  void set_sparse(arma::uword n_rows, const arma::vec& shift);
  /// Columns in increasing order.
  void add_entry(arma::uword row, arma::uword column, double value);
  void finish_sparse();

  /// The block as a matrix (made when it is first asked for).
  const arma::mat& dense() const;

  /// out = x * coef.
  void multiply(const arma::mat& coef, arma::mat& out) const;
  /// out += x' w.
  void add_cross_product(const arma::mat& w, double* out) const;
  /// out(:, k) += packed upper triangle of x' diag(weight(:, k)) x.
  void add_weighted_grams(const arma::mat& weight, double* out) const;

 private:
  struct Entry {
    arma::uword row;
    arma::uword column;
    double value;
  };
  void add_entry_grams(const arma::mat& weight, double* out) const;
  void add_shift_grams(const arma::mat& weight, double* out) const;
  arma::mat entry_products(const arma::mat& w) const;

  bool sparse_ = false;
  arma::uword n_rows_ = 0;
  arma::uword n_cols_ = 0;
  mutable arma::mat dense_;
  mutable bool dense_known_ = false;
  std::vector<Entry> entries_;  // by columns
  std::vector<Entry> by_rows_;
  std::vector<std::size_t> row_start_;
  arma::vec shift_;
};

}  // namespace gatemix
