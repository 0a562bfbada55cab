#include "engine/penalties/row_quadratic.hpp"

#include "engine/penalties/gram_quadratic.hpp"
#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;

/// A 40 x 6 design, once dense and once sparse with the same entries, centred
/// and scaled. The first column is full, with a mean far above its spread.
class Designs {
 public:
  Designs() : values_(fixtures::normals(40, 6, 1)), start_{0} {
    const arma::mat chance = fixtures::uniforms(40, 6, 2);
    values_.col(0) += 1e6;
    for (arma::uword j = 0; j < 6; ++j) {
      for (arma::uword i = 0; i < 40; ++i) {
        if (j > 0 && chance(i, j) > 0.6) values_(i, j) = 0.0;
        if (values_(i, j) == 0.0) continue;
        row_.push_back(static_cast<int>(i));
        entry_.push_back(values_(i, j));
      }
      start_.push_back(static_cast<int>(row_.size()));
    }
  }
  gatemix::Design dense() const {
    return gatemix::Design::dense(values_.memptr(), 40, columns(), center(),
                                  scale());
  }
  gatemix::Design sparse() const {
    return gatemix::Design::sparse(start_.data(), row_.data(), entry_.data(),
                                   40, columns(), center(), scale());
  }
  arma::mat matrix() const {
    arma::mat out = values_;
    out.each_row() -= center().t();
    out.each_row() /= scale().t();
    return out;
  }

 private:
  static arma::uvec columns() { return arma::regspace<arma::uvec>(0, 5); }
  static arma::vec center() { return {1e6, 0.5, -1.0, 0.2, 0.0, 3.0}; }
  static arma::vec scale() { return {1.0, 2.0, 0.5, 1.5, 1.0, 3.0}; }
  arma::mat values_;
  std::vector<int> start_, row_;
  std::vector<double> entry_;
};

const test::Case same("the rows give the quadratic that Gram matrices give", [] {
  const Designs designs;
  const arma::mat x = designs.matrix(), score = fixtures::normals(40, 3, 3);
  const arma::mat weight = fixtures::uniforms(40, 6, 4);
  for (const gatemix::Design& design : {designs.dense(), designs.sparse()}) {
    gatemix::RowQuadratic rows(design, score, [] { return false; });
    gatemix::GramQuadratic gram(x.t() * score);
    for (arma::uword d = 0, at = 0; d < 3; ++d)
      for (arma::uword c = 0; c <= d; ++c, ++at) {
        if (c == 0 && d == 1) continue;  // not set: zero
        rows.set_weight(c, d, weight.col(at));
        gram.set_block(c, d, x.t() * arma::diagmat(weight.col(at)) * x);
      }
    for (const arma::uvec& at :
         {arma::uvec{0, 0}, arma::uvec{2, 1}, arma::uvec{5, 2},
          arma::uvec{5, 0}, arma::uvec{1, 2}}) {
      rows.move(at[0], at[1], 0.7);
      gram.move(at[0], at[1], 0.7);
      for (arma::uword c = 0; c < 3; ++c)
        for (arma::uword j = 0; j < 6; ++j) {
          test::check_close(rows.gradient(j, c), gram.gradient(j, c), 1e-11,
                            "gradient");
          test::check_close(rows.curvature(j, c), gram.curvature(j, c), 1e-11,
                            "curvature");
          test::check_close(rows.curvature(j, c, at[0], at[1]),
                            gram.curvature(j, c, at[0], at[1]), 1e-11,
                            "curvature of two coefficients");
        }
    }
  }
});

const test::Case products("products with a sparse design are those of the dense one", [] {
  const Designs designs;
  const gatemix::Design dense = designs.dense(), sparse = designs.sparse();
  const arma::mat r = fixtures::normals(40, 2, 6);
  test::check_close(largest(dense.cross_product(r) - sparse.cross_product(r)),
                    0.0, 1e-12, "cross product");
  gatemix::DesignBlock a, b;
  dense.read(5, 30, a);
  sparse.read(5, 30, b);
  test::check_close(largest(a.dense() - b.dense()), 0.0, 1e-13, "rows");
});

const test::Case interrupts("work on rows can be interrupted", [] {
  const arma::mat x = fixtures::normals(1000, 2, 5);
  const gatemix::Design design = fixtures::whole(x);
  gatemix::RowQuadratic rows(design, arma::mat(1000, 1, arma::fill::ones),
                             [] { return true; });
  bool interrupted = false;
  try {
    for (int i = 0; i < 100000; ++i) rows.gradient(i % 2, 0);
  } catch (const gatemix::Interrupted&) {
    interrupted = true;
  }
  test::check(interrupted, "interrupted");
});

const test::Case steps("an M-step on rows is the M-step on statistics", [] {
  for (const std::string name : {"elastic_net", "group_lasso", "scad", "mcp"})
    for (const std::string step : {"newton", "bound"})
      for (const std::string covariance : {"full", "diagonal"})
        for (const arma::uword q : {1, 2}) {
          fixtures::Problem problem(120, 6, q, 3, 7, true);
          problem.add_weights(8);
          gatemix::ModelSpec spec = fixtures::spec_of(
              {"softmax", "full", false, covariance, q == 2}, problem, 3);
          spec.gate.penalty = fixtures::penalty(name, 3);
          spec.expert.penalty = fixtures::penalty(name, 6);
          spec.settings.set("gate_step", step);
          arma::vec found[2];
          for (const bool wide : {false, true}) {
            spec.gate.wide = spec.expert.wide = wide;
            gatemix::Mixture model = gatemix::make_mixture(spec);
            gatemix::start_from(model, problem.data, problem.start(), {});
            for (int i = 0; i < 3; ++i)
              gatemix::m_step(model, problem.data, {},
                              fixtures::pass(model, problem), {}, {});
            found[wide] = model.coordinates();
          }
          test::check_close(largest(found[0] - found[1]), 0.0, 1e-9,
                            name + " " + step + " " + covariance);
        }
});

const test::Case ascent("coordinate ascent never lowers the objective", [] {
  for (const bool penalised : {false, true}) {
    fixtures::Problem problem(150, 4, 1, 3, 9);
    problem.add_weights(10);
    gatemix::ModelSpec spec = fixtures::spec_of(
        {"softmax", "full", false, "full", false}, problem, 3);
    if (penalised) spec.gate.penalty = fixtures::penalty("elastic_net", 4);
    spec.settings.set("gate_step", std::string("coordinate"));
    for (const double fraction : {1.0, 0.5}) {  // 0.5: the safe curvature
      gatemix::Mixture model = gatemix::make_mixture(spec);
      gatemix::start_from(model, problem.data, problem.start(), {});
      arma::vec statistics = fixtures::pass(model, problem);
      const double first = model.violation(statistics);
      for (int i = 0; i < 40; ++i) {
        const double before = model.objective(statistics);
        gatemix::m_step(model, problem.data, {}, statistics, {fraction}, {});
        statistics = fixtures::pass(model, problem);
        test::check(model.objective(statistics) >= before - 1e-9, "ascent");
      }
      test::check(model.violation(statistics) < 0.1 * first, "progress");
    }
  }
});

}  // namespace
