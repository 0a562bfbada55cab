#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "base/armadillo.hpp"

namespace gatemix {

/// Where one array lies in a flat vector: its name, its shape (columns first,
/// as R and Armadillo store arrays) and its first element.
struct Field {
  std::string name;
  std::vector<arma::uword> shape;
  std::size_t first = 0;

  std::size_t size() const;
  double* in(double* flat) const { return flat + first; }
  const double* in(const double* flat) const { return flat + first; }
  /// Returns where slice k begins, of all that share the last index.
  double* slice(double* flat, arma::uword k) const;
  const double* slice(const double* flat, arma::uword k) const;
  /// Returns a copy of the elements.
  arma::vec vector(const double* flat) const {
    return arma::vec(in(flat), static_cast<arma::uword>(size()));
  }
  /// Returns a copy with shape[0] rows.
  arma::mat matrix(const double* flat) const;
};

/// Names, shapes and places of the arrays in a flat vector: of a block's
/// parameters or of its statistics. Blocks ask it and the host reads it, so
/// nobody counts offsets by hand.
class Packing {
 public:
  /// Appends an array and returns its place. Any extent may be 0.
  Field add(std::string name, std::vector<arma::uword> shape);
  /// Appends the arrays of another packing, their names after `prefix`.
  void append(const std::string& prefix, const Packing& other);

  std::size_t size() const { return size_; }
  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
  std::size_t size_ = 0;
};

}  // namespace gatemix
