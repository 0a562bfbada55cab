#include "engine/model/packing.hpp"

#include <utility>

namespace gatemix {

namespace {

arma::uword product(std::vector<arma::uword>::const_iterator from,
                    std::vector<arma::uword>::const_iterator to) {
  arma::uword out = 1;
  for (; from != to; ++from) out *= *from;
  return out;
}

}  // namespace

arma::uword Field::size() const {
  return product(shape.begin(), shape.end());
}

double* Field::slice(double* flat, arma::uword k) const {
  return flat + first + k * product(shape.begin(), shape.end() - 1);
}

const double* Field::slice(const double* flat, arma::uword k) const {
  return flat + first + k * product(shape.begin(), shape.end() - 1);
}

arma::mat Field::matrix(const double* flat) const {
  return {in(flat), shape[0], product(shape.begin() + 1, shape.end())};
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
