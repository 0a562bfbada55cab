#' The path of a penalised mixture of experts
#'
#' Fits a mixture of experts with penalties (see [penalties]) for a decreasing
#' sequence of \eqn{\lambda}, from the largest, at which all penalised
#' coefficients are exactly 0, down. The experts' penalty is \eqn{\lambda}, the
#' gate's \eqn{r \lambda} with the ratio \eqn{r} = `lambda_ratio_gate`.
#'
#' @section How the path is found:
#' The objective has several optima for each \eqn{\lambda}. The path begins at
#' the best fit without penalised terms and follows it down with warm starts. At
#' up to four values of \eqn{\lambda}, `control$starts` starts compete as in
#' [moe()]. Fits then go from each \eqn{\lambda} to its neighbours in both
#' directions, as long as any objective improves: so each point is the best that
#' was found there, and no point is worse than its neighbour's fit carried over.
#' Experts keep their numbers along a path: where BIC is smallest they are
#' sorted as in [moe()], elsewhere so that they are nearest to those of the
#' neighbour on the way there. Each point is certified over all predictors by
#' the conditions of Karush, Kuhn and Tucker (`gradient_norm`).
#'
#' The largest \eqn{\lambda} is the smallest one at which the fit without
#' penalised terms is stationary (for a ridge, which has none, that of an
#' elastic net with `alpha = 0.001`). Below some \eqn{\lambda} the likelihood
#' may be unbounded: with more predictors than rows an expert can fit its rows
#' perfectly at a bounded penalty. The path ends there, and `print()` says so.
#' It also ends where as many coefficients are in use as half of the rows, and
#' where the gate separates the experts under a bounded penalty (SCAD, MCP),
#' which does not keep its coefficients finite.
#'
#' @inheritParams moe
#' @param K Number of experts.
#' @param gate,expert Gate and experts. At least one must have a penalty, whose
#'   `lambda` is not used. By default the experts share one variance, as in
#'   Chamroukhi and Huynh (2019): with a variance each and more predictors than
#'   rows, an expert can fit its rows perfectly at a moderate penalty.
#' @param lambda A decreasing sequence of positive penalties for the experts
#'   (for the gate, where the experts have none). `NULL`: `nlambda` values from
#'   the largest down to `lambda_min_ratio` times it, equally spaced on the log
#'   scale.
#' @param nlambda Number of values (a count).
#' @param lambda_min_ratio Smallest \eqn{\lambda} as a share of the largest.
#'   `NULL`: 0.05 where there are fewer than two rows for each predictor of each
#'   expert, else 0.01; a thousandth of that for a ridge.
#' @param lambda_ratio_gate The gate's penalty in units of the experts': one
#'   number, or several for a path each (a grid).
#' @param relax Also refit each support without the penalty: coefficients that
#'   are 0 stay 0, the others are free.
#' @param control Settings from [moe_control()]; `moves` is not used.
#' @return An object of class `moe_path`: a list with
#'   \item{table}{a data frame with a row per point: `lambda`, `lambda_gate`,
#'     `ratio`, `df` (free parameters that are not 0; a ridge's coefficients
#'     count by their effective number, see [penalties]), `experts` (the number
#'     that have rows; with a large penalty the best fit often leaves one empty,
#'     but its intercept still counts in `df`), `nonzero_expert` and
#'     `nonzero_gate` (coefficients of penalised terms), `logLik`, `objective`
#'     (penalised), `AIC`, `BIC`, `EBIC`, `gradient_norm`, `iterations`,
#'     `status`}
#'   \item{relaxed}{the same for the refitted supports, or `NULL`}
#'   \item{points, problem, ...}{what its methods need}
#'
#'   Methods: [coef()][coef.moe_path], `predict()`, [best()] (a fit of class
#'   `moe`), `print()`, [plot()][plot.moe_path], `tidy()`, `as.data.frame()`
#'   (the table).
#' @section Criteria: `EBIC` is BIC plus \eqn{\log {P \choose d}} for `d` of `P`
#'   penalised coefficients (the extended BIC with its parameter 1/2). A ridge
#'   sets nothing to 0, so that its EBIC is BIC; AIC and BIC take its effective
#'   degrees of freedom.
#' @references Nguyen, T. T., Nguyen, H. D., Chamroukhi, F. and McLachlan, G. J.
#'   (2020). Non-asymptotic oracle inequalities for the Lasso in
#'   high-dimensional mixture of experts. arXiv:2009.10622. Friedman, J.,
#'   Hastie, T. and Tibshirani, R. (2010). Regularization paths for generalized
#'   linear models via coordinate descent. *Journal of Statistical Software*
#'   33(1). Chen, J. and Chen, Z. (2008). Extended Bayesian information criteria
#'   for model selection with large model spaces. *Biometrika* 95, 759-771.
#' @seealso [penalties]; [cv_moe_path()] for cross-validation;
#'   [plot.moe_path()].
#' @export
#' @examples
#' set.seed(1)
#' path <- moe_path(medv ~ ., data = MASS::Boston, K = 2, nlambda = 20,
#'                  control = moe_control(starts = 3))
#' path
#' coef(path, s = "bic", component = "gate")
moe_path <- function(x, ...) {
  if ("formula" %in% ...names()) {
    return(eval(formula_call(match.call(), quote(gatemix::moe_path)),
                parent.frame()))
  }
  if (missing(x)) {
    abort_input("`x` is missing: give a formula, as in moe_path(y ~ ., data, ",
                "K = 2), or a matrix of predictors.")
  }
  UseMethod("moe_path")
}

