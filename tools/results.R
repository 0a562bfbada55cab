# Proves that two versions of gatemix give the same results. Runs more than a
# hundred calls of the installed package through its public interface and stores
# plain numbers; compares two such files, case by case.
#
#   Rscript tools/results.R store FILE.rds [regex]    all cases, or those named
#   Rscript tools/results.R compare OLD.rds NEW.rds   exit status 1: they differ
#
# R_LIBS=LIBRARY before the command says which version is meant. The BLAS has to
# be the same for both files; it is given one thread. A case is run with one
# thread of gatemix and with two, which must give the same bits.
#
# May differ: log-likelihoods by 1e-9 of themselves; coefficients by 1e-4 of
# their standard error or, where there is none, of the largest of their block
# (at least 1); other numbers by 1e-4 of the largest of their block. Criteria
# such as AIC must agree to 1e-9, choices and warnings must be the same.

limits <- c(loglik = 1e-9, coefficients = 1e-4, values = 1e-4, criteria = 1e-9)

# Starts this script anew where the libraries that are loaded with R have other
# numbers of threads: one for the BLAS, two for gatemix, which do not spin while
# they wait, since other work may use the machine.
with_known_threads <- function() {
  needed <- c(OPENBLAS_NUM_THREADS = "1", MKL_NUM_THREADS = "1",
              OMP_THREAD_LIMIT = "2", OMP_WAIT_POLICY = "passive")
  if (identical(Sys.getenv(names(needed)), needed)) return(invisible())
  do.call(Sys.setenv, as.list(needed))
  again <- shQuote(c(script_file(), commandArgs(TRUE)))
  quit(status = system2(file.path(R.home("bin"), "Rscript"), again))
}

script_file <- function() {
  sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
}

# --- Storing ------------------------------------------------------------------

# Returns the cases, a named list of functions, from the files in tools/results.
read_cases <- function() {
  cases <- new.env()
  cases$list <- list()
  add_case <- function(name, run) {
    if (name %in% names(cases$list)) stop("two cases are called ", name)
    cases$list[[name]] <- force(run)
  }
  scope <- new.env()
  assign("add_case", add_case, scope)
  folder <- file.path(dirname(script_file()), "results")
  for (file in c("records", "fits", "penalties", "choices", "methods")) {
    sys.source(file.path(folder, paste0(file, ".R")), scope)
  }
  cases$list
}

# Returns the record of a case from a fresh seed, with the kinds of warnings
# that gatemix raised; an error becomes a record that only has its message.
run_once <- function(run, ...) {
  kinds <- character()
  set.seed(1)
  record <- withCallingHandlers(
    tryCatch(run(...), error = function(e) list(error = conditionMessage(e))),
    warning = function(w) {
      kinds <<- c(kinds, grep("^gatemix_warning_", class(w), value = TRUE))
      invokeRestart("muffleWarning")
    })
  record$choices <- c(record$choices, warnings = toString(sort(unique(kinds))))
  record
}

# Returns the record of a case and whether two threads give its bits (NA: the
# case has no threads).
run_case <- function(run) {
  if (!length(formals(run))) return(c(run_once(run), same_bits = NA))
  one <- run_once(run, threads = 1)
  two <- run_once(run, threads = 2)
  c(one, same_bits = identical(one, two, num.eq = FALSE))
}

store <- function(file, only = "") {
  suppressPackageStartupMessages(library(gatemix))
  cases <- read_cases()
  cases <- cases[grepl(only, names(cases))]
  begin <- proc.time()[["elapsed"]]
  records <- list()
  for (name in names(cases)) {
    seconds <- system.time(records[[name]] <- run_case(cases[[name]]))
    cat(sprintf("%-45s %6.2f s%s\n", name, seconds[["elapsed"]],
                note(records[[name]])))
  }
  saveRDS(records, file)
  failed <- sum(lengths(lapply(records, `[[`, "error")) > 0)
  apart <- sum(!vapply(records, function(r) !isFALSE(r$same_bits), NA))
  cat(sprintf("%d cases stored in %.0f s, %d with an error, %d not the same ",
              length(records), proc.time()[["elapsed"]] - begin, failed, apart),
      "with two threads\n", sep = "")
  failed + apart == 0
}

note <- function(record) {
  if (!is.null(record[["error"]])) return(paste("  error:", record[["error"]]))
  if (isFALSE(record$same_bits)) "  two threads give other bits" else ""
}

# --- Comparing ----------------------------------------------------------------

