#pragma once
#include <cstddef>
#include <functional>
#include <vector>

#include "engine/data/design.hpp"
#include "engine/penalties/quadratic.hpp"

namespace gatemix {

/// A quadratic that holds no H but what it is made of: H between columns c and
/// d is x' diag(weight(c, d)) x. Its state is the derivative by each row's
/// linear predictors, so that a coefficient costs as much as its column of x
/// has entries: for designs whose Gram matrices would be too large.
class RowQuadratic final : public Quadratic {
 public:
  /// `score`: the derivatives at no step, n x columns. The host is asked for
  /// interrupts now and then (throws Interrupted).
  RowQuadratic(const Design& design, arma::mat score,
               std::function<bool()> interrupted);

  /// Set once for each pair of columns that is not zero.
  void set_weight(arma::uword c, arma::uword d, arma::vec weight);

  arma::uword n_columns() const override { return rest_.n_cols; }
  double gradient(arma::uword term, arma::uword column) override;
  double curvature(arma::uword term, arma::uword column) override;
  double curvature(arma::uword term, arma::uword column, arma::uword other_term,
                   arma::uword other_column) override;
  void move(arma::uword term, arma::uword column, double change) override;

 private:
  static arma::uword pair(arma::uword c, arma::uword d) {
    return c <= d ? d * (d + 1) / 2 + c : c * (c + 1) / 2 + d;
  }
  /// Loads column `term`.
  void load(arma::uword term);
  /// Product of its values, without the shift, with r.
  double product(const double* r) const;
  /// Sum of weight times the square of the column, for a pair of columns of H.
  double square(arma::uword term, arma::uword pair);

  const Design& design_;
  bool sparse_;
  std::function<bool()> interrupted_;
  std::vector<arma::vec> weight_;  // packed by pairs of columns; empty: zero
  std::vector<double> weight_sum_;
  // The derivative of column d is rest_(:, d) + sum_c shifted_(c, d)
  // weight(c, d): a sparse column's shift moves all rows, in one number.
  arma::mat rest_;
  arma::rowvec rest_sum_;
  arma::mat shifted_;
  arma::mat curvature_;  // negative: not known yet

  arma::uword at_hand_;
  arma::vec values_;
  arma::vec product_;
  const int* rows_ = nullptr;  // null: all rows
  arma::uword size_ = 0;
  double shift_ = 0.0;
  std::size_t work_ = 0;
};

}  // namespace gatemix
