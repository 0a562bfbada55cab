#include "engine/maximise/anderson.hpp"

namespace gatemix {

void Anderson::restart() {
  residuals_.clear();
  images_.clear();
}

arma::vec Anderson::propose(const arma::vec& theta, const arma::vec& image) {
  residuals_.push_back(image - theta);
  images_.push_back(image);
  if (residuals_.size() > window_ + 1) {
    residuals_.pop_front();
    images_.pop_front();
  }
  const arma::uword m = residuals_.size() - 1;
  if (m == 0) return image;
  const arma::vec& residual = residuals_.back();
  arma::mat residual_steps(theta.n_elem, m), image_steps(theta.n_elem, m);
  for (arma::uword j = 0; j < m; ++j) {
    residual_steps.col(j) = residuals_[j + 1] - residuals_[j];
    image_steps.col(j) = images_[j + 1] - images_[j];
  }
  // columns of unit length, then a least-squares problem with a tiny ridge:
  // nearly parallel residual steps must not give wild combinations
  arma::rowvec length = arma::sqrt(arma::sum(arma::square(residual_steps)));
  length.replace(0.0, 1.0);
  residual_steps.each_row() /= length;
  image_steps.each_row() /= length;
  arma::mat normal = residual_steps.t() * residual_steps;
  normal.diag() += 1e-10;
  arma::vec weights;
  if (!arma::solve(weights, normal, residual_steps.t() * residual,
                   arma::solve_opts::no_approx)) {
    restart();
    return image;
  }
  return image - image_steps * weights;
}

}  // namespace gatemix
