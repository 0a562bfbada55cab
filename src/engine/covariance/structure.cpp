#include "structure.hpp"

#include "../core/errors.hpp"
#include "diagonal.hpp"
#include "full.hpp"
#include "spherical.hpp"

namespace gatemix {

std::unique_ptr<CovarianceStructure> make_covariance_structure(
    const std::string& name) {
  if (name == "full") return std::make_unique<FullCovariance>();
  if (name == "diagonal") return std::make_unique<DiagonalCovariance>();
  if (name == "spherical") return std::make_unique<SphericalCovariance>();
  throw InputError("unknown covariance structure '" + name + "'");
}

}  // namespace gatemix
