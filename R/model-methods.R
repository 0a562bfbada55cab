# Methods of a model given by its parameters. Where a fit has the same method
# the work is done there: a model has the fields that it needs.

#' @export
print.moe_model <- function(x, digits = max(3L, getOption("digits") - 3L),
                            ...) {
  cat_title(x)
  if (!is.null(x$blueprint)) {
    cat("Formula: ", deparse_one(formula(formula(x))), "\n", sep = "")
  }
  cat("\nExperts:\n")
  print(expert_coef(x), digits = digits)
  cat("\nVariances:\n")
  print(dispersion_coef(x), digits = digits)
  if (x$K > 1L || inherits(x$gate, "gate_gaussian")) {
    cat(gate_title(x))
    print(gate_coef(x), digits = digits)
  }
  cat("\nLaw of the predictors: ", law_in_words(x), "\n", sep = "")
  invisible(x)
}

law_in_words <- function(x) {
  if (!is.null(x$design_label)) return(x$design_label)
  if (!is.null(x$design)) return("given as `design`")
  if (gate_knows_predictors(x)) return("the gate's mixture")
  "none"
}

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
#' @param type As in [residuals.moe()].
#' @export
residuals.moe_model <- function(object, newdata = NULL,
                                type = c("response", "pearson", "quantile",
                                         "pit"), ...) {
  type <- check_choice(type, "type",
                       c("response", "pearson", "quantile", "pit"))
  if (...length()) check_dots(..., help = "?residuals.moe_model")
  require_response(object, newdata, "residuals()")
  values <- evaluate_fit(object, newdata, response = TRUE)
  drop_response(residual_matrix(object, values, type))
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

#' Log-likelihood of data under a model given by its parameters
#'
#' @param object A model from [moe_model()], [as_moe_model()] or [moe_truth()].
#' @param data A data frame with response and predictors (for models of fits
#'   from matrices: a list of `x`, `z` and `y`). Rows with missing values are
#'   left out, as in [moe()].
#' @param type `"maximised"`: the one that [moe()] maximises for this gate;
#'   `"conditional"`: of the response given the predictors; `"joint"`: of the
#'   response and the gate's predictors (Gaussian gates only).
#' @param weights Case weights, one per row of `data`.
#' @param ... Not used.
#' @return An object of class `logLik`. Its attribute `df` is the number of the
#'   model's parameters, as in [logLik.moe()]: that of a fit, if the model came
#'   out of one. If nothing was estimated, count none of them. `nobs` is the
#'   number of rows that were used.
#' @section Errors: `type = "joint"` for another gate, and `data` without the
#'   response, are errors of class `gatemix_error_input`.
#' @references McLachlan, G. J. and Peel, D. (2000). *Finite Mixture Models*.
#'   Wiley, chapter 2.
#' @export
#' @examples
#' truth <- moe_truth("glome_ws")
#' d <- simulate(truth, n = 500, seed = 1)
#' logLik(truth, d)
#' logLik(truth, d, type = "conditional")
#' # the fit maximises it
#' logLik(moe(y ~ x, d, K = 2, gate = gate_gaussian(), start = truth))
logLik.moe_model <- function(object, data = NULL,
                             type = c("maximised", "conditional", "joint"),
                             weights = NULL, ...) {
  type <- check_choice(type, "type", c("maximised", "conditional", "joint"))
  if (...length()) check_dots(..., help = "?logLik.moe_model")
  if (is.null(data)) need_model(object)
  if (!type %in% names(object$df)) {
    abort_input("`type`: the joint likelihood exists for Gaussian gates only; ",
                "this model has a ", object$gate$label, ".")
  }
  require_response(object, data, "logLik()")
  joint <- type == "joint" ||
    (type == "maximised" && gate_is_generative(object$gate))
  if (joint) object <- with_joint_gate(object)
  values <- evaluate_fit(object, data, response = TRUE)
  l <- values$log_density + if (joint) values$log_marginal else 0
  w <- case_weights(weights, length(l))
  if (is.null(w)) w <- rep(1, length(l))
  used <- !is.na(l) & w > 0
  structure(sum(w[used] * l[used]), df = object$df[[type]],
            nobs = sum(used), class = "logLik")
}

# The Gaussians that a conditional gate reports, as a law of its predictors.
with_joint_gate <- function(object) {
  gate <- object$gate
  if (gate$likelihood == "joint") return(object)
  object$gate <- gate_gaussian(gate$covariance, gate$shared)
  coordinates <- gate_coordinates(object$gate, object$parameters$gate,
                                  object$engine$design$gate, object$K)
  experts <- object$theta[object$n_gate +
                            seq_len(length(object$theta) - object$n_gate)]
  object$theta <- c(coordinates, experts)
  object$n_gate <- length(coordinates)
  object$engine$spec$gate$engine <- "gaussian"
  object$engine$spec$min_variance <- 1e-300
  object
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
