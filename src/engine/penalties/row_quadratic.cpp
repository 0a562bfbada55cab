#include "engine/penalties/row_quadratic.hpp"

#include <cstddef>
#include <functional>
#include <utility>

#include "base/errors.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

namespace {
constexpr arma::uword kNone = static_cast<arma::uword>(-1);
/// Numbers read between two questions for interrupts: some milliseconds.
constexpr std::size_t kWork = 5000000;
}  // namespace

RowQuadratic::RowQuadratic(const Design& design, arma::mat score,
                           std::function<bool()> interrupted)
    : design_(design),
      sparse_(design.is_sparse()),
      interrupted_(std::move(interrupted)),
      weight_(score.n_cols * (score.n_cols + 1) / 2),
      weight_sum_(weight_.size(), 0.0),
      rest_(std::move(score)),
      rest_sum_(arma::sum(rest_, 0)),
      shifted_(rest_.n_cols, rest_.n_cols, arma::fill::zeros),
      curvature_(design.n_cols(), rest_.n_cols),
      at_hand_(kNone),
      values_(rest_.n_rows),
      product_(rest_.n_rows) {
  curvature_.fill(-1.0);
}

void RowQuadratic::set_weight(arma::uword c, arma::uword d,
                              arma::vec weight) {
  weight_sum_[pair(c, d)] = arma::accu(weight);
  weight_[pair(c, d)] = std::move(weight);
}

void RowQuadratic::load(arma::uword term) {
  if (at_hand_ == term) return;
  const DesignColumn column = design_.column(term);
  at_hand_ = term;
  if (column.full(rest_.n_rows)) {
    rows_ = nullptr;
    size_ = rest_.n_rows;
    shift_ = 0.0;
    design_.read_column(term, 0, size_, values_.memptr());
  } else {
    rows_ = column.rows;
    size_ = static_cast<arma::uword>(column.size);
    shift_ = -column.center * column.factor;
    standardise(column.values, 0.0, column.factor, values_.memptr(), size_);
  }
  work_ += size_;
  if (work_ < kWork) return;
  work_ = 0;
  if (interrupted_()) throw Interrupted();
}

double RowQuadratic::product(const double* r) const {
  if (!rows_) return dot(values_.memptr(), r, size_);
  double sum = 0.0;
  for (arma::uword i = 0; i < size_; ++i) sum += values_[i] * r[rows_[i]];
  return sum;
}

double RowQuadratic::gradient(arma::uword term, arma::uword column) {
  load(term);
  double sum = product(rest_.colptr(column)) + shift_ * rest_sum_[column];
  for (arma::uword c = 0; c < n_columns(); ++c) {
    const arma::uword at = pair(c, column);
    if (shifted_(c, column) != 0.0)
      sum += shifted_(c, column) *
             (product(weight_[at].memptr()) + shift_ * weight_sum_[at]);
  }
  return sum;
}

double RowQuadratic::curvature(arma::uword term, arma::uword column) {
  double& known = curvature_(term, column);
  if (known < 0.0) known = square(term, pair(column, column));
  return known;
}

double RowQuadratic::square(arma::uword term, arma::uword at) {
  const arma::vec& weight = weight_[at];
  if (weight.is_empty()) return 0.0;
  load(term);
  if (rows_) {
    double sum = 0.0;
    for (arma::uword i = 0; i < size_; ++i)
      sum += values_[i] * (values_[i] + 2.0 * shift_) * weight[rows_[i]];
    return sum + shift_ * shift_ * weight_sum_[at];
  }
  multiply_elements(values_.memptr(), weight.memptr(), product_.memptr(),
                    size_);
  return dot(values_.memptr(), product_.memptr(), size_);
}

double RowQuadratic::curvature(arma::uword term, arma::uword column,
                               arma::uword other_term,
                               arma::uword other_column) {
  if (term == other_term) return square(term, pair(column, other_column));
  const arma::vec& weight = weight_[pair(column, other_column)];
  if (weight.is_empty()) return 0.0;
  arma::vec other(rest_.n_rows);
  design_.read_column(other_term, 0, other.n_elem, other.memptr());
  other %= weight;
  load(term);
  return product(other.memptr()) + shift_ * arma::accu(other);
}

void RowQuadratic::move(arma::uword term, arma::uword column,
                        double change) {
  load(term);
  for (arma::uword d = 0; d < n_columns(); ++d) {
    const arma::vec& weight = weight_[pair(column, d)];
    if (weight.is_empty()) continue;
    double* rest = rest_.colptr(d);
    if (!rows_) {
      add_product(values_.memptr(), weight.memptr(), -change, rest, size_);
      if (sparse_)
        rest_sum_[d] -= change * dot(values_.memptr(), weight.memptr(), size_);
      continue;
    }
    for (arma::uword i = 0; i < size_; ++i) {
      const double step = change * values_[i] * weight[rows_[i]];
      rest[rows_[i]] -= step;
      rest_sum_[d] -= step;
    }
    shifted_(column, d) -= change * shift_;
  }
}

}  // namespace gatemix
