# Which lines of R and of C++ the package's R tests run. Names the files below
# the share that is asked for, ends with the totals, and fails if that of R or of
# C++ is below it. Started by `make coverage`.
#
#   Rscript tools/coverage.R [at-least=95] [lines=yes]
#
# Left out: R/RcppExports.R and src/RcppExports.cpp, which Rcpp generates.
# The engine's own tests (tests/engine) do not count. lines=yes names every
# line that no test runs.

options <- c("at-least" = "95", lines = "no")
given <- strsplit(commandArgs(TRUE), "=", fixed = TRUE)
options[vapply(given, `[`, "", 1)] <- vapply(given, `[`, "", 2)
at_least <- as.numeric(options[["at-least"]])

if (!nzchar(Sys.which("gcov"))) stop("C++ lines are counted by gcov, a part of GCC, which is missing")

# The built package, so that no object file lands in the sources.
work <- file.path(getwd(), ".gatemix-build", "coverage")
unlink(work, recursive = TRUE)
dir.create(work, recursive = TRUE)
home <- setwd(work)
built <- system2(file.path(R.home("bin"), "R"), stdout = FALSE, stderr = FALSE,
                 c("CMD", "build", "--no-manual", "--no-build-vignettes", shQuote(home)))
if (built != 0) stop("R CMD build failed: try it in ", home)
untar(Sys.glob("gatemix_*.tar.gz"))
setwd(home)

# -O0: no line is merged with another. Counters are atomic because the engine
# has threads.
flags <- "-O0 -g --coverage -fprofile-update=atomic"
compilers <- c("CFLAGS", "CXXFLAGS", "CXX17FLAGS")
options(covr.flags = c(as.list(setNames(rep(flags, 3), compilers)), LDFLAGS = "--coverage"))
Sys.setenv(NOT_CRAN = "true")

# Tests stop workers and kill processes on purpose. Covr cannot read what one of
# them was writing just then: that trace is left out.
readable_traces <- sprintf('
  Sys.sleep(10)
  for (file in list.files("%s", "^covr_trace_", full.names = TRUE)) {
    if (inherits(try(readRDS(file), silent = TRUE), "try-error")) unlink(file)
  }', file.path(work, "library"))

cat("gatemix: compiling without optimisation and running the tests (some ten minutes) ...\n")
coverage <- covr::package_coverage(
  file.path(work, "gatemix"), type = "tests", quiet = TRUE, clean = FALSE,
  install_path = file.path(work, "library"), code = readable_traces,
  line_exclusions = c("R/RcppExports.R", "src/RcppExports.cpp"))
lines <- covr::tally_coverage(coverage, by = "line")
saveRDS(lines, file.path(work, "lines.rds"))

# --- The table ---------------------------------------------------------------

percent <- function(hit) 100 * mean(hit)
report <- function(what, hit) {
  cat(sprintf("%-44s %6.2f %%  (%d of %d lines)\n", what, percent(hit), sum(hit), length(hit)))
}

# 3, 5:7 from 3, 5, 6, 7
ranges <- function(numbers) {
  runs <- split(numbers, cumsum(c(1, diff(numbers) != 1)))
  toString(vapply(runs, function(run) paste(unique(range(run)), collapse = "-"), ""))
}

lines$hit <- lines$value > 0
for (file in split(lines, lines$filename)) {
  if (percent(file$hit) < at_least) report(file$filename[1], file$hit)
  if (options["lines"] == "yes" && !all(file$hit)) {
    cat("    ", file$filename[1], ": ", ranges(sort(file$line[!file$hit])), "\n", sep = "")
  }
}
in_r <- startsWith(lines$filename, "R/")
report("R", lines$hit[in_r])
report("C++", lines$hit[!in_r])
report("all", lines$hit)
if (min(tapply(lines$hit, in_r, percent)) < at_least) quit(status = 1)
