#pragma once
#include "engine/penalties/separable.hpp"

namespace gatemix {

/// Minimax concave penalty, Zhang (2010), Nearly unbiased variable selection
/// under minimax concave penalty, Annals of Statistics 38, eq. (2.1): the
/// slope falls from lambda at 0 to 0 at shape * lambda.
class Mcp : public SeparablePenalty {
 public:
  explicit Mcp(const PenaltySpec& spec);
  bool bounded() const override { return true; }

 protected:
  double phi(double size, double lambda) const override;
  double slope(double size, double lambda) const override;
  double bend(double size, double lambda) const override;
  double shrink(double z, double h, double lambda) const override;

 private:
  double shape_;
};

}  // namespace gatemix
