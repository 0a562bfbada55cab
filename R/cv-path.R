#' Cross-validation of a path
#'
#' Fits the path of a penalised mixture of experts to all rows but those of one
#' fold, at the values of \eqn{\lambda} of the path for all rows, scores each
#' point on the rows of the fold, and does so for each fold in turn. The scores
#' choose a point of the path for all rows.
#'
#' @section Scores: For both **smaller is better**: `"log_score"`, minus the
#'   logarithm of the predicted density of the response, and `"squared_error"`,
#'   the squared distance from the predicted mean. Means over the folds and
#'   their standard errors are those of [cv_moe()], which says what they are
#'   worth.
#' @section Which point: `"min"` has the smallest mean; `"one_se"` the fewest
#'   parameters (`df` of the path for all rows) among the points whose mean is
#'   at most one standard error above the smallest, and of several the one with
#'   the largest \eqn{\lambda}. With several ratios of the gate's penalty the
#'   choice is among the points of all. Points that are not at a regular maximum
#'   for all rows (see `status` in the path's table) are not chosen.
#' @section What can go wrong in a fold: If the path of a fold leaves a value of
#'   \eqn{\lambda} out, because the best fits there have too few rows for their
#'   coefficients, that point has no mean (`NA`): a mean over the other folds
#'   would be over other rows than those of its rivals. One warning of class
#'   `gatemix_warning_cv` counts these points and the folds that failed;
#'   `as.data.frame(x, what = "folds")` has a row for each point and fold. If no
#'   point has a mean, that is an error of class `gatemix_error_cv`. Rows with a
#'   factor level that none of the rows of the fit has are left out of the
#'   averages of all points.
#'
#' @inheritSection cv_moe Parallel and repeatable
#'
#' @param x A path from [moe_path()], or the first argument of [moe_path()] to
#'   make one: a formula or a matrix.
#' @param folds,repeats,groups,seed,checkpoint See [cv_moe()]; `groups` is one
#'   value per row.
#' @param relax Score the refits without the penalty? For a path with `relax =
#'   TRUE`.
#' @param ... For a formula or a matrix: arguments of [moe_path()]. Otherwise
#'   not used; anything here is an error.
#' @return An object of class `moe_cv_path`: a list with
#'   \item{table}{a data frame with a row per score and point: `point` (its row
#'     in the path's table), `lambda`, `lambda_gate`, `ratio`, `df`, `score`,
#'     `mean`, `std.error`, and whether it is the `best` and that of the
#'     `one_se` rule}
#'   \item{lambda_min, lambda_1se}{the values that the log score chooses; with
#'     several ratios `best(x)` says which}
#'   \item{folds}{a data frame with a row per point and fold: `repetition`,
#'     `fold`, `point`, `n` and `weight` (rows scored), the scores, `status`}
#'   \item{path}{the path for all rows}
#'
#'   Methods: `print()`, [plot()][plot.moe_cv_path], [best()],
#'   [coef()][coef.moe_cv_path], `predict()`, `tidy()`, `as.data.frame()`.
#' @references Hastie, T., Tibshirani, R. and Friedman, J. (2009). *The Elements
#'   of Statistical Learning*, 2nd edition, section 7.10. Springer.
#' @seealso [cv_moe()] for models without a path.
#' @order 1
#' @export
#' @examples
#' set.seed(1)
#' path <- moe_path(medv ~ ., data = MASS::Boston, K = 2, nlambda = 15,
#'                  control = moe_control(starts = 3))
#' cv <- cv_moe_path(path, folds = 5, seed = 1)
#' cv
#' coef(cv, s = "one_se", component = "gate")
cv_moe_path <- function(x, ...) {
  if (missing(x)) {
    abort_input("`x` is missing: give a path from moe_path(), or a formula or ",
                "a matrix to make one.")
  }
  UseMethod("cv_moe_path")
}

#' @rdname cv_moe_path
#' @order 2
#' @export
cv_moe_path.default <- function(x, ..., folds = 10, repeats = 1,
                                groups = NULL, relax = FALSE, seed = NULL,
                                checkpoint = NULL) {
  call <- match.call()
  make <- call
  make[c("folds", "repeats", "groups", "checkpoint")] <- NULL
  make$seed <- NULL
  make[[1L]] <- quote(gatemix::moe_path)
  names(make)[names(make) == "x"] <- ""
  local_seed(seed)
  path <- eval(make, parent.frame())
  cv <- cv_moe_path(path, folds = folds, repeats = repeats, groups = groups,
                    relax = relax, seed = seed, checkpoint = checkpoint)
  cv$call <- call
  cv
}

