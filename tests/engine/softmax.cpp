#include "engine/gates/softmax.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using gatemix::SoftmaxGate;

std::unique_ptr<SoftmaxGate> make_gate(const fixtures::Problem& problem, arma::uword k) {
  return fixtures::gate_alone<SoftmaxGate>(
      fixtures::spec_of({"softmax", "full", false, "full", false}, problem, k));
}

const test::Case probabilities("softmax gate: probabilities, scores of +-1e30 included", [] {
  fixtures::Problem problem(30, 2, 1, 3, 30);
  const auto gate = make_gate(problem, 3);
  for (double size : {1.0, 50.0, 1e30}) {
    arma::mat b = size * fixtures::normals(2, 2, 31);
    gate->set_coordinates(arma::vectorise(b));
    gatemix::Batch batch;
    batch.read(problem.data, 0, 30);
    arma::mat log_g(30, 3, arma::fill::zeros);
    gate->add_log_density(batch, log_g);
    arma::mat eta = arma::join_rows(problem.x * b, arma::vec(30, arma::fill::zeros));
    const arma::vec top = arma::max(eta, 1);
    eta.each_col() -= top;
    const arma::vec log_sum = arma::log(arma::sum(arma::exp(eta), 1));
    eta.each_col() -= log_sum;
    test::check(log_g.is_finite(), "finite");
    test::check(log_g.max() <= 1e-15, "a probability is at most 1");
    test::check_close(largest(log_g - eta) / (1.0 + size), 0.0, 1e-14, "log probabilities");
  }
});

const test::Case newton("softmax gate: Newton's step of multinomial regression", [] {
  const arma::uword n = 80, k = 3, r = 2;
  fixtures::Problem problem(n, r, 1, k, 32);
  problem.add_weights(33);
  const auto gate = make_gate(problem, k);
  const arma::vec at = 0.5 * fixtures::normals(r * (k - 1), 1, 34);
  gate->set_coordinates(at);
  arma::mat tau = fixtures::uniforms(n, k, 35);
  const arma::vec total = arma::sum(tau, 1);
  tau.each_col() %= problem.weight / total;
  gatemix::Batch batch;
  batch.read(problem.data, 0, n);
  arma::vec stats(gate->statistics().size(), arma::fill::zeros);
  gate->accumulate(batch, tau, false, stats.memptr());

  // row by row
  arma::vec score(r * (k - 1), arma::fill::zeros);
  arma::mat h(score.n_elem, score.n_elem, arma::fill::zeros);
  const arma::mat b = arma::reshape(at, r, k - 1);
  for (arma::uword i = 0; i < n; ++i) {
    const arma::vec z = problem.x.row(i).t();
    arma::vec g = arma::exp(arma::join_cols(b.t() * z, arma::vec{0.0}));
    g /= arma::accu(g);
    const double w = problem.weight[i];
    const arma::vec head = g.head(k - 1);
    score += arma::kron(tau.row(i).head(k - 1).t() - w * head, z);
    h += w * arma::kron(arma::diagmat(head) - head * head.t(), z * z.t());
  }
  test::check_close(largest(gate->score(stats.memptr()) - score), 0.0, 1e-12, "score");
  h.diag() += 1e-10 * arma::accu(problem.weight);
  for (double fraction : {1.0, 0.5, 0.0}) {
    gate->set_coordinates(at);
    gate->solve(stats.memptr(), {fraction});
    const arma::vec wanted = at + fraction * arma::solve(h, score);
    test::check_close(largest(gate->coordinates() - wanted), 0.0, 1e-10, "step");
  }
});

const test::Case evaluated("softmax gate: accumulate after and without add_log_density agree", [] {
  fixtures::Problem problem(64, 3, 1, 4, 36);
  const auto gate = make_gate(problem, 4);
  gate->set_coordinates(fixtures::normals(9, 1, 37));
  const arma::mat tau = fixtures::uniforms(64, 4, 38);
  arma::vec a(gate->statistics().size(), arma::fill::zeros), b = a;
  gatemix::Batch batch;
  batch.read(problem.data, 0, 64);
  gate->accumulate(batch, tau, false, a.memptr());
  arma::mat joint(64, 4, arma::fill::zeros);
  gate->add_log_density(batch, joint);
  gate->accumulate(batch, tau, true, b.memptr());
  test::check(fixtures::same_bits(a, b), "same bits");
});

const test::Case separated("softmax gate: separated experts are noticed, overlapping ones are not", [] {
  fixtures::Problem problem(60, 2, 1, 2, 39);
  const gatemix::Runtime runtime;
  for (bool separate : {true, false}) {
    fixtures::Kind kind{"softmax", "full", false, "full", false};
    for (arma::uword i = 0; i < 60; ++i) {
      const bool right = problem.x(i, 1) > 0.1;
      const bool flip = !separate && i % 4 == 0;
      problem.y(i, 0) = (right != flip ? 20.0 : -20.0) + 0.1 * std::sin(7.0 * i);
      problem.labels[i] = right != flip ? 1 : 2;
    }
    gatemix::Mixture model = fixtures::make(kind, problem, 2);
    gatemix::start_from(model, problem.data, problem.start(), runtime);
    const gatemix::EmResult result = gatemix::run_em(model, problem.data, {}, runtime);
    test::check(result.status == "converged", "converged");
    test::check(model.separated(result.statistics) == separate,
                separate ? "separated" : "not separated");
    test::check(model.coordinates().is_finite(), "finite");
  }
});

}  // namespace
