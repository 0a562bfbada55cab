#!/bin/sh
# Builds the source package, with its vignettes, and runs R CMD check on it; an
# ERROR or a WARNING fails, a NOTE is shown. Started by `make check`; with TESTS=no
# without the tests, where `make test` has run them.
Rscript tools/check-index.R || exit 1
Rscript tools/check-rooms.R || exit 1
Rscript tools/check-layers.R || exit 1
sh tools/step.sh "compiling each header alone" .gatemix-build/log/headers.log sh tools/check-headers.sh || exit 1

check=.gatemix-build/check
rm -rf $check
mkdir -p $check

sh tools/step.sh "building the source package" .gatemix-build/log/build.log \
  sh -c "cd $check && MAKEFLAGS=-j${JOBS:-2} R CMD build --no-manual ../.." || exit 1

echo "gatemix: running R CMD check (the log is $check/gatemix.Rcheck/00check.log) ..."
(
  cd $check || exit 1
  export _R_CHECK_CRAN_INCOMING_REMOTE_=FALSE _R_CHECK_SYSTEM_CLOCK_=FALSE
  # packages that cannot be installed here leave their tests out
  export _R_CHECK_FORCE_SUGGESTS_=FALSE
  export _R_CHECK_PACKAGE_DEPENDS_IGNORE_MISSING_ENHANCES_=TRUE
  MAKEFLAGS=-j${JOBS:-2} R CMD check --as-cran --no-manual \
    $([ "$TESTS" = no ] && echo --no-tests) gatemix_*.tar.gz
) >$check/output 2>&1 </dev/null

# Each item that is not OK, with its explanation, and the summary.
awk '
  /^\* / || /^Status:/ { if (show) printf "%s", item; item = ""; show = /^Status:/ }
  { item = item $0 "\n" }
  /(^| )(NOTE|WARNING|ERROR)$/ { show = 1 }
  END { if (show) printf "%s", item }' $check/output
status=$(grep '^Status:' $check/output) ||
  { echo "gatemix: R CMD check ended early:"; tail -n 30 $check/output; exit 1; }
case $status in *ERROR* | *WARNING*) exit 1 ;; esac
exit 0
