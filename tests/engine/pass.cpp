#include "engine/maximise/pass.hpp"

#include <atomic>
#include <thread>

#include "engine/experts/gaussian.hpp"
#include "engine/gates/constant.hpp"
#include "linalg/kernels.hpp"
#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::Kind;
using fixtures::largest;
using gatemix::Mixture;

const Kind kPlain{"softmax", "full", false, "full", false};

const test::Case threads("pass: 1, 2 and 3 threads give the same bits", [] {
  for (arma::uword n : {5u, 900u, 20011u}) {
    fixtures::Problem problem(n, 4, 2, 3, 40, true);
    problem.add_weights(41);
    for (const std::string& gate : gatemix::gate_names()) {
      const Kind kind{gate, "full", false, "full", false};
      Mixture model = fixtures::make(kind, problem, 3);
      gatemix::start_from(model, problem.data, problem.start(), {});
      const arma::vec one = fixtures::pass(model, problem, 1);
      for (int threads : {2, 3})
        test::check(fixtures::same_bits(one, fixtures::pass(model, problem, threads)),
                    gate + ", n = " + std::to_string(n) + ", threads = " + std::to_string(threads));
      gatemix::Runtime two;
      two.threads = 2;
      test::check(gatemix::gate_log_likelihood(model, problem.data, two) ==
                      gatemix::gate_log_likelihood(model, problem.data, {}),
                  gate + ": gate likelihood");
    }
  }
});

const test::Case definition("pass: the objective is the sum of weighted log densities", [] {
  fixtures::Problem problem(333, 3, 2, 3, 42, true);
  problem.add_weights(43);
  for (const Kind& kind : fixtures::kinds()) {
    Mixture model = fixtures::make(kind, problem, 3);
    gatemix::start_from(model, problem.data, problem.start(), {});
    const arma::vec stats = fixtures::pass(model, problem);
    const gatemix::RowValues rows = gatemix::evaluate_rows(model, problem.data, {});
    test::check_close(stats[0], arma::dot(problem.weight, rows.log_density), 1e-12, kind.name());
    test::check_close(stats[1], arma::accu(problem.weight), 1e-13, kind.name() + ": weight");
    test::check_close(largest(model.sizes(stats) - rows.posterior.t() * problem.weight), 0.0, 1e-10,
                      kind.name() + ": sizes");
    // posterior = gate times density, normalised
    arma::mat joint = arma::log(rows.gate) + rows.log_expert;
    joint.each_col() -= arma::max(joint, 1).eval();
    joint = arma::exp(joint);
    joint.each_col() /= arma::sum(joint, 1).eval();
    test::check_close(largest(joint - rows.posterior), 0.0, 1e-12, kind.name() + ": posterior");
  }
});

const test::Case given("pass: labels and their indicator matrix are the same start", [] {
  fixtures::Problem problem(200, 3, 1, 3, 44);
  problem.add_weights(45);
  arma::mat indicator(200, 3, arma::fill::zeros);
  for (arma::uword i = 0; i < 200; ++i) indicator(i, problem.labels[i] - 1) = 1.0;
  gatemix::Responsibilities matrix;
  matrix.matrix = indicator.memptr();
  const Mixture model = fixtures::make(kPlain, problem, 3);
  const gatemix::Runtime runtime;
  const arma::vec a = gatemix::run_pass(model, problem.data, problem.all(), problem.start(), runtime);
  const arma::vec b = gatemix::run_pass(model, problem.data, problem.all(), matrix, runtime);
  test::check(fixtures::same_bits(a, b), "same bits");
  test::check(a[0] == 0.0, "no objective without an E-step");
});

const test::Case offset("pass: an offset is a shifted response", [] {
  fixtures::Problem problem(150, 2, 2, 2, 46), shifted(150, 2, 2, 2, 46);
  problem.offset = 3.0 * fixtures::normals(150, 2, 47);
  problem.data.offset = problem.offset.memptr();
  shifted.y -= problem.offset;
  Mixture model = fixtures::make(kPlain, problem, 2);
  gatemix::start_from(model, problem.data, problem.start(), {});
  test::check_close(largest(fixtures::pass(model, problem) - fixtures::pass(model, shifted)), 0.0, 1e-10,
                    "the same statistics");
});

