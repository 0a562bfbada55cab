#include "problem.h"

#include <chrono>

namespace gatemix {

namespace {

const double* numbers_or_null(const Rcpp::RObject& value) {
  return value.isNULL() ? nullptr : REAL(value);
}

PenaltySpec read_penalty(const Rcpp::RObject& penalty) {
  PenaltySpec spec;
  if (penalty.isNULL()) return spec;
  const Rcpp::List list(penalty);
  spec.name = Rcpp::as<std::string>(list["name"]);
  spec.lambda = Rcpp::as<double>(list["lambda"]);
  spec.alpha = Rcpp::as<double>(list["alpha"]);
  spec.shape = Rcpp::as<double>(list["shape"]);
  spec.factor = Rcpp::as<arma::vec>(list["factor"]);
  spec.unit = Rcpp::as<arma::vec>(list["unit"]);
  spec.group = Rcpp::as<arma::uvec>(list["group"]);
  return spec;
}

BlockSpec read_block(const Rcpp::List& block) {
  BlockSpec spec;
  spec.name = Rcpp::as<std::string>(block["engine"]);
  spec.covariance = Rcpp::as<std::string>(block["covariance"]);
  spec.shared = Rcpp::as<bool>(block["shared"]);
  if (block.containsElementNamed("step"))
    spec.step = Rcpp::as<std::string>(block["step"]);
  if (block.containsElementNamed("penalty"))
    spec.penalty = read_penalty(block["penalty"]);
  return spec;
}

void check_interrupt(void*) { R_CheckUserInterrupt(); }

/// True when the user pressed Ctrl-C. R_CheckUserInterrupt() jumps; inside
/// R_ToplevelExec() the jump ends there and is reported.
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
      Rcpp::stop("a design matrix has %d columns, the model %d", available,
                 use.max() + 1);
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

Problem::Problem(const Rcpp::List& problem) {
  x_ = std::make_unique<Design>(
      read_design(problem["x"], problem["x_columns"], problem["x_center"],
                  problem["x_scale"]));
  const Rcpp::RObject z = problem["z"];
  if (!z.isNULL())
    z_ = std::make_unique<Design>(read_design(
        z, problem["z_columns"], problem["z_center"], problem["z_scale"]));
  data_.x = x_.get();
  data_.z = z_ ? z_.get() : x_.get();
  data_.y = numbers_or_null(problem["y"]);
  data_.offset = numbers_or_null(problem["offset"]);
  data_.weight = numbers_or_null(problem["weights"]);
  data_.y_center = Rcpp::as<arma::vec>(problem["y_center"]);
  data_.y_scale = Rcpp::as<arma::vec>(problem["y_scale"]);

  const Rcpp::List spec = problem["spec"];
  spec_.n_components = Rcpp::as<int>(spec["K"]);
  spec_.gate = read_block(spec["gate"]);
  spec_.expert = read_block(spec["expert"]);
  spec_.gate_terms = Rcpp::as<std::vector<std::string>>(spec["gate_terms"]);
  spec_.expert_terms =
      Rcpp::as<std::vector<std::string>>(spec["expert_terms"]);
  spec_.n_responses = data_.n_responses();
  spec_.min_variance = Rcpp::as<double>(spec["min_variance"]);
}

Mixture Problem::mixture(const arma::vec& theta) const {
  Mixture model = make_mixture(spec_);
  if (theta.n_elem != model.coordinates().n_elem)
    Rcpp::stop("theta has %d elements, the model %d", theta.n_elem,
               model.coordinates().n_elem);
  model.set_coordinates(theta);
  return model;
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
