#pragma once
#include <exception>
#include <stdexcept>
#include <string>

namespace gatemix {

/// The caller asked for something that makes no sense.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The numbers left the range in which the model can be evaluated.
struct NumericError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The user pressed Ctrl-C.
struct Interrupted : std::exception {
  const char* what() const noexcept override { return "interrupted"; }
};

}  // namespace gatemix
