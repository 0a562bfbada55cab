#include "engine/maximise/em.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::Kind;
using fixtures::largest;
using gatemix::EmControl;
using gatemix::EmResult;
using gatemix::Mixture;

void check_monotone(const EmResult& result, double weight, const std::string& what) {
  double worst = 0.0;
  for (std::size_t i = 1; i < result.trace.size(); ++i)
    worst = std::min(worst, result.trace[i] - result.trace[i - 1]);
  test::check(worst >= -1e-12 * (weight + std::abs(result.objective)),
              what + ": never decreases; found " + std::to_string(worst));
}

const test::Case monotone("em: the objective never decreases, plain and accelerated", [] {
  for (arma::uword q : {1u, 2u}) {
    fixtures::Problem problem(120, 2, q, 3, 60);
    for (const Kind& kind : fixtures::kinds()) {
      double reached[2];
      for (bool accelerate : {false, true}) {
        Mixture model = fixtures::make(kind, problem, 3);
        gatemix::start_from(model, problem.data, problem.start(), {});
        EmControl control;
        control.accelerate = accelerate;
        control.max_iter = 300;
        const EmResult result = gatemix::run_em(model, problem.data, control, {});
        check_monotone(result, 120.0, kind.name());
        test::check(result.trace.size() == static_cast<std::size_t>(result.iterations) + 1,
                    kind.name() + ": one trace value per accepted point");
        test::check(result.trace.back() == result.objective, kind.name() + ": the last is the result");
        const arma::vec stats = fixtures::pass(model, problem);
        test::check_close(stats[0], result.objective, 1e-13, kind.name() + ": the model is the result");
        test::check_close(largest(stats - result.statistics) / (1.0 + largest(stats)), 0.0, 1e-11,
                          kind.name() + ": and its statistics");
        const double gradient = largest(model.score(stats)) / 120.0;
        test::check_close(gradient, result.gradient, 1e-12, kind.name() + ": gradient");
        if (result.status == "converged")
          test::check(gradient <= control.tol, kind.name() + ": converged means a small gradient");
        reached[accelerate] = result.objective;
      }
      test::check(reached[1] >= reached[0] - 1e-6 * 120.0 ||
                      std::abs(reached[1] - reached[0]) > 1e-3 * 120.0,
                  kind.name() + ": accelerated is not behind plain EM in the same optimum");
    }
  }
});

const test::Case certificate("em: at convergence the finite differences are 0", [] {
  fixtures::Problem problem(200, 2, 1, 2, 61);
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, 2);
    gatemix::start_from(model, problem.data, problem.start(), {});
    const EmResult result = gatemix::run_em(model, problem.data, {}, {});
    if (result.status != "converged" || model.separated(result.statistics)) {
      test::check(false, kind.name() + ": " + result.status);
      continue;
    }
    const arma::vec slope = fixtures::numeric_gradient(
        [&](const arma::vec& theta) { return fixtures::objective_at(model, problem, theta); },
        arma::vec(model.coordinates()));
    test::check(largest(slope) / 200.0 < 1e-7, kind.name() + ": " + std::to_string(largest(slope)));
  }
});

const test::Case callback("em: the callback sees every point and can stop", [] {
  fixtures::Problem problem(150, 2, 1, 2, 62);
  Mixture model = fixtures::make({"softmax", "full", false, "full", false}, problem, 2);
  gatemix::start_from(model, problem.data, problem.start(), {});
  std::vector<double> seen;
  EmControl control;
  control.callback = [&](const gatemix::Progress& progress) {
    test::check(progress.iteration == static_cast<int>(seen.size()), "iterations are counted");
    test::check(progress.passes >= progress.iteration + 1, "passes too");
    seen.push_back(progress.objective);
    return seen.size() == 4;
  };
  const EmResult result = gatemix::run_em(model, problem.data, control, {});
  test::check(result.status == "stopped" && result.iterations == 3, "stopped at the fourth point");
  test::check(seen == result.trace, "the trace is what it saw");
});

const test::Case limits("em: max_iter 0 evaluates; restarting from the optimum stays", [] {
  fixtures::Problem problem(150, 2, 1, 2, 63);
  Mixture model = fixtures::make({"softmax", "full", false, "full", false}, problem, 2);
  gatemix::start_from(model, problem.data, problem.start(), {});
  const arma::vec before = model.coordinates();
  EmControl control;
  control.max_iter = 0;
  const EmResult none = gatemix::run_em(model, problem.data, control, {});
  test::check(none.status == "max_iter" && none.passes == 1, "one pass");
  test::check(fixtures::same_bits(model.coordinates(), before), "nothing moved");
  gatemix::run_em(model, problem.data, {}, {});
  const arma::vec optimum = model.coordinates();
  const EmResult again = gatemix::run_em(model, problem.data, {}, {});
  test::check(again.status == "converged" && again.iterations == 0, "no step is needed");
  test::check_close(largest(model.coordinates() - optimum), 0.0, 1e-13, "the optimum stays");
});

const test::Case perfect("em: a perfect fit ends at the floor and says so", [] {
  fixtures::Problem problem(60, 2, 1, 2, 64);
  for (arma::uword i = 0; i < 60; ++i) {
    const double side = problem.labels[i] == 1 ? 1.0 : -1.0;
    problem.y(i, 0) = side * (3.0 + problem.x(i, 1));
  }
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, 2, 1e-6);
    gatemix::start_from(model, problem.data, problem.start(), {});
    const EmResult result = gatemix::run_em(model, problem.data, {}, {});
    check_monotone(result, 60.0, kind.name());
    test::check(arma::all(model.floored() == 1), kind.name() + ": both at the floor");
    test::check(result.status == "converged", kind.name() + ": " + result.status);
    test::check(std::isfinite(result.objective), kind.name() + ": finite");
  }
});

const test::Case many("em: K = n and duplicated rows stay finite", [] {
  fixtures::Problem problem(8, 2, 1, 8, 65);
  for (arma::uword i = 4; i < 8; ++i) {
    problem.x.row(i) = problem.x.row(i - 4);
    problem.y.row(i) = problem.y.row(i - 4);
  }
  for (const std::string& gate : gatemix::gate_names()) {
    Mixture model = fixtures::make({gate, "full", false, "full", false}, problem, 8);
    gatemix::start_from(model, problem.data, problem.start(), {});
    EmControl control;
    control.max_iter = 100;
    const EmResult result = gatemix::run_em(model, problem.data, control, {});
    check_monotone(result, 8.0, gate);
    test::check(std::isfinite(result.objective) && model.coordinates().is_finite(), gate);
  }
});

const test::Case threaded("em: a whole run is the same to the bit with 1 and 2 threads", [] {
  fixtures::Problem problem(9000, 3, 1, 3, 66);
  const Kind kind{"softmax", "full", false, "full", false};
  arma::vec found[2];
  for (int threads : {1, 2}) {
    gatemix::Runtime runtime;
    runtime.threads = threads;
    Mixture model = fixtures::make(kind, problem, 3);
    gatemix::start_from(model, problem.data, problem.start(), runtime);
    EmControl control;
    control.max_iter = 40;
    gatemix::run_em(model, problem.data, control, runtime);
    found[threads - 1] = model.coordinates();
  }
  test::check(fixtures::same_bits(found[0], found[1]), "same bits");
});

}  // namespace
