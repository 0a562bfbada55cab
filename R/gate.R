# What all gates have in common. Each gate has a file of its own, in which one
# function says how the engine's coordinates become parameters on the user's
# scale.

new_gate <- function(name, label, covariance = "full", shared = FALSE, ...,
                     penalty = NULL) {
  penalty <- check_penalty(penalty)
  if (!is.null(penalty)) label <- paste0(label, ", ", penalty_words(penalty))
  structure(
    list(name = name, label = label, covariance = covariance,
         shared = shared, ..., penalty = penalty),
    class = c(paste0("gate_", name), "moe_gate")
  )
}

#' @export
print.moe_gate <- function(x, ...) {
  cat(x$label, "\n", sep = "")
  invisible(x)
}

check_gate <- function(gate) {
  if (is.function(gate)) gate <- gate()
  if (!inherits(gate, "moe_gate")) {
    abort_input("`gate` must be made by gate_softmax(), gate_gaussian() or ",
                "gate_constant(); found ", describe(gate), ".")
  }
  gate
}

# The engine's name of the gate for a problem with these gate terms. Where two
# descriptions give the same model, the simpler one is fitted.
gate_engine <- function(gate, gate_terms, K) UseMethod("gate_engine")

# Parameters on the user's scale from the gate's coordinates, and back.
# `design` is the gate's part of the problem: terms, center, scale.
gate_parameters <- function(gate, theta, design, K) {
  UseMethod("gate_parameters")
}

gate_coordinates <- function(gate, parameters, design, K) {
  UseMethod("gate_coordinates")
}

# Derivatives of gate_coefficients() (as a vector) by the coordinates.
gate_jacobian <- function(gate, theta, design, K) UseMethod("gate_jacobian")

# The free parameters as a matrix, terms by experts.
gate_coefficients <- function(gate, parameters, K) {
  UseMethod("gate_coefficients")
}

# Number of parameters of the conditional density of y that the gate has.
gate_conditional_df <- function(gate, n_terms, K) {
  UseMethod("gate_conditional_df")
}

gate_is_generative <- function(gate) {
  identical(gate$name, "gaussian") && gate$likelihood == "joint"
}
