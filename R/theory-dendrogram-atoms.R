# The atoms of a fitted mixing measure: each expert with its weight, its part of
# the gate, its coefficients and covariances, in the units in which
# dissimilarities are measured. From a model's parameters, and back.

# Returns what stays the same while atoms merge. `gate` and `expert` hold terms,
# center, scale and intercept of the units in use; `common` pairs the gate's
# terms (without intercept) with the rows of the same terms in the experts'
# part.
atom_layout <- function(object, standardise) {
  units <- object$problem$units
  generative <- inherits(object$gate, "gate_gaussian")
  b <- object$parameters$gate$coefficients
  terms <- if (generative) units$gate$terms else rownames(b)
  if (!"(Intercept)" %in% terms) {
    abort_input("The gate has no intercept, so its experts have no weights. ",
                "Write `| z` in the formula, not `| 0 + z`.")
  }
  gate <- working_units(units$gate, terms, standardise)
  expert <- working_units(units$expert, units$expert$terms, standardise)
  own <- terms[-gate$intercept]
  common <- match(own, expert$terms, nomatch = 0L)
  if (expert$intercept == 0L) common[] <- 0L
  average <- (units$expert$mean - expert$center) / expert$scale
  unit <- function(scale) if (standardise) rep(1, length(scale)) else scale
  response <- units$response
  if (!standardise) {
    response$center <- 0 * response$center
    response$scale <- 0 * response$scale + 1
  }
  list(
    kind = if (generative) "gaussian" else "softmax", average = average,
    gate = gate, expert = expert, response = response,
    common = data.frame(gate = which(common > 0L),
                        expert = common[common > 0L]),
    gate_model = object$gate, expert_model = object$expert,
    # the units in which a spherical covariance is spherical
    gate_unit = unit(units$gate$scale[match(own, units$gate$terms)]),
    response_unit = unit(units$response$scale))
}

working_units <- function(units, terms, standardise) {
  at <- match(terms, units$terms)
  list(terms = terms,
       center = if (standardise) units$center[at] else numeric(length(at)),
       scale = if (standardise) units$scale[at] else rep(1, length(at)),
       intercept = match("(Intercept)", terms, nomatch = 0L))
}

atoms_of <- function(object, layout, data = NULL) {
  atoms <- c(gate_atoms(object, layout), expert_atoms(object, layout))
  c(atoms, atom_places(object, layout, atoms, data))
}

gate_atoms <- function(object, layout) {
  parameters <- object$parameters$gate
  units <- layout$gate
  if (layout$kind == "gaussian") {
    standard <- rescale_gaussian(parameters, units)
    return(list(log_weight = standard$log_weights, means = standard$means,
                spreads = standard$covariances))
  }
  b <- rescale_terms(cbind(unname(parameters$coefficients), 0), units)
  constant <- b[units$intercept, ]
  list(log_weight = constant - log_sum(constant),
       slopes = b[-units$intercept, , drop = FALSE])
}

expert_atoms <- function(object, layout) {
  parameters <- object$parameters$expert
  list(coefficients = rescale_coefficients(parameters$coefficients,
                                           layout$expert, layout$response),
       covariances = unname(rescale_covariances(parameters$covariances,
                                                layout$response$scale)))
}

# Returns how much of the data belongs to each expert, and where: the mean of
# the gate's probabilities, and the mean of the predictors weighted by them.
# Without data: the weights of the measure, at the origin.
atom_places <- function(object, layout, atoms, data) {
  K <- object$K
  r <- length(layout$gate$terms) - 1L
  p <- length(layout$expert$terms)
  if (is.null(data)) {
    return(list(mass = exp(atoms$log_weight), gate_at = matrix(0, r, K),
                expert_at = matrix(0, p, K)))
  }
  problem <- replace_rows(object$problem, data$x, data$z, NULL, data$offset)
  gate <- engine_evaluate(problem, object$theta)$gate
  gate <- gate * data$weights
  total <- colSums(gate)
  mean_of <- function(m, units) {
    columns <- m[, match(units$terms, colnames(m)), drop = FALSE]
    sums <- as.matrix(Matrix::crossprod(columns, gate))
    mean <- sums / rep(pmax(total, .Machine$double.xmin), each = nrow(sums))
    unname((mean - units$center) / units$scale)
  }
  z <- mean_of(if (is.null(data$z)) data$x else data$z, layout$gate)
  list(mass = total / sum(total),
       gate_at = z[-layout$gate$intercept, , drop = FALSE],
       expert_at = mean_of(data$x, layout$expert))
}

# Returns parameters on the user's scale, named as those of a fit.
parameters_of <- function(atoms, layout, object) {
  K <- length(atoms$mass)
  list(gate = gate_of_atoms(atoms, layout, K),
       expert = experts_of_atoms(
         atoms, layout, K, dimnames(object$parameters$expert$coefficients)))
}

gate_of_atoms <- function(atoms, layout, K) {
  units <- layout$gate
  if (layout$kind == "gaussian") {
    standard <- list(log_weights = atoms$log_weight, means = atoms$means,
                     covariances = atoms$spreads)
    return(unscale_gaussian(standard, units, K))
  }
  b <- matrix(0, length(units$terms), K)
  b[units$intercept, ] <- atoms$log_weight
  b[-units$intercept, ] <- atoms$slopes
  b <- unscale_terms(b - b[, K], units)
  dimnames(b) <- list(units$terms, expert_names(K))
  list(coefficients = b[, -K, drop = FALSE])
}

experts_of_atoms <- function(atoms, layout, K, names) {
  coefficients <- unscale_coefficients(atoms$coefficients, layout$expert,
                                       layout$response)
  covariances <- unscale_covariances(atoms$covariances, layout$response$scale)
  labels <- c(names[2L], list(expert_names(K)))
  dimnames(coefficients) <- c(names[1L], labels)
  dimnames(covariances) <- c(names[2L], labels)
  list(coefficients = coefficients, covariances = covariances)
}

# Returns some of the atoms, in the given order.
take_atoms <- function(atoms, at) {
  lapply(atoms, function(part) {
    d <- length(dim(part))
    if (d == 0L) part[at]
    else if (d == 2L) part[, at, drop = FALSE]
    else part[, , at, drop = FALSE]
  })
}

# Returns the atoms of both lists.
join_atoms <- function(a, b) {
  K <- length(a$mass) + length(b$mass)
  Map(function(x, y) {
    d <- dim(x)
    if (is.null(d)) c(x, y) else array(c(x, y), c(d[-length(d)], K))
  }, a, b)
}
