// The laws that every gate and every expert obeys.
#include <algorithm>

#include "engine/covariance/covariances.hpp"
#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::Kind;
using fixtures::largest;
using gatemix::Mixture;

// A point in general position: after an M-step, pushed a little.
arma::vec some_point(Mixture& model, const fixtures::Problem& problem) {
  gatemix::start_from(model, problem.data, problem.start(), {});
  const arma::vec theta = model.coordinates();
  return theta + 0.1 * fixtures::normals(theta.n_elem, 1, 17);
}

const test::Case scores("blocks: score = finite differences of the objective", [] {
  for (arma::uword q : {1u, 2u}) {
    fixtures::Problem problem(45, 3, q, 3, 11, true);
    problem.add_weights(3);
    for (const Kind& kind : fixtures::kinds()) {
      Mixture model = fixtures::make(kind, problem, 3);
      const arma::vec at = some_point(model, problem);
      model.set_coordinates(at);
      const arma::vec score = model.score(fixtures::pass(model, problem));
      const arma::vec wanted = fixtures::numeric_gradient(
          [&](const arma::vec& theta) { return fixtures::objective_at(model, problem, theta); }, at);
      test::check_close(largest(score - wanted) / (1.0 + largest(wanted)), 0.0, 1e-8,
                        kind.name() + ", q = " + std::to_string(q));
    }
  }
});

const test::Case sizes("blocks: packings, names and coordinates have matching sizes", [] {
  for (arma::uword k : {1u, 2u, 4u}) {
    fixtures::Problem problem(30, 2, 2, k, 12);
    for (const Kind& kind : fixtures::kinds()) {
      Mixture model = fixtures::make(kind, problem, k);
      const arma::vec theta = model.coordinates();
      test::check(model.coordinate_names().size() == theta.n_elem, kind.name() + ": names");
      test::check(model.parameters().size() == theta.n_elem, kind.name() + ": parameters");
      const arma::vec stats = fixtures::pass(model, problem);
      test::check(stats.n_elem == model.statistics().size(), kind.name() + ": statistics");
      test::check(model.score(stats).n_elem == theta.n_elem, kind.name() + ": score");
      test::check(model.n_gate_coordinates() == model.gate().coordinates().n_elem, kind.name());
      const arma::vec sizes = model.sizes(stats);
      test::check_close(arma::accu(sizes), 30.0, 1e-13, kind.name() + ": sizes add up to n");
      const arma::vec there = some_point(model, problem);
      model.set_coordinates(there);
      test::check_close(largest(model.coordinates() - there), 0.0, 1e-12, kind.name() + ": round trip");
    }
  }
});

const test::Case additive("blocks: statistics over row ranges add up", [] {
  fixtures::Problem problem(700, 3, 2, 3, 13, true);
  problem.add_weights(5);
  const gatemix::Runtime runtime;
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, 3);
    model.set_coordinates(some_point(model, problem));
    const arma::vec whole = fixtures::pass(model, problem);
    arma::vec sum(whole.n_elem, arma::fill::zeros);
    for (std::size_t first : {0u, 1u, 130u, 699u}) {
      const std::size_t last = first == 0 ? 1 : first == 1 ? 130 : first == 130 ? 699 : 700;
      sum += gatemix::run_pass(model, problem.data, {first, last}, {}, runtime);
    }
    test::check_close(largest(sum - whole) / (1.0 + largest(whole)), 0.0, 1e-13, kind.name());
  }
});

const test::Case relabelling("blocks: permute relabels and changes nothing else", [] {
  for (arma::uword q : {1u, 2u}) {
    fixtures::Problem problem(50, 3, q, 3, 14);
    for (const Kind& kind : fixtures::kinds()) {
      Mixture model = fixtures::make(kind, problem, 3);
      const arma::vec at = some_point(model, problem);
      model.set_coordinates(at);
      const arma::vec stats = fixtures::pass(model, problem);
      const arma::vec sizes = model.sizes(stats);
      const arma::uvec order{1, 2, 0}, inverse{2, 0, 1};
      model.permute(order);
      const arma::vec moved = fixtures::pass(model, problem);
      test::check_close(moved[0], stats[0], 1e-12, kind.name() + ": the same objective");
      test::check_close(largest(model.sizes(moved) - sizes.elem(order)), 0.0, 1e-10,
                        kind.name() + ": sizes move along");
      // coordinates alone say the same as the permuted model
      Mixture copy = fixtures::make(kind, problem, 3);
      copy.set_coordinates(model.coordinates());
      test::check_close(fixtures::pass(copy, problem)[0], stats[0], 1e-12, kind.name() + ": coordinates");
      model.permute(inverse);
      test::check_close(largest(model.coordinates() - at), 0.0, 1e-12, kind.name() + ": and back");
      model.permute(arma::uvec{0, 1, 2});
      test::check_close(largest(model.coordinates() - at), 0.0, 1e-12, kind.name() + ": identity");
    }
  }
});

