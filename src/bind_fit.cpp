// Bindings of fitting: convert, call the engine, convert back.
#include "bind_problem.h"

#include <cstddef>
#include <string>
#include <vector>

#include "engine/maximise/working_set.hpp"

using gatemix::guarded;
using gatemix::plain;
using gatemix::Problem;

namespace {

Rcpp::NumericVector named(const arma::vec& v,
                          const std::vector<std::string>& names) {
  Rcpp::NumericVector out = plain(v);
  out.names() = Rcpp::wrap(names);
  return out;
}

std::vector<std::string> statistic_names(const gatemix::Mixture& model) {
  std::vector<std::string> names;
  for (const gatemix::Field& field : model.statistics().fields())
    for (std::size_t i = 1; i <= field.size(); ++i)
      names.push_back(field.size() == 1 ? field.name
                                        : field.name + std::to_string(i));
  return names;
}

/// Returns where the arrays of a block are in the vector of the model, which
/// begin at `before`: by name, the first element (from 1) and the extents.
Rcpp::List places(const gatemix::Packing& packing, std::size_t before) {
  const R_xlen_t n = static_cast<R_xlen_t>(packing.fields().size());
  Rcpp::List out(n);
  Rcpp::CharacterVector names(n);
  for (R_xlen_t i = 0; i < n; ++i) {
    const gatemix::Field& field = packing.fields()[i];
    names[i] = field.name;
    out[i] = Rcpp::List::create(
        Rcpp::_["first"] = static_cast<double>(before + field.first) + 1.0,
        Rcpp::_["dim"] =
            Rcpp::IntegerVector(field.shape.begin(), field.shape.end()));
  }
  out.names() = names;
  return out;
}

/// Returns the lengths of the arrays of a block.
Rcpp::NumericVector array_lengths(const gatemix::Packing& packing) {
  Rcpp::NumericVector out;
  for (const gatemix::Field& field : packing.fields())
    out.push_back(static_cast<double>(field.size()));
  return out;
}

gatemix::Responsibilities read_start(const Rcpp::RObject& start) {
  gatemix::Responsibilities given;
  if (start.isNULL()) return given;
  if (TYPEOF(start) == INTSXP)
    given.labels = INTEGER(start);
  else
    given.matrix = REAL(start);
  return given;
}

gatemix::EmControl read_control(const Rcpp::List& control, bool penalised) {
  gatemix::EmControl out;
  out.max_iter = Rcpp::as<int>(control["max_iter"]);
  out.tol = Rcpp::as<double>(control["tol"]);
  out.accelerate = Rcpp::as<bool>(control["accelerate"]);
  out.stop_saturated = Rcpp::as<bool>(control["stop_saturated"]);
  const double shift = Rcpp::as<double>(control["shift"]);
  const char* word = penalised ? "  penalised log-likelihood "
                               : "  log-likelihood ";
  if (Rcpp::as<bool>(control["trace_steps"]))
    out.callback = [shift, word](const gatemix::Progress& p) {
      Rcpp::Rcout << "  iteration " << p.iteration << word
                  << p.objective + shift << "  gradient " << p.gradient << "\n";
      return false;
    };
  return out;
}

}  // namespace

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_initial(Rcpp::List problem) {
  return guarded([&] {
    const gatemix::Mixture model =
        gatemix::make_mixture(gatemix::read_model(problem));
    return named(model.coordinates(), model.coordinate_names());
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_accumulate(Rcpp::List problem,
                                      Rcpp::NumericVector theta,
                                      Rcpp::RObject start, double first,
                                      double last, int threads) {
  return guarded([&] {
    const Problem view(problem);
    const gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
    const gatemix::RowRange rows{static_cast<std::size_t>(first) - 1,
                                 static_cast<std::size_t>(last)};
    const arma::vec stats =
        gatemix::run_pass(model, view.data(), rows, read_start(start),
                          gatemix::make_runtime(threads));
    return named(stats, statistic_names(model));
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_solve(Rcpp::List problem, Rcpp::NumericVector theta,
                                 Rcpp::NumericVector statistics,
                                 double newton_fraction) {
  return guarded([&] {
    const Problem view(problem);
    gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
    model.solve(Rcpp::as<arma::vec>(statistics), {newton_fraction});
    return named(model.coordinates(), model.coordinate_names());
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_score(Rcpp::List problem, Rcpp::NumericVector theta,
                                 Rcpp::NumericVector statistics) {
  return guarded([&] {
    const Problem view(problem);
    const gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
    return named(model.score(Rcpp::as<arma::vec>(statistics)),
                 model.coordinate_names());
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_information(Rcpp::List problem, Rcpp::NumericVector theta,
                              int threads) {
  return guarded([&] {
    const Problem view(problem);
    const gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
    const gatemix::Runtime runtime = gatemix::make_runtime(threads);
    const arma::vec stats = gatemix::run_pass(
        model, view.data(), {0, view.data().n_rows()}, {}, runtime);
    const gatemix::ScoreProducts products =
        gatemix::score_products(model, view.data(), runtime);
    return Rcpp::List::create(
        Rcpp::_["complete"] = model.complete_information(stats),
        Rcpp::_["missing"] = products.missing_information(),
        Rcpp::_["scores"] = products.observed);
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_run(Rcpp::List problem, Rcpp::NumericVector theta,
                      Rcpp::RObject start, Rcpp::List control) {
  return guarded([&] {
    const Problem view(problem);
    gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
    const gatemix::Runtime runtime =
        gatemix::make_runtime(Rcpp::as<int>(control["threads"]));
    const gatemix::Responsibilities given = read_start(start);
    const gatemix::EmControl settings =
        read_control(control, model.penalised());
    gatemix::EmResult result;
    if (model.penalised()) {
      arma::vec all = model.coordinates();
      result = gatemix::run_working_set(view.spec(), view.data(), all, given,
                                        settings, runtime);
      model.set_coordinates(all);
    } else {
      if (given) gatemix::start_from(model, view.data(), given, runtime);
      result = gatemix::run_em(model, view.data(), settings, runtime);
    }
    return Rcpp::List::create(
        Rcpp::_["theta"] = named(model.coordinates(), model.coordinate_names()),
        Rcpp::_["status"] = result.status,
        Rcpp::_["iterations"] = result.iterations,
        Rcpp::_["passes"] = result.passes,
        Rcpp::_["objective"] = result.objective,
        Rcpp::_["penalty"] = model.gate().penalty() + model.expert().penalty(),
        Rcpp::_["gradient"] = result.gradient,
        Rcpp::_["trace"] = result.trace,
        Rcpp::_["sizes"] = plain(result.sizes),
        Rcpp::_["floored"] =
            gatemix::flags(result.floored),
        Rcpp::_["separated"] = result.separated);
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_excess(Rcpp::List problem, Rcpp::NumericVector theta) {
  return guarded([&] {
    const Problem view(problem);
    const gatemix::Excess excess =
        gatemix::column_excess(view.spec(), view.data(),
                               Rcpp::as<arma::vec>(theta),
                               gatemix::make_runtime(1));
    return Rcpp::List::create(Rcpp::_["expert"] = plain(excess.x),
                              Rcpp::_["gate"] = plain(excess.z));
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_permute(Rcpp::List problem,
                                   Rcpp::NumericVector theta,
                                   Rcpp::IntegerVector order) {
  return guarded([&] {
    const Problem view(problem);
    gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
    model.permute(Rcpp::as<arma::uvec>(order) - 1);
    return named(model.coordinates(), model.coordinate_names());
  });
}

// [[Rcpp::export(rng = false)]]
double engine_gate_log_likelihood(Rcpp::List problem,
                                  Rcpp::NumericVector theta, int threads) {
  return guarded([&] {
    const Problem view(problem);
    return gatemix::gate_log_likelihood(
        view.mixture(Rcpp::as<arma::vec>(theta)), view.data(),
        gatemix::make_runtime(threads));
  });
}

// Names, shapes and places of the arrays of gate and experts, among the
// coordinates and among the statistics.
// [[Rcpp::export(rng = false)]]
Rcpp::List engine_packing(Rcpp::List problem) {
  return guarded([&] {
    const gatemix::Mixture model =
        gatemix::make_mixture(gatemix::read_model(problem));
    const gatemix::Gate& gate = model.gate();
    const gatemix::Expert& expert = model.expert();
    const std::size_t header = model.statistics().size() -
                               gate.statistics().size() -
                               expert.statistics().size();
    return Rcpp::List::create(
        Rcpp::_["lengths"] = Rcpp::List::create(
            Rcpp::_["gate"] = array_lengths(gate.parameters()),
            Rcpp::_["expert"] = array_lengths(expert.parameters())),
        Rcpp::_["parameters"] = Rcpp::List::create(
            Rcpp::_["gate"] = places(gate.parameters(), 0),
            Rcpp::_["expert"] =
                places(expert.parameters(), gate.parameters().size())),
        Rcpp::_["statistics"] = Rcpp::List::create(
            Rcpp::_["gate"] = places(gate.statistics(), header),
            Rcpp::_["expert"] = places(
                expert.statistics(), header + gate.statistics().size())));
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_catalogue() {
  return guarded([&] {
    return Rcpp::List::create(Rcpp::_["gates"] = gatemix::gate_names(),
                              Rcpp::_["experts"] = gatemix::expert_names(),
                              Rcpp::_["penalties"] = gatemix::penalty_names());
  });
}
