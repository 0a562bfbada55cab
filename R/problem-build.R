# A problem is a plain list: the matrices, how their columns are standardised,
# and the specification of the model. It is all that the engine sees.

new_problem <- function(x, z, y, offset, weights, K, gate, expert, control,
                        groups = NULL) {
  data <- data_problem(x, z, y, offset, weights, control, list(gate),
                       list(expert), groups, K)
  model_problem(data, K, gate, expert)
}

# Returns the part that all models of the same data share: which columns are
# used, and how they and the response are standardised. `groups` is the term of
# each column of both designs (NULL: each is a term of its own), `K` the number
# of experts of the largest model.
data_problem <- function(x, z, y, offset, weights, control, gates, experts,
                         groups = NULL, K = 2L) {
  refuse_unequal_rows(x, z, y)
  if (!is.null(offset)) offset <- offset_matrix(offset, y)
  units <- design_units(x, z, weights, gates, experts, groups, K)
  problem <- list(
    x = x, x_columns = units$expert$columns, x_center = units$expert$center,
    x_scale = units$expert$scale,
    z = z, z_columns = units$gate$columns, z_center = units$gate$center,
    z_scale = units$gate$scale,
    y = y, offset = offset, weights = weights,
    # the model comes later, see set_model(): `$` must not find the terms
    spec = list(gate = NULL, expert = NULL, gate_terms = units$gate$terms,
                expert_terms = units$expert$terms,
                settings = control[c("min_variance", "gate_step")]),
    units = units
  )
  response <- standardised_response(problem, Filter(is_penalised, experts))
  problem$y_center <- response$center
  problem$y_scale <- response$scale
  problem$units$response <- response
  problem
}

refuse_unequal_rows <- function(x, z, y) {
  n <- nrow(x)
  if (nrow(y) != n) {
    abort_input("`y` has ", nrow(y), " rows and `x` has ", n, ".")
  }
  if (!is.null(z) && nrow(z) != n) {
    abort_input("`z` has ", nrow(z), " rows and `x` has ", n, ".")
  }
}

# Returns which columns of the two designs are used and how they are
# standardised. A design keeps dependent columns for what is penalised; what is
# not penalised may then not use them.
design_units <- function(x, z, weights, gates, experts, groups, K) {
  free <- c(expert = !all(vapply(experts, is_penalised, TRUE)),
            gate = K > 1L && any(vapply(gates, has_free_coefficients, TRUE)))
  penalised <- c(expert = any(vapply(experts, is_penalised, TRUE)),
                 gate = any(vapply(gates, is_penalised, TRUE)))
  if (is.null(z)) {
    own <- column_units(x, weights, "the experts' design", any(penalised),
                        groups$expert)
    if (any(penalised)) refuse_dependent(x, own, weights, free)
    return(list(expert = own, gate = own))
  }
  units <- list(
    expert = column_units(x, weights, "the experts' design",
                          penalised[["expert"]], groups$expert),
    gate = column_units(z, weights, "the gate's design", penalised[["gate"]],
                        groups$gate))
  if (penalised[["expert"]]) {
    refuse_dependent(x, units$expert, weights, free["expert"])
  }
  if (penalised[["gate"]]) {
    refuse_dependent(z, units$gate, weights, free["gate"])
  }
  units
}

# Returns the problem of one model for these data.
model_problem <- function(problem, K, gate, expert) {
  w <- problem$weights
  used <- if (is.null(w)) nrow(problem$x) else sum(w > 0)
  if (K > used) {
    abort_input("`K` must not exceed the number of rows; found K = ", K,
                " for ", used, " row(s) with positive weight.")
  }
  units <- problem$units
  unit <- if (isFALSE(expert$penalty$standardize)) units$response$scale[1L]
    else 1
  problem <- set_model(
    problem, K,
    gate_spec(gate, problem$spec$gate_terms, K,
              penalty_spec(gate, units$gate, 1, "gate")),
    expert_spec(expert, penalty_spec(expert, units$expert, unit, "expert")))
  if (identical(gate$likelihood, "conditional")) {
    problem$units$gate$correlation <- gate_correlation(problem, gate)
  }
  problem
}

