#' Use a path
#'
#' `coef()` and `predict()` at a point of a path, and `best()`, which gives the
#' fit there with all methods that a fit from [moe()] has.
#'
#' @param object,x A path from [moe_path()].
#' @param s Which point: a criterion (`"bic"`, `"ebic"`, `"aic"`; `"jump"` and
#'   `"slope"` are the slope heuristics of [slope_heuristic()] on the number of
#'   parameters), or one value of lambda: the point of the path nearest to it,
#'   on the log scale, if it lies within the path.
#' @param criterion The same as `s`.
#' @param ratio If the path has several ratios of the gate's penalty: one of
#'   them. `NULL`: a criterion chooses among all.
#' @param relax `TRUE`: refitted without the penalty, for a path with `relax =
#'   TRUE`. Criteria then are those of the refits.
#' @param component See [coef.moe()].
#' @param newdata,... Arguments of [predict.moe()] (for `coef()` and `best()`
#'   not used).
#' @return `coef()`: see [coef.moe()]; `predict()`: see [predict.moe()];
#'   `best()`: an object of class `moe`. There are no standard errors of such a
#'   fit: `vcov()` raises an error that says why.
#' @export
#' @examples
#' set.seed(1)
#' path <- moe_path(medv ~ ., data = MASS::Boston, K = 2, nlambda = 20,
#'                  control = moe_control(starts = 3))
#' coef(path, s = 0.1, component = "expert")
#' head(predict(path, MASS::Boston, s = "bic"))
#' best(path)
coef.moe_path <- function(object, s = "bic",
                          component = c("all", "expert", "gate",
                                        "dispersion"),
                          ratio = NULL, relax = FALSE, ...) {
  check_dots(..., help = "?coef.moe_path")
  coef(fit_at(object, s, ratio, relax), component = component)
}

#' @rdname coef.moe_path
#' @export
predict.moe_path <- function(object, newdata = NULL, s = "bic", ratio = NULL,
                             relax = FALSE, ...) {
  predict(fit_at(object, s, ratio, relax), newdata, ...)
}

#' @rdname coef.moe_path
#' @export
best.moe_path <- function(x, criterion = "bic", ratio = NULL, relax = FALSE,
                          ...) {
  check_dots(..., help = "?best.moe_path")
  fit_at(x, criterion, ratio, relax)
}

fit_at <- function(path, s, ratio, relax) {
  relax <- check_relax(path, relax)
  point_fit(path, path_point(path, s, ratio, relax), relax)
}

check_relax <- function(path, relax) {
  relax <- check_flag(relax, "relax")
  if (relax && is.null(path$relaxed)) {
    abort_input("`relax`: the path was made without its refits; use ",
                "moe_path(..., relax = TRUE).")
  }
  relax
}

path_criteria <- c("bic", "ebic", "aic", "jump", "slope")

# Returns the number of the point that `s` chooses.
path_point <- function(path, s, ratio = NULL, relax = FALSE) {
  table <- if (relax) path$relaxed$table else path$table
  rows <- ratio_rows(table, ratio)
  if (is.numeric(s)) return(nearest_point(table, rows, s))
  s <- check_choice(s, "s", path_criteria)
  regular <- rows[regular_points(table)[rows]]
  if (!length(regular)) {
    abort_input("No point of the path is at a regular maximum (see `status` ",
                "in its table). ",
                if (any(table$status == "max_iter"))
                  "Raise `max_iter` in moe_control()."
                else "Fit fewer experts, or larger `lambda`.")
  }
  if (s %in% c("jump", "slope")) {
    return(regular[slope_point(table[regular, ], s)])
  }
  value <- table[[c(bic = "BIC", ebic = "EBIC", aic = "AIC")[[s]]]]
  regular[which.min(value[regular])]
}

ratio_rows <- function(table, ratio) {
  if (is.null(ratio)) return(seq_len(nrow(table)))
  known <- unique(table$ratio)
  ratio <- check_number(ratio, "ratio", open = TRUE)
  rows <- which(abs(table$ratio - ratio) <= 1e-8 * ratio)
  if (!length(rows)) {
    abort_input("`ratio`: the path has ",
                paste(format(known), collapse = ", "), "; found ",
                format(ratio), ".")
  }
  rows
}

nearest_point <- function(table, rows, s) {
  s <- check_number(s, "s", open = TRUE)
  if (length(unique(table$ratio[rows])) > 1L) {
    abort_input("`s`: the path has several ratios of the gate's penalty; ",
                "say which by `ratio`, or choose by a criterion.")
  }
  lambda <- table$lambda[rows]
  if (s > max(lambda) * (1 + 1e-8) || s < min(lambda) * (1 - 1e-8)) {
    abort_input("`s` must be between ", format(min(lambda)), " and ",
                format(max(lambda)), ", the ends of the path; found ",
                format(s), ".")
  }
  rows[which.min(abs(log(lambda) - log(s)))]
}

