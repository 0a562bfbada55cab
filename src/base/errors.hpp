#pragma once
#include <exception>
#include <stdexcept>
#include <string>

namespace gatemix {

// The types of failure that the host can tell apart. Everything else that is
// thrown is a mistake in the program itself.

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
