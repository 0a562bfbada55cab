#include "engine/data/design_block.hpp"

#include "linalg/kernels.hpp"
#include "check.hpp"
#include "fixtures.hpp"

namespace {

using gatemix::DesignBlock;
using fixtures::largest;

/// A sparse block of 30 x 20 with entries in one cell of eight, and shifts.
DesignBlock sparse_block() {
  DesignBlock block;
  block.set_sparse(30, fixtures::normals(20, 1, 1));
  const arma::mat chance = fixtures::uniforms(30, 20, 2),
                  value = fixtures::normals(30, 20, 3);
  for (arma::uword j = 0; j < 20; ++j)
    for (arma::uword i = 0; i < 30; ++i)
      if (chance(i, j) < 0.125) block.add_entry(i, j, value(i, j));
  block.finish_sparse();
  return block;
}

const test::Case products("a sparse block's products are those of its dense form", [] {
  const DesignBlock sparse = sparse_block();
  const arma::mat x = sparse_block().dense();
  const arma::mat coef = fixtures::normals(20, 3, 4), w = fixtures::normals(30, 2, 5);
  const arma::mat weight = fixtures::uniforms(30, 2, 6);
  arma::mat out;
  sparse.multiply(coef, out);
  test::check_close(largest(out - x * coef), 0.0, 1e-13, "multiply");
  arma::mat cross(20, 2, arma::fill::ones);
  sparse.add_cross_product(w, cross.memptr());
  test::check_close(largest(cross - 1.0 - x.t() * w), 0.0, 1e-12, "cross product");
  arma::mat got(gatemix::packed_size(20), 2, arma::fill::ones), wanted = got;
  sparse.add_weighted_grams(weight, got.memptr());
  gatemix::add_weighted_grams(x, weight, wanted.memptr());
  test::check_close(largest(got - wanted), 0.0, 1e-12, "Gram matrices");
});

const test::Case reused("a block that was sparse may become dense again", [] {
  DesignBlock block = sparse_block();
  block.set_dense(4, 2);
  block.values().fill(2.0);
  arma::mat out;
  block.multiply(arma::mat(2, 1, arma::fill::ones), out);
  test::check_close(largest(out - 4.0), 0.0, 1e-15, "dense again");
});

}  // namespace
