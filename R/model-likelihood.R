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
  type <- check_likelihood_type(object, type)
  if (...length()) check_dots(..., help = "?logLik.moe_model")
  if (is.null(data)) need_model(object, "data")
  data_likelihood(object, data, type, weights)
}

check_likelihood_type <- function(object, type) {
  type <- check_choice(type, "type", c("maximised", "conditional", "joint"))
  if (!type %in% names(object$df)) {
    abort_input("`type`: the joint likelihood exists for Gaussian gates only; ",
                "this ", if (inherits(object, "moe")) "fit" else "model",
                " has a ", object$gate$label, ".")
  }
  type
}

# Returns the log-likelihood of given data under a fit or a model.
data_likelihood <- function(object, data, type, weights) {
  require_response(object, data, "logLik()", "data")
  joint <- type == "joint" ||
    (type == "maximised" && gate_is_generative(object$gate))
  if (joint && !gate_is_generative(object$gate)) {
    made <- with_joint_gate(object$problem, object$theta, object$gate,
                            object$parameters$gate)
    object[names(made)] <- made
  }
  values <- evaluate_fit(object, data, response = TRUE)
  l <- values$log_density + if (joint) values$log_marginal else 0
  w <- case_weights(weights, length(l))
  if (is.null(w)) w <- rep(1, length(l))
  used <- !is.na(l) & w > 0
  structure(sum(w[used] * l[used]), df = object$df[[type]],
            nobs = sum(used), class = "logLik")
}

# Takes the Gaussians that a conditional gate reports as the law of its
# predictors: returns the gate of the joint likelihood that has the same
# parameters, with its problem and coordinates.
with_joint_gate <- function(problem, theta, gate, parameters) {
  joint <- gate_gaussian(gate$covariance, gate$shared)
  K <- problem$spec$K
  at <- gate_coordinates(joint, parameters, problem$units$gate, K)
  experts <- unpack_coordinates(problem, theta)$expert
  problem <- set_model(problem, K, gate_spec(joint, problem$spec$gate_terms, K),
                       problem$spec$expert, no_floor(problem))
  list(gate = joint, theta = pack_coordinates(problem, at, experts),
       problem = problem)
}

# Returns the numbers of parameters of the likelihood that was maximised, of the
# conditional density and, for Gaussian gates, of the joint one.
parameter_counts <- function(problem, gate) {
  n_terms <- length(problem$spec$gate_terms)
  K <- problem$spec$K
  n_expert <- block_size(problem, "expert")
  out <- c(maximised = block_size(problem, "gate") + n_expert,
           conditional = n_expert + gate_conditional_df(gate, n_terms, K))
  if (identical(gate$name, "gaussian")) {
    r <- n_terms - 1L
    distinct <- if (gate$shared) 1L else K
    out <- c(out, joint = n_expert + (K - 1L) + K * r +
               distinct * covariance_size(gate$covariance, r))
  }
  out
}
