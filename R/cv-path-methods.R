# Methods for the result of cv_moe_path().

#' @export
print.moe_cv_path <- function(x, digits = max(3L, getOption("digits") - 4L),
                              ...) {
  plan <- unique(x$folds[c("repetition", "fold")])
  repeats <- max(plan$repetition)
  folds <- nrow(plan) / repeats
  cat("Cross-validation of a path of mixtures of ", x$path$K, " expert",
      if (x$path$K > 1L) "s", if (x$relax) ", refitted", ": ",
      max(x$table$point), " points, ", folds,
      if (folds > 1) " folds" else " fold",
      if (repeats > 1L) paste0(", ", repeats, " repeats"), ", ", x$n,
      " rows\n\n", sep = "")
  print(chosen_points(x), digits = digits, row.names = FALSE)
  cat("\nSmaller is better. one_se: fewest parameters within one standard ",
      "error of the best.\n", cv_path_missing(x),
      if (x$unscored) paste0("\n", x$unscored, " held-out row(s) could not ",
                             "be predicted and are left out."), "\n", sep = "")
  invisible(x)
}

# Returns a data frame with a row per score and rule.
chosen_points <- function(x) {
  parts <- lapply(names(path_scores), function(score) {
    own <- x$table[x$table$score == score, ]
    at <- c(min = which(own$best), one_se = which(own$one_se))
    several <- length(unique(own$ratio)) > 1L
    columns <- c("lambda", if (several) "ratio", "df", "mean", "std.error")
    data.frame(score = path_scores[[score]], rule = names(at),
               own[at, columns])
  })
  do.call(rbind, parts)
}

#' Use a cross-validated path
#'
#' `best()` gives the fit to all rows at the point that cross-validation
#' chooses; `coef()` and `predict()` are those of that fit.
#'
#' @param object,x The result of [cv_moe_path()].
#' @param rule,s `"min"` or `"one_se"`, see [cv_moe_path()]. `coef()` and
#'   `predict()` also take a value of lambda, see [coef.moe_path()].
#' @param score Which score decides.
#' @param component See [coef.moe()].
#' @param newdata,... Arguments of [predict.moe()] (for `coef()` and `best()`
#'   not used).
#' @return `coef()`: see [coef.moe()]; `predict()`: see [predict.moe()];
#'   `best()`: an object of class `moe`.
#' @section Errors: `"one_se"` without a standard error (from one fold alone),
#'   or no point with a mean of this score, is an error of class
#'   `gatemix_error_input`.
#' @export
#' @examples
#' set.seed(1)
#' path <- moe_path(medv ~ ., data = MASS::Boston, K = 2, nlambda = 15,
#'                  control = moe_control(starts = 3))
#' cv <- cv_moe_path(path, folds = 5, seed = 1)
#' best(cv, rule = "one_se")
#' coef(cv, component = "expert")
#' head(predict(cv, MASS::Boston))
coef.moe_cv_path <- function(object, s = c("min", "one_se"),
                             component = c("all", "expert", "gate",
                                           "dispersion"),
                             score = c("log_score", "squared_error"), ...) {
  check_dots(..., help = "?coef.moe_cv_path")
  coef(cv_path_fit(object, s, score, "s"), component = component)
}

#' @rdname coef.moe_cv_path
#' @export
predict.moe_cv_path <- function(object, newdata = NULL,
                                s = c("min", "one_se"),
                                score = c("log_score", "squared_error"),
                                ...) {
  predict(cv_path_fit(object, s, score, "s"), newdata, ...)
}

#' @rdname coef.moe_cv_path
#' @export
best.moe_cv_path <- function(x, rule = c("min", "one_se"),
                             score = c("log_score", "squared_error"), ...) {
  check_dots(..., help = "?best.moe_cv_path")
  cv_path_fit(x, rule, score, "rule")
}

cv_path_fit <- function(cv, s, score, name) {
  score <- check_choice(score, "score", names(path_scores))
  if (name == "s" && is.numeric(s)) return(fit_at(cv$path, s, NULL, cv$relax))
  rule <- check_choice(s, name, c("min", "one_se"))
  own <- cv$table[cv$table$score == score, ]
  chosen <- which(own[[c(min = "best", one_se = "one_se")[[rule]]]])
  if (!length(chosen)) {
    abort_input("`", name, " = \"", rule, "\"` chooses nothing: ",
                if (any(own$best)) paste("one fold alone gives no standard",
                                         "error; use more folds, or \"min\".")
                else "no point has a mean of this score.")
  }
  point_fit(cv$path, chosen, cv$relax)
}

#' @rdname cv_moe_path
#' @order 4
#' @param what `"points"`: the table; `"folds"`: a row per point and fold.
#' @export
as.data.frame.moe_cv_path <- function(x, ..., what = c("points", "folds")) {
  check_dots(..., help = "?cv_moe_path")
  what <- check_choice(what, "what", c("points", "folds"))
  if (what == "points") x$table else x$folds
}

#' @rdname cv_moe_path
#' @order 5
#' @export
tidy.moe_cv_path <- function(x, ...) {
  check_dots(..., help = "?cv_moe_path")
  tidy_table(x$table)
}
