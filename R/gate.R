# The contract of a gate: what each must answer, in a file of its own.

new_gate <- function(...) new_block("gate", ...)

check_gate <- function(gate) {
  if (is.function(gate)) gate <- gate()
  if (!inherits(gate, "moe_gate")) {
    abort_input("`gate` must be made by gate_softmax(), gate_gaussian() or ",
                "gate_constant(); found ", describe(gate), ".")
  }
  gate
}

# Returns the gate's key in the engine's catalogue for a problem with these
# gate terms. Where two descriptions give the same model, the simpler one is
# fitted.
gate_key <- function(gate, gate_terms, K) UseMethod("gate_key")

# Returns which features of its design's columns the engine makes for the gate,
# a list with their `key` (src/engine/data/features.hpp) and what it needs;
# NULL: the gate sees the columns themselves.
gate_features <- function(gate, gate_terms, K) UseMethod("gate_features")

#' @export
gate_features.default <- function(gate, gate_terms, K) NULL

# Returns parameters on the user's scale from the arrays among the gate's
# coordinates, and back: a list of arrays in the engine's order. `units` are
# those of the gate's design, see column_units().
gate_parameters <- function(gate, at, units, K) {
  UseMethod("gate_parameters")
}

gate_coordinates <- function(gate, parameters, units, K) {
  UseMethod("gate_coordinates")
}

# Derivatives of gate_coefficients() (as a vector) by the coordinates.
gate_jacobian <- function(gate, at, units, K) UseMethod("gate_jacobian")

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
