# The atoms of two models as blocks of numbers that can be compared.

# Returns the weights and, for each block of parameters, a matrix with a column
# per expert.
voronoi_atoms <- function(object) {
  layout <- atom_layout(object, standardise = FALSE)
  gate <- gate_atoms(object, layout)
  expert <- expert_atoms(object, layout)
  K <- object$K
  columns <- function(x, rows = NULL) {
    matrix(x, ncol = K, dimnames = list(rows, NULL))
  }
  terms <- layout$expert$terms
  at <- layout$expert$intercept
  slopes <- setdiff(seq_along(terms), at)
  names <- layout$response$names
  q <- length(names)
  own <- layout$gate$terms[-layout$gate$intercept]
  blocks <- if (layout$kind == "gaussian") {
    list(gate = columns(gate$means, own),
         gate_covariance = columns(gate$spreads, pair_names(own)))
  } else {
    list(gate = columns(gate$slopes, own))
  }
  if (q == 1L) names <- "y"
  c(list(kind = layout$kind, log_weight = gate$log_weight),
    list(blocks = c(blocks, list(
      intercept = if (at > 0L) columns(expert$coefficients[at, , ], names),
      slope = columns(expert$coefficients[slopes, , ],
                      pair_names(terms[slopes], names)),
      variance = columns(expert$covariances, pair_names(names))))))
}

pair_names <- function(a, b = a) {
  paste(rep(a, length(b)), rep(b, each = length(a)), sep = ":")
}

# Returns both with the parameters of the estimate in the order of the truth's.
# A gate without predictors has slopes of zero.
match_atoms <- function(estimate, truth) {
  if (estimate$kind != truth$kind) {
    abort_input("`estimate` has a ", estimate$kind, " gate and `truth` a ",
                truth$kind, " gate; the loss compares parameters of the same ",
                "kind of model.")
  }
  estimate <- fill_gate(estimate, truth)
  truth <- fill_gate(truth, estimate)
  for (block in union(names(truth$blocks), names(estimate$blocks))) {
    theirs <- rownames(truth$blocks[[block]])
    ours <- rownames(estimate$blocks[[block]])
    if (!setequal(theirs, ours)) {
      abort_input("`estimate` and `truth` must have the same terms and ",
                  "responses; they differ in the block \"", block, "\": ",
                  quote_all(setdiff(union(theirs, ours),
                                    intersect(theirs, ours))), ".")
    }
    if (length(theirs)) {
      estimate$blocks[[block]] <- estimate$blocks[[block]][theirs, ,
                                                           drop = FALSE]
    }
  }
  list(estimate = estimate, truth = truth)
}

fill_gate <- function(atoms, other) {
  gate <- atoms$blocks$gate
  if (atoms$kind == "softmax" && !nrow(gate)) {
    names <- rownames(other$blocks$gate)
    atoms$blocks$gate <- matrix(0, length(names), ncol(gate),
                                dimnames = list(names, NULL))
  }
  atoms
}

# Returns the atoms with weights that sum to 1 and gate slopes whose weighted
# mean is 0. This does not depend on order or reference, nor on splits.
normalised_gauge <- function(atoms) {
  weight <- exp(atoms$log_weight - log_sum(atoms$log_weight))
  atoms$weight <- weight
  if (atoms$kind == "softmax") {
    atoms$blocks$gate <- atoms$blocks$gate -
      drop(atoms$blocks$gate %*% weight)
  }
  atoms
}

# Returns the atoms with the weight 1 and the gate slopes 0 for expert `at`.
reference_gauge <- function(atoms, at) {
  atoms$weight <- exp(atoms$log_weight - atoms$log_weight[at])
  atoms$blocks$gate <- atoms$blocks$gate - atoms$blocks$gate[, at]
  atoms
}
