#include "engine/model/packing.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace gatemix {

namespace {

std::size_t product(std::vector<arma::uword>::const_iterator from,
                    std::vector<arma::uword>::const_iterator to) {
  std::size_t out = 1;
  for (; from != to; ++from) out *= *from;
  return out;
}

}  // namespace

std::size_t Field::size() const {
  return product(shape.begin(), shape.end());
}

double* Field::slice(double* flat, arma::uword k) const {
  return flat + first + k * product(shape.begin(), shape.end() - 1);
}

const double* Field::slice(const double* flat, arma::uword k) const {
  return flat + first + k * product(shape.begin(), shape.end() - 1);
}

arma::mat Field::matrix(const double* flat) const {
  return arma::mat(
      in(flat), shape[0],
      static_cast<arma::uword>(product(shape.begin() + 1, shape.end())));
}

Field Packing::add(std::string name, std::vector<arma::uword> shape) {
  fields_.push_back({std::move(name), std::move(shape), size_});
  size_ += fields_.back().size();
  return fields_.back();
}

void Packing::append(const std::string& prefix, const Packing& other) {
  for (const Field& field : other.fields())
    add(prefix + field.name, field.shape);
}

}  // namespace gatemix