const test::Case weights("pass: an integer weight is that many rows, 0 is none", [] {
  fixtures::Problem problem(60, 2, 1, 2, 48), repeated(120, 2, 1, 2, 48);
  problem.weight.set_size(60);
  arma::uword row = 0;
  for (arma::uword i = 0; i < 60; ++i) {
    problem.weight[i] = i % 3;
    for (arma::uword copy = 0; copy < i % 3; ++copy, ++row) {
      repeated.x.row(row) = problem.x.row(i);
      repeated.y.row(row) = problem.y.row(i);
    }
  }
  problem.data.weight = problem.weight.memptr();
  for (const std::string& gate : gatemix::gate_names()) {
    Mixture model = fixtures::make({gate, "full", false, "full", false}, problem, 2);
    gatemix::start_from(model, problem.data, problem.start(), {});
    const arma::vec a = fixtures::pass(model, problem);
    const arma::vec b = gatemix::run_pass(model, repeated.data, {0, row}, {}, {});
    test::check_close(largest(a - b) / (1.0 + largest(a)), 0.0, 1e-13, gate);
  }
});

const test::Case interrupted("pass: an interrupt throws and leaves the model usable", [] {
  fixtures::Problem problem(5000, 2, 1, 2, 49);
  Mixture model = fixtures::make(kPlain, problem, 2);
  gatemix::start_from(model, problem.data, problem.start(), {});
  const arma::vec before = model.coordinates(), stats = fixtures::pass(model, problem);
  for (int n_threads : {1, 2}) {
    gatemix::Runtime runtime;
    runtime.threads = n_threads;
    const auto caller = std::this_thread::get_id();
    std::atomic<bool> elsewhere{false};
    runtime.interrupted = [&] {
      if (std::this_thread::get_id() != caller) elsewhere = true;
      return true;
    };
    test::check_throws<gatemix::Interrupted>(
        [&] { gatemix::run_pass(model, problem.data, problem.all(), {}, runtime); }, "run_pass");
    test::check_throws<gatemix::Interrupted>(
        [&] { gatemix::run_em(model, problem.data, {}, runtime); }, "run_em");
    test::check_throws<gatemix::Interrupted>(
        [&] { gatemix::evaluate_rows(model, problem.data, runtime); }, "evaluate_rows");
    test::check(!elsewhere, "polled on the calling thread only");
  }
  test::check_close(largest(model.coordinates() - before), 0.0, 1e-12, "the model is as it was");
  test::check(fixtures::same_bits(fixtures::pass(model, problem), stats), "and works");
});

// A gate that fails on one block of rows.
class FailingGate : public gatemix::ConstantGate {
 public:
  using ConstantGate::ConstantGate;
  void add_log_density(gatemix::Batch& batch, arma::mat& log_joint) const override {
    if (batch.first > 3000) throw std::out_of_range("row " + std::to_string(batch.first));
    ConstantGate::add_log_density(batch, log_joint);
  }
};

const test::Case exceptions("pass: an exception of a parallel region is thrown after it", [] {
  fixtures::Problem problem(20000, 2, 1, 2, 50);
  const gatemix::ModelSpec spec = fixtures::spec_of(kPlain, problem, 2);
  const Mixture model(2, fixtures::gate_alone<FailingGate>(spec),
                      fixtures::experts_alone<gatemix::GaussianExpert>(spec));
  for (int n_threads : {1, 2, 3})
    test::check_throws<std::out_of_range>([&] { fixtures::pass(model, problem, n_threads); },
                                          std::to_string(n_threads) + " threads");
});

const test::Case mistakes("em: a programming error is not an infinitely bad point", [] {
  fixtures::Problem problem(20000, 2, 1, 2, 52);
  const gatemix::ModelSpec spec = fixtures::spec_of(kPlain, problem, 2);
  Mixture model(2, fixtures::gate_alone<FailingGate>(spec),
                fixtures::experts_alone<gatemix::GaussianExpert>(spec));
  test::check_throws<std::out_of_range>(
      [&] { gatemix::run_em(model, problem.data, {}, {}); }, "it ends the run");
});

const test::Case infinite("pass: data that are not finite are a numeric error, not a NaN", [] {
  for (double bad : {arma::datum::nan, arma::datum::inf, 1e200}) {
    fixtures::Problem problem(50, 2, 1, 2, 51);
    problem.y(7, 0) = bad;
    const Mixture model = fixtures::make(kPlain, problem, 2);
    test::check_throws<gatemix::NumericError>([&] { fixtures::pass(model, problem); },
                                              std::to_string(bad));
  }
});

}  // namespace
