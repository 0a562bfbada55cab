# The common part of all gates. Each gate has a file of its own, which says
# among other things how the engine's coordinates become parameters on the
# user's scale.

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

# Returns the engine's name of the gate for a problem with these gate terms. If
# two descriptions give the same model, the simpler one is fitted.
gate_engine <- function(gate, gate_terms, K) UseMethod("gate_engine")

# Returns the parameters on the user's scale that belong to the gate's
# coordinates; gate_coordinates() is its inverse. `design` is the gate's part of
# the problem: terms, center, scale.
gate_parameters <- function(gate, theta, design, K) {
  UseMethod("gate_parameters")
}

gate_coordinates <- function(gate, parameters, design, K) {
  UseMethod("gate_coordinates")
}

# Returns the derivatives of gate_coefficients() (as a vector) with respect to
# the coordinates.
gate_jacobian <- function(gate, theta, design, K) UseMethod("gate_jacobian")

# Returns the free parameters as a matrix, terms x experts.
gate_coefficients <- function(gate, parameters, K) {
  UseMethod("gate_coefficients")
}

# Returns how many parameters the gate contributes to the conditional density of
# y.
gate_conditional_df <- function(gate, n_terms, K) {
  UseMethod("gate_conditional_df")
}

# Returns whether the gate's predictors are modelled, too.
gate_is_generative <- function(gate) {
  identical(gate$name, "gaussian") && gate$likelihood == "joint"
}
