# The atoms of a fitted mixing measure: each expert with its weight, its part of
# the gate, its coefficients and covariances, in the units in which
# dissimilarities are measured. From a model's parameters and back.

# What stays the same while atoms merge. `gate` and `expert` hold terms, center,
# scale and intercept of the units in use; `shared` pairs the gate's terms
# (without intercept) with the rows of the same terms in the experts' part.
atom_layout <- function(object, standardise) {
  design <- object$engine$design
  generative <- inherits(object$gate, "gate_gaussian")
  scores <- object$parameters$gate$scores
  terms <- if (generative) design$gate$terms else rownames(scores)
  if (!"(Intercept)" %in% terms) {
    abort_input("The gate has no intercept, so its experts have no weights. ",
                "Write `| z` in the formula, not `| 0 + z`.")
  }
  gate <- working_units(design$gate, terms, standardise)
  expert <- working_units(design$expert, design$expert$terms, standardise)
  own <- terms[-gate$intercept]
  shared <- match(own, expert$terms, nomatch = 0L)
  if (expert$intercept == 0L) shared[] <- 0L
  average <- (design$expert$mean - expert$center) / expert$scale
  unit <- function(scale) if (standardise) rep(1, length(scale)) else scale
  response <- design$response
  if (!standardise) {
    response$center <- 0 * response$center
    response$scale <- 0 * response$scale + 1
  }
  list(
    kind = if (generative) "gaussian" else "softmax", average = average,
    gate = gate, expert = expert, response = response,
    shared = data.frame(gate = which(shared > 0L),
                        expert = shared[shared > 0L]),
    gate_model = object$gate, expert_model = object$expert,
    # the units in which a spherical covariance is spherical
    gate_unit = unit(design$gate$scale[match(own, design$gate$terms)]),
    response_unit = unit(design$response$scale))
}

working_units <- function(design, terms, standardise) {
  at <- match(terms, design$terms)
  list(terms = terms,
       center = if (standardise) design$center[at] else numeric(length(at)),
       scale = if (standardise) design$scale[at] else rep(1, length(at)),
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
    scale <- units$scale[-units$intercept]
    return(list(
      log_weight = unname(parameters$log_weights),
      means = unname((parameters$means - units$center[-units$intercept]) /
                       scale),
      spreads = unname(parameters$covariances / as.vector(outer(scale,
                                                                scale)))))
  }
  scores <- rescale_scores(cbind(unname(parameters$scores), 0), units)
  constant <- scores[units$intercept, ]
  list(log_weight = constant - log_sum(constant),
       slopes = scores[-units$intercept, , drop = FALSE])
}

expert_atoms <- function(object, layout) {
  parameters <- object$parameters$expert
  response <- layout$response
  p <- dim(parameters$coefficients)[1L]
  q <- dim(parameters$coefficients)[2L]
  b <- matrix(parameters$coefficients, p, q * object$K)
  at <- layout$expert$intercept
  if (at > 0L) b[at, ] <- b[at, ] - response$center
  b <- rescale_scores(b / rep(rep(response$scale, object$K), each = p),
                      layout$expert)
  list(coefficients = array(b, c(p, q, object$K)),
       covariances = unname(parameters$covariances /
                              as.vector(outer(response$scale,
                                              response$scale))))
}

# How much of the data is an expert's, and where they lie: the mean of the
# gate's probabilities, and of the predictors weighted by them. Without data
# the weights of the measure, at the origin.
atom_places <- function(object, layout, atoms, data) {
  K <- object$K
  r <- length(layout$gate$terms) - 1L
  p <- length(layout$expert$terms)
  if (is.null(data)) {
    return(list(mass = exp(atoms$log_weight), gate_at = matrix(0, r, K),
                expert_at = matrix(0, p, K)))
  }
  problem <- replace_rows(object$engine, data$x, data$z, NULL, data$offset)
  gate <- with_engine(engine_evaluate(problem, object$theta))$gate
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

# Parameters on the user's scale, named as those of a fit.
parameters_of <- function(atoms, layout, object) {
  K <- length(atoms$mass)
  list(gate = gate_of_atoms(atoms, layout, K),
       expert = experts_of_atoms(
         atoms, layout, K, dimnames(object$parameters$expert$coefficients)))
}

gate_of_atoms <- function(atoms, layout, K) {
  units <- layout$gate
  labels <- expert_names(K)
  if (layout$kind == "softmax") {
    scores <- matrix(0, length(units$terms), K)
    scores[units$intercept, ] <- atoms$log_weight
    scores[-units$intercept, ] <- atoms$slopes
    scores <- unscale_scores(scores - scores[, K], units)
    dimnames(scores) <- list(units$terms, labels)
    return(list(scores = scores[, -K, drop = FALSE]))
  }
  terms <- units$terms[-units$intercept]
  scale <- units$scale[-units$intercept]
  r <- length(terms)
  list(
    weights = stats::setNames(exp(atoms$log_weight), labels),
    log_weights = stats::setNames(atoms$log_weight, labels),
    means = matrix(atoms$means * scale + units$center[-units$intercept], r, K,
                   dimnames = list(terms, labels)),
    covariances = array(atoms$spreads * as.vector(outer(scale, scale)),
                        c(r, r, K), list(terms, terms, labels)))
}

experts_of_atoms <- function(atoms, layout, K, names) {
  response <- layout$response
  labels <- expert_names(K)
  p <- length(names[[1L]])
  q <- length(names[[2L]])
  b <- unscale_scores(matrix(atoms$coefficients, p, q * K), layout$expert) *
    rep(rep(response$scale, K), each = p)
  at <- layout$expert$intercept
  if (at > 0L) b[at, ] <- b[at, ] + response$center
  covariances <- atoms$covariances *
    as.vector(outer(response$scale, response$scale))
  list(coefficients = array(b, c(p, q, K), c(names[1:2], list(labels))),
       covariances = array(covariances, c(q, q, K),
                           list(names[[2L]], names[[2L]], labels)))
}

# Some of the atoms, in the order given.
take_atoms <- function(atoms, at) {
  lapply(atoms, function(part) {
    d <- length(dim(part))
    if (d == 0L) part[at]
    else if (d == 2L) part[, at, drop = FALSE]
    else part[, , at, drop = FALSE]
  })
}

join_atoms <- function(a, b) {
  K <- length(a$mass) + length(b$mass)
  Map(function(x, y) {
    d <- dim(x)
    if (is.null(d)) c(x, y) else array(c(x, y), c(d[-length(d)], K))
  }, a, b)
}
