#' A mixture of experts given by its parameters
#'
#' `moe_model()` makes a mixture of experts from parameters that are known: a
#' truth to simulate from, a published model, a point to start from.
#' `as_moe_model()` takes the model out of a fit and leaves its data behind.
#'
#' The density of the response is
#' \deqn{s(y \mid x) = \sum_{k=1}^K g_k(x) \, N(y; B_k' x, \Sigma_k)}{%
#'   s(y | x) = sum_k g_k(x) N(y; B_k' x, Sigma_k)}
#' with the gates of [gate_softmax()], [gate_gaussian()] or [gate_constant()].
#' The experts keep the order in which they are given; only fits are sorted.
#'
#' A softmax gate does not change when the same vector is added to the
#' coefficients of all experts. They may be given for all K experts, in any such
#' gauge; the model holds them relative to the last expert, as fits report them.
#'
#' All names in the formula are variables. There are no data, so a term may not
#' depend on them: `I(x^2)`, `log(x)` and `poly(x, 2, raw = TRUE)` are fine,
#' `poly(x, 2)`, `scale(x)` and splines without given knots are refused.
#'
#' The covariance `"spherical"` is a multiple of the identity matrix in the
#' variables' own units here, in units of the data's spread in fits: a fit of
#' that kind is of the same family only if these spreads are alike.
#'
#' @param formula `y ~ experts | gate` as in [moe()]: `y ~ x`,
#'   `y ~ x + I(x^2) | x`, `cbind(y1, y2) ~ x | 1`, `y ~ 1`.
#' @param gate,expert The kind of gate and of experts, as in [moe()].
#' @param gate_coef Parameters of the gate. Softmax: a matrix with a row per
#'   term of the gate and a column per expert, or one column less, relative to
#'   the last expert (for K = 2 also one vector). Constant: K weights that sum
#'   to 1. Gaussian: `list(weights = , means = , covariances = )` with K
#'   weights, an r x K matrix of means for r gate predictors (a vector for one)
#'   and covariances as in `variance`. Not needed for K = 1, except by a
#'   Gaussian gate.
#' @param expert_coef Coefficients of the experts: a matrix with a row per term
#'   and a column per expert; for q responses a p x q x K array (or the matrix
#'   that `coef(fit, "expert")` gives). A vector is one expert or, for `y ~ 1`,
#'   one mean per expert. The number of experts is taken from it. Rows that have
#'   names are matched by name, here, in `gate_coef` and in `variance`.
#' @param variance **Variances**, not standard deviations, of the experts: K
#'   numbers (for several responses: times the identity matrix), or a q x q x K
#'   array of covariance matrices. With `shared = TRUE` one is enough.
#' @param levels A named list of the levels of predictors that are factors, as
#'   in `list(site = c("a", "b"))`; all others are numeric.
#' @param design The law of the predictors, used by [simulate()] and others when
#'   they are asked for `n` rows: a function of `n` that returns a data frame
#'   with n rows. `NULL`: the gate's own mixture, for a Gaussian gate with joint
#'   likelihood if there are no predictors but the gate's; otherwise none. A
#'   [moe_truth()] that is given another law becomes a plain `moe_model`.
#' @param object A fit from [moe()].
#' @param ... Not used.
#' @return An object of class `moe_model`, a plain list like a fit, with `K`,
#'   `gate`, `expert`, `parameters` (`gate` and `expert`, as in fits),
#'   `blueprint` and `design`. Methods: [predict()][predict.moe_model],
#'   [simulate()][simulate.moe_model], [logLik()][logLik.moe_model], `coef()`,
#'   [plot()][plot.moe_model], `autoplot()`, `residuals()`, [crps()],
#'   [log_score()], `augment()`, `tidy()`, `sigma()`, `formula()`, `terms()`.
#'   Those of a fit are the same, since a fit inherits from `moe_model`. A model
#'   can be the `start` of [moe()].
#' @section Errors: parameters of the wrong shape, covariances that are not
#'   positive definite or do not have the structure of gate or expert, weights
#'   that do not sum to 1, and terms that depend on data are errors of class
#'   `gatemix_error_input`. So is what needs the data of a fit: `summary()`,
#'   [vcov()], [confint()], [anova()], [update()], [fitted()], `model.frame()`,
#'   `model.matrix()`, `case.names()`, `weights()`, `df.residual()` and
#'   [glance()] of a model say what to do instead. `nobs()` is 0.
#' @references Nguyen, H., Nguyen, T. and Ho, N. (2023). Demystifying softmax
#'   gating function in Gaussian mixture of experts. *NeurIPS* 36 (the gauge,
#'   variances as parameters).
#' @seealso [moe_truth()] for models of the literature.
#' @export
#' @examples
#' # two lines, the gate switches at x = 0.32
#' model <- moe_model(y ~ x,
#'                    gate_coef = cbind(c(-8, 25), c(0, 0)),
#'                    expert_coef = cbind(c(15, -20), c(-5, 20)),
#'                    variance = c(0.09, 0.16),
#'                    design = function(n) data.frame(x = runif(n)))
#' model
#' predict(model, data.frame(x = c(0.2, 0.4)), type = "gate")
#' d <- simulate(model, n = 500, seed = 1)
#' logLik(model, d)
#' logLik(moe(y ~ x, data = d, K = 2, start = model))
#'
#' # a Gaussian gate brings its law of x
#' moe_model(y ~ x, gate = gate_gaussian(),
#'           gate_coef = list(weights = c(0.5, 0.5), means = c(0.2, 0.8),
#'                            covariances = c(0.1, 0.15)),
#'           expert_coef = cbind(c(2, -5), c(0, 0.1)), variance = c(0.09, 0.09))
#'
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' as_moe_model(fit)
moe_model <- function(formula, gate = gate_softmax(),
                      expert = expert_gaussian(), gate_coef = NULL,
                      expert_coef, variance, levels = NULL, design = NULL) {
  if (missing(formula) || missing(expert_coef) || missing(variance)) {
    abort_input("moe_model() needs `formula`, `expert_coef` and `variance`.")
  }
  gate <- check_gate(gate)
  expert <- check_expert(expert)
  if (!is.null(design) && !is.function(design)) {
    abort_input("`design` must be a function of n that returns a data frame; ",
                "found ", describe(design), ".")
  }
  built <- model_blueprint(formula, levels)
  responses <- colnames(response_matrix(
    stats::model.response(built$frame),
    deparse_one(built$blueprint$formula[[2L]])))
  experts <- plain_units(colnames(built$matrices$x))
  own_gate <- !is.null(built$matrices$z)
  gates <- if (own_gate) plain_units(colnames(built$matrices$z)) else experts
  b <- coefficient_array(expert_coef, experts$terms, responses)
  K <- dim(b)[3L]
  problem <- plain_problem(experts, gates, responses, K, gate, expert)
  parameters <- list(gate = given_gate(gate, gate_coef, gates$terms, K),
                     expert = given_expert(expert, b, variance))
  new_moe_model(problem, parameters, gate, expert, own_gate,
                blueprint = built$blueprint, design = design)
}

