# A rate experiment as text and as tables.

#' @export
print.rate_experiment <- function(x, digits = max(3L, getOption("digits") - 4L),
                                  ...) {
  cat_rate_title(x)
  out <- summary(x)
  print_slopes(out, digits)
  invisible(x)
}

cat_rate_title <- function(x) {
  truth <- if (is.null(x$truth$name)) "a given model"
    else paste0("\"", x$truth$name, "\"")
  cat("Rates of maximum likelihood: ", x$K, " expert", if (x$K > 1L) "s",
      " fitted to ", truth, " with ", x$truth$K, "\n", length(x$n),
      " sizes from ",
      paste(format(range(x$n), big.mark = ",", trim = TRUE,
                   scientific = FALSE), collapse = " to "),
      ", ", x$replicates, " data sets each\n\n", sep = "")
}

print_slopes <- function(x, digits) {
  cat("Slopes of log loss (", x$object$type, ") on log n:\n", sep = "")
  shown <- c("start", "statistic", "slope", "conf.low", "conf.high", "theory")
  print(x$slopes[shown], digits = digits, row.names = FALSE)
  status <- x$object$fits$status
  bad <- status %in% left_out
  if (any(bad)) {
    cat("\nLeft out: ", status_counts(status[bad]), " of ", length(status),
        " fits\n", sep = "")
  }
}

#' @export
print.summary.rate_experiment <- function(
    x, digits = max(3L, getOption("digits") - 4L), ...) {
  cat_rate_title(x$object)
  print_slopes(x, digits)
  cat("\nLosses:\n")
  sizes <- x$sizes
  sizes$n <- format(sizes$n, big.mark = ",", scientific = FALSE)
  none <- vapply(sizes[c("separated", "floored", "failed")], sum, 0) == 0
  print(sizes[setdiff(names(sizes), names(none)[none])], digits = digits,
        row.names = FALSE)
  cat("\nSlopes of the median errors, by number of fitted experts in a cell:\n")
  print(x$blocks, digits = digits, row.names = FALSE)
  invisible(x)
}

#' @rdname rate_experiment
#' @order 3
#' @param x A result of `rate_experiment()`.
#' @export
tidy.rate_experiment <- function(x, ...) {
  check_dots(..., help = "?rate_experiment")
  tidy_table(x$fits)
}