const test::Case single("blocks: K = 1 is least squares", [] {
  fixtures::Problem problem(40, 3, 2, 1, 15);
  problem.add_weights(8);
  const arma::mat w = arma::diagmat(problem.weight);
  const arma::mat b = arma::solve(problem.x.t() * w * problem.x, problem.x.t() * w * problem.y);
  const arma::mat e = problem.y - problem.x * b;
  const arma::mat sigma = e.t() * w * e / arma::accu(problem.weight);
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, 1);
    const gatemix::EmResult result =
        (gatemix::start_from(model, problem.data, problem.start(), {}),
         gatemix::run_em(model, problem.data, {}, {}));
    test::check(result.status == "converged", kind.name() + ": converged");
    const arma::vec theta = model.coordinates().tail(model.coordinates().n_elem - model.n_gate_coordinates());
    test::check_close(largest(theta.head(6) - arma::vectorise(b)), 0.0, 1e-11, kind.name() + ": coefficients");
    if (kind.expert_covariance == "diagonal")
      test::check_close(std::exp(2.0 * theta[6]), sigma(0, 0), 1e-11, kind.name() + ": variance");
    if (kind.expert_covariance == "full")
      test::check_close(std::exp(2.0 * theta[6]), sigma(0, 0), 1e-11, kind.name() + ": variance");
  }
});

const test::Case m_step("blocks: one M-step of the experts is weighted least squares", [] {
  const arma::uword q = 2, k = 3, p = 3;
  fixtures::Problem problem(60, p, q, k, 21, true);
  problem.add_weights(22);
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, k);
    model.set_coordinates(some_point(model, problem));
    const arma::mat posterior = gatemix::evaluate_rows(model, problem.data, {}).posterior;
    model.solve(fixtures::pass(model, problem));
    const arma::vec theta = model.coordinates().tail(model.coordinates().n_elem - model.n_gate_coordinates());
    arma::mat b(p, k * q), pooled(q, q, arma::fill::zeros);
    arma::cube sigma(q, q, k);
    for (arma::uword c = 0; c < k; ++c) {
      const arma::vec weight = problem.weight % posterior.col(c);
      const arma::mat w = arma::diagmat(weight);
      b.cols(c * q, c * q + q - 1) =
          arma::solve(problem.x.t() * w * problem.x, problem.x.t() * w * problem.y);
      const arma::mat e = problem.y - problem.x * b.cols(c * q, c * q + q - 1);
      sigma.slice(c) = e.t() * w * e / arma::accu(weight);
      pooled += e.t() * w * e / arma::accu(problem.weight);
    }
    gatemix::Covariances wanted({kind.expert_covariance}, k, q, kind.expert_shared, 1e-6);
    arma::mat moments(wanted.n_moments() / k, k);
    for (arma::uword c = 0; c < k; ++c)
      moments.col(c) = wanted.structure(c).moments(kind.expert_shared ? pooled : sigma.slice(c));
    wanted.estimate(arma::vectorise(moments), arma::vec(k, arma::fill::ones));
    test::check_close(largest(theta.head(b.n_elem) - arma::vectorise(b)), 0.0, 1e-10,
                      kind.name() + ": coefficients");
    test::check_close(largest(theta.tail(wanted.n_coordinates()) - wanted.coordinates()), 0.0, 1e-10,
                      kind.name() + ": covariances");
  }
});

const test::Case ascent("blocks: a closed-form M-step never lowers the objective", [] {
  fixtures::Problem problem(60, 3, 2, 3, 23, true);
  for (const Kind& kind : fixtures::kinds()) {
    if (kind.gate != "constant" && kind.gate != "gaussian") continue;
    Mixture model = fixtures::make(kind, problem, 3);
    model.set_coordinates(some_point(model, problem));
    arma::vec stats = fixtures::pass(model, problem);
    for (int step = 0; step < 10; ++step) {
      model.solve(stats);
      const arma::vec after = fixtures::pass(model, problem);
      test::check(after[0] >= stats[0] - 1e-10, kind.name());
      stats = after;
    }
  }
});

const test::Case lone_row("blocks: n = 1 stays finite", [] {
  for (arma::uword k : {1u, 2u}) {
    fixtures::Problem problem(1, 2, 2, k, 16);
    for (const Kind& kind : fixtures::kinds()) {
      Mixture model = fixtures::make(kind, problem, k);
      gatemix::start_from(model, problem.data, problem.start(), {});
      gatemix::EmControl control;
      control.max_iter = 20;
      const gatemix::EmResult result = gatemix::run_em(model, problem.data, control, {});
      test::check(std::isfinite(result.objective) && model.coordinates().is_finite(), kind.name());
    }
  }
});

