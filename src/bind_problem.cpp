#include "bind_problem.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace gatemix {

namespace {

const double* numbers_or_null(const Rcpp::RObject& value) {
  return value.isNULL() ? nullptr : REAL(value);
}

/// Returns a named list of flags, numbers and texts (one or several).
Options read_options(const Rcpp::List& list) {
  Options options;
  if (list.size() == 0) return options;
  const std::vector<std::string> names = list.names();
  for (R_xlen_t i = 0; i < list.size(); ++i) {
    const SEXP value = list[i];
    if (TYPEOF(value) == STRSXP && Rf_xlength(value) > 1) {
      options.set(names[i], Rcpp::as<std::vector<std::string>>(value));
      continue;
    }
    if (Rf_xlength(value) != 1)
      throw InputError("the option '" + names[i] + "' must be one value");
    switch (TYPEOF(value)) {
      case LGLSXP: options.set(names[i], Rcpp::as<bool>(value)); break;
      case STRSXP: options.set(names[i], Rcpp::as<std::string>(value)); break;
      default: options.set(names[i], Rcpp::as<double>(value));
    }
  }
  return options;
}

PenaltySpec read_penalty(const Rcpp::RObject& penalty) {
  PenaltySpec spec;
  if (penalty.isNULL()) return spec;
  const Rcpp::List list(penalty);
  spec.key = Rcpp::as<std::string>(list["key"]);
  spec.lambda = Rcpp::as<double>(list["lambda"]);
  spec.alpha = Rcpp::as<double>(list["alpha"]);
  spec.shape = Rcpp::as<double>(list["shape"]);
  spec.factor = Rcpp::as<arma::vec>(list["factor"]);
  spec.unit = Rcpp::as<arma::vec>(list["unit"]);
  spec.group = Rcpp::as<arma::uvec>(list["group"]);
  return spec;
}

FeatureSpec read_features(const Rcpp::List& block) {
  FeatureSpec spec;
  if (!block.containsElementNamed("features")) return spec;
  const Rcpp::RObject features = block["features"];
  if (features.isNULL()) return spec;
  const Rcpp::List list(features);
  spec.key = Rcpp::as<std::string>(list["key"]);
  if (list.containsElementNamed("covariance"))
    spec.covariance = Rcpp::as<std::string>(list["covariance"]);
  if (list.containsElementNamed("degree"))
    spec.degree = Rcpp::as<arma::uword>(list["degree"]);
  if (list.containsElementNamed("function")) {
    spec.function = Rcpp::as<std::string>(list["function"]);
    spec.center = Rcpp::as<arma::vec>(list["center"]);
    spec.scale = Rcpp::as<arma::vec>(list["scale"]);
  }
  return spec;
}

/// Returns the names of the columns that a block sees.
std::vector<std::string> read_terms(const Rcpp::List& spec,
                                    const char* block, const char* terms) {
  const auto names = Rcpp::as<std::vector<std::string>>(spec[terms]);
  const FeatureSpec features = read_features(spec[block]);
  if (!features.given()) return names;
  return Features(features, static_cast<arma::uword>(names.size()))
      .names(names);
}

/// Returns the design that a block sees: null where it is the one given.
std::unique_ptr<Design> transform(const Design& design,
                                  const Rcpp::List& block) {
  const FeatureSpec features = read_features(block);
  if (!features.given()) return nullptr;
  return std::make_unique<Design>(
      design.transformed(Features(features, design.n_cols())));
}

BlockSpec read_block(const Rcpp::List& block) {
  BlockSpec spec;
  spec.key = Rcpp::as<std::string>(block["key"]);
  spec.options = read_options(block["options"]);
  if (block.containsElementNamed("penalty"))
    spec.penalty = read_penalty(block["penalty"]);
  return spec;
}

void check_interrupt(void*) { R_CheckUserInterrupt(); }

/// Returns whether the user pressed Ctrl-C. R_CheckUserInterrupt() jumps;
/// inside R_ToplevelExec() the jump ends there and is reported.
bool user_interrupted() {
  return R_ToplevelExec(check_interrupt, nullptr) == FALSE;
}

}  // namespace

