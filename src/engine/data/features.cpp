#include "engine/data/features.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/errors.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

namespace {

using Function = double (*)(double);

Function find_function(const std::string& name) {
  if (name == "tanh") return [](double x) { return std::tanh(x); };
  if (name == "sigmoid")
    return [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
  if (name == "cos") return [](double x) { return std::cos(x); };
  if (name == "sin") return [](double x) { return std::sin(x); };
  if (name == "softsign")
    return [](double x) { return x / (1.0 + std::abs(x)); };
  throw InputError("unknown function '" + name + "'");
}

}  // namespace

Features::Features(const FeatureSpec& spec, arma::uword n_columns) {
  if (n_columns == 0) throw InputError("features need an intercept");
  if (spec.key == "products")
    add_products(spec.covariance, n_columns);
  else if (spec.key == "powers")
    add_powers(spec.degree, n_columns);
  else if (spec.key == "function")
    add_functions(spec, n_columns);
  else
    throw InputError("unknown features '" + spec.key + "'");
}

void Features::add(Kind kind, arma::uword column, arma::uword other,
                   double center, double scale) {
  features_.push_back({kind, column, other, center, scale});
}

void Features::add_products(const std::string& covariance,
                            arma::uword n_columns) {
  add_powers(1, n_columns);
  if (covariance == "spherical") {
    add(Kind::sum_of_squares, 1);
  } else if (covariance == "diagonal") {
    for (arma::uword j = 1; j < n_columns; ++j) add(Kind::power, j, 2);
  } else if (covariance == "full") {
    for (arma::uword j = 1; j < n_columns; ++j)
      for (arma::uword i = 1; i <= j; ++i) add(Kind::product, i, j);
  } else {
    throw InputError("unknown covariance structure '" + covariance + "'");
  }
}

void Features::add_powers(arma::uword degree, arma::uword n_columns) {
  for (arma::uword j = 0; j < n_columns; ++j) add(Kind::column, j);
  for (arma::uword power = 2; power <= degree; ++power)
    for (arma::uword j = 1; j < n_columns; ++j) add(Kind::power, j, power);
}

void Features::add_functions(const FeatureSpec& spec, arma::uword n_columns) {
  function_name_ = spec.function;
  function_ = find_function(spec.function);
  if (spec.center.n_elem != n_columns - 1 ||
      spec.scale.n_elem != n_columns - 1)
    throw InputError("a function needs a centre and a scale for each column");
  add(Kind::column, 0);
  for (arma::uword j = 1; j < n_columns; ++j)
    add(Kind::function, j, 0, spec.center[j - 1], spec.scale[j - 1]);
}

Features Features::select(const arma::uvec& which) const {
  Features out = *this;
  out.features_.clear();
  for (const arma::uword j : which) out.features_.push_back(features_[j]);
  return out;
}

std::vector<std::string> Features::names(
    const std::vector<std::string>& terms) const {
  std::vector<std::string> out;
  for (const Feature& f : features_) {
    const std::string& own = terms[f.column];
    switch (f.kind) {
      case Kind::column: out.push_back(own); break;
      case Kind::product: out.push_back(own + "*" + terms[f.other]); break;
      case Kind::sum_of_squares: out.push_back("|z|^2"); break;
      case Kind::power:
        out.push_back(own + "^" + std::to_string(f.other));
        break;
      case Kind::function:
        out.push_back(function_name_ + "(" + own + ")");
        break;
    }
  }
  return out;
}

void Features::fill(arma::uword j, const arma::mat& columns,
                    double* out) const {
  const Feature& f = features_[j];
  const arma::uword n = columns.n_rows;
  const double* own = columns.colptr(f.column);
  switch (f.kind) {
    case Kind::column: std::copy(own, own + n, out); break;
    case Kind::product:
      multiply_elements(own, columns.colptr(f.other), out, n);
      break;
    case Kind::sum_of_squares:
      std::fill(out, out + n, 0.0);
      for (arma::uword c = f.column; c < columns.n_cols; ++c)
        add_product(columns.colptr(c), columns.colptr(c), 1.0, out, n);
      break;
    case Kind::power:
      std::copy(own, own + n, out);
      for (arma::uword times = 1; times < f.other; ++times)
        multiply_elements(out, own, out, n);
      break;
    case Kind::function:
      for (arma::uword i = 0; i < n; ++i)
        out[i] = (function_(own[i]) - f.center) / f.scale;
      break;
  }
}

}  // namespace gatemix
