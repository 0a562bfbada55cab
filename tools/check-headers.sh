#!/bin/sh
# Checks that every header of the engine compiles alone, so that no file depends on
# the order of its includes. A header that its own source file includes first is
# known to: the source file compiles. Started by `make check`; needs plain Armadillo.
#
#   sh tools/check-headers.sh
compiler=${CXX:-g++}
if ! printf '#include <armadillo>\n' | $compiler -std=c++17 -E -x c++ - >/dev/null 2>&1; then
  echo "gatemix: headers not checked: Armadillo is missing (Debian: libarmadillo-dev)"
  exit 0
fi
find src -name '*.hpp' | sort | while read -r header; do
  own=${header%.hpp}.cpp
  [ -f "$own" ] && [ "$(grep -m 1 '#include' "$own")" = "#include \"${header#src/}\"" ] ||
    echo "$header"
done | xargs -P "${JOBS:-2}" -I{} sh -c '
  printf "#include \"%s\"\n" "${2#src/}" |
    $1 -std=c++17 -fsyntax-only -fopenmp -Wall -Wextra -Werror -Isrc -DARMA_DONT_USE_OPENMP -x c++ - ||
    { echo "gatemix: $2 does not compile alone" >&2; exit 1; }
' sh "$compiler" {}