offset_matrix <- function(offset, y) {
  if (!is.numeric(offset) || NROW(offset) != nrow(y) ||
      !NCOL(offset) %in% c(1L, ncol(y))) {
    abort_input("offset() must give one number per row (or one per row and ",
                "response); found ", describe(offset), ".")
  }
  if (any(!is.finite(offset))) {
    abort_input("offset() has ", sum(!is.finite(offset)),
                " value(s) that are not finite.")
  }
  matrix(as.double(offset), nrow(y), ncol(y))
}

# Returns the units of a design, which say which of its columns are used and how
# they are standardised:
#   all_terms            the names of all columns
#   columns, terms       the numbers and names of the columns in use
#   dropped              the names of the others
#   center, scale        a column is standardised as (x - center) / scale
#   mean                 the weighted means of the columns in use
#   groups               the term of the formula that each belongs to
#   intercept            which of them is the intercept; 0: none
# With a conditional Gaussian gate, model_problem() adds the `correlation` of
# the gate's predictors. Columns that are combinations of earlier ones are
# dropped, as lm() does, unless there is a penalty, which makes sense of them.
column_units <- function(x, weights, what, penalised, groups) {
  terms <- colnames(x)
  summary <- engine_summarise_columns(x, weights)
  bad <- !is.finite(summary$mean) | !is.finite(summary$sd)
  if (any(bad)) {
    abort_input("The column(s) ", quote_all(terms[bad]), " of ", what,
                " hold infinite values or NA; remove or recode them.")
  }
  intercept <- match("(Intercept)", terms, nomatch = 0L)
  if (intercept > 0L) {
    center <- summary$mean
    scale <- summary$sd
    scale[scale <= 1e-10 * abs(center)] <- 0
    center[intercept] <- 0
    scale[intercept] <- 1
  } else {
    center <- numeric(length(terms))
    scale <- summary$root_mean_square
  }
  scale[scale == 0] <- 1
  keep <- if (penalised) rep(TRUE, ncol(x))
    else independent_columns(x, center, scale, weights)
  if (is.null(groups)) groups <- terms
  list(columns = which(keep), terms = terms[keep], center = center[keep],
       scale = scale[keep], dropped = terms[!keep], all_terms = terms,
       mean = summary$mean[keep], groups = groups[keep],
       intercept = match("(Intercept)", terms[keep], nomatch = 0L))
}

has_free_coefficients <- function(gate) {
  !is_penalised(gate) && !identical(gate$name, "constant")
}

# Refuses an unpenalised part whose columns are dependent: a design keeps such
# columns for a penalised part, and the coefficients of an unpenalised one that
# uses them would be undetermined.
refuse_dependent <- function(x, units, weights, free) {
  if (!any(free)) return(invisible())
  keep <- independent_columns(x, units$center, units$scale, weights)
  if (all(keep)) return(invisible())
  part <- names(which(free))[1L]
  abort_input("`", part, "`: it has no penalty, and its columns depend on ",
              "each other (", quote_all(utils::head(units$terms[!keep], 5L)),
              if (sum(!keep) > 5L) ", ...", "). Remove them from its part of ",
              "the formula, or penalise it too (see ?penalties).")
}

# Returns which columns are independent of those before them. The Gram matrix of
# the standardised columns decides clear cases, the QR decomposition of lm()
# decides where columns are nearly dependent.
independent_columns <- function(x, center, scale, weights) {
  if (ncol(x) == 0L) {
    abort_input("`formula` has no terms, not even an intercept.")
  }
  if (ncol(x) > 20000L) {
    abort_input("`x` has ", ncol(x), " columns: an unpenalised fit holds a ",
                "matrix of their products and takes 20000 at most. Give gate ",
                "and experts a `penalty`, see ?penalties.")
  }
  found <- engine_independent_columns(x, center, scale, weights, 1e-10)
  close <- !all(found$keep) || found$smallest_kept < 1e-7
  if (!close || !is.matrix(x)) return(found$keep)
  weighted <- if (is.null(weights)) x else x * sqrt(weights)
  qr <- qr(weighted, tol = 1e-7)
  seq_len(ncol(x)) %in% qr$pivot[seq_len(qr$rank)]
}

