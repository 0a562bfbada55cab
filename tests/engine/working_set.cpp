#include "engine/maximise/working_set.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using gatemix::EmResult;
using gatemix::Mixture;
using gatemix::ModelSpec;

// Two experts with slopes on the last column, and many columns of noise.
ModelSpec noisy_spec(const fixtures::Problem& problem, const std::string& gate, const std::string& key,
                     double lambda = 1.0) {
  ModelSpec spec = fixtures::spec_of({gate, "full", false, "full", false}, problem, 2);
  spec.expert.penalty = fixtures::penalty(key, problem.x.n_cols, lambda);
  // log odds have information 1/4 per row, means 1 / variance: here 4
  if (gate != "constant")
    spec.gate.penalty = fixtures::penalty(key, problem.data.z->n_cols(), 0.15 * lambda);
  return spec;
}

arma::vec origin(const ModelSpec& spec) { return gatemix::make_mixture(spec).coordinates(); }

const test::Case same("working set: the fit is that on all columns, to the certificate", [] {
  fixtures::Problem problem(100, 60, 1, 2, 91);
  for (const std::string gate : {"softmax", "constant"})
    for (const std::string key : {"elastic_net", "group_lasso"}) {
      const ModelSpec spec = noisy_spec(problem, gate, key);
      arma::vec theta = origin(spec);
      const EmResult part = gatemix::run_working_set(spec, problem.data, theta, problem.start(), {}, {});
      const gatemix::Columns used = gatemix::used_columns(spec, problem.data, theta);
      test::check(used.x.n_elem < 40, gate + " " + key + ": few columns, " + std::to_string(used.x.n_elem));
      test::check(part.status == "converged" && part.gradient <= 1e-8, gate + " " + key + ": " + part.status);

      // the optimality conditions of the unrestricted model
      Mixture all = gatemix::make_mixture(spec);
      all.set_coordinates(theta);
      const arma::vec stats = fixtures::pass(all, problem);
      test::check(all.violation(stats) <= 1e-8, gate + " " + key + ": stationary over all columns");
      test::check_close(all.objective(stats), part.objective, 1e-12, gate + " " + key + ": objective");
    }
});

const test::Case outside("working set: no column left out wants to come in", [] {
  fixtures::Problem problem(80, 200, 1, 2, 92);
  const ModelSpec spec = noisy_spec(problem, "softmax", "elastic_net");
  arma::vec theta = origin(spec);
  const EmResult result = gatemix::run_working_set(spec, problem.data, theta, problem.start(), {}, {});
  test::check(result.status == "converged", result.status);
  const gatemix::Excess excess = gatemix::column_excess(spec, problem.data, theta, {});
  const gatemix::Columns used = gatemix::used_columns(spec, problem.data, theta);
  double worst_x = -1.0, worst_z = -1.0;
  for (arma::uword j = 0; j < 200; ++j) {
    if (!arma::any(used.x == j)) worst_x = std::max(worst_x, excess.x[j]);
    if (!arma::any(used.z == j)) worst_z = std::max(worst_z, excess.z[j]);
  }
  test::check(worst_x <= 1e-8 && worst_z <= 1e-8, std::to_string(worst_x) + ", " + std::to_string(worst_z));
});

const test::Case trips("working set: restricted coordinates go out and back", [] {
  fixtures::Problem problem(30, 60, 2, 3, 93);
  ModelSpec spec = fixtures::spec_of({"softmax", "full", false, "full", false}, problem, 3);
  spec.expert.penalty = spec.gate.penalty = fixtures::penalty("elastic_net", 60);
  arma::vec theta = origin(spec);
  const Mixture model = gatemix::make_mixture(spec);
  const arma::uword gate = model.n_gate_coordinates();
  const arma::uvec z = model.gate().coordinate_columns(), x = model.expert().coordinate_columns();
  for (arma::uword i = 0; i < z.n_elem; ++i)
    if (z[i] == 7) theta[i] = 0.5;
  for (arma::uword i = 0; i < x.n_elem; ++i)
    if (x[i] == 12 || x[i] == 40) theta[gate + i] = -0.25;
  const gatemix::Columns used = gatemix::used_columns(spec, problem.data, theta);
  test::check(arma::approx_equal(used.x, arma::uvec{0, 12, 40}, "absdiff", 0), "experts' columns");
  test::check(arma::approx_equal(used.z, arma::uvec{0, 7}, "absdiff", 0), "the gate's columns");
  const gatemix::Restricted part(spec, problem.data, used);
  const Mixture small = part.model(theta);
  test::check(fixtures::same_bits(part.expand(small.coordinates()), theta), "there and back");
  // the same density with fewer columns
  Mixture whole = gatemix::make_mixture(spec);
  whole.set_coordinates(theta);
  const double full = fixtures::pass(whole, problem)[0];
  const double few = gatemix::run_pass(small, part.data(), problem.all(), {}, {})[0];
  test::check_close(few, full, 1e-12, "log-likelihood");
});

