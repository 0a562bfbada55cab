#include "base/errors.hpp"
#include "engine/covariance/covariances.hpp"
#include "engine/covariance/structures.hpp"

#include "engine/families/gaussian.hpp"
#include "check.hpp"
#include "fixtures.hpp"

namespace {

using fixtures::largest;
using fixtures::normals;
using gatemix::Covariances;
using gatemix::make_covariance_structure;

const std::vector<std::string> kNames{"full", "diagonal", "spherical"};

// A covariance of the structure, and what else a test needs.
arma::mat some_factor(const std::string& name, arma::uword q) {
  const arma::mat e = normals(20, q, q + 3);
  const arma::mat scatter = e.t() * e;
  const auto structure = make_covariance_structure(name);
  return structure->estimate(structure->moments(scatter).memptr(), 20.0, arma::eye(q, q), 1e-6).factor;
}

double log_likelihood(const arma::mat& factor, const arma::mat& e, const arma::vec& w) {
  const arma::mat white = arma::solve(arma::trimatl(factor), e.t());
  return arma::accu(w) * (-arma::accu(arma::log(factor.diag())) -
                          0.5 * e.n_cols * std::log(2.0 * arma::datum::pi)) -
         0.5 * arma::dot(w, arma::sum(arma::square(white), 0).t());
}

const test::Case estimates("covariances: the maximum-likelihood estimate of each structure", [] {
  for (arma::uword q = 1; q <= 4; ++q) {
    const arma::mat e = normals(50, q, q);
    const arma::vec w = fixtures::uniforms(50, 1, 9);
    const arma::mat sample = e.t() * arma::diagmat(w) * e / arma::accu(w);
    for (const std::string& name : kNames) {
      const auto structure = make_covariance_structure(name);
      arma::vec moments(structure->n_moments(q), arma::fill::zeros);
      structure->add_moments(e, w, moments.memptr());
      const arma::mat scatter = e.t() * arma::diagmat(w) * e;
      test::check_close(largest(moments - structure->moments(scatter)), 0.0, 1e-12,
                        name + ": moments of rows and of a scatter matrix agree");
      const auto got = structure->estimate(moments.memptr(), arma::accu(w), arma::eye(q, q), 1e-8);
      arma::mat wanted = sample;
      if (name == "diagonal") wanted = arma::diagmat(sample.diag());
      if (name == "spherical") wanted = arma::eye(q, q) * arma::trace(sample) / q;
      test::check_close(largest(got.factor * got.factor.t() - wanted), 0.0, 1e-13, name);
      test::check(!got.floored, name + ": no floor");
    }
  }
});

const test::Case round_trip("covariances: coordinates round trip", [] {
  for (const std::string& name : kNames)
    for (arma::uword q = 1; q <= 5; ++q) {
      const auto structure = make_covariance_structure(name);
      const arma::mat factor = some_factor(name, q);
      const arma::vec at = structure->coordinates(factor);
      test::check(at.n_elem == structure->n_coordinates(q), name + ": number of coordinates");
      test::check(structure->names(q).size() == at.n_elem, name + ": as many names");
      const auto back = structure->from_coordinates(at.memptr(), q, 1e-6);
      test::check_close(largest(back.factor - factor), 0.0, 1e-14, name);
      test::check(!back.floored, name + ": no floor");
    }
});

const test::Case scores("covariances: score = finite differences of the Gaussian likelihood", [] {
  for (const std::string& name : kNames)
    for (arma::uword q = 1; q <= 4; ++q) {
      const auto structure = make_covariance_structure(name);
      const arma::mat e = 0.7 * normals(30, q, q + 50);
      const arma::vec w = fixtures::uniforms(30, 1, 4);
      const arma::vec moments = structure->moments(e.t() * arma::diagmat(w) * e);
      const arma::mat factor = some_factor(name, q);
      const arma::vec got = structure->score(factor, moments.memptr(), arma::accu(w), 1e-8);
      const arma::vec wanted = fixtures::numeric_gradient(
          [&](const arma::vec& at) {
            return log_likelihood(structure->from_coordinates(at.memptr(), q, 1e-8).factor, e, w);
          },
          structure->coordinates(factor));
      test::check_close(largest(got - wanted) / (1.0 + largest(wanted)), 0.0, 1e-9,
                        name + ", q = " + std::to_string(q));
      // at the estimate the score is 0
      const auto best = structure->estimate(moments.memptr(), arma::accu(w), arma::eye(q, q), 1e-8);
      const arma::vec zero =
          structure->score(best.factor, moments.memptr(), arma::accu(w), 1e-8);
      test::check_close(largest(zero), 0.0, 1e-11, name + ": 0 at the maximum");
    }
});

const test::Case floors("covariances: eigenvalues stay at or above the floor", [] {
  const double floor = 1e-4;
  for (const std::string& name : kNames)
    for (arma::uword q = 1; q <= 4; ++q) {
      const auto structure = make_covariance_structure(name);
      arma::mat e = normals(20, q, 6) * 1e-6;
      if (q > 1 && name != "spherical") e.col(0) *= 1e6;  // one direction is fine
      const arma::mat scatter = e.t() * e;
      const arma::vec moments = structure->moments(scatter);
      const auto got = structure->estimate(moments.memptr(), 20.0, arma::eye(q, q), floor);
      const arma::vec values = arma::eig_sym(got.factor * got.factor.t());
      test::check(got.floored, name + ": floored");
      const auto back =
          structure->from_coordinates(structure->coordinates(got.factor).memptr(), q, floor);
      test::check(back.floored, name + ": still floored after a round trip");
      test::check(values.min() >= floor * (1.0 - 1e-8), name + ": at the floor or above");
      if (q > 1 && name != "spherical")
        test::check_close(values.max(), scatter(0, 0) / 20.0, 1e-3, name + ": the rest is estimated");
      const arma::vec pushed = structure->score(got.factor, moments.memptr(), 20.0, floor);
      test::check_close(largest(pushed), 0.0, 1e-8, name + ": held back components have score 0");
      // the floor lets go where the data want more
      const arma::vec more = structure->moments(scatter + 20.0 * arma::eye(q, q));
      const arma::vec pull = structure->score(got.factor, more.memptr(), 20.0, floor);
      test::check(pull.max() > 1.0, name + ": an upward score stays");
      // coordinates below the floor are raised
      arma::vec low = structure->coordinates(got.factor);
      low.zeros();
      for (arma::uword j = 0, at = 0; j < q && at < low.n_elem; ++j) {
        low[at] = std::log(1e-5);
        at += name == "full" ? q - j : 1;
      }
      const auto raised = structure->from_coordinates(low.memptr(), q, floor);
      test::check(raised.floored, name + ": low coordinates are floored");
      test::check_close(arma::eig_sym(raised.factor * raised.factor.t()).min(), floor, 1e-8,
                        name + ": raised to the floor");
    }
});

const test::Case unknown("covariances: an unknown structure is an input error", [] {
  test::check_throws<gatemix::InputError>([] { make_covariance_structure("banded"); }, "banded");
});

const test::Case densities("covariances: log densities, inverses, matrices, own and shared", [] {
  for (const std::string& name : kNames)
    for (bool shared : {false, true})
      for (arma::uword q = 1; q <= 4; ++q) {
        const arma::uword k = 3;
        Covariances all({name}, k, q, shared, 1e-6);
        arma::mat moments(all.n_moments() / k, k);
        const arma::vec weight{20.0, 30.0, 25.0};
        for (arma::uword c = 0; c < k; ++c) {
          const arma::mat e = (c + 1.0) * normals(20, q, c + 7);
          moments.col(c) = all.structure(c).moments(e.t() * e);
        }
        all.estimate(arma::vectorise(moments), weight);
        const arma::mat e = normals(11, q, 99);
        const arma::vec mean = normals(q, 1, 98);
        arma::mat scratch;
        for (arma::uword c = 0; c < k; ++c) {
          const arma::mat sigma = all.matrix(c), factor = arma::chol(sigma, "lower");
          arma::vec out(11, arma::fill::ones);
          gatemix::add_gaussian_log_density(all, c, e, mean, scratch, out.memptr());
          for (arma::uword i = 0; i < 11; ++i) {
            const double wanted =
                1.0 + log_likelihood(factor, e.row(i) - mean.t(), arma::vec{1.0});
            test::check_close(out[i], wanted, 1e-12, name + ": log density");
          }
          test::check_close(largest(sigma * all.solve(c, arma::eye(q, q)) - arma::eye(q, q)), 0.0,
                            1e-12, name + ": inverse");
        }
        if (shared)
          test::check(largest(all.matrix(0) - all.matrix(2)) == 0.0, "shared: one matrix");
        const arma::vec at = all.coordinates();
        test::check(at.n_elem == all.n_coordinates() && all.coordinate_names().size() == at.n_elem,
                    "sizes");
        Covariances copy({name}, k, q, shared, 1e-6);
        copy.set_coordinates(at);
        test::check_close(largest(copy.matrix(1) - all.matrix(1)), 0.0, 1e-14, "round trip");
        copy.permute(arma::uvec{2, 0, 1});
        test::check_close(largest(copy.matrix(0) - all.matrix(2)), 0.0, 1e-14, "permuted");
        test::check_close(largest(copy.matrix(1) - all.matrix(0)), 0.0, 1e-14, "permuted");
        test::check_close(largest(all.score(arma::vectorise(moments), weight)), 0.0, 1e-10, "score 0 at the estimate");
      }
});

const test::Case mixed("covariances: each expert may have a structure of its own", [] {
  const std::vector<std::string> names{"diagonal", "full", "spherical"};
  const arma::uword q = 3;
  Covariances all(names, 3, q, false, 1e-6);
  test::check(all.n_moments() == 3 + 6 + 1 && all.n_coordinates() == 3 + 6 + 1, "sizes");
  test::check(all.shape() == std::vector<arma::uword>{10} && all.moments_shape() == all.shape(), "flat");
  test::check(all.coordinate_names()[3] == "2:logchol1.1" && all.coordinate_names()[9] == "3:logsd", "names");
  test::check(!all.diagonal() && all.structure(0).diagonal(), "diagonal");
  const arma::vec weight{20.0, 30.0, 25.0};
  arma::vec moments(10, arma::fill::zeros);
  for (arma::uword k = 0; k < 3; ++k) {
    const arma::mat e = (k + 1.0) * normals(20, q, k + 7);
    all.add_scatter(k, e.t() * e, 1.0, moments);
  }
  all.estimate(moments, weight);
  test::check_close(largest(all.score(moments, weight)), 0.0, 1e-10, "score 0 at the estimate");
  for (arma::uword k = 0; k < 3; ++k) {
    Covariances alone({names[k]}, 1, q, false, 1e-6);
    const arma::uword size = alone.n_moments();
    alone.estimate(moments.subvec(all.first_moment(k), arma::size(size, 1)), arma::vec{weight[k]});
    test::check_close(largest(alone.matrix(0) - all.matrix(k)), 0.0, 1e-14, names[k] + ": as alone");
    test::check(all.score_coordinates(k).n_elem == alone.n_coordinates(), names[k] + ": its coordinates");
  }
  const arma::vec at = all.coordinates();
  Covariances moved = all;
  moved.permute(arma::uvec{1, 2, 0});
  for (arma::uword k = 0; k < 3; ++k)
    test::check(largest(moved.matrix(k) - all.matrix((k + 1) % 3)) == 0.0, "permuted");
  Covariances reordered({"full", "spherical", "diagonal"}, 3, q, false, 1e-6);
  reordered.set_coordinates(moved.coordinates());
  test::check_close(largest(reordered.matrix(1) - moved.matrix(1)), 0.0, 1e-14, "structures move along");
  moved.permute(arma::uvec{2, 0, 1});
  test::check(fixtures::same_bits(moved.coordinates(), at), "and back");
  const std::vector<std::string> two{"full", "diagonal"};
  test::check_throws<gatemix::InputError>([&] { Covariances(two, 3, q, false, 1e-6); }, "two for three");
  test::check_throws<gatemix::InputError>([&] { Covariances(two, 2, q, true, 1e-6); }, "two for one");
});

const test::Case empty("covariances: an expert without rows keeps its matrix", [] {
  Covariances all({"full"}, 2, 2, false, 1e-6);
  arma::mat moments(3, 2, arma::fill::zeros);
  moments.col(0) = arma::vec{4.0, 1.0, 5.0};
  all.estimate(arma::vectorise(moments), arma::vec{2.0, 0.0});
  test::check_close(all.matrix(0)(0, 0), 2.0, 1e-14, "estimated");
  test::check(largest(all.matrix(1) - arma::eye(2, 2)) == 0.0, "kept");
});

const test::Case infinite("covariances: a matrix that is not finite is a numeric error", [] {
  Covariances all({"diagonal"}, 1, 1, false, 1e-6);
  test::check_throws<gatemix::NumericError>([&] { all.set_coordinates(arma::vec{400.0}); }, "exp(400)^2");
});

const test::Case not_finite("moments that are not finite are refused and nothing is lost", [] {
  for (const std::string& name : {"full", "diagonal", "spherical"}) {
    gatemix::Covariances own({name}, 2, 2, false, 1e-6);
    const arma::vec before = own.coordinates();
    arma::mat moments(own.n_moments() / 2, 2);
    moments.fill(arma::datum::nan);
    bool refused = false;
    try {
      own.estimate(arma::vectorise(moments), arma::vec{10.0, 10.0});
    } catch (const gatemix::NumericError&) {
      refused = true;
    }
    test::check(refused, name + " refused");
    test::check(fixtures::same_bits(own.coordinates(), before), name);
  }
});

}  // namespace
