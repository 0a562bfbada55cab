#pragma once
#include <cstddef>
#include <memory>

#include "engine/data/design_block.hpp"
#include "engine/data/features.hpp"

namespace gatemix {

/// One column as it is in memory; the models see (value - center) * factor.
struct DesignColumn {
  const double* values;
  const int* rows;  // of the values, in increasing order; null: all rows
  std::size_t size;
  double center;
  double factor;
  /// Whether most rows have a value. Such a column is centred before it is
  /// used, as a dense one: its mean may be much larger than its spread.
  bool full(std::size_t n_rows) const { return !rows || 2 * size > n_rows; }
};

/// A read-only, non-owning view of a design matrix (dense, or sparse in
/// compressed columns) that hands out blocks of rows, centred and scaled, or
/// features of these. The full matrix of what it hands out never exists.
class Design {
 public:
  /// `columns` are the columns in use; each is read as (x - center) / scale.
  static Design dense(const double* values, std::size_t n_rows,
                      arma::uvec columns, arma::vec center, arma::vec scale);
  static Design sparse(const int* column_start, const int* row_index,
                       const double* values, std::size_t n_rows,
                       arma::uvec columns, arma::vec center, arma::vec scale);

  /// Returns a design of features of this one's columns.
  Design transformed(const Features& features) const;

  std::size_t n_rows() const { return n_rows_; }
  bool is_sparse() const { return column_start_ && !features_; }
  arma::uword n_cols() const {
    return features_ ? features_->n_cols() : columns_.n_elem;
  }

  /// Entries of a row, on average, that a block of rows holds.
  arma::uword row_size() const;
  /// The same design with some of its columns.
  Design select(const arma::uvec& columns) const;
  /// x' r, all rows; a sparse design is never made dense but for features.
  arma::mat cross_product(const arma::mat& r) const;

  /// Features are computed: they have no values here, only in read_column().
  DesignColumn column(arma::uword j) const;
  /// Rows [first, first + count) of a column.
  void read_column(arma::uword j, std::size_t first, arma::uword count,
                   double* out) const;
  /// Rows [first, first + count) into `out`: sparse where that is less work.
  void read(std::size_t first, arma::uword count, DesignBlock& out) const;

 private:
  Design(const int* column_start, const int* row_index, const double* values,
         std::size_t n_rows, arma::uvec columns, arma::vec center,
         arma::vec scale);
  DesignColumn source_column(arma::uword j) const;
  void read_source_column(arma::uword j, std::size_t first, arma::uword count,
                          double* out) const;
  /// Rows of the columns that the features are made of.
  arma::mat source_rows(std::size_t first, arma::uword count) const;
  arma::mat feature_products(const arma::mat& r) const;
  void add_sparse_products(const arma::mat& r, arma::mat& out) const;
  void add_dense_products(const arma::mat& r, arma::mat& out) const;
  void read_dense(std::size_t first, arma::uword count, DesignBlock& out) const;
  void read_sparse(std::size_t first, arma::uword count,
                   DesignBlock& out) const;
  /// Whether a sparse design has few entries in these columns.
  bool mostly_empty() const;
  double n_entries() const;

  const int* column_start_;  // null: dense
  const int* row_index_;
  const double* values_;
  std::size_t n_rows_;
  arma::uvec columns_;
  arma::vec center_;
  arma::vec inverse_scale_;
  std::shared_ptr<const Features> features_;  // null: the columns themselves
  bool sparse_blocks_;
};

}  // namespace gatemix
