#pragma once
#include <memory>
#include <string>

#include "engine/covariance/structure.hpp"

namespace gatemix {

/// Returns the structure with a name: "full", "diagonal" or "spherical".
std::unique_ptr<CovarianceStructure> make_covariance_structure(
    const std::string& name);

}  // namespace gatemix
