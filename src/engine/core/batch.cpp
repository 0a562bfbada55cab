#include "batch.hpp"

#include <algorithm>

namespace gatemix {

namespace {
void read_response(const Data& data, std::size_t first, arma::uword count,
                   arma::mat& out) {
  const arma::uword q = data.n_responses();
  out.set_size(count, q);
  for (arma::uword j = 0; j < q; ++j) {
    const double* source = data.y + j * data.n_rows() + first;
    const double center = data.y_center[j], factor = 1.0 / data.y_scale[j];
    double* target = out.colptr(j);
    for (arma::uword i = 0; i < count; ++i)
      target[i] = (source[i] - center) * factor;
    if (!data.offset) continue;
    const double* offset = data.offset + j * data.n_rows() + first;
    for (arma::uword i = 0; i < count; ++i) target[i] -= offset[i] * factor;
  }
}
}  // namespace

void Batch::read(const Data& data, std::size_t first_row,
                 arma::uword n_rows) {
  first = first_row;
  size = n_rows;
  data.x->read(first, size, x);
  z = &x;
  if (data.z != data.x) {
    data.z->read(first, size, z_own);
    z = &z_own;
  }
  if (data.y) read_response(data, first, size, y);
  weight.ones(size);
  if (data.weight)
    std::copy(data.weight + first, data.weight + first + size,
              weight.memptr());
}

}  // namespace gatemix
