// The laws that every penalised gate and every penalised expert obeys.
#include "engine/maximise/working_set.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using gatemix::Mixture;
using gatemix::ModelSpec;

struct Penalised {
  std::string name;
  ModelSpec spec;
};

// Every penalty on every block that takes one, and on both at once.
std::vector<Penalised> penalised(const fixtures::Problem& problem, double lambda = 0.05) {
  std::vector<Penalised> out;
  for (const std::string gate : {"softmax", "gaussian", "constant"})
    for (const std::string covariance : {"full", "diagonal"})
      for (const std::string& key : gatemix::penalty_names()) {
        Penalised item{key + " on " + gate + " x " + covariance,
                       fixtures::spec_of({gate, "full", false, covariance, false}, problem, 3)};
        item.spec.expert.penalty = fixtures::penalty(key, problem.x.n_cols, lambda);
        if (gate != "constant")
          item.spec.gate.penalty = fixtures::penalty(key, problem.data.z->n_cols(), lambda);
        out.push_back(item);
      }
  return out;
}

// A point with zeros in its pattern: after some steps of EM. A refit of a
// support begins at one, since its zeros are what it keeps.
Mixture some_model(const Penalised& item, const fixtures::Problem& problem) {
  ModelSpec before = item.spec;
  if (before.expert.penalty.key == "support") {
    before.expert.penalty.key = "elastic_net";
    if (before.gate.penalty.given()) before.gate.penalty.key = "elastic_net";
  }
  Mixture start = gatemix::make_mixture(before);
  gatemix::start_from(start, problem.data, problem.start(), {});
  for (int i = 0; i < 5; ++i) start.solve(fixtures::pass(start, problem));
  Mixture model = gatemix::make_mixture(item.spec);
  model.set_coordinates(start.coordinates());
  return model;
}

double penalty_of(const Mixture& model) {
  return model.gate().penalty() + model.expert().penalty();
}

const test::Case tangents("penalised: tangents hold the derivatives of the penalty", [] {
  for (arma::uword q : {1u, 2u}) {
    fixtures::Problem problem(90, 5, q, 3, 81, true);
    problem.add_weights(82);
    for (const Penalised& item : penalised(problem)) {
      Mixture model = some_model(item, problem);
      const arma::vec theta = model.coordinates();
      const arma::vec stats = fixtures::pass(model, problem);
      const gatemix::Tangent t = model.tangent(stats);
      const double weight = model.weight(stats);
      // the derivatives along the basis at theta + basis s
      const auto slope_at = [&](const arma::vec& s) {
        return fixtures::numeric_gradient(
            [&](const arma::vec& at) {
              model.set_coordinates(theta + t.basis * at);
              return weight * penalty_of(model);
            },
            s, 1e-5);
      };
      const arma::vec zero(t.slope.n_elem, arma::fill::zeros);
      test::check_close(largest(slope_at(zero) - t.slope) / weight, 0.0, 1e-8, item.name + ": slopes");
      arma::mat bend(zero.n_elem, zero.n_elem);
      for (arma::uword j = 0; j < zero.n_elem; ++j) {
        arma::vec step = zero;
        step[j] = 1e-4;
        bend.col(j) = (slope_at(step) - slope_at(-step)) / 2e-4;
      }
      // a softmax gate's group moves its own translation along, which bends the
      // penalty less than its parts: Newton's method takes the bound
      const bool bound = item.spec.gate.key == "softmax" && item.spec.gate.penalty.key == "group_lasso";
      const arma::mat rest = (t.curvature - bend) / weight;
      const double scale = 1.0 + largest(t.curvature) / weight;
      if (bound)
        test::check(arma::eig_sym(arma::symmatu(rest)).min() >= -1e-3 * scale,
                    item.name + ": curvature bounds");
      else
        test::check_close(largest(rest) / scale, 0.0, 1e-4, item.name + ": curvature");
    }
  }
});

const test::Case scores("penalised: along the tangent the objective has the derivative that Newton uses", [] {
  fixtures::Problem problem(80, 4, 1, 3, 83, true);
  for (const Penalised& item : penalised(problem)) {
    Mixture model = some_model(item, problem);
    const arma::vec theta = model.coordinates();
    const arma::vec stats = fixtures::pass(model, problem);
    const gatemix::Tangent t = model.tangent(stats);
    const arma::vec wanted = t.basis.t() * model.score(stats) - t.slope;
    const arma::vec found = fixtures::numeric_gradient(
        [&](const arma::vec& s) { return fixtures::objective_at(model, problem, theta + t.basis * s); },
        arma::vec(wanted.n_elem, arma::fill::zeros), 1e-4);
    test::check_close(largest(found - wanted) / (1.0 + largest(wanted)), 0.0, 1e-6, item.name);
  }
});

