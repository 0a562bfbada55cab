#include "engine/data/design.hpp"
#include "engine/data/column_summary.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using fixtures::normals;
using gatemix::Design;

// The compressed columns of a matrix.
struct Compressed {
  std::vector<int> start{0}, row;
  std::vector<double> value;
  explicit Compressed(const arma::mat& m) {
    for (arma::uword j = 0; j < m.n_cols; ++j) {
      for (arma::uword i = 0; i < m.n_rows; ++i)
        if (m(i, j) != 0.0) {
          row.push_back(static_cast<int>(i));
          value.push_back(m(i, j));
        }
      start.push_back(static_cast<int>(row.size()));
    }
  }
};

const test::Case reading("dense and sparse designs read the same rows", [] {
  arma::mat m = normals(97, 5, 1);
  m.elem(arma::find(m < 0.3)).zeros();
  m.col(1).zeros();  // an empty column
  m.col(2).ones();   // a full one
  const Compressed c(m);
  const arma::uvec columns{4, 0, 2, 1};
  const arma::vec center{0.5, -1.0, 0.0, 2.0}, scale{2.0, 0.1, 1.0, 3.0};
  const Design dense = Design::dense(m.memptr(), 97, columns, center, scale);
  const Design sparse = Design::sparse(c.start.data(), c.row.data(), c.value.data(), 97,
                                       columns, center, scale);
  arma::mat wanted = m.cols(columns);
  wanted.each_row() -= center.t();
  wanted.each_row() /= scale.t();
  gatemix::DesignBlock dense_rows, sparse_rows;
  for (arma::uword first : {0u, 1u, 13u, 50u, 96u})
    for (arma::uword count : {1u, 10u, 47u}) {
      if (first + count > 97) continue;
      dense.read(first, count, dense_rows);
      sparse.read(first, count, sparse_rows);
      const arma::mat a = dense_rows.dense(), b = sparse_rows.dense();
      const arma::mat rows = wanted.rows(first, first + count - 1);
      test::check(a.n_rows == count && a.n_cols == 4, "size");
      test::check_close(largest(a - rows), 0.0, 1e-14, "dense");
      test::check_close(largest(b - rows), 0.0, 1e-14, "sparse");
    }
  test::check(dense.n_rows() == 97 && sparse.n_cols() == 4, "dimensions");
});

const test::Case summaries("summarise_columns: weighted mean, sd, root mean square", [] {
  const arma::mat m = normals(2500, 3, 2) + 5.0;
  const arma::vec w = fixtures::uniforms(2500, 1, 3);
  const Design design = fixtures::whole(m);
  const auto got = gatemix::summarise_columns(design, w.memptr());
  for (arma::uword j = 0; j < 3; ++j) {
    const double mean = arma::dot(w, m.col(j)) / arma::accu(w);
    const double variance = arma::dot(w, arma::square(m.col(j) - mean)) / arma::accu(w);
    test::check_close(got.mean[j], mean, 1e-13, "mean");
    test::check_close(got.sd[j], std::sqrt(variance), 1e-13, "sd");
    test::check_close(got.root_mean_square[j],
                      std::sqrt(arma::dot(w, arma::square(m.col(j))) / arma::accu(w)), 1e-13,
                      "root mean square");
  }
  const auto plain = gatemix::summarise_columns(design, nullptr);
  test::check_close(plain.mean[0], arma::mean(m.col(0)), 1e-13, "no weights: all 1");
});

const test::Case years("summarise_columns: no cancellation far from zero", [] {
  const arma::mat small = normals(1000, 1, 4);
  const arma::mat far = small + 1e9;
  const auto a = gatemix::summarise_columns(fixtures::whole(far), nullptr);
  const arma::mat back = far - 1e9;  // what 1e9 + small holds
  test::check_close(a.sd[0], arma::stddev(back.col(0), 1), 1e-9, "sd around 1e9");
  const arma::mat flat(500, 1, arma::fill::value(1234.5));
  const auto b = gatemix::summarise_columns(fixtures::whole(flat), nullptr);
  test::check(b.sd[0] <= 1e-10 * 1234.5, "a constant column has no spread");
});

const test::Case gram("pooled_gram is the mean of the products", [] {
  const arma::mat m = normals(3000, 4, 5);
  const arma::vec w = fixtures::uniforms(3000, 1, 6);
  const arma::mat got = gatemix::pooled_gram(fixtures::whole(m), w.memptr());
  const arma::mat wanted = m.t() * arma::diagmat(w) * m / arma::accu(w);
  test::check_close(largest(got - wanted), 0.0, 1e-13, "weighted");
});

}  // namespace