#' @rdname cv_moe_path
#' @order 3
#' @export
cv_moe_path.moe_path <- function(x, folds = 10, repeats = 1, groups = NULL,
                                 relax = FALSE, seed = NULL,
                                 checkpoint = NULL, ...) {
  check_dots(..., help = "?cv_moe_path")
  relax <- check_relax(x, relax)
  source <- fit_source(point_fit(x, 1L), parent.frame())
  plan <- fold_plan(folds, check_count(repeats, "repeats"), groups, source,
                    seed)
  check_rows_left(plan, source, list(table = data.frame(K = x$K)))
  results <- cv_path_results(x, source, plan, relax, checkpoint)
  finish_cv_path(results, x, plan, source, relax, match.call())
}

# Runs one task for each fold and ratio; all ratios of a fold have the same
# stream of random numbers.
cv_path_results <- function(path, source, plan, relax, checkpoint) {
  ratios <- path$settings$ratios
  at <- expand.grid(ratio = seq_along(ratios), fold = seq_along(plan$test))
  tasks <- lapply(seq_len(nrow(at)), function(i) {
    ratio <- ratios[at$ratio[i]]
    list(test = plan$test[[at$fold[i]]], ratio = ratio,
         lambda = path$table$lambda[ratio_rows(path$table, ratio)])
  })
  names(tasks) <- sprintf("path_%d_%d-%d", at$ratio, plan$repeats[at$fold],
                          plan$fold[at$fold])
  settings <- path$settings
  results <- run_tasks(tasks, path_fold_work(source, settings, relax),
                       plan$seeds[at$fold], checkpoint, "fold",
                       key = path_key(source, settings, relax),
                       globals = cv_globals(source))
  split(unname(results), at$fold)
}

path_fold_work <- function(source, settings, relax) {
  force(source)
  force(settings)
  force(relax)
  function(task) path_fold(source, task, settings, relax)
}

path_key <- function(source, settings, relax) {
  key <- cv_key(source, settings$control)
  c(key, list(model = settings[c("K", "gate", "expert")], relax = relax))
}

# Returns the mean scores of a fold's rows at each lambda of the task. Errors
# are kept as a message.
path_fold <- function(source, task, settings, relax) {
  none <- rep(NA_real_, length(task$lambda))
  out <- data.frame(lambda = task$lambda, n = length(task$test),
                    weight = sum(row_weights(source, task$test)),
                    log_score = none, squared_error = none,
                    status = "left out")
  tryCatch(withCallingHandlers({
    score_path(out, source, task, settings, relax)
  }, warning = function(w) tryInvokeRestart("muffleWarning"),
  progression = hush_progress),
  error = function(e) {
    out$status <- "failed"
    list(table = out, message = conditionMessage(e), unscored = 0L)
  })
}

score_path <- function(out, source, task, settings, relax) {
  rows <- setdiff(seq_len(source$n), task$test)
  path <- source_path(source, rows, task, settings, relax)
  first <- point_fit(path, 1L)
  newdata <- source_rows(source, task$test)
  known <- which(rep_len(known_rows(first, newdata), length(task$test)))
  scored <- integer()
  if (length(known)) {
    parts <- new_matrices(first, source_rows(source, task$test[known]), TRUE)
    scored <- task$test[known][parts$complete]
  }
  weights <- row_weights(source, scored)
  out$n <- length(scored)
  out$weight <- sum(weights)
  if (sum(weights) > 0) {
    out <- score_points(out, path, parts, weights, relax)
  }
  list(table = out, message = "",
       unscored = length(task$test) - length(scored))
}

score_points <- function(out, path, parts, weights, relax) {
  table <- if (relax) path$relaxed$table else path$table
  for (i in seq_len(nrow(table))) {
    row <- which.min(abs(log(out$lambda / table$lambda[i])))
    out$status[row] <- table$status[i]
    if (table$status[i] == "degenerate") next
    values <- evaluate_parts(point_fit(path, i, relax), parts, TRUE)
    squares <- rowSums((values$y - mixture_mean(values))^2)
    out$log_score[row] <- -stats::weighted.mean(values$log_density, weights)
    out$squared_error[row] <- stats::weighted.mean(squares, weights)
  }
  out
}

row_weights <- function(source, rows) {
  if (is.null(source$weights)) rep(1, length(rows)) else source$weights[rows]
}

# Fits the path to rows of the source.
source_path <- function(source, rows, task, settings, relax) {
  fit <- if (is.null(source$formula)) moe_path.default else moe_path.formula
  both <- all(settings$penalised)
  do.call(fit, c(
    source_arguments(source, rows), settings[c("K", "gate", "expert")],
    list(lambda = task$lambda, lambda_ratio_gate = if (both) task$ratio else 1,
         relax = relax, control = settings$control)))
}
