# The specification of the model of a problem, as the engine reads it
# (src/bind_problem.cpp), and the places of its parameters.

# Returns the specification of a gate or of the experts: their key in the
# engine's catalogue, their options, their penalty, and the features that are
# made of their design's columns.
block_spec <- function(key, options = list(), penalty = NULL,
                       features = NULL) {
  list(key = key, options = options, penalty = penalty, features = features)
}

# Returns the specification of a block of a model with K experts and these
# terms.
gate_spec <- function(gate, terms, K, penalty = NULL) {
  block_spec(gate_key(gate, terms, K), block_options(gate), penalty,
             gate_features(gate, terms, K))
}

expert_spec <- function(expert, penalty = NULL) {
  block_spec(expert$name, block_options(expert), penalty)
}

# Returns a problem with another model, and with what the engine says about the
# places of its parameters and statistics.
set_model <- function(problem, K, gate, expert,
                      settings = problem$spec$settings) {
  spec <- problem$spec
  spec$K <- K
  spec$gate <- gate
  spec$expert <- expert
  spec$settings <- settings
  problem$spec <- spec
  problem$packing <- engine_packing(problem)
  problem
}

# Settings of the maximisation where nothing is maximised.
default_settings <- list(min_variance = 1e-300, gate_step = "newton")

# Returns a problem's settings with the smallest variance that there can be.
no_floor <- function(problem) {
  replace(problem$spec$settings, "min_variance", 1e-300)
}
