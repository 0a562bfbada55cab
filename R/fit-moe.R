#' Fit a mixture of experts
#'
#' Maximum likelihood for
#' \deqn{s(y \mid x) = \sum_{k=1}^K g_k(z) f_k(y \mid x),}
#' where the gate \eqn{g} and the experts \eqn{f_k} each have their part of the
#' formula: `y ~ experts | gate`.
#'
#' @section Formula:
#' `y ~ x1 + x2 | z` gives the experts the terms `x1 + x2` and the gate `z`.
#' With one part the gate uses the experts' predictors; `| 1` makes the gate
#' constant. Everything that `lm()` understands works: factors, interactions,
#' `poly()`, `offset()` (in the experts' part), `cbind(y1, y2)` for several
#' responses, `.` for all other columns.
#'
#' @section Which optimum:
#' The likelihood of a mixture has several maxima. By default the search
#' compares `control$starts` starts and returns the best fit whose variances are
#' not at their floor and whose experts have more than a handful of rows. Moves
#' between optima then try to improve it (see [moe_control()]; a success is a
#' further row of `fit$starts` with the rule `moves`). `fit$starts` tells what
#' each start reached. If `start` is given, only that start is run. The search
#' draws random numbers: `set.seed()` makes it repeatable.
#'
#' @section Order of the experts:
#' Experts are sorted by the first response's fitted mean at the average of
#' the predictors, from low to high (ties: by the coefficients in order).
#' The last is the reference of a softmax gate.
#'
#' @section Convergence:
#' `fit$converged` is `TRUE` when the gradient of the log-likelihood, per
#' observation and in standardised coordinates (`fit$gradient_norm`, its
#' largest element), is below `control$tol`. With [penalties] it is the
#' largest violation of the conditions of Karush, Kuhn and Tucker, over all
#' predictors, also those whose coefficients are 0. Where gate slopes diverge
#' because the experts are separated, the gradient vanishes on the way to
#' infinity: the fit has then reached the supremum to that tolerance,
#' `fit$separated` is `TRUE` and a warning of class
#' `gatemix_warning_separation` says so (not for a penalised gate with more than
#' 500 predictors in use).
#'
#' @param x For the matrix method: the experts' predictors, an n x p matrix or
#'   sparse matrix of package Matrix, without a column of ones (one is added).
#' @param formula A formula `y ~ experts | gate`, see below.
#' @param data A data frame with the variables of the formula.
#' @param K Number of experts.
#' @param gate The gate: [gate_softmax()], [gate_gaussian()] or
#'   [gate_constant()].
#' @param expert The experts: [expert_gaussian()].
#' @param weights Case weights, not negative. A weight of 2 counts as two rows.
#' @param subset,na.action,contrasts As in [lm()].
#' @param start Where to start: labels 1..K, one per row; an n x K matrix of
#'   responsibilities; or another fit, or a model from [moe_model()], with the
#'   same number of experts. Rows are those after `subset` (before or after rows
#'   with missing values are dropped). Only this start is run. `NULL`: search.
#' @param control Settings from [moe_control()].
#' @param model Keep the model frame (or the matrices) in the fit? Without it,
#'   `fitted()`, `residuals()` and predictions need `newdata`.
#' @param y For the matrix method: the response, a vector or an n x q matrix.
#' @param z For the matrix method: the gate's predictors, as `x`. `NULL`: the
#'   same as `x`.
#' @param ... Not used; anything here is an error.
#' @return An object of class `moe`, which is a `moe_model` (see [moe_model()])
#'   that was fitted to data: a plain list with
#'   \item{parameters}{`gate` and `expert`: all parameters on the user's scale}
#'   \item{loglik}{named log-likelihoods: `maximised`, `conditional`, and
#'     `joint` for Gaussian gates}
#'   \item{converged, gradient_norm, iterations, passes, status}{see
#'     Convergence; a pass is one run through the data}
#'   \item{trace}{the objective after each iteration of the final run, never
#'     decreasing}
#'   \item{objective, penalty}{what was maximised: the log-likelihood less the
#'     number of rows (the sum of the weights) times the penalty; the same as
#'     the log-likelihood without [penalties]}
#'   \item{starts}{a data frame: `start`, `rule`, `objective` (log-likelihood
#'     reached; of a start screened out on a sample, scaled to all rows),
#'     `iterations`, `status`}
#'   \item{sizes}{sum of the responsibilities of each expert}
#'   \item{separated, floored}{see above; which experts are at the floor}
#'
#'   Methods: [coef()][coef.moe], [predict()][predict.moe], `summary()`,
#'   `logLik()`, `plot()`, `fitted()`, `residuals()`, `simulate()`, `update()`,
#'   `nobs()`, `sigma()`, `weights()`, `formula()`, `terms()`,
#'   `model.frame()`, `model.matrix()`.
#' @section Errors and warnings:
#' Bad input raises an error of class `gatemix_error_input`. Warnings:
#' `gatemix_warning_convergence`, `gatemix_warning_separation`,
#' `gatemix_warning_floor` (a variance at its floor), `gatemix_warning_empty`
#' (an expert without rows), `gatemix_warning_rank` (dropped columns),
#' `gatemix_warning_prediction` (a term such as `I(x - mean(x))`, whose values
#' for new rows would depend on the other new rows).
#' @references Jacobs, R. A., Jordan, M. I., Nowlan, S. J. and Hinton, G. E.
#'   (1991). Adaptive mixtures of local experts. *Neural Computation* 3, 79-87.
#'   Nguyen, H. D. and Chamroukhi, F. (2018). Practical and theoretical aspects
#'   of mixture-of-experts modeling. *WIREs Data Mining and Knowledge
#'   Discovery* 8, e1246.
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(NOx ~ E, data = lattice::ethanol, K = 2)
#' fit
#' predict(fit, data.frame(E = c(0.7, 0.9, 1.1)), type = "interval")
#'
#' # gate with other predictors than the experts, several responses
#' moe(cbind(eruptions, waiting) ~ 1, data = faithful, K = 2)
moe <- function(x, ...) {
  if ("formula" %in% ...names()) {
    return(eval(formula_call(match.call()), parent.frame()))
  }
  if (missing(x)) {
    abort_input("`x` is missing: give a formula, as in moe(y ~ x, data, ",
                "K = 2), or a matrix of predictors.")
  }
  UseMethod("moe")
}