const test::Case patterns("penalised: extrapolated points keep zeros and signs", [] {
  fixtures::Problem problem(90, 5, 2, 3, 84, true);
  for (const Penalised& item : penalised(problem)) {
    Mixture model = some_model(item, problem);
    const arma::vec theta = model.coordinates();
    const arma::vec stats = fixtures::pass(model, problem);
    arma::vec far = theta + 3.0 * fixtures::normals(theta.n_elem, 1, 85);
    model.keep_pattern(far);
    const arma::uvec columns = model.expert().coordinate_columns();
    const arma::uword gate = model.n_gate_coordinates();
    bool same = true;
    for (arma::uword i = 0; i < columns.n_elem; ++i)
      if (columns[i] != gatemix::kNoColumn)
        same = same && (theta[gate + i] == 0.0 ? far[gate + i] == 0.0
                                               : theta[gate + i] * far[gate + i] > 0.0);
    test::check(same, item.name + ": experts");
    const arma::mat basis = model.tangent(stats).basis;
    model.set_coordinates(far);
    const arma::mat moved = model.tangent(stats).basis;
    test::check(arma::approx_equal(basis, moved, "absdiff", 0.0), item.name + ": the same tangent");
  }
});

const test::Case monotone("penalised: the objective never decreases, and converged means stationary", [] {
  fixtures::Problem problem(150, 5, 1, 3, 86, true);
  problem.add_weights(87);
  int converged = 0, all = 0;
  for (const Penalised& item : penalised(problem)) {
    Mixture model = some_model(item, problem);
    const gatemix::EmResult result = gatemix::run_em(model, problem.data, {}, {});
    double worst = 0.0;
    for (std::size_t i = 1; i < result.trace.size(); ++i)
      worst = std::min(worst, result.trace[i] - result.trace[i - 1]);
    test::check(worst >= -1e-10, item.name + ": " + std::to_string(worst));
    const arma::vec stats = fixtures::pass(model, problem);
    test::check(result.status != "converged" || model.violation(stats) <= 1e-8,
                item.name + ": violation " + std::to_string(model.violation(stats)));
    test::check_close(model.objective(stats), result.objective, 1e-12, item.name + ": objective");
    converged += result.status == "converged";
    ++all;
  }
  test::check(2 * converged > all, std::to_string(converged) + " of " + std::to_string(all) + " converged");
});

// The steepest ascent of the penalised objective, per row, when one coefficient
// of a column leaves 0: of each expert's response, or of each of the K vectors
// of a softmax gate.
double steepest(Mixture& model, const fixtures::Problem& problem, bool gate, arma::uword column) {
  const arma::vec theta = model.coordinates();
  const arma::uword first = gate ? 0 : model.n_gate_coordinates();
  const arma::uvec columns = gate ? model.gate().coordinate_columns()
                                  : model.expert().coordinate_columns();
  std::vector<arma::vec> directions;
  arma::vec all(theta.n_elem, arma::fill::zeros);
  for (arma::uword i = 0; i < columns.n_elem; ++i) {
    if (columns[i] != column) continue;
    arma::vec one(theta.n_elem, arma::fill::zeros);
    one[first + i] = 1.0;
    all += one;
    directions.push_back(one);
  }
  if (gate) directions.push_back(-all);  // the reference's vector
  const double weight = model.weight(fixtures::pass(model, problem));
  const double here = fixtures::objective_at(model, problem, theta), h = 1e-6;
  double best = -arma::datum::inf;
  for (const arma::vec& d : directions)
    for (double sign : {1.0, -1.0})
      best = std::max(best, (fixtures::objective_at(model, problem, theta + sign * h * d) - here) / (h * weight));
  model.set_coordinates(theta);
  return best;
}

const test::Case excesses("penalised: the excess of a column is the steepest ascent from 0", [] {
  fixtures::Problem problem(120, 6, 1, 3, 88);
  for (const std::string key : {"elastic_net", "scad", "mcp"}) {
    ModelSpec spec = fixtures::spec_of({"softmax", "full", false, "full", false}, problem, 3);
    spec.expert.penalty = spec.gate.penalty = fixtures::penalty(key, 6, 0.02);
    Mixture model = gatemix::make_mixture(spec);
    gatemix::start_from(model, problem.data, problem.start(), {});
    for (int i = 0; i < 3; ++i) model.solve(fixtures::pass(model, problem));
    arma::vec theta = model.coordinates();
    for (arma::uword i = 0; i < theta.n_elem; ++i) {
      const arma::uword gate = model.n_gate_coordinates();
      const arma::uword column = i < gate ? model.gate().coordinate_columns()[i]
                                          : model.expert().coordinate_columns()[i - gate];
      if (column == 2 || column == 3) theta[i] = 0.0;
    }
    model.set_coordinates(theta);
    const gatemix::Excess excess = gatemix::column_excess(spec, problem.data, theta, {});
    for (arma::uword column : {2u, 3u}) {
      const double unit = spec.expert.penalty.unit[column];  // of what is penalised
      test::check_close(excess.x[column], steepest(model, problem, false, column) / unit, 1e-5, key + ": experts");
      test::check_close(excess.z[column], steepest(model, problem, true, column) / unit, 1e-5, key + ": gate");
    }
  }
});

}  // namespace