# Returns the point that the slope heuristic chooses among the best fits of each
# number of parameters.
slope_point <- function(table, method) {
  best <- vapply(split(seq_len(nrow(table)), table$df), function(at) {
    at[which.max(table$logLik[at])]
  }, 0L)
  chosen <- slope_heuristic(-table$logLik[best], table$df[best])$selected
  row <- chosen$row[chosen$method == method]
  if (!length(row) || is.na(row)) {
    abort_input("`s = \"", method, "\"` chooses none of the ", length(best),
                " numbers of parameters on the path; see slope_heuristic().")
  }
  best[[row]]
}

#' @export
print.moe_path <- function(x, digits = max(3L, getOption("digits") - 4L),
                           ...) {
  table <- x$table
  cat("Path of mixtures of ", x$K, " expert", if (x$K > 1L) "s", ": ",
      nrow(table), " points",
      if (length(unique(table$ratio)) > 1L)
        paste0(", ", length(unique(table$ratio)), " ratios"), "\n", sep = "")
  cat("Call: ", paste(deparse(x$call, width.cutoff = 70L),
                      collapse = "\n      "), "\n\n", sep = "")
  at <- unique(round(seq(1, nrow(table), length.out = min(12, nrow(table)))))
  columns <- c("lambda", if (any(table$lambda_gate != table$lambda,
                                 na.rm = TRUE)) "lambda_gate", "df",
               if (any(table$experts < x$K)) "experts", "nonzero_expert",
               "nonzero_gate", "logLik", "BIC", "status")
  print(table[at, columns], digits = digits)
  if (length(x$left_out)) {
    cat("Left out: ", length(x$left_out), " values of lambda, from ",
        format(max(x$left_out), digits = 3L), " to ",
        format(min(x$left_out), digits = 3L), ", at which the best fits ",
        "had too few rows for their coefficients",
        if (has_bounded_gate(x)) " or a gate that separates the experts",
        ".\n", sep = "")
  }
  for (criterion in c("aic", "bic", "ebic")) {
    i <- tryCatch(path_point(x, criterion), gatemix_error_input = function(e)
      NA)
    if (!is.na(i)) {
      cat(if (criterion == "aic") "\n", format(toupper(criterion), width = 5L),
          "chooses lambda = ", format(table$lambda[i], digits = 3L), " (",
          format(table$df[i], digits = 4L), " parameters)\n", sep = "")
    }
  }
  invisible(x)
}

#' @export
as.data.frame.moe_path <- function(x, ...) x$table

#' @export
nobs.moe_path <- function(object, ...) used_rows(object$problem)

#' The coefficients of a path as a table
#'
#' @param x A path from [moe_path()].
#' @param relax `TRUE`: of the refits without the penalty.
#' @param zeros Also give the coefficients that are 0?
#' @param ... Not used; anything here is an error.
#' @return A tibble where package tibble is installed, otherwise a data frame,
#'   with a row for each point and coefficient: `point`, `lambda`, `ratio`,
#'   `df`, `component` (`"gate"` or `"expert"`), `expert`, `response` (several
#'   responses only), `term`, `estimate`.
#' @family tidy methods
#' @export
#' @examples
#' set.seed(1)
#' path <- moe_path(medv ~ ., data = MASS::Boston, K = 2, nlambda = 10,
#'                  control = moe_control(starts = 3))
#' tidy(path)
tidy.moe_path <- function(x, relax = FALSE, zeros = FALSE, ...) {
  check_dots(..., help = "?tidy.moe_path")
  zeros <- check_flag(zeros, "zeros")
  tidy_table(path_coefficients(x, check_relax(x, relax), zeros))
}

path_coefficients <- function(path, relax = FALSE, zeros = TRUE,
                              points = seq_len(nrow(path$table))) {
  table <- if (relax) path$relaxed$table else path$table
  rows <- lapply(points, function(i) {
    part <- parameter_table(point_fit(path, i, relax))
    part <- part[part$component != "dispersion", ]
    if (!zeros) part <- part[part$estimate != 0, ]
    if (!nrow(part)) return(NULL)
    cbind(point = i, lambda = table$lambda[i], ratio = table$ratio[i],
          df = table$df[i],
          part[c("component", "expert", "response", "term", "estimate")])
  })
  out <- do.call(rbind, rows)
  if (all(is.na(out$response))) out$response <- NULL
  if (all(is.na(out$ratio))) out$ratio <- NULL
  rownames(out) <- NULL
  out
}

# Returns whether the gate's penalty lets large coefficients go free.
has_bounded_gate <- function(path) {
  penalty <- path$problem$spec$gate$penalty
  !is.null(penalty) && is_bounded(penalty)
}