# Returns the call moe(formula, data, ...) for moe(formula = , ...) with its
# arguments in any order; an unnamed first argument is the data.
formula_call <- function(call, name = quote(gatemix::moe)) {
  call[[1L]] <- name
  names <- names(call)
  names[names == "x"] <- if ("data" %in% names) "" else "data"
  first <- which(names == "formula")
  names[first] <- ""
  names(call) <- names
  call[c(1L, first, setdiff(seq_along(call)[-1L], first))]
}

#' @rdname moe
#' @export
moe.formula <- function(formula, data, K, gate = gate_softmax(),
                        expert = expert_gaussian(), weights, subset,
                        na.action, contrasts = NULL, start = NULL,
                        control = moe_control(), model = TRUE, ...) {
  check_dots(...)
  call <- match.call()
  call[[1L]] <- quote(moe)
  settings <- check_settings(if (missing(K)) NULL else K, gate, expert,
                             control)
  model <- check_flag(model, "model")
  built <- moe_frame(formula, match.call(expand.dots = FALSE), parent.frame(),
                     contrasts)
  fit <- fit_moe(frame_data(built), settings, start, built$na_action)
  fit$call <- call
  with_frame(fit, built, model)
}

#' @rdname moe
#' @export
moe.default <- function(x, y, K, z = NULL, gate = gate_softmax(),
                        expert = expert_gaussian(), weights = NULL,
                        start = NULL, control = moe_control(), model = TRUE,
                        ...) {
  check_dots(...)
  call <- match.call()
  call[[1L]] <- quote(moe)
  settings <- check_settings(if (missing(K)) NULL else K, gate, expert,
                             control)
  model <- check_flag(model, "model")
  data <- matrix_data(x, if (missing(y)) NULL else y, z, weights)
  fit <- fit_moe(data, settings, start, NULL)
  fit$call <- call
  if (model) fit$model <- data
  fit
}

check_settings <- function(K, gate, expert, control) {
  if (is.null(K)) {
    abort_input("`K` is missing: give the number of experts, as in K = 3.")
  }
  list(K = check_count(K, "K"), gate = check_gate(gate),
       expert = check_expert(expert), control = check_control(control))
}
