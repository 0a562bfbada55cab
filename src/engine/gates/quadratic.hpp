#pragma once
#include <string>

#include "engine/gates/softmax.hpp"

namespace gatemix {

/// A Gaussian gate as the conditional density of y sees it: the ratio of two
/// Gaussian densities is the exponential of a quadratic, so the gate is a
/// softmax of z and of the products of its coordinates that the covariance
/// structure leaves free (all, the squares, or their sum).
class QuadraticGate : public SoftmaxGate {
 public:
  /// Option: "covariance". It takes no penalty.
  explicit QuadraticGate(const BlockSetup& setup);
  /// Its features are not the design's columns.
  arma::uvec coordinate_columns() const override {
    return ParameterBlock::coordinate_columns();
  }

 protected:
  const DesignBlock& features(Batch& batch) const override;

 private:
  std::string covariance_;
};

}  // namespace gatemix