# Returns center and scale of the response. It is measured in residual standard
# deviations of its regression on all rows, so that variances near 1 are
# ordinary and the floor is relative to what there is to explain. If that
# regression is nearly perfect, the unit is a hundredth of the response's own
# spread: otherwise the rounding of the residuals would be larger than the
# gradient's tolerance. For penalised experts the unit is the standard
# deviation, so that lambda has no unit; it is the same for all responses if the
# penalty is on coefficients as they are.
standardised_response <- function(problem, penalised) {
  y <- problem$y
  q <- ncol(y)
  target <- if (is.null(problem$offset)) y else y - problem$offset
  summary <- engine_summarise_columns(target, problem$weights)
  bad <- !is.finite(summary$mean) | !is.finite(summary$sd)
  if (any(bad)) {
    abort_input("The response ", quote_all(colnames(y)[bad]),
                " holds infinite values or NA; remove or recode them.")
  }
  center <- if (problem$units$expert$intercept > 0L) summary$mean
    else numeric(q)
  spread <- if (problem$units$expert$intercept > 0L) summary$sd
    else summary$root_mean_square
  flat <- spread <= 1e-12 * pmax(abs(summary$mean), 1e-300)
  spread[flat] <- 1
  problem$y_center <- center
  problem$y_scale <- spread
  scale <- if (length(penalised)) penalised_scale(penalised, spread) else {
    residual <- spread * pooled_residual_sd(problem)
    ifelse(flat, 1, pmax(residual, 1e-2 * spread))
  }
  list(center = center, scale = scale, names = colnames(y))
}

penalised_scale <- function(experts, spread) {
  standardize <- vapply(experts, function(e) e$penalty$standardize, TRUE)
  if (all(standardize)) return(spread)
  if (any(standardize)) {
    abort_input("`expert`: penalties of one collection must all be ",
                "standardised, or none.")
  }
  rep(sqrt(mean(spread^2)), length(spread))
}

independent_gaussians <- list(
  key = "gaussian", options = list(covariance = "diagonal", shared = FALSE))

# Returns the residual standard deviations of one regression on all rows.
pooled_residual_sd <- function(problem) {
  problem <- set_model(problem, 1L, block_spec("constant"),
                       independent_gaussians, no_floor(problem))
  exp(as.vector(one_step(problem)$expert$covariances))
}

# Returns the correlation of the gate's predictors, or the identity if the
# covariance structure has no correlations.
gate_correlation <- function(problem, gate) {
  r <- length(problem$z_columns) - 1L
  if (gate$covariance != "full") return(diag(r))
  if (is.null(problem$z)) problem$z <- problem$x
  problem <- set_model(problem, 1L,
                       gate_spec(gate_gaussian(), problem$spec$gate_terms, 1L),
                       problem$spec$expert)
  slice(covariances_from_coordinates(one_step(problem)$gate$covariances,
                                     "full", FALSE, r, 1L), 1L)
}

# Returns the coordinates, as arrays, after one M-step of a model with one
# expert.
one_step <- function(problem) {
  n <- nrow(problem$x)
  theta <- engine_initial(problem)
  stats <- engine_accumulate(problem, theta, rep(1L, n), 1, n, 1L)
  unpack_coordinates(problem, engine_solve(problem, theta, stats, 1))
}

# Returns the problem with some of its rows (for searches on a sample),
# standardised in the same way.
subset_problem <- function(problem, rows) {
  for (part in c("x", "z", "y", "offset")) {
    if (!is.null(problem[[part]])) {
      problem[[part]] <- problem[[part]][rows, , drop = FALSE]
    }
  }
  if (!is.null(problem$weights)) problem$weights <- problem$weights[rows]
  problem
}

# Returns the problem for new rows: other matrices, the same columns and scales.
replace_rows <- function(problem, x, z, y = NULL, offset = NULL) {
  problem["x"] <- list(x)
  problem["z"] <- list(z)
  problem["y"] <- list(y)
  problem["offset"] <- list(offset)
  problem["weights"] <- list(NULL)
  problem
}

total_weight <- function(problem) {
  if (is.null(problem$weights)) nrow(problem$x) else sum(problem$weights)
}

# Returns the average weight of the rows that count, which is what "one row" is
# worth.
weight_unit <- function(problem) {
  if (is.null(problem$weights)) 1 else
    mean(problem$weights[problem$weights > 0])
}

# Returns, per row, the log density in the user's units minus that in
# standardised units.
log_jacobian <- function(problem, joint) {
  gate <- problem$units$gate
  -sum(log(problem$y_scale)) -
    if (joint) sum(log(gate$scale[-gate$intercept])) else 0
}

used_rows <- function(problem) {
  if (is.null(problem$weights)) nrow(problem$x) else sum(problem$weights > 0)
}
