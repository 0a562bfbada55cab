# Fits as tables: the generics that package broom uses.

#' @importFrom generics tidy
#' @export
generics::tidy

#' @importFrom generics glance
#' @export
generics::glance

#' @importFrom generics augment
#' @export
generics::augment

#' The parameters of a fit as a table
#'
#' One row per parameter, with standard error, Wald test and confidence
#' interval, for [generics::tidy()].
#'
#' @param x A fit from [moe()], or a model from [moe_model()],
#'   [as_moe_model()] or [moe_truth()].
#' @param component Which parameters: `"all"` for the coefficients of gate and
#'   experts (as in [coef.moe()]), or any of `"gate"`, `"expert"` and
#'   `"dispersion"`.
#' @param conf.int Add the columns `conf.low` and `conf.high`?
#' @param conf.level Probability of the intervals, between 0 and 1.
#' @param vcov Where standard errors come from, as in [summary.moe()]:
#'   `"information"`, `"sandwich"`, the result of [bootstrap_moe()], a
#'   covariance matrix, or `"none"`.
#' @param ... Not used; anything here is an error.
#' @return A tibble where package tibble is installed, otherwise a data frame,
#'   with the columns
#'   \item{component}{`"gate"`, `"expert"` or `"dispersion"`}
#'   \item{expert}{number of the expert}
#'   \item{response}{name of the response (several responses only)}
#'   \item{term}{the term, as in the rows of [coef.moe()]}
#'   \item{estimate, std.error}{the parameter and its standard error}
#'   \item{statistic, p.value}{`estimate / std.error` and its two-sided
#'     p-value under the standard normal distribution; `NA` for the dispersion
#'     and for Gaussian gates, as in [summary.moe()]}
#'   \item{conf.low, conf.high}{the interval of [confint.moe()]}
#'
#'   For a model, whose parameters are not estimates, the table ends with the
#'   column `estimate`.
#' @section Errors and warnings:
#' Where [vcov.moe()] refuses standard errors, or the fit was made with
#' `model = FALSE`, they are `NA`, with a warning of class
#' `gatemix_warning_inference` that carries the reason.
#' @family tidy methods
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' tidy(fit)
#' tidy(fit, component = "expert", conf.int = TRUE)
#' tidy(moe_truth("glome_ws"))
tidy.moe <- function(x, component = "all", conf.int = FALSE,
                     conf.level = 0.95, vcov = "information", ...) {
  check_dots(..., help = "?tidy.moe")
  conf.int <- check_flag(conf.int, "conf.int")
  conf.level <- check_number(conf.level, "conf.level", 0, 1, open = TRUE)
  component_rows(parameter_table(x), component)
  if (identical(component, "all")) component <- c("gate", "expert")
  table <- warned_inference(x, vcov, component)
  out <- table[c(tidy_columns(x), "std.error", "statistic", "p.value")]
  if (conf.int) {
    limits <- if (inherits(vcov, "moe_bootstrap")) {
      confint(vcov, level = conf.level, component = component)
    } else {
      wald_limits(table, table$std.error, conf.level)
    }
    out$conf.low <- unname(limits[, 1L])
    out$conf.high <- unname(limits[, 2L])
  }
  tidy_table(out)
}

# Returns the table of coefficient_inference() and raises its notes as warnings.
warned_inference <- function(x, vcov = "information",
                             component = c("gate", "expert")) {
  inference <- coefficient_inference(x, vcov, component)
  for (note in inference$notes) warn("inference", note)
  inference$table
}
