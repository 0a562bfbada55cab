#include "engine/data/features.hpp"
#include "engine/maximise/working_set.hpp"

#include "base/errors.hpp"
#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using fixtures::normals;
using gatemix::Design;
using gatemix::Features;
using gatemix::FeatureSpec;

FeatureSpec products(const std::string& covariance) {
  FeatureSpec spec;
  spec.key = "products";
  spec.covariance = covariance;
  return spec;
}

FeatureSpec powers(arma::uword degree) {
  FeatureSpec spec;
  spec.key = "powers";
  spec.degree = degree;
  return spec;
}

FeatureSpec function(const std::string& name) {
  FeatureSpec spec;
  spec.key = "function";
  spec.function = name;
  spec.center = arma::vec{0.5, -1.0};
  spec.scale = arma::vec{2.0, 0.1};
  return spec;
}

// An intercept and two predictors.
arma::mat some_columns(arma::uword n) {
  arma::mat m = normals(n, 3, 7);
  m.col(0).ones();
  return m;
}

struct Expected {
  FeatureSpec spec;
  arma::mat values;
  std::vector<std::string> names;
};

std::vector<Expected> expected(const arma::mat& m) {
  const arma::vec one = m.col(0), a = m.col(1), b = m.col(2);
  const auto with = [&](const arma::mat& more) { return arma::mat(arma::join_rows(m, more)); };
  std::vector<Expected> out{
      {products("full"), with(arma::join_rows(a % a, a % b, b % b)),
       {"(Intercept)", "v1", "v2", "v1*v1", "v1*v2", "v2*v2"}},
      {products("diagonal"), with(arma::join_rows(a % a, b % b)),
       {"(Intercept)", "v1", "v2", "v1^2", "v2^2"}},
      {products("spherical"), with(a % a + b % b), {"(Intercept)", "v1", "v2", "|z|^2"}},
      {powers(1), m, {"(Intercept)", "v1", "v2"}},
      {powers(3), with(arma::join_rows(a % a, b % b, a % a % a, b % b % b)),
       {"(Intercept)", "v1", "v2", "v1^2", "v2^2", "v1^3", "v2^3"}}};
  const auto add = [&](const std::string& name, const arma::vec& fa, const arma::vec& fb) {
    out.push_back({function(name), arma::join_rows(one, (fa - 0.5) / 2.0, (fb + 1.0) / 0.1),
                   {"(Intercept)", name + "(v1)", name + "(v2)"}});
  };
  add("tanh", arma::tanh(a), arma::tanh(b));
  add("sigmoid", 1.0 / (1.0 + arma::exp(-a)), 1.0 / (1.0 + arma::exp(-b)));
  add("cos", arma::cos(a), arma::cos(b));
  add("sin", arma::sin(a), arma::sin(b));
  add("softsign", a / (1.0 + arma::abs(a)), b / (1.0 + arma::abs(b)));
  return out;
}

const test::Case values("features: values, names, columns, products with rows, selections", [] {
  const arma::uword n = 1500;  // more than one block of rows
  const arma::mat m = some_columns(n), r = normals(n, 2, 8);
  const Design plain = fixtures::whole(m);
  for (const Expected& item : expected(m)) {
    const std::string what = item.spec.key + " " + item.spec.covariance + item.spec.function;
    const Features features(item.spec, 3);
    test::check(features.names({"(Intercept)", "v1", "v2"}) == item.names, what + ": names");
    const Design design = plain.transformed(features);
    test::check(design.n_cols() == item.values.n_cols && design.row_size() == item.values.n_cols,
                what + ": size");
    gatemix::DesignBlock block;
    design.read(100, 700, block);
    test::check_close(largest(block.dense() - item.values.rows(100, 799)), 0.0, 1e-13, what + ": rows");
    arma::vec column(n);
    for (arma::uword j = 0; j < design.n_cols(); ++j) {
      design.read_column(j, 0, n, column.memptr());
      test::check_close(largest(column - item.values.col(j)), 0.0, 1e-13, what + ": column");
    }
    test::check_close(largest(design.cross_product(r) - item.values.t() * r), 0.0, 1e-10,
                      what + ": cross product");
    const arma::uvec some{design.n_cols() - 1, 0};
    design.select(some).read(0, 50, block);
    test::check_close(largest(block.dense() - item.values.cols(some).eval().head_rows(50)), 0.0, 1e-13,
                      what + ": selection");
  }
});

const test::Case refused("features: unknown ones are input errors", [] {
  const auto make = [](const FeatureSpec& spec, arma::uword n) { return [=] { Features(spec, n); }; };
  FeatureSpec unknown;
  unknown.key = "nonsense";
  test::check_throws<gatemix::InputError>(make(unknown, 3), "key");
  test::check_throws<gatemix::InputError>(make(products("nonsense"), 3), "covariance");
  test::check_throws<gatemix::InputError>(make(function("nonsense"), 3), "function");
  test::check_throws<gatemix::InputError>(make(function("tanh"), 4), "centres");
  test::check_throws<gatemix::InputError>(make(powers(2), 0), "no intercept");
});

const test::Case penalised("features: a penalised gate works on products", [] {
  fixtures::Problem problem(200, 4, 1, 2, 44);
  problem.set_products("full");
  for (const std::string step : {"newton", "bound", "coordinate"}) {
    gatemix::ModelSpec spec =
        fixtures::spec_of({"softmax", "full", false, "full", false}, problem, 2);
    spec.gate.penalty = fixtures::penalty("elastic_net", problem.data.z->n_cols(), 0.02);
    spec.settings.set("gate_step", step);
    arma::vec theta = gatemix::make_mixture(spec).coordinates();
    const gatemix::EmResult result =
        gatemix::run_working_set(spec, problem.data, theta, problem.start(), {}, {});
    test::check(result.status == "converged", step + ": converged");
  }
});

}  // namespace
