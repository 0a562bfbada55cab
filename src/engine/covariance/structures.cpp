#include "engine/covariance/structures.hpp"

#include <memory>
#include <string>

#include "base/errors.hpp"
#include "engine/covariance/diagonal.hpp"
#include "engine/covariance/full.hpp"
#include "engine/covariance/spherical.hpp"

namespace gatemix {

std::unique_ptr<CovarianceStructure> make_covariance_structure(
    const std::string& name) {
  if (name == "full") return std::make_unique<FullCovariance>();
  if (name == "diagonal") return std::make_unique<DiagonalCovariance>();
  if (name == "spherical") return std::make_unique<SphericalCovariance>();
  throw InputError("unknown covariance structure '" + name + "'");
}

}  // namespace gatemix
