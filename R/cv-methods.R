# Methods for the result of cv_moe().

#' @export
print.moe_cv <- function(x, digits = max(3L, getOption("digits") - 4L), ...) {
  cat(cv_title(x), "\n\n", sep = "")
  print(cv_columns(x, digits), right = TRUE)
  cat("\nSmaller is better. ", cv_key_of_marks(x$table), "\n", cv_remarks(x),
      sep = "")
  invisible(x)
}

# Returns the marks of the chosen models, empty where there is nothing to choose
# from.
cv_marks_of <- function(part) {
  if (nrow(part) < 2L) return("")
  paste0(" ", ifelse(part$best, "*", " "), ifelse(part$one_se, "+", " "))
}

cv_key_of_marks <- function(table) {
  if (length(unique(table$model)) < 2L) return("")
  "* best; + fewest parameters within one standard error of it."
}

cv_title <- function(x) {
  models <- length(x$models)
  repeats <- max(x$folds$repetition)
  folds <- nrow(x$folds) / models
  paste0("Cross-validation of ", models, if (models > 1L) " models" else
    " mixture of experts", ", ", folds / repeats,
    if (folds / repeats > 1) " folds" else " fold",
    if (repeats > 1L) paste0(", ", repeats, " repeats"), ", ", x$n, " rows",
    if (!is.null(x$formula)) paste0("\n", deparse_one(x$formula)))
}

# Returns the printed table, a row per model: its number of parameters, and each
# score with its standard error and marks.
cv_columns <- function(x, digits) {
  parts <- split(x$table, factor(x$table$score, names(cv_scores)))
  out <- data.frame(df = parts[[1L]]$df, row.names = parts[[1L]]$model)
  for (score in names(parts)) {
    part <- parts[[score]]
    # as many digits as the standard errors deserve
    shown <- cv_digits(part, digits)
    se <- ifelse(is.na(part$std.error), "",
                 paste0(" (", trimws(formatC(part$std.error, format = "f",
                                             digits = shown)), ")"))
    value <- formatC(part$mean, format = "f", digits = shown)
    out[[paste(cv_scores[[score]], "(SE)")]] <-
      paste0(ifelse(is.na(part$mean), "NA", value), se, cv_marks_of(part))
  }
  out
}

# Returns how many digits after the decimal point to print: two of a typical
# standard error or, where there is none, `digits` of a typical mean.
cv_digits <- function(part, digits) {
  sizes <- part$std.error / 10
  if (all(is.na(sizes))) sizes <- abs(part$mean) / 10^(digits - 1)
  sizes <- sizes[is.finite(sizes) & sizes > 0]
  if (!length(sizes)) return(digits)
  min(max(0L, -floor(log10(stats::median(sizes)))), 8L)
}

cv_remarks <- function(x) {
  counts <- status_counts_cv(x$folds$status)
  c(if (length(counts)) paste0("Of ", nrow(x$folds), " fits ", counts, ".\n"),
    if (x$unscored) paste0(x$unscored, " held-out row(s) could not be ",
                           "predicted and are left out.\n"))
}

#' @rdname cv_moe
#' @order 4
#' @export
summary.moe_cv <- function(object,
                           score = c("log_score", "crps", "squared_error"),
                           ...) {
  check_dots(..., help = "?cv_moe")
  score <- check_choice(score, "score", names(cv_scores))
  table <- object$table[object$table$score == score, ]
  rownames(table) <- NULL
  structure(list(cv = object, score = score, table = table),
            class = "summary.moe_cv")
}

#' @export
print.summary.moe_cv <- function(x, digits = max(3L, getOption("digits") - 3L),
                                 ...) {
  cat(cv_title(x$cv), "\n\n", cv_scores[[x$score]], ", ",
      "smaller is better:\n", sep = "")
  shown <- x$table[c("df", "mean", "std.error", "difference",
                     "difference.se")]
  names(shown) <- c("df", "mean", "SE", "above best", "SE of that")
  print(structure(cbind(format(shown, digits = digits),
                        ` ` = cv_marks_of(x$table)),
                  row.names = x$table$model))
  cat("\n", cv_key_of_marks(x$table), "\n", cv_remarks(x$cv), sep = "")
  invisible(x)
}

#' @rdname cv_moe
#' @order 5
#' @export
tidy.moe_cv <- function(x, ...) {
  check_dots(..., help = "?cv_moe")
  tidy_table(x$table)
}

#' @rdname cv_moe
#' @order 6
#' @export
as.data.frame.moe_cv <- function(x, ..., what = c("models", "folds", "rows")) {
  check_dots(..., help = "?cv_moe")
  what <- check_choice(what, "what", c("models", "folds", "rows"))
  switch(what, models = x$table, folds = x$folds, rows = cv_row_table(x))
}

# Returns a data frame with a row per held-out row and model.
cv_row_table <- function(x) {
  d <- dim(x$scores)
  scores <- matrix(x$scores, d[1L] * d[2L], d[3L],
                   dimnames = list(NULL, names(cv_scores)))
  again <- rep(seq_len(d[1L]), d[2L])
  data.frame(model = rep(names(x$models), each = d[1L]), x$rows[again, ],
             scores, row.names = NULL)
}
