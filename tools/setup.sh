#!/bin/sh
# Installs what a task of the Makefile needs; does nothing when all is there.
#
#   sh tools/setup.sh build|test|check|coverage|vignettes|docs|site|bench|slurm
#
# As root on a system with Debian packages it takes R packages and tools from
# there. Elsewhere it takes R packages from the repository that R is configured
# for, into the project's own .gatemix-library/, and names the tools that the
# user has to install.
set -u
cd "$(dirname "$0")/.." || exit 1

library=$PWD/.gatemix-library
log=.gatemix-build/log
R_LIBS=$library${R_LIBS:+:$R_LIBS}
export R_LIBS

# --- What each task needs ----------------------------------------------------

task=${1:-build}
packages="Rcpp RcppArmadillo Formula generics Matrix MASS lattice"
test_packages="testthat ggplot2 glmnet mclust flexmix mixtools nnet future future.apply progressr tibble insight performance hardhat rlang"
vignette_packages="knitr rmarkdown modeldata pls"
programs=
armadillo=no
case $task in
  build) ;;
  test)  packages="$packages $test_packages"; armadillo=yes ;;
  check) packages="$packages $test_packages $vignette_packages"; programs="qpdf tidy pandoc"; armadillo=yes ;;
  coverage)  packages="$packages $test_packages covr" ;;
  vignettes) packages="$packages $vignette_packages"; programs=pandoc ;;
  docs)  packages="$packages roxygen2" ;;
  site)  packages="$packages $vignette_packages pkgdown"; programs=pandoc ;;
  bench) packages="$packages $test_packages mvnfast vcd matrixStats pracma" ;;
  slurm) packages="$packages future future.apply future.batchtools"
         programs="slurmctld slurmd sbatch munged"; PATH=$PATH:/usr/sbin ;;
  *) echo "usage: sh tools/setup.sh build|test|check|coverage|vignettes|docs|site|bench|slurm" >&2; exit 2 ;;
esac

# --- Looking -----------------------------------------------------------------

say()  { echo "gatemix: $*"; }
fail() { say "$*" >&2; exit 1; }
has()  { command -v "$1" >/dev/null 2>&1; }

# The R packages among the arguments that cannot be loaded.
missing_packages() {
  Rscript -e 'p <- commandArgs(TRUE)
    ok <- suppressWarnings(vapply(p, requireNamespace, NA, quietly = TRUE))
    cat(p[!ok])' "$@" 2>/dev/null
}

missing_programs() {
  for program in $programs; do
    has "$program" || printf '%s ' "$program"
  done
}

# The Debian packages that programs are in.
packages_of() {
  for program in "$@"; do
    case $program in
      slurmctld|slurmd|sbatch) echo slurm-wlm ;;
      munged) echo munge ;;
      *) echo "$program" ;;
    esac
  done | sort -u | tr '\n' ' '
}

# Can R compile and link C++17 with BLAS and LAPACK?
has_compiler() {
  has make || return 1
  scratch=$(mktemp -d) || return 1
  echo '#include <R.h>
    extern "C" void dgemm_();
    extern "C" void gatemix_probe() { if constexpr (true) dgemm_(); }' >"$scratch/probe.cpp"
  echo 'CXX_STD = CXX17
PKG_LIBS = $(LAPACK_LIBS) $(BLAS_LIBS) $(FLIBS)' >"$scratch/Makevars"
  (cd "$scratch" && MAKEFLAGS='' R CMD SHLIB probe.cpp) >"$scratch/log" 2>&1
  found=$?
  rm -rf "$scratch"
  return $found
}

# Is plain Armadillo (without R) there for the engine's own tests?
has_armadillo() {
  printf '#if !__has_include(<armadillo>)\n#error missing\n#endif\n' |
    "${CXX:-g++}" -std=c++17 -x c++ -E - >/dev/null 2>&1
}

