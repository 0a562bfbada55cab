// A test framework in one page, for the engine without R.
//
//   static const test::Case addition("statistics add up", [] {
//     test::check(1 + 1 == 2, "one and one");
//     test::check_close(sum, 3.5, 1e-12, "the sum");
//   });
//
// A failed check is reported and the test goes on; an exception ends its test
// and counts as one failure. Counts are in checks, as testthat's are.
#pragma once

#include <cmath>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace test {

struct Counts { int passed = 0, failed = 0, skipped = 0; };
inline Counts counts;
inline std::string current;  // the name of the running test

struct Case {
  std::string name;
  std::function<void()> run;

  Case(std::string name_, std::function<void()> run_)
      : name(std::move(name_)), run(std::move(run_)) { all().push_back(*this); }

  static std::vector<Case>& all() { static std::vector<Case> cases; return cases; }
};

inline void check(bool ok, const std::string& what) {
  if (ok) { ++counts.passed; return; }
  ++counts.failed;
  std::cout << "FAILED  " << current << ": " << what << "\n";
}

// Equal up to tol * max(1, |wanted|); equal infinities pass, a NaN never does.
inline void check_close(double got, double wanted, double tol, const std::string& what) {
  const bool ok = got == wanted || std::abs(got - wanted) <= tol * std::fmax(1.0, std::abs(wanted));
  std::ostringstream text;
  text.precision(17);
  text << what << ": got " << got << ", wanted " << wanted;
  check(ok && !std::isnan(got), text.str());
}

// Passes if run() throws an Exception.
template <class Exception, class Function>
void check_throws(Function run, const std::string& what) {
  try { run(); } catch (const Exception&) { check(true, what); return; }
  check(false, what + ": nothing was thrown");
}

// Runs the tests whose name contains filter; true if none failed.
inline bool run_all(const std::string& filter) {
  for (const Case& item : Case::all()) {
    if (item.name.find(filter) == std::string::npos) continue;
    current = item.name;
    const Counts before = counts;
    try {
      item.run();
    } catch (const std::exception& e) {
      check(false, std::string("exception: ") + e.what());
    } catch (...) {
      check(false, "an exception of unknown type");
    }
    const bool empty = counts.passed == before.passed && counts.failed == before.failed;
    if (empty) { ++counts.skipped; std::cout << "Skipped  " << current << ": it checks nothing\n"; }
  }
  std::cout << counts.passed << " passed, " << counts.failed << " failed, "
            << counts.skipped << " skipped" << std::endl;
  return counts.failed == 0;
}

}  // namespace test
