#pragma once
#include "base/armadillo.hpp"

namespace gatemix {

/// The quadratic model of a step d from the current coefficients (a matrix with
/// a row per term and a column per predictor) that the data give:
///   q(d) = 1/2 d' H d - g' d.
/// A penalty minimises it one coefficient after another, so it is asked for
/// single numbers and told of single moves.
class Quadratic {
 public:
  virtual ~Quadratic() = default;

  virtual arma::uword n_columns() const = 0;
  /// Returns an element of g - H d at the steps made so far.
  virtual double gradient(arma::uword term, arma::uword column) = 0;
  /// Return elements of H.
  virtual double curvature(arma::uword term, arma::uword column) = 0;
  virtual double curvature(arma::uword term, arma::uword column,
                           arma::uword other_term,
                           arma::uword other_column) = 0;
  /// Moves one coefficient.
  virtual void move(arma::uword term, arma::uword column, double change) = 0;
};

}  // namespace gatemix
