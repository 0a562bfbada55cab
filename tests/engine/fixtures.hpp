// Small problems for the engine's tests: data that own their memory, models by
// name, and finite differences.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "engine/catalogue.hpp"
#include "engine/maximise/em.hpp"

namespace fixtures {

using gatemix::Mixture;

inline arma::mat normals(arma::uword rows, arma::uword cols, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::normal_distribution<double> normal;
  arma::mat out(rows, cols);
  for (double& value : out) value = normal(generator);
  return out;
}

inline arma::mat uniforms(arma::uword rows, arma::uword cols, unsigned seed) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> uniform(0.1, 2.0);
  arma::mat out(rows, cols);
  for (double& value : out) value = uniform(generator);
  return out;
}

inline gatemix::Design whole(const arma::mat& m) {
  return gatemix::Design::dense(
      m.memptr(), m.n_rows,
      arma::regspace<arma::uvec>(0, 1, m.n_cols - 1),
      arma::vec(m.n_cols, arma::fill::zeros),
      arma::vec(m.n_cols, arma::fill::ones));
}

// n rows, an intercept and p - 1 predictors, q responses on K lines.
class Problem {
 public:
  arma::mat x, z, y, offset;
  arma::vec weight;
  std::vector<int> labels;
  std::unique_ptr<gatemix::Design> x_design, z_design, z_features;
  gatemix::Data data;

  Problem(arma::uword n, arma::uword p, arma::uword q, arma::uword k,
          unsigned seed, bool own_gate = false) {
    x = normals(n, p, seed);
    x.col(0).ones();
    z = own_gate ? normals(n, 3, seed + 1) : x;
    z.col(0).ones();
    y = normals(n, q, seed + 2) * 0.5;
    labels.resize(n);
    for (arma::uword i = 0; i < n; ++i) {
      labels[i] = static_cast<int>(i % k) + 1;
      const double slope = labels[i] - 0.5 * (k + 1);
      for (arma::uword j = 0; j < q; ++j)
        y(i, j) += slope * (1.0 + (p > 1 ? 2.0 * x(i, p - 1) : 0.0) + j);
    }
    x_design = std::make_unique<gatemix::Design>(whole(x));
    data.x = x_design.get();
    data.z = data.x;
    if (own_gate) {
      z_design = std::make_unique<gatemix::Design>(whole(z));
      data.z = z_design.get();
    }
    data.y = y.memptr();
    data.y_center.zeros(q);
    data.y_scale.ones(q);
  }
  Problem(const Problem&) = delete;

  void add_weights(unsigned seed) {
    weight = uniforms(x.n_rows, 1, seed);
    data.weight = weight.memptr();
  }
  gatemix::Responsibilities start() const {
    gatemix::Responsibilities given;
    given.labels = labels.data();
    return given;
  }
  // The gate's design becomes one of products of its columns, or itself again.
  void set_products(const std::string& covariance) {
    const gatemix::Design* source = z_design ? z_design.get() : x_design.get();
    data.z = source;
    z_features.reset();
    if (covariance.empty()) return;
    gatemix::FeatureSpec spec;
    spec.key = "products";
    spec.covariance = covariance;
    z_features = std::make_unique<gatemix::Design>(
        source->transformed(gatemix::Features(spec, source->n_cols())));
    data.z = z_features.get();
  }
  gatemix::RowRange all() const { return {0, x.n_rows}; }
};

struct Kind {
  std::string gate, gate_covariance;
  bool gate_shared;
  std::string expert_covariance;
  bool expert_shared;
  std::string products = {};  // the gate's features
  std::string name() const {
    return gate + "/" + gate_covariance + (products.empty() ? "" : "/products " + products) + (gate_shared ? "/shared" : "") +
           " x " + expert_covariance + (expert_shared ? "/shared" : "");
  }
};

// Every gate and every covariance, crossed with every expert.
inline std::vector<Kind> kinds() {
  const std::vector<std::string> covariances{"full", "diagonal", "spherical"};
  std::vector<Kind> out;
  for (const std::string& expert : covariances)
    for (bool expert_shared : {false, true})
      for (const std::string& gate : gatemix::gate_names()) {
        const bool one = gate == "constant" || gate == "softmax";
        for (const std::string& covariance : covariances)
          for (bool shared : {false, true}) {
            if (one && (covariance != "full" || shared)) continue;
            out.push_back({gate, covariance, shared, expert, expert_shared});
          }
        if (gate != "softmax") continue;
        for (const std::string& covariance : covariances)
          out.push_back({gate, "full", false, expert, expert_shared, covariance});
      }
  return out;
}

