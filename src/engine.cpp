// Bindings: convert, call the engine, convert back.
#include "problem.h"

#include "core/vector_math.hpp"

using gatemix::Problem;

namespace {

Rcpp::NumericVector plain(const arma::vec& v) {
  return Rcpp::NumericVector(v.begin(), v.end());
}

Rcpp::NumericVector named(const arma::vec& v,
                          const std::vector<std::string>& names) {
  Rcpp::NumericVector out = plain(v);
  out.names() = Rcpp::wrap(names);
  return out;
}

std::vector<std::string> statistic_names(const gatemix::Mixture& model) {
  std::vector<std::string> names;
  for (const gatemix::Field& field : model.layout())
    for (arma::uword i = 1; i <= field.size; ++i)
      names.push_back(field.size == 1 ? field.name
                                      : field.name + std::to_string(i));
  return names;
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
  const Problem view(problem);
  const gatemix::Mixture model = gatemix::make_mixture(view.spec());
  return named(model.coordinates(), model.coordinate_names());
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_accumulate(Rcpp::List problem,
                                      Rcpp::NumericVector theta,
                                      Rcpp::RObject start, double first,
                                      double last, int threads) {
  return gatemix::guarded([&] {
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
  const Problem view(problem);
  gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
  model.solve(Rcpp::as<arma::vec>(statistics), {newton_fraction});
  return named(model.coordinates(), model.coordinate_names());
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_score(Rcpp::List problem, Rcpp::NumericVector theta,
                                 Rcpp::NumericVector statistics) {
  const Problem view(problem);
  const gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
  return named(model.score(Rcpp::as<arma::vec>(statistics)),
               model.coordinate_names());
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_information(Rcpp::List problem, Rcpp::NumericVector theta,
                              int threads) {
  return gatemix::guarded([&] {
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
  return gatemix::guarded([&] {
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
            Rcpp::as<Rcpp::LogicalVector>(Rcpp::wrap(
                arma::conv_to<std::vector<int>>::from(result.floored))),
        Rcpp::_["diverging"] = result.diverging);
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_excess(Rcpp::List problem, Rcpp::NumericVector theta) {
  return gatemix::guarded([&] {
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
  const Problem view(problem);
  gatemix::Mixture model = view.mixture(Rcpp::as<arma::vec>(theta));
  model.permute(Rcpp::as<arma::uvec>(order) - 1);
  return named(model.coordinates(), model.coordinate_names());
}

// [[Rcpp::export(rng = false)]]
double engine_gate_log_likelihood(Rcpp::List problem,
                                  Rcpp::NumericVector theta, int threads) {
  return gatemix::guarded([&] {
    const Problem view(problem);
    return gatemix::gate_log_likelihood(
        view.mixture(Rcpp::as<arma::vec>(theta)), view.data(),
        gatemix::make_runtime(threads));
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_evaluate(Rcpp::List problem, Rcpp::NumericVector theta) {
  return gatemix::guarded([&] {
    const Problem view(problem);
    const arma::vec all = Rcpp::as<arma::vec>(theta);
    // the columns whose coefficients are 0 are not read
    const gatemix::Restricted part(
        view.spec(), view.data(),
        gatemix::used_columns(view.spec(), view.data(), all));
    const gatemix::RowValues values = gatemix::evaluate_rows(
        part.model(all), part.data(), gatemix::make_runtime(1));
    return Rcpp::List::create(
        Rcpp::_["gate"] = values.gate, Rcpp::_["mean"] = values.mean,
        Rcpp::_["log_expert"] = values.log_expert,
        Rcpp::_["posterior"] = values.posterior,
        Rcpp::_["log_gate"] = plain(values.log_gate),
        Rcpp::_["log_density"] = plain(values.log_density));
  });
}

// Logarithms of the sums of exponentials of each row; NaN where a row has
// nothing finite.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_log_sum_exp(Rcpp::NumericMatrix m) {
  arma::mat work(m.begin(), static_cast<arma::uword>(m.nrow()),
                 static_cast<arma::uword>(m.ncol()));
  arma::vec sums;
  gatemix::softmax_rows(work, sums);
  return plain(sums);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_summarise_columns(Rcpp::RObject matrix,
                                    Rcpp::RObject weights) {
  const Rcpp::IntegerVector dim =
      matrix.isS4() ? Rcpp::as<Rcpp::IntegerVector>(
                          Rcpp::S4(matrix).slot("Dim"))
                    : Rcpp::as<Rcpp::IntegerVector>(matrix.attr("dim"));
  const int p = dim[1];
  const gatemix::Design design = gatemix::read_design(
      matrix, p ? Rcpp::seq(1, p) : Rcpp::IntegerVector(0),
      Rcpp::NumericVector(p, 0.0), Rcpp::NumericVector(p, 1.0));
  const gatemix::ColumnSummary summary = gatemix::summarise_columns(
      design, weights.isNULL() ? nullptr : REAL(weights));
  return Rcpp::List::create(
      Rcpp::_["mean"] = plain(summary.mean), Rcpp::_["sd"] = plain(summary.sd),
      Rcpp::_["root_mean_square"] = plain(summary.root_mean_square));
}

// Cross product of standardised columns with the rows of r; sparse matrices
// stay sparse.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix engine_cross_product(Rcpp::RObject matrix,
                                         Rcpp::IntegerVector columns,
                                         Rcpp::NumericVector center,
                                         Rcpp::NumericVector scale,
                                         Rcpp::NumericMatrix r) {
  const arma::mat rows(r.begin(), static_cast<arma::uword>(r.nrow()),
                       static_cast<arma::uword>(r.ncol()), false, true);
  return Rcpp::wrap(gatemix::read_design(matrix, columns, center, scale)
                        .cross_product(rows));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_independent_columns(Rcpp::RObject matrix,
                                      Rcpp::NumericVector center,
                                      Rcpp::NumericVector scale,
                                      Rcpp::RObject weights,
                                      double tolerance) {
  const gatemix::Design design = gatemix::read_design(
      matrix,
      center.size() ? Rcpp::seq(1, center.size()) : Rcpp::IntegerVector(0),
      center, scale);
  const gatemix::IndependentColumns columns = gatemix::independent_columns(
      gatemix::pooled_gram(design,
                           weights.isNULL() ? nullptr : REAL(weights)),
      tolerance);
  return Rcpp::List::create(
      Rcpp::_["keep"] = Rcpp::as<Rcpp::LogicalVector>(Rcpp::wrap(
          arma::conv_to<std::vector<int>>::from(columns.keep))),
      Rcpp::_["smallest_kept"] = columns.smallest_kept);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_catalogue() {
  return Rcpp::List::create(Rcpp::_["gates"] = gatemix::gate_names(),
                            Rcpp::_["experts"] = gatemix::expert_names(),
                            Rcpp::_["penalties"] = gatemix::penalty_names());
}
