# The argument `start` of moe(): labels, responsibilities, another fit or a
# model.

check_start <- function(start, problem, settings, na_action) {
  K <- settings$K
  if (inherits(start, "moe_model")) {
    return(structure(start_from_fit(start, problem, settings), rule = "fit"))
  }
  n <- nrow(problem$x)
  if (NROW(start) == n + length(na_action) && length(na_action)) {
    start <- if (is.matrix(start)) start[-na_action, , drop = FALSE]
      else start[-na_action]
  }
  if (NROW(start) != n) {
    abort_input("`start` must have one label or row per row of the data, ", n,
                "; found ", NROW(start), ".")
  }
  if (is.matrix(start) || is.data.frame(start)) {
    structure(check_responsibilities(as.matrix(start), K),
              rule = "responsibilities")
  } else {
    structure(check_labels(start, K), rule = "labels")
  }
}

check_labels <- function(labels, K) {
  if (is.factor(labels)) labels <- as.integer(labels)
  ok <- is.numeric(labels) && !anyNA(labels) && all(labels %in% seq_len(K))
  if (!ok) {
    abort_input("`start`: labels must be whole numbers from 1 to K = ", K,
                " or a factor with at most as many levels, without NA; found ",
                describe(labels), " with values ",
                paste(utils::head(unique(labels), 5L), collapse = ", "), ".")
  }
  as.integer(labels)
}

check_responsibilities <- function(tau, K) {
  if (ncol(tau) != K) {
    abort_input("`start`: a matrix of responsibilities must have K = ", K,
                " columns; found ", ncol(tau), ".")
  }
  bad <- !is.numeric(tau) || anyNA(tau) || any(tau < 0) ||
    any(abs(rowSums(tau) - 1) > 1e-6)
  if (bad) {
    abort_input("`start`: responsibilities must be numbers from 0 to 1 whose ",
                "rows sum to 1.")
  }
  storage.mode(tau) <- "double"
  unname(tau)
}

# Returns the parameters of the same model, or the posterior probabilities of
# another model on the same rows.
start_from_fit <- function(fit, problem, settings) {
  if (fit$K != settings$K) {
    abort_input("`start`: the ", fit_or_model(fit), " has ", fit$K,
                " experts and K = ", settings$K, ".")
  }
  if (same_model(fit, problem, settings)) {
    theta <- problem_coordinates(problem, fit$parameters, settings$gate,
                                 settings$expert)
    return(structure(theta, class = "moe_coordinates"))
  }
  if (!inherits(fit, "moe")) return(posterior_at(fit, problem))
  posterior <- predict(fit, type = "posterior")
  posterior <- posterior[stats::complete.cases(posterior), , drop = FALSE]
  if (nrow(posterior) != nrow(problem$x)) {
    abort_input("`start`: the fit is of another model and has ",
                nrow(posterior), " rows; the data have ", nrow(problem$x),
                ".")
  }
  unname(posterior)
}

fit_or_model <- function(object) {
  if (inherits(object, "moe")) "fit" else "model"
}

# Returns the posterior probabilities of a model for the rows of the problem; it
# must be able to read them, since it holds none.
posterior_at <- function(model, problem) {
  units <- model$problem$units
  same <- identical(units$expert$all_terms,
                    problem$units$expert$all_terms) &&
    identical(units$gate$all_terms, problem$units$gate$all_terms) &&
    is.null(problem$z) == !has_own_gate_design(model) &&
    ncol(problem$y) == length(units$response$names)
  if (!same) {
    abort_input("`start`: a model of another kind must have the terms and ",
                "the number of responses of the fit, experts ",
                quote_all(problem$units$expert$all_terms), " and gate ",
                quote_all(problem$units$gate$all_terms), "; its own are ",
                quote_all(units$expert$all_terms), " and ",
                quote_all(units$gate$all_terms), ".")
  }
  values <- evaluate_parts(model, problem[c("x", "z", "y", "offset")], TRUE)
  unname(values$posterior)
}

same_model <- function(fit, problem, settings) {
  identical(fit$gate, settings$gate) &&
    identical(fit$expert, settings$expert) &&
    identical(fit$problem$spec$gate_terms, problem$spec$gate_terms) &&
    identical(fit$problem$spec$expert_terms, problem$spec$expert_terms) &&
    identical(fit$problem$spec$gate$key, problem$spec$gate$key) &&
    identical(fit$problem$units$response$names,
              problem$units$response$names)
}
