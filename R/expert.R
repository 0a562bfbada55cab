# The common part of all experts. Each family has a file of its own.

new_expert <- function(...) new_block("expert", ...)

check_expert <- function(expert) {
  if (is.function(expert)) expert <- expert()
  if (!inherits(expert, "moe_expert")) {
    abort_input("`expert` must be made by expert_gaussian(); found ",
                describe(expert), ".")
  }
  expert
}

# The questions that a family of experts must answer. Everything else
# (predictions, simulation, plots) is made of the answers.

# Returns parameters on the user's scale from the arrays among the experts'
# coordinates, and back: a list of arrays in the engine's order.
expert_parameters <- function(expert, at, units, response, K) {
  UseMethod("expert_parameters")
}

expert_coordinates <- function(expert, parameters, units, response, K) {
  UseMethod("expert_coordinates")
}

# Derivatives of the coefficients (terms x responses x experts), then of the
# dispersion, by the coordinates.
expert_jacobian <- function(expert, at, units, response, K) {
  UseMethod("expert_jacobian")
}

# Returns the variances of the responses under expert k, for given means
# (n x q).
expert_variance <- function(expert, parameters, mean, k) {
  UseMethod("expert_variance")
}

# Draws responses from expert k, for given means (n x q).
expert_draw <- function(expert, parameters, mean, k) UseMethod("expert_draw")

# Returns the law of response j under each expert: functions of an n x K matrix
# of means and of n values y (or one for all rows, or a probability). They
# return n x K values,
#   cdf(y, mean, lower_tail, log)       P(Y_k <= y), or P(Y_k > y)
#   density(y, mean, log)
#   log_density_at(mean, plus)          a function of y: the log density plus
#                                       `plus` (n x K), for many y at one mean
#   quantile(p, mean, lower_tail)
#   distance(y, mean)                   E|Y_k - y|
# and, for one pair of experts, n values,
#   spread(mean, k, l)                  E|Y_k - Y_l|, Y_k and Y_l independent
# `discrete` says whether the law lives on the whole numbers.
expert_law <- function(expert, parameters, j) UseMethod("expert_law")

expert_names <- function(K) paste0("expert", seq_len(K))
