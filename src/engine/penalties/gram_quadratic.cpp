#include "engine/penalties/gram_quadratic.hpp"

#include <utility>

#include "linalg/kernels.hpp"

namespace gatemix {

GramQuadratic::GramQuadratic(arma::mat gradient)
    : gradient_(std::move(gradient)),
      blocks_(gradient_.n_cols * (gradient_.n_cols + 1) / 2) {}

void GramQuadratic::set_block(arma::uword c, arma::uword d, arma::mat block) {
  if (c > d) std::swap(c, d);
  blocks_[d * (d + 1) / 2 + c] = std::move(block);
}

double GramQuadratic::curvature(arma::uword term, arma::uword column) {
  const arma::mat& h = block(column, column);
  return h.is_empty() ? 0.0 : h(term, term);
}

double GramQuadratic::curvature(arma::uword term, arma::uword column,
                            arma::uword other_term,
                            arma::uword other_column) {
  const arma::mat& h = block(column, other_column);
  return h.is_empty() ? 0.0 : h(term, other_term);
}

void GramQuadratic::move(arma::uword term, arma::uword column, double change) {
  for (arma::uword d = 0; d < n_columns(); ++d) {
    const arma::mat& h = block(column, d);
    if (h.is_empty()) continue;
    add_multiple(h.colptr(term), -change, gradient_.colptr(d),
                 gradient_.n_rows);
  }
}

}  // namespace gatemix
