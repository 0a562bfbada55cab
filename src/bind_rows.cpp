// Bindings that evaluate rows and summarise columns: convert, call the engine,
// convert back.
#include "bind_problem.h"

#include "engine/data/column_summary.hpp"
#include "engine/maximise/pass.hpp"
#include "engine/maximise/restricted.hpp"
#include "linalg/linear_solve.hpp"
#include "linalg/vector_math.hpp"

using gatemix::guarded;
using gatemix::plain;
using gatemix::Problem;

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_evaluate(Rcpp::List problem, Rcpp::NumericVector theta) {
  return guarded([&] {
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

// The columns in which the gate's linear predictors are linear: standardised,
// or features of these.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix engine_gate_design(Rcpp::List problem) {
  return guarded([&] {
    const Problem view(problem);
    const gatemix::Design& design = *view.data().z;
    gatemix::DesignBlock block;
    design.read(0, static_cast<arma::uword>(design.n_rows()), block);
    return Rcpp::NumericMatrix(Rcpp::wrap(block.dense()));
  });
}

// Logarithms of the sums of exponentials of each row; NaN where a row has
// nothing finite.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector engine_log_sum_exp(Rcpp::NumericMatrix m) {
  return guarded([&] {
    arma::mat work(m.begin(), static_cast<arma::uword>(m.nrow()),
                   static_cast<arma::uword>(m.ncol()));
    arma::vec sums;
    gatemix::softmax_rows(work, sums);
    return plain(sums);
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_summarise_columns(Rcpp::RObject matrix,
                                    Rcpp::RObject weights) {
  return guarded([&] {
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
        Rcpp::_["mean"] = plain(summary.mean),
        Rcpp::_["sd"] = plain(summary.sd),
        Rcpp::_["root_mean_square"] = plain(summary.root_mean_square));
  });
}

// Cross product of standardised columns with the rows of r; sparse matrices
// stay sparse.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix engine_cross_product(Rcpp::RObject matrix,
                                         Rcpp::IntegerVector columns,
                                         Rcpp::NumericVector center,
                                         Rcpp::NumericVector scale,
                                         Rcpp::NumericMatrix r) {
  return guarded([&] {
    const arma::mat rows(r.begin(), static_cast<arma::uword>(r.nrow()),
                         static_cast<arma::uword>(r.ncol()), false, true);
    return Rcpp::NumericMatrix(
        Rcpp::wrap(gatemix::read_design(matrix, columns, center, scale)
                       .cross_product(rows)));
  });
}

// [[Rcpp::export(rng = false)]]
Rcpp::List engine_independent_columns(Rcpp::RObject matrix,
                                      Rcpp::NumericVector center,
                                      Rcpp::NumericVector scale,
                                      Rcpp::RObject weights,
                                      double tolerance) {
  return guarded([&] {
    const gatemix::Design design = gatemix::read_design(
        matrix,
        center.size() ? Rcpp::seq(1, center.size()) : Rcpp::IntegerVector(0),
        center, scale);
    const gatemix::IndependentColumns columns = gatemix::independent_columns(
        gatemix::pooled_gram(design,
                             weights.isNULL() ? nullptr : REAL(weights)),
        tolerance);
    return Rcpp::List::create(
        Rcpp::_["keep"] = gatemix::flags(columns.keep),
        Rcpp::_["smallest_kept"] = columns.smallest_kept);
  });
}
