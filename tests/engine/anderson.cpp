#include "engine/maximise/anderson.hpp"

#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::normals;

// theta -> A theta + b with eigenvalues up to `radius`.
struct LinearMap {
  arma::mat a;
  arma::vec fixed;
  LinearMap(arma::uword d, double radius) {
    arma::mat q, r;
    arma::qr(q, r, normals(d, d, 1));
    a = q * arma::diagmat(arma::linspace(0.1, radius, d)) * q.t();
    fixed = normals(d, 1, 2);
  }
  arma::vec operator()(const arma::vec& theta) const { return a * (theta - fixed) + fixed; }
};

const test::Case linear("Anderson: a slow linear map converges in about its dimension", [] {
  for (arma::uword d : {1u, 2u, 5u, 8u}) {
    const LinearMap map(d, 0.999);
    gatemix::Anderson anderson(8);
    arma::vec theta(d, arma::fill::zeros);
    for (arma::uword i = 0; i < d + 4; ++i) theta = anderson.propose(theta, map(theta));
    const double error = arma::norm(theta - map.fixed) / arma::norm(map.fixed);
    test::check(error < 1e-5, "d = " + std::to_string(d) + ": error " + std::to_string(error));
  }
});

const test::Case windowed("Anderson: a short window still beats the plain map", [] {
  const LinearMap map(20, 0.99);
  gatemix::Anderson anderson(4);
  arma::vec fast(20, arma::fill::zeros), plain = fast;
  for (int i = 0; i < 60; ++i) {
    fast = anderson.propose(fast, map(fast));
    plain = map(plain);
  }
  test::check(arma::norm(fast - map.fixed) < 0.1 * arma::norm(plain - map.fixed), "ten times closer");
});

const test::Case first("Anderson: the first proposal is the image, again after a restart", [] {
  const LinearMap map(3, 0.9);
  gatemix::Anderson anderson(3);
  const arma::vec theta(3, arma::fill::ones);
  test::check(fixtures::same_bits(anderson.propose(theta, map(theta)), map(theta)), "first");
  anderson.propose(map(theta), map(map(theta)));
  anderson.restart();
  test::check(fixtures::same_bits(anderson.propose(theta, map(theta)), map(theta)), "restarted");
});

const test::Case still("Anderson: at the fixed point it stays", [] {
  gatemix::Anderson anderson(5);
  const arma::vec theta = normals(4, 1, 7);
  for (int i = 0; i < 8; ++i) {
    const arma::vec next = anderson.propose(theta, theta);
    test::check(next.is_finite() && arma::norm(next - theta) < 1e-12, "stays");
  }
});

}  // namespace