#' @rdname moe_path
#' @export
moe_path.formula <- function(formula, data, K,
                             gate = gate_softmax(penalty = penalty_lasso()),
                             expert = expert_gaussian(
                               shared = TRUE, penalty = penalty_lasso()),
                             lambda = NULL, nlambda = 50,
                             lambda_min_ratio = NULL, lambda_ratio_gate = 1,
                             relax = FALSE, weights, subset, na.action,
                             contrasts = NULL,
                             control = moe_control(starts = 5), ...) {
  check_dots(..., help = "?moe_path")
  call <- match.call()
  call[[1L]] <- quote(moe_path)
  settings <- path_settings(if (missing(K)) NULL else K, gate, expert, control,
                            lambda, nlambda, lambda_min_ratio,
                            lambda_ratio_gate, relax)
  built <- moe_frame(formula, match.call(expand.dots = FALSE), parent.frame(),
                     contrasts)
  path <- fit_path(path_problem(frame_data(built), settings), settings)
  path$call <- call
  path$source <- with_frame(list(), built)
  path
}

#' @rdname moe_path
#' @export
moe_path.default <- function(x, y, K, z = NULL,
                             gate = gate_softmax(penalty = penalty_lasso()),
                             expert = expert_gaussian(
                               shared = TRUE, penalty = penalty_lasso()),
                             lambda = NULL, nlambda = 50,
                             lambda_min_ratio = NULL, lambda_ratio_gate = 1,
                             relax = FALSE, weights = NULL,
                             control = moe_control(starts = 5), ...) {
  check_dots(..., help = "?moe_path")
  call <- match.call()
  call[[1L]] <- quote(moe_path)
  settings <- path_settings(if (missing(K)) NULL else K, gate, expert, control,
                            lambda, nlambda, lambda_min_ratio,
                            lambda_ratio_gate, relax)
  data <- matrix_data(x, if (missing(y)) NULL else y, z, weights)
  path <- fit_path(path_problem(data, settings), settings)
  path$call <- call
  path$source <- list(model = data)
  path
}

path_settings <- function(K, gate, expert, control, lambda, nlambda,
                          lambda_min_ratio, lambda_ratio_gate, relax) {
  settings <- check_settings(K, gate, expert, control)
  penalised <- c(expert = !is.null(settings$expert$penalty),
                 gate = !is.null(settings$gate$penalty))
  if (!any(penalised)) {
    abort_input("Neither `gate` nor `expert` has a penalty; give one, as in ",
                "expert_gaussian(penalty = penalty_lasso()).")
  }
  ok <- is.numeric(lambda_ratio_gate) && length(lambda_ratio_gate) &&
    all(is.finite(lambda_ratio_gate)) && all(lambda_ratio_gate > 0)
  if (!ok) {
    abort_input("`lambda_ratio_gate` must be positive numbers; found ",
                describe(lambda_ratio_gate), ".")
  }
  if (!all(penalised) && !identical(as.numeric(lambda_ratio_gate), 1)) {
    abort_input("`lambda_ratio_gate` relates the penalties of gate and ",
                "experts, but only the ", names(which(penalised)), " has one.")
  }
  c(settings, list(
    penalised = penalised, lambda = check_lambda_sequence(lambda),
    nlambda = check_count(nlambda, "nlambda", min = 2L),
    lambda_min_ratio = if (!is.null(lambda_min_ratio))
      check_number(lambda_min_ratio, "lambda_min_ratio", 0, 1, open = TRUE),
    ratios = sort(unique(as.numeric(lambda_ratio_gate))),
    relax = check_flag(relax, "relax")))
}

check_lambda_sequence <- function(lambda) {
  if (is.null(lambda)) return(NULL)
  ok <- is.numeric(lambda) && length(lambda) && all(is.finite(lambda)) &&
    all(lambda > 0) && !anyDuplicated(lambda)
  if (!ok) {
    wrong <- if (is.numeric(lambda)) {
      lambda[!is.finite(lambda) | lambda <= 0 | duplicated(lambda)]
    }
    abort_input("`lambda` must be distinct positive numbers; found ",
                if (length(wrong)) format(wrong[1L]) else describe(lambda),
                ".")
  }
  sort(as.numeric(lambda), decreasing = TRUE)
}

path_problem <- function(data, settings) {
  settings_problem(data, at_lambda(settings, 1, 1))
}