# Returns a problem without data whose columns are not standardised.
plain_problem <- function(experts, gates, responses, K, gate, expert) {
  q <- length(responses)
  gates$correlation <- if (identical(gate$likelihood, "conditional"))
    diag(length(gates$terms) - 1L)
  problem <- list(
    x_columns = experts$columns, x_center = experts$center,
    x_scale = experts$scale, z_columns = gates$columns,
    z_center = gates$center, z_scale = gates$scale,
    y_center = numeric(q), y_scale = rep(1, q),
    spec = list(gate = NULL, expert = NULL, gate_terms = gates$terms,
                expert_terms = experts$terms,
                settings = default_settings),
    units = list(expert = experts, gate = gates,
                 response = list(center = numeric(q), scale = rep(1, q),
                                 names = responses))
  )
  set_model(problem, K, gate_spec(gate, gates$terms, K), expert_spec(expert))
}

new_moe_model <- function(problem, parameters, gate, expert, own_gate,
                          blueprint, design) {
  parts <- problem$units
  structure(
    list(K = problem$spec$K, gate = gate, expert = expert,
         parameters = parameters,
         df = parameter_counts(problem, gate),
         dropped = list(expert = parts$expert$dropped,
                        gate = if (own_gate) parts$gate$dropped),
         theta = problem_coordinates(problem, parameters, gate, expert),
         problem = problem,
         blueprint = blueprint, design = design),
    class = "moe_model"
  )
}

#' @rdname moe_model
#' @export
as_moe_model <- function(object, ...) UseMethod("as_moe_model")

#' @rdname moe_model
#' @export
as_moe_model.moe <- function(object, design = NULL, ...) {
  if (...length()) check_dots(..., help = "?as_moe_model")
  kept <- c("K", "gate", "expert", "parameters", "df", "dropped", "theta",
            "problem", "blueprint")
  model <- structure(unclass(object)[intersect(kept, names(object))],
                     class = "moe_model")
  as_moe_model(model, design = design)
}

#' @rdname moe_model
#' @export
as_moe_model.moe_model <- function(object, design = object$design, ...) {
  if (...length()) check_dots(..., help = "?as_moe_model")
  if (!is.null(design) && !is.function(design)) {
    abort_input("`design` must be a function of n that returns a data frame; ",
                "found ", describe(design), ".")
  }
  if (!identical(design, object$design)) object <- without_law(object)
  object["design"] <- list(design)
  object
}

# Returns a model without what moe_truth() says of its law of the predictors:
# with another law it is no longer that model of the literature.
without_law <- function(object) {
  said <- c("name", "design_label", "source")
  structure(unclass(object)[setdiff(names(object), said)], class = "moe_model")
}

#' @export
as_moe_model.default <- function(object, ...) {
  abort_input("`object` must be a fit from moe() or a model; found ",
              describe(object), ".")
}
