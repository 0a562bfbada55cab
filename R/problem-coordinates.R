# The coordinates of a problem: the arrays among them, the parameters that they
# stand for, and the order of the experts.

# Returns the arrays among the coordinates `theta` by name, in a list for the
# gate and one for the experts. The engine says where they are.
unpack_coordinates <- function(problem, theta) {
  places <- problem$packing$parameters
  theta <- unname(theta)
  list(gate = lapply(places$gate, take_array, values = theta),
       expert = lapply(places$expert, take_array, values = theta))
}

take_array <- function(place, values) {
  values <- values[place$first - 1 + seq_len(prod(place$dim))]
  if (length(place$dim) > 1L) array(values, place$dim) else values
}

# Returns the coordinates that such lists of arrays make.
pack_coordinates <- function(problem, gate, expert) {
  arrays <- c(gate, expert)
  wanted <- unlist(problem$packing$lengths, use.names = FALSE)
  if (!identical(as.double(lengths(arrays, FALSE)), wanted)) {
    abort_engine("internal", "parameters do not have the shapes of the engine")
  }
  as.double(unlist(arrays, use.names = FALSE))
}

# Returns which of the coordinates are those of a block, "gate" or "expert".
block_positions <- function(problem, block) {
  own <- problem$packing$parameters[[block]]
  as.integer(unlist(lapply(own, function(place) {
    place$first - 1 + seq_len(prod(place$dim))
  })))
}

# Returns how many coordinates a block has.
block_size <- function(problem, block) {
  as.integer(sum(problem$packing$lengths[[block]]))
}

# Returns the parameters of gate and experts on the user's scale.
problem_parameters <- function(problem, theta, gate, expert) {
  at <- unpack_coordinates(problem, theta)
  units <- problem$units
  K <- problem$spec$K
  list(gate = gate_parameters(gate, at$gate, units$gate, K),
       expert = expert_parameters(expert, at$expert, units$expert,
                                  units$response, K))
}

# Returns the coordinates of such parameters.
problem_coordinates <- function(problem, parameters, gate, expert) {
  units <- problem$units
  K <- problem$spec$K
  pack_coordinates(
    problem,
    gate_coordinates(gate, parameters$gate, units$gate, K),
    expert_coordinates(expert, parameters$expert, units$expert,
                       units$response, K))
}

# Returns the experts' coefficients among the coordinates, terms x (responses
# x K).
expert_slopes <- function(problem, theta) {
  place <- problem$packing$parameters$expert$coefficients
  matrix(take_array(place, unname(theta)), place$dim[1L])
}

# Puts the experts into the documented order: by the first response's mean at
# the average of the predictors, ties by the coefficients.
sort_experts <- function(problem, theta) {
  if (problem$spec$K == 1L) return(theta)
  engine_permute(problem, theta, expert_order(problem, theta))
}

expert_order <- function(problem, theta) {
  place <- problem$packing$parameters$expert$coefficients
  units <- problem$units$expert
  order_experts(take_array(place, unname(theta)),
                (units$mean - units$center) / units$scale)
}

# Returns the order itself, for coefficients terms x responses x experts and the
# average of the predictors in the same units.
order_experts <- function(b, average) {
  flat <- matrix(b, ncol = dim(b)[3L])
  first <- flat[seq_along(average), , drop = FALSE]
  do.call(order, c(list(colSums(first * average)),
                   lapply(seq_len(nrow(flat)), function(j) flat[j, ])))
}
