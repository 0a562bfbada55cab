#!/bin/sh
# Runs the engine's C++ tests and the R tests, and ends with one line
# 'N passed, N failed, N skipped' over both; fails if any test failed.
# Started by `make test` and `make engine-test`, which set R_LIBS up.
#
#   sh tools/test.sh [FILTER]            both; R test files matching FILTER only
#   sh tools/test.sh --engine [FILTER]   the engine only; tests whose name has FILTER
#
# JOBS (2): how many processes compile, and then test R files, at a time. FULL=1:
# the R tests run all cases of their grids (tests/testthat/helper-full.R).
build=.gatemix-build
engine=$build/engine${SANITIZE:+-sanitize}
passed=0 failed=0 skipped=0

# Adds the counts on the last line of a file. A program that ended without
# that line has crashed: one failure.
add_counts() { # WHAT FILE
  counts=$(tail -n 1 "$2" | sed -n \
    's/^\([0-9][0-9]*\) passed, \([0-9][0-9]*\) failed, \([0-9][0-9]*\) skipped$/\1 \2 \3/p')
  if [ -z "$counts" ]; then
    echo "gatemix: the $1 tests ended early: counted as one failure"
    counts="0 1 0"
  fi
  # shellcheck disable=SC2086  # three numbers, to be split
  set -- $counts
  passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
}

# Runs a command, shows what it prints except its last line of counts.
run() { # OUTPUT-FILE command [arguments ...]
  output=$1
  shift
  "$@" 2>&1 </dev/null | tee "$output" | sed '/^[0-9]* passed, [0-9]* failed, [0-9]* skipped$/d'
}

engine_tests() {
  if ! printf '#include <armadillo>\n' | ${CXX:-g++} -std=c++17 -M -x c++ - >/dev/null 2>&1; then
    echo "gatemix: engine tests skipped: Armadillo is missing (Debian: libarmadillo-dev)"
    skipped=$((skipped + 1))
    return
  fi
  if ! sh tools/step.sh "compiling the engine's tests" $build/log/engine.log \
      env MAKEFLAGS= "${MAKE:-make}" -j"${JOBS:-2}" ${SANITIZE:+SANITIZE="$SANITIZE"} engine-program; then
    failed=$((failed + 1))
    return
  fi
  echo "gatemix: running the engine's tests ..."
  run $build/engine-test.out "$engine/engine-test" "$@"
  add_counts engine $build/engine-test.out
}

r_tests() {
  echo "gatemix: running the R tests ..."
  run $build/r-test.out Rscript tools/run-tests.R "$@"
  add_counts R $build/r-test.out
}

mkdir -p $build
if [ "${1:-}" = --engine ]; then
  shift
  engine_tests "$@"
else
  engine_tests
  r_tests "$@"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
