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
gate_parameters.gate_softmax <- function(gate, at, design, K) {
  # one array: coefficients, or the log ratios of a gate without terms
  scores <- matrix(unlist(at), length(design$terms), K - 1L)
  scores <- unscale_scores(scores, design)
  dimnames(scores) <- list(design$terms, expert_names(K)[-K])
  list(scores = scores)
}

#' @export
gate_coordinates.gate_softmax <- function(gate, parameters, design, K) {
  list(rescale_scores(parameters$scores, design))
}

#' @export
gate_coefficients.gate_softmax <- function(gate, parameters, K) {
  parameters$scores
}

#' @export
gate_jacobian.gate_softmax <- function(gate, at, design, K) {
  diag(1, K - 1L) %x% unscale_scores(diag(1, length(design$terms)), design)
}

#' @export
gate_conditional_df.gate_softmax <- function(gate, n_terms, K) {
  (K - 1L) * n_terms
}
