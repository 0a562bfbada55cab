# Runs the tests of tests/testthat against the installed package: a line per
# file, then each failure in full, then 'N passed, N failed, N skipped', counted
# in expectations (an error counts as a failure).
#
#   Rscript tools/run-tests.R [REGEX that the file's name must match]

Sys.setenv(NOT_CRAN = "true")   # the slow tests too
library(testthat)
library(gatemix)

filter <- commandArgs(TRUE)
files <- list.files("tests/testthat", "^test.*\\.[rR]$", full.names = TRUE)
if (length(filter)) files <- grep(filter[1], files, value = TRUE)

# All expectations of one file: a list with one element per expectation.
run_file <- function(file) {
  results <- tryCatch(
    test_file(file, reporter = "silent", stop_on_failure = FALSE,
              package = "gatemix", load_package = "installed"),
    error = function(e) list(list(
      test = "the file as a whole",
      results = list(structure(list(message = conditionMessage(e)),
                               class = c("expectation_error", "expectation", "condition"))))))
  unlist(lapply(results, function(result) {
    lapply(result$results, function(x) list(test = result$test, outcome = outcome(x), condition = x))
  }), recursive = FALSE)
}

outcome <- function(expectation) {
  kinds <- c("success", "failure", "error", "skip", "warning")
  kind <- kinds[inherits(expectation, paste0("expectation_", kinds), which = TRUE) > 0]
  c(success = "passed", failure = "failed", error = "failed",
    skip = "skipped", warning = "warned")[[kind[1]]]
}

show_problem <- function(x, file) {
  line <- x$condition$srcref
  where <- if (is.null(line)) basename(file) else sprintf("%s:%d", basename(file), line[1])
  head <- switch(x$outcome, failed = "FAILED", warned = "Warning", skipped = "Skipped")
  test <- if (is.na(x$test)) "outside any test" else x$test
  cat(sprintf("\n%s  %s  [%s]\n", head, test, where))
  cat(paste0("    ", unlist(strsplit(conditionMessage(x$condition), "\n")), "\n"), sep = "")
}

total <- c(passed = 0L, failed = 0L, skipped = 0L, warned = 0L)
for (file in files) {
  seconds <- system.time(expectations <- run_file(file))[["elapsed"]]
  outcomes <- vapply(expectations, `[[`, "", "outcome")
  counts <- vapply(names(total), function(kind) sum(outcomes == kind), 0L)
  total <- total + counts
  notes <- sprintf(", %d %s", counts[-1], names(counts)[-1])[counts[-1] > 0]
  cat(sprintf("%-40s %5d passed%s (%.1f s)\n", basename(file), counts[["passed"]],
              paste(notes, collapse = ""), seconds))
  for (x in expectations[outcomes != "passed"]) show_problem(x, file)
}

cat(sprintf("%d passed, %d failed, %d skipped\n",
            total[["passed"]], total[["failed"]], total[["skipped"]]))
quit(status = as.integer(total[["failed"]] > 0))
