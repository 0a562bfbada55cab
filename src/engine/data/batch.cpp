#include "engine/data/batch.hpp"

#include <algorithm>
#include <cstddef>

#include "linalg/kernels.hpp"

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
  tau_grams_of_ = nullptr;
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

void Batch::add_tau_grams(const DesignBlock& design, const arma::mat& tau,
                          double* out) {
  if (tau_grams_of_ != &design || tau_grams_at_ != &tau) {
    tau_grams_.zeros(packed_size(design.n_cols()), tau.n_cols);
    design.add_weighted_grams(tau, tau_grams_.memptr());
    tau_grams_of_ = &design;
    tau_grams_at_ = &tau;
  }
  for (arma::uword i = 0; i < tau_grams_.n_elem; ++i) out[i] += tau_grams_[i];
}

}  // namespace gatemix