# Returns the largest difference of two vectors in the given units, which are
# one number or one for each element; Inf where they have not the same form.
worst <- function(old, new, unit) {
  if (length(old) != length(new) || !identical(names(old), names(new)) ||
      !identical(is.na(old), is.na(new))) {
    return(Inf)
  }
  difference <- abs(new - old) / unit
  difference[is.na(old) | old == new] <- 0
  max(0, difference)
}

largest <- function(x) max(0, abs(x[is.finite(x)]))

# Returns the units in which coefficients of a block are compared.
coefficient_units <- function(block, error) {
  unit <- rep(max(1, largest(block)), length(block))
  known <- is.finite(error) & error > 0
  unit[known] <- error[known]
  unit
}

# Returns the worst difference over blocks, of which new must have the same.
worst_block <- function(old, new, units) {
  if (!identical(names(old), names(new)) || length(old) != length(new)) {
    return(Inf)
  }
  max(0, unlist(Map(worst, old, new, units)))
}

# Returns the worst difference of each kind of number in two records.
differences <- function(old, new) {
  scale_of <- function(x) if (length(x)) pmax(1, abs(x))
  units <- lapply(names(old$coefficients), function(part) {
    block <- old$coefficients[[part]]
    error <- old$errors[[part]]
    coefficient_units(block, if (is.null(error)) NA * block else error)
  })
  c(loglik = worst(old$loglik, new$loglik, scale_of(old$loglik)),
    coefficients = worst_block(old$coefficients, new$coefficients, units),
    values = worst_block(old$values, new$values, lapply(old$values, largest)),
    criteria = worst(old$criteria, new$criteria, scale_of(old$criteria)))
}

# Returns what is wrong with a case, in words; none: nothing.
complaints <- function(old, new, found) {
  same <- identical(old$choices, new$choices)
  differ <- union(names(old$choices), names(new$choices))
  differ <- differ[!mapply(identical, as.list(old$choices)[differ],
                           as.list(new$choices)[differ])]
  c(if (length(c(old[["error"]], new[["error"]]))) "error",
    if (!identical(is.null(old$errors), is.null(new$errors))) "no std. errors",
    names(limits)[!found <= limits],
    if (!same) paste("choices:", toString(differ)),
    if (isFALSE(old$same_bits) || isFALSE(new$same_bits)) "threads")
}

# Returns whether a case is within the limits, and prints its line.
compare_case <- function(name, old, new) {
  if (is.null(old) || is.null(new)) {
    cat(sprintf("%-45s only in one file  FAILED\n", name))
    return(list(good = FALSE, found = 0 * limits + Inf, steps = FALSE))
  }
  found <- differences(old, new)
  wrong <- complaints(old, new, found)
  cat(sprintf("%-45s %8.1e %8.1e %8.1e  %-5s %-5s %-5s  %s\n", name,
              found[1], found[2], found[3],
              yes(found[["criteria"]] <= limits[["criteria"]]),
              yes(identical(old$choices, new$choices)), yes(new$same_bits),
              if (length(wrong)) paste("FAILED:", toString(wrong)) else "ok"))
  list(good = !length(wrong), found = found,
       steps = !identical(old$iterations, new$iterations))
}

yes <- function(answer) if (is.na(answer)) "-" else if (answer) "yes" else "NO"

compare <- function(old, new) {
  old <- readRDS(old)
  new <- readRDS(new)
  cat(sprintf("%-45s %8s %8s %8s  %-5s %-5s %-5s\n", "worst difference of",
              "loglik", "coef.", "values", "crit.", "same", "bits"))
  cases <- union(names(old), names(new))
  lines <- lapply(cases, function(n) compare_case(n, old[[n]], new[[n]]))
  good <- vapply(lines, `[[`, NA, "good")
  found <- apply(vapply(lines, `[[`, 0 * limits, "found"), 1, max)
  cat(sprintf(paste("%d cases, %d differ. Worst: log-likelihood %.1e,",
                    "coefficients %.1e, values %.1e, criteria %.1e;",
                    "%d cases with other numbers of iterations\n"),
              length(cases), sum(!good), found[1], found[2], found[3],
              found[4], sum(vapply(lines, `[[`, NA, "steps"))))
  length(cases) > 0 && all(good)
}

# ------------------------------------------------------------------------------

with_known_threads()
given <- commandArgs(TRUE)
done <- switch(
  c(given, "")[1],
  store = if (length(given) %in% 2:3) do.call(store, as.list(given[-1])),
  compare = if (length(given) == 3) compare(given[2], given[3]))
if (is.null(done)) {
  stop("use: tools/results.R store FILE.rds [regex], or compare OLD NEW")
}
quit(status = if (done) 0 else 1)
