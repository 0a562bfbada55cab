# Fits as tables: the verbs of package generics, as broom has them.

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
#' @param x A fit from [moe()].
#' @param component Which parameters: `"all"` for the coefficients of gate and
#'   experts (as in [coef.moe()]), or any of `"gate"`, `"expert"` and
#'   `"dispersion"`.
#' @param conf.int Add the columns `conf.low` and `conf.high`?
#' @param conf.level Probability of the intervals, between 0 and 1.
#' @param vcov The estimate of the covariance matrix: `"information"`,
#'   `"sandwich"` or `"bootstrap"`, see [vcov.moe()]. With `"bootstrap"` the
#'   intervals are those of [confint.moe()] for that type.
#' @param bootstrap For `vcov = "bootstrap"`: what [bootstrap_moe()] returned.
#' @param ... Not used; anything here is an error.
#' @return A tibble where package tibble is installed, otherwise a data frame,
#'   with the columns
#'   \item{component}{`"gate"`, `"expert"` or `"dispersion"`}
#'   \item{expert}{number of the expert}
#'   \item{response}{name of the response (several responses only)}
#'   \item{term}{the term, as in the rows of [coef.moe()]}
#'   \item{estimate, std.error}{the parameter and its standard error}
#'   \item{statistic, p.value}{`estimate / std.error` and its two-sided
#'     p-value under the standard normal distribution. `NA` for variances,
#'     covariances and weights, of which zero is not a value to test}
#'   \item{conf.low, conf.high}{the confidence interval}
#' @section Errors and warnings:
#' Where standard errors would mislead, [vcov.moe()] refuses them, and a fit
#' made with `model = FALSE` has no rows to compute them from. `tidy()` then
#' gives `NA` with a warning of class `gatemix_warning_inference` that carries
#' the reason.
#' @family tidy methods
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' tidy(fit)
#' tidy(fit, component = "expert", conf.int = TRUE)
tidy.moe <- function(x, component = "all", conf.int = FALSE,
                     conf.level = 0.95, vcov = "information",
                     bootstrap = NULL, ...) {
  check_dots(..., help = "?tidy.moe")
  component <- check_components(component)
  conf.int <- check_flag(conf.int, "conf.int")
  conf.level <- check_number(conf.level, "conf.level", 0, 1, open = TRUE)
  vcov <- check_choice(vcov, "vcov", c("information", "sandwich", "bootstrap"))
  table <- parameter_table(x)
  table <- table[table$component %in% component, , drop = FALSE]
  uncertain <- parameter_uncertainty(x, component, vcov, bootstrap,
                                     if (conf.int) conf.level)
  several <- length(x$engine$design$response$names) > 1L
  out <- table[c("component", "expert", if (several) "response", "term",
                 "estimate")]
  at <- match(table$name, uncertain$name)
  out$std.error <- uncertain$std.error[at]
  out$statistic <- out$estimate / out$std.error
  out$statistic[!has_wald_test(table)] <- NA
  out$p.value <- 2 * stats::pnorm(-abs(out$statistic))
  if (conf.int) {
    out$conf.low <- uncertain$conf.low[at]
    out$conf.high <- uncertain$conf.high[at]
  }
  tidy_table(out)
}

check_components <- function(component) {
  if (identical(component, "all")) return(c("gate", "expert"))
  choices <- c("gate", "expert", "dispersion")
  if (!is.character(component) || !length(component) ||
      !all(component %in% choices)) {
    abort_input("`component` must be \"all\", or some of ",
                paste0('"', choices, '"', collapse = ", "), "; found ",
                describe(component), ".")
  }
  component
}

# Standard errors and intervals by the names of the parameters; NA, with a
# warning, where they are refused.
parameter_uncertainty <- function(fit, component, type, bootstrap, level) {
  refused <- data.frame(name = character(), std.error = numeric(),
                        conf.low = numeric(), conf.high = numeric())
  if (fit$K == 1L && identical(component, "gate")) return(refused)
  refuse <- function(e) {
    warn("inference", "No standard errors (NA): ", conditionMessage(e))
    refused
  }
  tryCatch({
    v <- stats::vcov(fit, type = type, component = component,
                     bootstrap = bootstrap)
    out <- data.frame(name = rownames(v), std.error = sqrt(diag(v)))
    if (!is.null(level)) {
      limits <- stats::confint(fit, level = level, type = type,
                               component = component, bootstrap = bootstrap)
      at <- match(out$name, rownames(limits))
      out$conf.low <- limits[at, 1L]
      out$conf.high <- limits[at, 2L]
    }
    out
  }, gatemix_error_inference = refuse, gatemix_error_input = function(e) {
    # a fit made with model = FALSE has no rows to compute them from
    if (is.null(fit$model) && type != "bootstrap") refuse(e) else stop(e)
  })
}

# Zero is a hypothesis for coefficients and means, not for variances,
# covariances and weights.
has_wald_test <- function(table) {
  table$component != "dispersion" &
    !(table$component == "gate" & grepl("^(weight$|cov\\()", table$term))
}

# A tibble where tibble is installed, otherwise a data frame.
tidy_table <- function(x) {
  rownames(x) <- NULL
  if (requireNamespace("tibble", quietly = TRUE)) tibble::as_tibble(x) else x
}