const test::Case groups("working set: the columns of a group come in together", [] {
  fixtures::Problem problem(30, 60, 1, 2, 94);
  ModelSpec spec = noisy_spec(problem, "constant", "group_lasso");
  arma::vec theta = origin(spec);
  const Mixture model = gatemix::make_mixture(spec);
  const arma::uvec columns = model.expert().coordinate_columns();
  for (arma::uword i = 0; i < columns.n_elem; ++i)
    if (columns[i] == 58) theta[model.n_gate_coordinates() + i] = 1.0;
  const gatemix::Columns used = gatemix::used_columns(spec, problem.data, theta);
  test::check(arma::approx_equal(used.x, arma::uvec{0, 58, 59}, "absdiff", 0), "58 brings 59");
  test::check(arma::approx_equal(used.z, used.x, "absdiff", 0), "a constant gate takes those of the experts");
});

const test::Case saturated("working set: a run with as many coefficients as half of the rows gives up when asked", [] {
  fixtures::Problem problem(24, 80, 1, 2, 95);
  const ModelSpec spec = noisy_spec(problem, "constant", "elastic_net", 1e-4);
  gatemix::EmControl control;
  control.stop_saturated = true;
  arma::vec theta = origin(spec);
  const EmResult result = gatemix::run_working_set(spec, problem.data, theta, problem.start(), control, {});
  test::check(result.status == "saturated", result.status);
});

const test::Case ridge("working set: hundreds of columns of a ridge are fitted on the rows", [] {
  const arma::uword n = 900, p = 510;
  fixtures::Problem problem(n, p, 1, 1, 96);
  ModelSpec spec = fixtures::spec_of({"constant", "full", false, "full", false}, problem, 1);
  spec.expert.penalty = fixtures::penalty("elastic_net", p, 0.5);
  spec.expert.penalty.alpha = 0.0;
  arma::vec theta = origin(spec);
  const EmResult result = gatemix::run_working_set(spec, problem.data, theta, problem.start(), {}, {});
  test::check(gatemix::used_columns(spec, problem.data, theta).x.n_elem == p, "all columns are in use");
  test::check(result.status == "converged", result.status);
  // (x'x / s2 + n lambda D) b = x'y / s2 at the fitted variance s2, where D has
  // the factors times the squared units
  const double variance = std::exp(2.0 * theta[p]);
  arma::mat h = problem.x.t() * problem.x / variance;
  h.diag() += n * 0.5 * spec.expert.penalty.factor % arma::square(spec.expert.penalty.unit);
  const arma::vec wanted = arma::solve(h, problem.x.t() * problem.y / variance);
  test::check_close(largest(theta.head(p) - wanted), 0.0, 1e-6, "the ridge's normal equations");
});

const test::Case sparse("working set: a sparse design gives the fit of the dense one", [] {
  fixtures::Problem problem(60, 70, 1, 2, 97);
  problem.x.elem(arma::find(arma::abs(problem.x.cols(1, 69)) < 1.3) + 60).zeros();
  const arma::sp_mat entries(problem.x);
  std::vector<int> start(entries.col_ptrs, entries.col_ptrs + 71),
      row(entries.row_indices, entries.row_indices + entries.n_nonzero);
  const gatemix::Design design = gatemix::Design::sparse(
      start.data(), row.data(), entries.values, 60, arma::regspace<arma::uvec>(0, 69),
      arma::vec(70, arma::fill::zeros), arma::vec(70, arma::fill::ones));
  const ModelSpec spec = noisy_spec(problem, "softmax", "elastic_net");
  arma::vec dense = origin(spec), few = dense;
  gatemix::run_working_set(spec, problem.data, dense, problem.start(), {}, {});
  gatemix::Data data = problem.data;
  data.x = data.z = &design;
  gatemix::run_working_set(spec, data, few, problem.start(), {}, {});
  test::check_close(largest(dense - few), 0.0, 1e-6, "coordinates");
});

}  // namespace
