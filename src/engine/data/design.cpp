#include "engine/data/design.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <utility>

#include "linalg/kernels.hpp"

namespace gatemix {

namespace {
/// Rows of a dense column that are read at once.
constexpr arma::uword kRows = 1024;
/// Share of entries up to which, and number of columns from which on, work on
/// the entries beats that on dense columns.
constexpr double kFewEntries = 0.1;
constexpr arma::uword kManyColumns = 16;
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
      inverse_scale_(1.0 / scale),
      sparse_blocks_(mostly_empty()) {}

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

Design Design::transformed(const Features& features) const {
  Design out = *this;
  out.features_ = std::make_shared<const Features>(features);
  out.sparse_blocks_ = false;
  return out;
}

DesignColumn Design::column(arma::uword j) const {
  if (features_) return {nullptr, nullptr, n_rows_, 0.0, 1.0};
  return source_column(j);
}

DesignColumn Design::source_column(arma::uword j) const {
  const double center = center_[j], factor = inverse_scale_[j];
  if (!column_start_)
    return {values_ + columns_[j] * n_rows_, nullptr, n_rows_, center, factor};
  const int from = column_start_[columns_[j]],
            to = column_start_[columns_[j] + 1];
  return {values_ + from, row_index_ + from,
          static_cast<std::size_t>(to - from), center, factor};
}

void Design::read_column(arma::uword j, std::size_t first, arma::uword count,
                         double* out) const {
  if (features_)
    features_->fill(j, source_rows(first, count), out);
  else
    read_source_column(j, first, count, out);
}

arma::mat Design::source_rows(std::size_t first, arma::uword count) const {
  arma::mat out(count, columns_.n_elem, arma::fill::none);
  for (arma::uword j = 0; j < out.n_cols; ++j)
    read_source_column(j, first, count, out.colptr(j));
  return out;
}

void Design::read_source_column(arma::uword j, std::size_t first,
                                arma::uword count, double* out) const {
  const DesignColumn c = source_column(j);
  if (!c.rows) {
    standardise(c.values + first, c.center, c.factor, out, count);
    return;
  }
  const int* end = c.rows + c.size;
  const int stop = static_cast<int>(first + count);
  std::fill(out, out + count, -c.center * c.factor);
  for (const int* row = std::lower_bound(c.rows, end, static_cast<int>(first));
       row != end && *row < stop; ++row)
    out[*row - first] += c.values[row - c.rows] * c.factor;
}

double Design::n_entries() const {
  double entries = 0.0;
  for (const arma::uword j : columns_)
    entries += column_start_[j + 1] - column_start_[j];
  return entries;
}

bool Design::mostly_empty() const {
  return column_start_ && n_cols() >= kManyColumns &&
         n_entries() <=
             kFewEntries * static_cast<double>(n_rows_) * n_cols();
}

arma::uword Design::row_size() const {
  if (!sparse_blocks_) return n_cols();
  return 1 + static_cast<arma::uword>(n_entries() / n_rows_);
}

void Design::read(std::size_t first, arma::uword count,
                  DesignBlock& out) const {
  if (sparse_blocks_)
    read_sparse(first, count, out);
  else
    read_dense(first, count, out);
}

void Design::read_sparse(std::size_t first, arma::uword count,
                         DesignBlock& out) const {
  arma::vec shift = -center_ % inverse_scale_, whole(count);
  for (arma::uword j = 0; j < n_cols(); ++j)
    if (column(j).full(n_rows_)) shift[j] = 0.0;
  out.set_sparse(count, shift);
  const int start = static_cast<int>(first),
            stop = start + static_cast<int>(count);
  for (arma::uword j = 0; j < n_cols(); ++j) {
    const DesignColumn c = column(j);
    if (c.full(n_rows_)) {
      read_column(j, first, count, whole.memptr());
      for (arma::uword i = 0; i < count; ++i) out.add_entry(i, j, whole[i]);
      continue;
    }
    const int* end = c.rows + c.size;
    for (const int* row = std::lower_bound(c.rows, end, start);
         row != end && *row < stop; ++row)
      out.add_entry(static_cast<arma::uword>(*row - start), j,
                    c.values[row - c.rows] * c.factor);
  }
  out.finish_sparse();
}

void Design::read_dense(std::size_t first, arma::uword count,
                        DesignBlock& out) const {
  out.set_dense(count, n_cols());
  const arma::mat source =
      features_ ? source_rows(first, count) : arma::mat();
  for (arma::uword j = 0; j < n_cols(); ++j) {
    double* values = out.values().colptr(j);
    if (features_)
      features_->fill(j, source, values);
    else
      read_source_column(j, first, count, values);
  }
}

Design Design::select(const arma::uvec& columns) const {
  if (features_) return transformed(features_->select(columns));
  Design out = *this;
  out.columns_ = columns_.elem(columns);
  out.center_ = center_.elem(columns);
  out.inverse_scale_ = inverse_scale_.elem(columns);
  out.sparse_blocks_ = out.mostly_empty();
  return out;
}

arma::mat Design::cross_product(const arma::mat& r) const {
  if (features_) return feature_products(r);
  arma::mat out(n_cols(), r.n_cols, arma::fill::zeros);
  if (column_start_)
    add_sparse_products(r, out);
  else
    add_dense_products(r, out);
  out.each_col() %= inverse_scale_;
  return out;
}

arma::mat Design::feature_products(const arma::mat& r) const {
  arma::mat out(n_cols(), r.n_cols, arma::fill::zeros);
  DesignBlock block;
  for (std::size_t first = 0; first < n_rows_; first += kRows) {
    const arma::uword count = static_cast<arma::uword>(
        std::min<std::size_t>(kRows, n_rows_ - first));
    read_dense(first, count, block);
    const arma::uword from = static_cast<arma::uword>(first);
    block.add_cross_product(r.rows(from, from + count - 1), out.memptr());
  }
  return out;
}

void Design::add_sparse_products(const arma::mat& r, arma::mat& out) const {
  const arma::rowvec sums = arma::sum(r, 0);
  for (arma::uword j = 0; j < n_cols(); ++j) {
    const DesignColumn own = column(j);
    for (arma::uword c = 0; c < r.n_cols; ++c) {
      const double* with = r.colptr(c);
      double sum = 0.0, rest = sums[c];
      for (std::size_t i = 0; i < own.size; ++i) {
        sum += (own.values[i] - own.center) * with[own.rows[i]];
        rest -= with[own.rows[i]];
      }
      if (own.size == n_rows_) rest = 0.0;  // not a rounding of it
      out(j, c) = sum - own.center * rest;
    }
  }
}

void Design::add_dense_products(const arma::mat& r, arma::mat& out) const {
  arma::vec column(kRows);
  for (std::size_t first = 0; first < n_rows_; first += kRows) {
    const arma::uword count = static_cast<arma::uword>(
        std::min<std::size_t>(kRows, n_rows_ - first));
    for (arma::uword j = 0; j < n_cols(); ++j) {
      const double* source = values_ + columns_[j] * n_rows_ + first;
      for (arma::uword i = 0; i < count; ++i)
        column[i] = source[i] - center_[j];
      for (arma::uword c = 0; c < r.n_cols; ++c) {
        const double* with = r.colptr(c) + first;
        double sum = 0.0;
        for (arma::uword i = 0; i < count; ++i) sum += column[i] * with[i];
        out(j, c) += sum;
      }
    }
  }
}

}  // namespace gatemix
