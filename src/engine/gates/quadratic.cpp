#include "engine/gates/quadratic.hpp"

#include <string>
#include <vector>

#include "base/errors.hpp"
#include "linalg/kernels.hpp"

namespace gatemix {

namespace {

/// Returns the names of the features; terms[0] is the intercept.
std::vector<std::string> feature_names(std::vector<std::string> terms,
                                       const std::string& covariance) {
  const std::vector<std::string> z(terms.begin() + 1, terms.end());
  if (covariance == "spherical") {
    terms.push_back("|z|^2");
  } else if (covariance == "diagonal") {
    for (const std::string& name : z) terms.push_back(name + "^2");
  } else if (covariance == "full") {
    for (arma::uword j = 0; j < z.size(); ++j)
      for (arma::uword i = 0; i <= j; ++i)
        terms.push_back(z[i] + "*" + z[j]);
  } else {
    throw InputError("unknown covariance structure '" + covariance + "'");
  }
  return terms;
}

}  // namespace

QuadraticGate::QuadraticGate(const BlockSetup& setup)
    : SoftmaxGate(setup.n_experts,
                  feature_names(setup.terms,
                                setup.block.options.text("covariance")),
                  nullptr, GateStep::newton, false),
      covariance_(setup.block.options.text("covariance")) {}

const DesignBlock& QuadraticGate::features(Batch& batch) const {
  const arma::mat& z = batch.z->dense();
  const arma::uword r = z.n_cols - 1;
  const arma::uword extra = covariance_ == "spherical"  ? 1
                            : covariance_ == "diagonal" ? r
                                                        : packed_size(r);
  batch.gate.features.set_dense(batch.size, 1 + r + extra);
  arma::mat& out = batch.gate.features.values();
  out.zeros();
  out.head_cols(1 + r) = z;
  for (arma::uword j = 0; j < r; ++j) {
    if (covariance_ == "spherical") {
      out.col(1 + r) += arma::square(z.col(1 + j));
    } else if (covariance_ == "diagonal") {
      out.col(1 + r + j) = arma::square(z.col(1 + j));
    } else {
      for (arma::uword i = 0; i <= j; ++i)
        out.col(1 + r + packed_index(i, j)) = z.col(1 + i) % z.col(1 + j);
    }
  }
  return batch.gate.features;
}

}  // namespace gatemix
