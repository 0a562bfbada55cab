// Runs the engine's tests; an argument selects those whose name contains it.
#include "check.hpp"

int main(int argc, char** argv) {
  return test::run_all(argc > 1 ? argv[1] : "") ? 0 : 1;
}
