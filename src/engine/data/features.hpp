#pragma once
#include <string>
#include <vector>

#include "base/armadillo.hpp"

namespace gatemix {

/// The specification of a transform of a design.
struct FeatureSpec {
  std::string key;         // "products", "powers", "function"; empty: none
  std::string covariance;  // of products
  arma::uword degree = 1;  // of powers
  std::string function;    // its name
  arma::vec center;        // of the function's values, without the intercept
  arma::vec scale;

  bool given() const { return !key.empty(); }
};

/// A transform of the columns of a design, whose first one is the intercept z_0
/// = 1, into others:
///   products   1, z, and the products of z that a covariance structure leaves
///              free: z_i z_j, i <= j (full), the squares (diagonal), their sum
///              (spherical)
///   powers     1, z, z^2, ..., z^degree
///   function   1, (f(z) - center) / scale, f one of tanh, sigmoid, cos, sin
///              and softsign: x / (1 + |x|)
class Features {
 public:
  /// For a design with this many columns. InputError for an unknown key,
  /// covariance or function.
  Features(const FeatureSpec& spec, arma::uword n_columns);

  arma::uword n_cols() const {
    return static_cast<arma::uword>(features_.size());
  }
  /// Returns some of the features, of the same columns.
  Features select(const arma::uvec& which) const;
  /// Returns the names of the features of named columns.
  std::vector<std::string> names(const std::vector<std::string>& terms) const;
  /// out = feature j of some rows of the columns.
  void fill(arma::uword j, const arma::mat& columns, double* out) const;

 private:
  enum class Kind { column, product, sum_of_squares, power, function };
  struct Feature {
    Kind kind;
    arma::uword column;  // the first of them
    arma::uword other;   // product: the second factor; power: the degree
    double center;
    double scale;
  };
  void add(Kind kind, arma::uword column, arma::uword other = 0,
           double center = 0.0, double scale = 1.0);
  void add_products(const std::string& covariance, arma::uword n_columns);
  void add_powers(arma::uword degree, arma::uword n_columns);
  void add_functions(const FeatureSpec& spec, arma::uword n_columns);

  std::vector<Feature> features_;
  std::string function_name_;
  double (*function_)(double) = nullptr;
};

}  // namespace gatemix
