#' The rows of data with a fit's view of them
#'
#' @param x A fit from [moe()], or a model from [moe_model()],
#'   [as_moe_model()] or [moe_truth()].
#' @param data The data that the fit was made from (for fits from matrices: a
#'   list of `x`, `y` and, where the gate has its own, `z`). `NULL`: the rows
#'   and variables that the fit keeps, that is its [model.frame()]. For a model
#'   the same as `newdata`.
#' @param newdata Other data, with or without the response. If it is given,
#'   `data` is ignored.
#' @param ... Not used; anything here is an error.
#' @return A tibble (without package tibble: a data frame), one row per row of
#'   the data: its columns, row names that are not just numbers 1, 2, ... as
#'   `.rownames`, and
#'   \item{.fitted}{the fitted mean}
#'   \item{.resid}{response minus fitted mean}
#'   \item{.expert}{a factor with levels 1..K: the most probable expert given
#'     predictors and response, or given the predictors alone in rows without a
#'     response}
#'   \item{.gate_1, ..., .gate_K}{gate probabilities}
#'   \item{.post_1, ..., .post_K}{probabilities given the response, too}
#'
#'   For several responses, `.fitted_y1`, `.resid_y1` and so on. Without a
#'   response in `newdata` there are no columns `.resid` and `.post`. A row
#'   with a missing predictor is `NA` in all new columns, one with a missing
#'   response in `.resid` and `.post`: so rows that the fit left out
#'   (`na.omit`, `na.exclude`) keep their place when `data` is given.
#' @section Errors: of class `gatemix_error_input` where `data` lacks a
#'   variable, or where it is missing and `x` is a model or a fit made with
#'   `model = FALSE`.
#' @family tidy methods
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' head(augment(fit))
#' augment(fit, newdata = data.frame(waiting = c(50, 70, 90)))
augment.moe <- function(x, data = NULL, newdata = NULL, ...) {
  if (is.null(newdata) && is.null(data) && is.null(x$model)) {
    abort_input("The fit was made with model = FALSE and holds no data: give ",
                "`data` or `newdata`.")
  }
  NextMethod()
}