Design read_design(const Rcpp::RObject& matrix,
                   const Rcpp::IntegerVector& columns,
                   const Rcpp::NumericVector& center,
                   const Rcpp::NumericVector& scale) {
  const arma::uvec use = Rcpp::as<arma::uvec>(columns) - 1;
  const arma::vec c = Rcpp::as<arma::vec>(center);
  const arma::vec s = Rcpp::as<arma::vec>(scale);
  const auto check = [&use](int available) {
    if (use.n_elem > 0 && use.max() >= static_cast<arma::uword>(available))
      throw InputError("a design matrix has " + std::to_string(available) +
                       " columns, the model " +
                       std::to_string(use.max() + 1));
  };
  if (!matrix.isS4()) {
    const int* dim = INTEGER(Rf_getAttrib(matrix, R_DimSymbol));
    check(dim[1]);
    return Design::dense(REAL(matrix), dim[0], use, c, s);
  }
  const Rcpp::S4 sparse(matrix);
  const int* dim = INTEGER(sparse.slot("Dim"));
  check(dim[1]);
  return Design::sparse(INTEGER(sparse.slot("p")), INTEGER(sparse.slot("i")),
                        REAL(sparse.slot("x")), dim[0], use, c, s);
}

ModelSpec read_model(const Rcpp::List& problem) {
  const Rcpp::List given = problem["spec"];
  ModelSpec spec;
  spec.n_experts = Rcpp::as<int>(given["K"]);
  spec.gate = read_block(given["gate"]);
  spec.expert = read_block(given["expert"]);
  spec.gate_terms = read_terms(given, "gate", "gate_terms");
  spec.expert_terms = read_terms(given, "expert", "expert_terms");
  spec.n_responses =
      static_cast<arma::uword>(Rf_xlength(problem["y_center"]));
  spec.settings = read_options(given["settings"]);
  spec.catalogue = make_mixture;
  return spec;
}

Problem::Problem(const Rcpp::List& problem) {
  x_ = std::make_unique<Design>(
      read_design(problem["x"], problem["x_columns"], problem["x_center"],
                  problem["x_scale"]));
  const Rcpp::RObject z = problem["z"];
  if (!z.isNULL())
    z_ = std::make_unique<Design>(read_design(
        z, problem["z_columns"], problem["z_center"], problem["z_scale"]));
  const Rcpp::List spec = problem["spec"];
  gate_features_ = transform(z_ ? *z_ : *x_, spec["gate"]);
  expert_features_ = transform(*x_, spec["expert"]);
  data_.x = expert_features_ ? expert_features_.get() : x_.get();
  data_.z = gate_features_ ? gate_features_.get() : z_ ? z_.get() : x_.get();
  data_.y = numbers_or_null(problem["y"]);
  data_.offset = numbers_or_null(problem["offset"]);
  data_.weight = numbers_or_null(problem["weights"]);
  data_.y_center = Rcpp::as<arma::vec>(problem["y_center"]);
  data_.y_scale = Rcpp::as<arma::vec>(problem["y_scale"]);
  spec_ = read_model(problem);
}

Mixture Problem::mixture(const arma::vec& theta) const {
  Mixture model = make_mixture(spec_);
  if (theta.n_elem != model.parameters().size())
    throw InputError("theta has " + std::to_string(theta.n_elem) +
                     " elements, the model " +
                     std::to_string(model.parameters().size()));
  model.set_coordinates(theta);
  return model;
}

void raise(const char* kind, const char* message) {
  const Rcpp::Function abort =
      Rcpp::Environment::namespace_env("gatemix")["abort_engine"];
  abort(kind, message);  // does not return: R unwinds through Rcpp
  throw std::logic_error("abort_engine() returned");
}

Rcpp::NumericVector plain(const arma::vec& v) {
  return Rcpp::NumericVector(v.begin(), v.end());
}

Rcpp::LogicalVector flags(const arma::uvec& v) {
  return Rcpp::LogicalVector(v.begin(), v.end());
}

Runtime make_runtime(int threads) {
  Runtime runtime;
  runtime.threads = threads;
  // asking R costs microseconds: ask at most every 20 ms
  auto last = std::make_shared<std::chrono::steady_clock::time_point>();
  runtime.interrupted = [last] {
    const auto now = std::chrono::steady_clock::now();
    if (now - *last < std::chrono::milliseconds(20)) return false;
    *last = now;
    return user_interrupted();
  };
  return runtime;
}

}  // namespace gatemix