inline std::vector<std::string> terms(arma::uword p) {
  std::vector<std::string> out{"(Intercept)"};
  for (arma::uword j = 1; j < p; ++j) out.push_back("v" + std::to_string(j));
  return out;
}

inline gatemix::BlockSpec block(const std::string& key,
                                const std::string& covariance, bool shared) {
  gatemix::BlockSpec out;
  out.key = key;
  out.options.set("covariance", covariance);
  out.options.set("shared", shared);
  return out;
}

// A penalty on all of p terms but the intercept, the last two in one group.
inline gatemix::PenaltySpec penalty(const std::string& key, arma::uword p,
                                    double lambda = 0.05) {
  gatemix::PenaltySpec out;
  out.key = key;
  out.lambda = lambda;
  out.alpha = key == "elastic_net" ? 0.5 : 1.0;
  out.shape = key == "scad" ? 3.7 : 3.0;
  out.factor.ones(p);
  for (arma::uword j = 0; j < p; j += 2) out.factor[j] = 1.5;
  out.factor[0] = 0.0;
  out.unit.ones(p);
  for (arma::uword j = 0; j < p; j += 3) out.unit[j] = 0.5;
  out.group = arma::regspace<arma::uvec>(0, p - 1);
  out.group[p - 1] = p - 2;  // one group of two
  out.factor[p - 1] = out.factor[p - 2];
  return out;
}

inline gatemix::ModelSpec spec_of(const Kind& kind, const Problem& problem,
                                  arma::uword k, double floor = 1e-6) {
  gatemix::ModelSpec spec;
  spec.n_experts = k;
  spec.gate = block(kind.gate, kind.gate_covariance, kind.gate_shared);
  spec.expert = block("gaussian", kind.expert_covariance, kind.expert_shared);
  spec.gate_terms = terms(problem.data.z->n_cols());
  spec.expert_terms = terms(problem.x.n_cols);
  spec.n_responses = problem.y.n_cols;
  spec.settings.set("min_variance", floor);
  spec.settings.set("gate_step", std::string("newton"));
  spec.catalogue = gatemix::make_mixture;
  return spec;
}

// Returns a model of a kind; the problem's gate sees its features from now on.
inline Mixture make(const Kind& kind, Problem& problem, arma::uword k,
                    double floor = 1e-6) {
  problem.set_products(kind.products);
  return gatemix::make_mixture(spec_of(kind, problem, k, floor));
}

// A gate, or experts, of a model alone.
template <class Block>
std::unique_ptr<Block> gate_alone(const gatemix::ModelSpec& spec) {
  return std::make_unique<Block>(gatemix::BlockSetup{
      spec.n_experts, spec.gate_terms, spec.n_responses, spec.gate,
      spec.settings, gatemix::make_penalty});
}

template <class Block>
std::unique_ptr<Block> experts_alone(const gatemix::ModelSpec& spec) {
  return std::make_unique<Block>(gatemix::BlockSetup{
      spec.n_experts, spec.expert_terms, spec.n_responses, spec.expert,
      spec.settings, gatemix::make_penalty});
}

inline arma::vec pass(const Mixture& model, const Problem& problem,
                      int threads = 1) {
  gatemix::Runtime runtime;
  runtime.threads = threads;
  return gatemix::run_pass(model, problem.data, problem.all(), {}, runtime);
}

inline double objective_at(Mixture& model, const Problem& problem,
                           const arma::vec& theta) {
  model.set_coordinates(theta);
  return model.objective(pass(model, problem));
}

// Fourth-order central differences of f at x.
template <class Function>
arma::vec numeric_gradient(Function f, const arma::vec& x, double h = 1e-3) {
  arma::vec out(x.n_elem);
  for (arma::uword j = 0; j < x.n_elem; ++j) {
    const auto at = [&](double step) {
      arma::vec moved = x;
      moved[j] += step * h;
      return f(moved);
    };
    out[j] = (8.0 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12.0 * h);
  }
  return out;
}

inline double largest(const arma::mat& m) {
  return m.is_empty() ? 0.0 : arma::abs(m).max();
}

inline bool same_bits(const arma::vec& a, const arma::vec& b) {
  return a.n_elem == b.n_elem &&
         std::equal(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace fixtures