const test::Case empty_expert("blocks: an empty expert never gives a NaN", [] {
  fixtures::Problem problem(40, 2, 2, 2, 18);
  std::fill(problem.labels.begin(), problem.labels.end(), 1);  // expert 2 of 2 has no rows
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, 2);
    gatemix::start_from(model, problem.data, problem.start(), {});
    gatemix::EmControl control;
    control.max_iter = 50;
    const gatemix::EmResult result = gatemix::run_em(model, problem.data, control, {});
    test::check(std::isfinite(result.objective) && result.statistics.is_finite() &&
                    model.coordinates().is_finite() && std::isfinite(result.gradient),
                kind.name());
  }
});

const test::Case means("blocks: means are the regression lines", [] {
  fixtures::Problem problem(20, 2, 2, 2, 19);
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, 2);
    model.set_coordinates(some_point(model, problem));
    const arma::vec theta = model.coordinates();
    const arma::mat b = arma::reshape(theta.subvec(model.n_gate_coordinates(),
                                                   arma::size(8, 1)), 2, 4);
    const gatemix::RowValues values = gatemix::evaluate_rows(model, problem.data, {});
    test::check_close(largest(values.mean - problem.x * b), 0.0, 1e-13, kind.name());
    test::check_close(largest(arma::sum(values.gate, 1) - 1.0), 0.0, 1e-14, kind.name() + ": gates sum to 1");
    test::check_close(largest(arma::sum(values.posterior, 1) - 1.0), 0.0, 1e-14, kind.name() + ": posteriors");
    const double total = arma::accu(values.log_density);
    test::check_close(total, fixtures::pass(model, problem)[0], 1e-12, kind.name() + ": densities");
    test::check_close(arma::accu(values.log_gate),
                      gatemix::gate_log_likelihood(model, problem.data, {}), 1e-12,
                      kind.name() + ": gate likelihood");
  }
});

const test::Case mixed("blocks: covariance structures may differ between experts", [] {
  const std::vector<std::string> names{"diagonal", "full", "spherical"};
  fixtures::Problem problem(120, 3, 2, 3, 24, true);
  problem.add_weights(25);
  gatemix::ModelSpec spec = fixtures::spec_of({"gaussian", "full", false, "full", false}, problem, 3);
  spec.gate.options.set("covariance", names);
  spec.expert.options.set("covariance", names);
  Mixture model = gatemix::make_mixture(spec);
  const arma::vec at = some_point(model, problem);
  model.set_coordinates(at);
  const arma::vec stats = fixtures::pass(model, problem);
  const arma::vec score = model.score(stats);
  const arma::vec wanted = fixtures::numeric_gradient(
      [&](const arma::vec& theta) { return fixtures::objective_at(model, problem, theta); }, at);
  test::check_close(largest(score - wanted) / (1.0 + largest(wanted)), 0.0, 1e-8, "score");
  model.set_coordinates(at);
  // the observed information is minus the derivative of the score
  const gatemix::ScoreProducts products = gatemix::score_products(model, problem.data, {});
  const arma::mat information = model.complete_information(stats) - products.missing_information();
  for (const arma::uword j : {0u, 7u, 12u, 18u, 30u}) {
    const auto there = [&](double step) {
      arma::vec moved = at;
      moved[j] += step;
      model.set_coordinates(moved);
      return model.score(fixtures::pass(model, problem));
    };
    const arma::vec slope = (there(-1e-5) - there(1e-5)) / 2e-5;
    test::check_close(largest(information.col(j) - slope) / (1.0 + largest(slope)), 0.0, 1e-6,
                      "information");
  }
  model.set_coordinates(at);
  model.permute(arma::uvec{1, 2, 0});
  test::check_close(fixtures::pass(model, problem)[0], stats[0], 1e-12, "permuted: the same objective");
  // EM goes up, and to a maximum
  const gatemix::EmResult result = gatemix::run_em(model, problem.data, {}, {});
  test::check(result.status == "converged" && result.objective > stats[0], "converged");
  test::check(std::is_sorted(result.trace.begin(), result.trace.end()), "ascends");
});

const test::Case catalogue("blocks: an unknown name is an input error", [] {
  fixtures::Problem problem(10, 2, 1, 2, 20);
  test::check_throws<gatemix::InputError>(
      [&] { fixtures::make({"nonsense", "full", false, "full", false}, problem, 2); }, "gate");
  test::check_throws<gatemix::InputError>(
      [&] { fixtures::make({"softmax", "full", false, "nonsense", false}, problem, 2); }, "covariance");
});

}  // namespace