# --- Installing --------------------------------------------------------------

can_use_apt() { [ "$(id -u)" = 0 ] && has apt-get && has dpkg; }

apt_install() {
  apt="apt-get -qy -o DPkg::Lock::Timeout=300"
  install="$apt install --no-install-recommends $*"
  sh tools/step.sh "installing Debian packages: $*" "$log/apt.log" \
    env DEBIAN_FRONTEND=noninteractive \
    sh -c "$install || { $apt update && $install; }"
}

# Debian's own R is needed for its r-cran-* packages to be of use.
has_debian_r() { dpkg -s r-base-core >/dev/null 2>&1 && [ "$(R RHOME)" = /usr/lib/R ]; }

debian_names() {
  for package in "$@"; do
    name=r-cran-$(echo "$package" | tr '[:upper:]' '[:lower:]')
    [ -n "$(apt-cache madison "$name" 2>/dev/null)" ] && printf '%s ' "$name"
  done
}

cran_install() {
  Rscript -e 'r <- getOption("repos"); quit(status = !length(r) || any(r == "@CRAN@"))' ||
    fail "missing R packages: $*. R has no repository to take them from;" \
      "start R and run: install.packages(c(\"$(echo "$*" | sed 's/ /", "/g')\"))"
  mkdir -p "$library"
  sh tools/step.sh "installing R packages: $*" "$log/cran.log" \
    Rscript -e 'p <- commandArgs(TRUE)
      install.packages(p[-1], lib = p[1], quiet = TRUE)
      bad <- !vapply(p[-1], requireNamespace, NA, quietly = TRUE)
      if (any(bad)) stop("could not install: ", toString(p[-1][bad]))' "$library" "$@"
}

# --- The work ----------------------------------------------------------------

if ! has Rscript; then
  can_use_apt || fail "R is missing: please install R 4.1 or newer, with its headers and a C++17 compiler."
  apt_install r-base-dev || exit 1
fi

wanted=
if ! has_compiler; then
  can_use_apt || fail "R cannot compile C++17: please install a compiler, make, BLAS, LAPACK" \
    "and R's headers (Debian: apt-get install r-base-dev)."
  if has_debian_r; then wanted=r-base-dev
  else wanted="build-essential gfortran libblas-dev liblapack-dev"
  fi
fi

absent_programs=$(missing_programs)
if [ -n "$absent_programs" ]; then
  can_use_apt || fail "please install these programs first: $absent_programs"
  # shellcheck disable=SC2086  # names, to be split
  wanted="$wanted $(packages_of $absent_programs)"
fi

if [ $armadillo = yes ] && ! has_armadillo; then
  if can_use_apt; then wanted="$wanted libarmadillo-dev"
  else say "the engine's C++ tests will be skipped: Armadillo is missing (Debian: libarmadillo-dev)."
  fi
fi

# shellcheck disable=SC2086  # lists of names, to be split
absent=$(missing_packages $packages)
if [ -n "$absent" ] && can_use_apt && has_debian_r; then
  names=$(debian_names $absent)
  if [ -z "$names" ] && [ -z "$(debian_names Rcpp)" ]; then
    sh tools/step.sh "reading the list of Debian packages" "$log/apt.log" apt-get -q update
    names=$(debian_names $absent)
  fi
  wanted="$wanted $names"
fi

if [ -n "${wanted# }" ]; then
  apt_install $wanted || exit 1
  absent=$(missing_packages $packages)
fi

if [ -n "$absent" ]; then
  cran_install $absent || exit 1
fi

# The peers that Debian lacks. A benchmark leaves out those that did not install.
if [ "$task" = bench ] && [ -n "$(missing_packages MoEClust meteorits)" ]; then
  mkdir -p "$library"
  sh tools/step.sh "installing the peers MoEClust and meteorits" "$log/peers.log" \
    Rscript bench/install-peers.R || exit 1
fi
exit 0
