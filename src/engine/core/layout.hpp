#pragma once
#include <numeric>
#include <string>
#include <vector>

#include "../armadillo.hpp"

namespace gatemix {

/// Names and sizes of the fields of a flat vector, in order.
struct Field {
  std::string name;
  arma::uword size;
};
using Layout = std::vector<Field>;

inline arma::uword layout_size(const Layout& layout) {
  return std::accumulate(
      layout.begin(), layout.end(), arma::uword{0},
      [](arma::uword sum, const Field& field) { return sum + field.size; });
}

}  // namespace gatemix
