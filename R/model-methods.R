# Methods of a model given by its parameters. Where a fit has the same method
# the work is done there: a model has the fields that it needs.

#' Predictions, residuals and scores of a model given by its parameters
#'
#' As for fits, at given rows: [predict.moe()], [residuals.moe()] and [crps()]
#' say what the values are.
#'
#' @param object A model from [moe_model()], [as_moe_model()] or [moe_truth()].
#' @param newdata A data frame with the predictors and, where it is needed, the
#'   response (for models of fits from matrices: a list of `x`, `z` and `y`).
#' @param ... For `predict()` the arguments of [predict.moe()]: `type`, `log`,
#'   `probs`, `level`, `lower_tail`. Otherwise not used.
#' @return As for fits, one row or element per row of `newdata`. `tidy()`: the
#'   parameters, a row each, without the columns of [tidy.moe()] that are about
#'   estimates.
#' @section Errors: without `newdata`, an error of class `gatemix_error_input`.
#'   So is what needs the data of a fit: `summary()`, [vcov()], [confint()],
#'   [anova()], [update()], [fitted()], `model.frame()`, `model.matrix()`,
#'   `df.residual()` and [glance()] say what to do instead. `nobs()` is 0.
#' @references Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring
#'   rules, prediction, and estimation. *Journal of the American Statistical
#'   Association* 102, 359-378.
#' @export
#' @examples
#' truth <- moe_truth("glome_ws")
#' d <- simulate(truth, n = 5, seed = 1)
#' predict(truth, d, type = "density")
#' predict(truth, d, type = "interval", level = 0.8)
#' residuals(truth, d, type = "quantile")
#' tidy(truth)
predict.moe_model <- function(object, newdata = NULL, ...) {
  predict.moe(object, newdata, ...)
}

#' @rdname predict.moe_model
#' @export
crps.moe_model <- function(object, newdata = NULL, ...) {
  crps.moe(object, newdata, ...)
}

#' @rdname predict.moe_model
#' @export
log_score.moe_model <- function(object, newdata = NULL, ...) {
  log_score.moe(object, newdata, ...)
}

#' @rdname predict.moe_model
#' @param x A model, as `object`.
#' @param data The same as `newdata`.
#' @export
augment.moe_model <- function(x, data = NULL, newdata = NULL, ...) {
  if (is.null(newdata)) newdata <- data
  if (is.null(newdata)) need_model(x)
  augment.moe(x, newdata = newdata, ...)
}

#' @rdname predict.moe_model
#' @param component Which parameters, as in [tidy.moe()].
#' @export
tidy.moe_model <- function(x, component = "all", ...) {
  check_dots(..., help = "?tidy.moe_model")
  out <- tidy.moe(x, component, vcov = "none")
  out[!names(out) %in% c("std.error", "statistic", "p.value")]
}

#' @rdname coef.moe
#' @export
coef.moe_model <- function(object, ...) coef.moe(object, ...)

#' @export
sigma.moe_model <- function(object, ...) sigma.moe(object, ...)

#' @export
family.moe_model <- function(object, ...) family.moe(object, ...)

#' @export
formula.moe_model <- function(x, ...) formula.moe(x, ...)

#' @export
terms.moe_model <- function(x, ...) terms.moe(x, ...)
