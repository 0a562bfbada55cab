# Runs the tests of tests/testthat against the installed package: a line per
# file, then each failure in full, then 'N passed, N failed, N skipped', counted
# in expectations (an error counts as a failure).
#
#   Rscript tools/run-tests.R [REGEX that the file's name must match]
#
# JOBS files (2) are tested at a time, each in a process of its own, so that no
# file sees what another left behind and a crash is a failure of its file. On
# Windows, which cannot fork, one process tests all files in turn.

Sys.setenv(NOT_CRAN = "true")   # the slow tests too
library(testthat)
library(gatemix)

# ---- One file ----------------------------------------------------------------

# Returns the outcomes of one file, one row per expectation, with its seconds
# and how many cases of its grids it ran (helper-full.R).
run_file <- function(file) {
  options(gatemix.cases = NULL)
  seconds <- system.time(results <- tryCatch(
    test_file(file, reporter = "silent", stop_on_failure = FALSE,
              package = "gatemix", load_package = "installed"),
    error = function(e) list(list(test = "the file as a whole", results = list(
      structure(class = c("expectation_error", "expectation", "condition"),
                list(message = conditionMessage(e))))))))[["elapsed"]]
  rows <- lapply(results, function(result) {
    lapply(result$results, outcome_row, test = result$test)
  })
  list(rows = do.call(rbind, c(unlist(rows, recursive = FALSE), list(NULL))),
       seconds = seconds, cases = getOption("gatemix.cases"))
}

outcome_row <- function(expectation, test) {
  kinds <- c(success = "passed", failure = "failed", error = "failed",
             skip = "skipped", warning = "warned")
  kind <- inherits(expectation, paste0("expectation_", names(kinds)),
                   which = TRUE)
  line <- expectation$srcref[1L]
  data.frame(outcome = kinds[[which(kind > 0)[1L]]],
             test = if (is.na(test)) "outside any test" else test,
             line = if (is.null(line)) NA_integer_ else line,
             message = conditionMessage(expectation))
}

# What counts as the result of a process that returned `answer` instead.
crashed <- function(answer) {
  message <- if (is.character(answer)) answer[1L]
    else "The process ended before the tests did."
  list(rows = data.frame(outcome = "failed", test = "the file as a whole",
                         line = NA_integer_, message = message),
       seconds = NA_real_, cases = NULL)
}

# ---- Several files at a time -------------------------------------------------

# Calls show(file, result) for each file in the order of `files`, as soon as it
# and all files before it have been tested.
run_files <- function(files, jobs, show) {
  waiting <- files
  running <- results <- list()
  for (file in files) {
    while (is.null(results[[file]])) {
      while (length(running) < jobs && length(waiting)) {
        running[[waiting[1L]]] <- start_file(waiting[1L])
        waiting <- waiting[-1L]
      }
      ended <- ended_files(running)
      results[names(ended)] <- ended
      running[names(ended)] <- NULL
    }
    show(file, results[[file]])
  }
}

start_file <- function(file) {
  parallel::mcparallel(run_file(file), name = file, mc.set.seed = FALSE)
}

# Waits until at least one of the processes has ended; their results by file.
ended_files <- function(running) {
  ended <- suppressWarnings(parallel::mccollect(running, wait = FALSE,
                                                timeout = 60))
  lapply(ended, function(result) {
    if (is.list(result)) result else crashed(result)
  })
}

# ---- What is shown -----------------------------------------------------------

total <- c(passed = 0L, failed = 0L, skipped = 0L, warned = 0L)
cases <- c(run = 0L, all = 0L)

show_file <- function(file, result) {
  rows <- result$rows
  counts <- vapply(names(total), function(kind) sum(rows$outcome == kind), 0L)
  total <<- total + counts
  if (!is.null(result$cases)) cases <<- cases + result$cases
  notes <- sprintf(", %d %s", counts[-1L], names(counts)[-1L])[counts[-1L] > 0]
  cat(sprintf("%-40s %5d passed%s (%.1f s)\n", basename(file),
              counts[["passed"]], paste(notes, collapse = ""), result$seconds))
  for (i in which(rows$outcome != "passed")) show_problem(rows[i, ], file)
}

show_problem <- function(row, file) {
  where <- basename(file)
  if (!is.na(row$line)) where <- paste0(where, ":", row$line)
  head <- switch(row$outcome, failed = "FAILED", warned = "Warning",
                 skipped = "Skipped")
  cat(sprintf("\n%s  %s  [%s]\n", head, row$test, where))
  cat(paste0("    ", strsplit(row$message, "\n")[[1L]], "\n"), sep = "")
}

filter <- commandArgs(TRUE)
files <- list.files("tests/testthat", "^test.*\\.[rR]$", full.names = TRUE)
if (length(filter)) files <- grep(filter[1L], files, value = TRUE)

# Loading these takes each process a second, so that it is done once for all.
for (package in c("ggplot2", "MASS")) requireNamespace(package, quietly = TRUE)
invisible(Matrix::Matrix(0, sparse = TRUE))

if (.Platform$OS.type == "windows") {
  for (file in files) show_file(file, run_file(file))
} else {
  run_files(files, as.integer(Sys.getenv("JOBS", "2")), show_file)
}

if (cases[["run"]] < cases[["all"]]) {
  cat(sprintf(paste0("gatemix: %d of %d cases were run, which cover all ",
                     "options; FULL=1 runs every case\n"),
              cases[["run"]], cases[["all"]]))
}
cat(sprintf("%d passed, %d failed, %d skipped\n",
            total[["passed"]], total[["failed"]], total[["skipped"]]))
quit(status = as.integer(total[["failed"]] > 0))
