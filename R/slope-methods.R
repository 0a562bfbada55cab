# print(), summary() and tidy() for a slope heuristic.

#' @export
print.moe_slope_heuristic <- function(x, digits = max(3L, getOption("digits") -
                                                        3L), ...) {
  models <- x$models
  cat("Slope heuristic over ", nrow(models), " models (dimension ",
      paste(format(range(models$dimension), trim = TRUE), collapse = " to "),
      ")\n\n", sep = "")
  shown <- x$selected[c("method", "model", "dimension", "contrast", "kappa",
                        "constant")]
  print(shown, digits = digits, row.names = FALSE)
  cat("\n", paste0(slope_remarks(x, digits), "\n"), sep = "")
  invisible(x)
}

slope_remarks <- function(x, digits = 4L) {
  value <- function(v) format(v, digits = digits)
  jump <- x$jump
  c(if (!is.na(x$slope$chosen)) plateau_remark(x, value),
    if (isTRUE(jump$chosen > 1L)) jump_remark(x, value),
    if (!is.null(jump$window)) window_remark(jump$window, value),
    if (!isTRUE(x$selected$row[1L] == x$selected$row[2L]))
      "Slope and jump do not agree: look at plot().")
}

plateau_remark <- function(x, value) {
  plateau <- x$slope$plateaus[x$slope$chosen, ]
  limits <- value(unname(x$slope$interval))
  paste0("Slope: plateau of ", plateau$size, " of ", nrow(x$slope$slopes),
         " regressions (", round(100 * plateau$share), " %), slopes from ",
         limits[1L], " to ", limits[2L])
}

jump_remark <- function(x, value) {
  jump <- x$jump
  rows <- jump$chosen + -1:0
  paste0("Jump: dimension ", paste(jump$path$dimension[rows],
                                   collapse = " to "),
         " at kappa = ", value(jump$path$kappa[jump$chosen]),
         if (!is.null(x$options$threshold))
           paste0(" (threshold ", x$options$threshold, ")"),
         if (jump$ties > 0L)
           paste0("; ", jump$ties, " other jump(s) as large, at smaller kappa"))
}

window_remark <- function(window, value) {
  paste0("Window: kappa from ", value(window$lower), " to ",
         value(window$upper), ", the dimension falls by ", window$jump,
         "; selects ", paste(rev(window$models), collapse = ", "))
}

#' @export
summary.moe_slope_heuristic <- function(object, ...) {
  check_dots(..., help = "?slope_heuristic")
  structure(list(object = object), class = "summary.moe_slope_heuristic")
}

#' @export
print.summary.moe_slope_heuristic <- function(
    x, digits = max(3L, getOption("digits") - 3L), ...) {
  print(x$object, digits = digits)
  cat("\nPlateaus of the slope (from the smallest to the largest models):\n")
  plateaus <- x$object$slope$plateaus
  plateaus$share <- round(plateaus$share, 3L)
  print(plateaus, digits = digits)
  cat("\nModels selected as the constant grows:\n")
  path <- x$object$jump$path
  print(path[c("kappa", "model", "dimension", "jump")], digits = digits)
  invisible(x)
}

#' The choices of a slope heuristic as a table
#'
#' @param x The result of [slope_heuristic()].
#' @param ... Not used; anything here is an error.
#' @return A tibble (without package tibble: a data frame) with a row per
#'   method: the table `selected` of [slope_heuristic()].
#' @family tidy methods
#' @export
#' @examples
#' set.seed(1)
#' dimension <- 3 * (1:25)
#' contrast <- 5 * exp(-dimension / 8) - dimension / 500 +
#'   rnorm(25, sd = 0.003)
#' tidy(slope_heuristic(contrast, dimension))
tidy.moe_slope_heuristic <- function(x, ...) {
  check_dots(..., help = "?slope_heuristic")
  tidy_table(x$selected)
}
