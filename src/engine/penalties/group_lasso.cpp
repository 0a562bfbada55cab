#include "engine/penalties/group_lasso.hpp"

#include <algorithm>
#include <cmath>

#include "engine/penalties/descent.hpp"
#include "linalg/decompose.hpp"

namespace gatemix {

GroupLasso::GroupLasso(const PenaltySpec& spec)
    : lambda_(spec.lambda * spec.factor), unit_(spec.unit) {
  for (const arma::uword id : arma::uvec(arma::unique(spec.group))) {
    const arma::uvec terms = arma::find(spec.group == id);
    groups_.push_back(
        {terms, spec.lambda * spec.factor[terms[0]] *
                    std::sqrt(static_cast<double>(terms.n_elem))});
  }
}

arma::mat GroupLasso::scaled(const arma::mat& b, const Group& group) const {
  arma::mat out = b.rows(group.terms);
  out.each_col() %= unit_.elem(group.terms);
  return out;
}

arma::mat GroupLasso::gradient_of(arma::mat gradient, const Group& group,
                                  double weight) const {
  gradient.each_col() /= weight * unit_.elem(group.terms);
  return gradient;
}

arma::mat GroupLasso::gradient_at(Quadratic& q, const Group& group) const {
  arma::mat out(group.terms.n_elem, q.n_columns());
  for (arma::uword c = 0; c < out.n_cols; ++c)
    for (arma::uword i = 0; i < out.n_rows; ++i)
      out(i, c) = q.gradient(group.terms[i], c);
  return out;
}

double GroupLasso::value(const arma::mat& b) const {
  double sum = 0.0;
  for (const Group& group : groups_)
    if (group.lambda > 0.0)
      sum += group.lambda * arma::norm(scaled(b, group), "fro");
  return sum;
}

double GroupLasso::bound(Quadratic& q, const Group& group,
                         double weight) const {
  const arma::uword columns = q.n_columns(), terms = group.terms.n_elem;
  arma::mat h(terms * columns, terms * columns);
  for (arma::uword d = 0; d < columns; ++d)
    for (arma::uword c = 0; c < columns; ++c)
      for (arma::uword j = 0; j < terms; ++j)
        for (arma::uword i = 0; i < terms; ++i)
          h(c * terms + i, d * terms + j) =
              q.curvature(group.terms[i], c, group.terms[j], d) /
              (weight * unit_[group.terms[i]] * unit_[group.terms[j]]);
  return symmetric_eigenvalues(h).max();
}

double GroupLasso::move_group(Quadratic& q, arma::mat& b, const Group& group,
                              double h, double weight) const {
  const arma::mat old = scaled(b, group);
  arma::mat next = h * old + gradient_of(gradient_at(q, group), group, weight);
  const double size = arma::norm(next, "fro");
  next *= size > group.lambda ? (1.0 - group.lambda / size) / h : 0.0;
  for (arma::uword c = 0; c < b.n_cols; ++c)
    for (arma::uword i = 0; i < group.terms.n_elem; ++i) {
      const arma::uword j = group.terms[i];
      if (next(i, c) == old(i, c)) continue;
      q.move(j, c, next(i, c) / unit_[j] - b(j, c));
      b(j, c) = next(i, c) / unit_[j];
    }
  return h * arma::abs(next - old).max();
}

double GroupLasso::move_terms(Quadratic& q, arma::mat& b, const Group& group,
                              double weight) const {
  double moved = 0.0;
  for (arma::uword c = 0; c < b.n_cols; ++c)
    for (const arma::uword j : group.terms)
      moved = std::max(moved, move_free(q, b, j, c, weight) / unit_[j]);
  return moved;
}

double GroupLasso::sweep(Quadratic& q, arma::mat& b, const arma::vec& bounds,
                         double weight, bool all) const {
  double moved = 0.0;
  for (arma::uword g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    if (!(group.lambda > 0.0)) {
      moved = std::max(moved, move_terms(q, b, group, weight));
    } else if (bounds[g] > kFlat &&
               (all || arma::any(arma::vectorise(b.rows(group.terms))))) {
      moved = std::max(moved, move_group(q, b, group, bounds[g], weight));
    }
  }
  return moved;
}

arma::mat GroupLasso::minimise(Quadratic& q, const arma::mat& b,
                               double weight, bool) const {
  arma::vec bounds(groups_.size(), arma::fill::zeros);
  for (arma::uword g = 0; g < groups_.size(); ++g)
    if (groups_[g].lambda > 0.0) bounds[g] = bound(q, groups_[g], weight);
  arma::mat out = b;
  descend([&](bool all) { return sweep(q, out, bounds, weight, all); });
  return out;
}

double GroupLasso::violation(const arma::mat& gradient, const arma::mat& b,
                             double weight) const {
  double worst = 0.0;
  for (const Group& group : groups_) {
    const arma::mat g = gradient_of(gradient.rows(group.terms), group,
                                    weight);
    const arma::mat t = scaled(b, group);
    const double size = arma::norm(t, "fro");
    if (size > 0.0 && group.lambda > 0.0)
      worst = std::max(worst, arma::abs(g - group.lambda * t / size).max());
    else if (group.lambda > 0.0)
      worst = std::max(worst, arma::norm(g, "fro") - group.lambda);
    else
      worst = std::max(worst, arma::abs(g).max());
  }
  return worst;
}

arma::vec GroupLasso::excess(const arma::mat& gradient, double weight) const {
  arma::vec out(gradient.n_rows);
  for (const Group& group : groups_)
    out.elem(group.terms).fill(
        arma::norm(gradient_of(gradient.rows(group.terms), group, weight),
                   "fro") -
        group.lambda);
  return out;
}

arma::uvec GroupLasso::free_cells(const arma::mat& b) const {
  arma::umat free(arma::size(b), arma::fill::zeros);
  for (const Group& group : groups_)
    if (!(group.lambda > 0.0) ||
        arma::any(arma::vectorise(b.rows(group.terms))))
      free.rows(group.terms).ones();
  return arma::find(free);
}

arma::mat GroupLasso::slopes(const arma::mat& b) const {
  arma::mat out(arma::size(b), arma::fill::zeros);
  for (const Group& group : groups_) {
    const arma::mat t = scaled(b, group);
    const double size = arma::norm(t, "fro");
    if (!(group.lambda > 0.0) || size == 0.0) continue;
    arma::mat own = group.lambda / size * t;
    own.each_col() %= unit_.elem(group.terms);
    out.rows(group.terms) = own;
  }
  return out;
}

arma::mat GroupLasso::curvature(const arma::mat& b,
                                const arma::uvec& cells) const {
  arma::uvec group_of(b.n_rows);
  arma::vec size(groups_.size());
  for (arma::uword g = 0; g < groups_.size(); ++g) {
    group_of.elem(groups_[g].terms).fill(g);
    size[g] = arma::norm(scaled(b, groups_[g]), "fro");
  }
  arma::mat out(cells.n_elem, cells.n_elem, arma::fill::zeros);
  for (arma::uword m = 0; m < cells.n_elem; ++m)
    for (arma::uword i = 0; i < cells.n_elem; ++i) {
      const arma::uword j = cells[i] % b.n_rows, l = cells[m] % b.n_rows;
      const arma::uword g = group_of[j];
      if (g != group_of[l] || !(groups_[g].lambda > 0.0) || size[g] == 0.0)
        continue;
      const double s = unit_[j] * b[cells[i]] / size[g],
                   t = unit_[l] * b[cells[m]] / size[g];
      out(i, m) = groups_[g].lambda / size[g] * unit_[j] * unit_[l] *
                  ((i == m ? 1.0 : 0.0) - s * t);
    }
  return out;
}

arma::vec GroupLasso::centre(const arma::mat& b) const {
  arma::vec out(b.n_rows, arma::fill::zeros);
  for (const Group& group : groups_)
    if (group.lambda > 0.0)
      out.elem(group.terms) = arma::mean(b.rows(group.terms), 1);
  return out;
}

}  // namespace gatemix
