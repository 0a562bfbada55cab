#' Constant gate
#'
#' The probabilities of the experts do not depend on the predictors,
#' \eqn{g_k(z) = \pi_k}: a finite mixture of regressions. The same model as a
#' softmax gate with the formula `| 1`.
#'
#' @return An object of class `moe_gate` for the argument `gate` of [moe()].
#' @references McLachlan, G. J. and Peel, D. (2000). *Finite Mixture Models*.
#'   Wiley, chapter 5.
#' @family gates
#' @export
#' @examples
#' fit <- moe(tuned ~ stretch_ratio, data = tone, K = 2, gate = gate_constant())
#' head(predict(fit, type = "gate"), 1)
gate_constant <- function() {
  gate <- new_gate("constant", "constant gate")
  class(gate) <- c("gate_constant", "gate_softmax", "moe_gate", "moe_block")
  gate
}

#' @export
gate_key.gate_constant <- function(gate, gate_terms, K) "constant"

#' @export
gate_parameters.gate_constant <- function(gate, at, units, K) {
  list(coefficients = matrix(at$log_ratios, 1L, K - 1L,
                       dimnames = list("(Intercept)", expert_names(K)[-K])))
}

#' @export
gate_coordinates.gate_constant <- function(gate, parameters, units, K) {
  list(log_ratios = parameters$coefficients)
}

#' @export
gate_jacobian.gate_constant <- function(gate, at, units, K) {
  diag(1, K - 1L)
}

#' @export
gate_conditional_df.gate_constant <- function(gate, n_terms, K) K - 1L
