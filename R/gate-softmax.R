#' Softmax gate
#'
#' The probability of expert \eqn{k} is
#' \deqn{g_k(z) = \frac{\exp(b_k' z)}{\sum_{l=1}^K \exp(b_l' z)}, \qquad
#'   b_K = 0,}
#' where \eqn{z} holds the terms of the gate's formula, with an intercept. The
#' last expert is the reference, as in a multinomial regression.
#'
#' @param penalty `NULL`, or one of the [penalties] on the gate's coefficients.
#' @return An object of class `moe_gate` for the argument `gate` of [moe()].
#' @references Jordan, M. I. and Jacobs, R. A. (1994). Hierarchical mixtures of
#'   experts and the EM algorithm. *Neural Computation* 6, 181-214.
#' @family gates
#' @export
#' @examples
#' gate_softmax()
#' fit <- moe(accel ~ times, data = MASS::mcycle, K = 3, gate = gate_softmax())
#' coef(fit, "gate")
gate_softmax <- function(penalty = NULL) {
  new_gate("softmax", "softmax gate", penalty = penalty)
}

#' @export
gate_key.gate_softmax <- function(gate, gate_terms, K) {
  if (K == 1L || identical(gate_terms, "(Intercept)")) "constant" else "softmax"
}

#' @export
gate_parameters.gate_softmax <- function(gate, at, units, K) {
  # one array: coefficients, or the log ratios of a gate without terms
  b <- matrix(unlist(at, use.names = FALSE), length(units$terms), K - 1L)
  b <- unscale_terms(b, units)
  dimnames(b) <- list(units$terms, expert_names(K)[-K])
  list(coefficients = b)
}

#' @export
gate_coordinates.gate_softmax <- function(gate, parameters, units, K) {
  list(rescale_terms(parameters$coefficients, units))
}

#' @export
gate_coefficients.gate_softmax <- function(gate, parameters, K) {
  parameters$coefficients
}

#' @export
gate_jacobian.gate_softmax <- function(gate, at, units, K) {
  diag(1, K - 1L) %x% unscale_terms(diag(1, length(units$terms)), units)
}

#' @export
gate_conditional_df.gate_softmax <- function(gate, n_terms, K) {
  (K - 1L) * n_terms
}
