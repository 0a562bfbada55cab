#pragma once
#include <deque>

#include "base/armadillo.hpp"

namespace gatemix {

/// Anderson acceleration of a fixed-point map theta -> map(theta) (here one EM
/// step): the next point is the combination of the last images whose
/// residuals map(theta) - theta combine to the smallest. Superlinear where EM
/// is slow, at no extra data pass.
/// Walker and Ni (2011), Anderson acceleration for fixed-point iterations,
/// SIAM J. Numer. Anal. 49, 1715-1735.
class Anderson {
 public:
  explicit Anderson(arma::uword window) : window_(window) {}

  /// Returns the accelerated point from theta and its image.
  arma::vec propose(const arma::vec& theta, const arma::vec& image);
  /// Forgets all earlier points.
  void restart();

 private:
  arma::uword window_;
  std::deque<arma::vec> residuals_;
  std::deque<arma::vec> images_;
};

}  // namespace gatemix
