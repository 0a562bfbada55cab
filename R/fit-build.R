# From matrices to a fitted object.

# Fits a model to `data` from frame_data() or matrix_data().
fit_moe <- function(data, settings, start, na_action) {
  problem <- settings_problem(data, settings)
  run <- if (is.null(start)) {
    search_starts(problem, settings$control)
  } else {
    given <- check_start(start, problem, settings, na_action)
    run_given(problem, given, attr(given, "rule"), settings$control)
  }
  finish_fit(problem, run, settings)
}

settings_problem <- function(data, settings) {
  problem <- new_problem(data$x, data$z, data$y, data$offset, data$weights,
                         settings$K, settings$gate, settings$expert,
                         settings$control, data$groups)
  warn_dropped(problem)
  problem
}

# Turns a finished run into the fitted object, with sorted experts, and raises
# its warnings.
finish_fit <- function(problem, run, settings) {
  run$theta <- sort_experts(problem, run$theta)
  last <- engine_run(problem, run$theta, NULL,
                     engine_control(settings$control, max_iter = 0L))
  fit <- new_moe(problem, run, last, settings)
  warn_status(fit)
  fit
}

new_moe <- function(problem, run, last, settings) {
  K <- settings$K
  theta <- unname(last$theta)
  units <- problem$units
  parameters <- problem_parameters(problem, theta, settings$gate,
                                   settings$expert)
  total <- total_weight(problem)
  # the engine's objective is penalised; the penalty is per row
  penalised <- last$objective
  last$objective <- penalised + total * last$penalty
  loglik <- log_likelihoods(problem, last, settings)
  shift <- loglik[["maximised"]] - last$objective
  structure(
    list(
      K = K, gate = settings$gate, expert = settings$expert,
      parameters = parameters, loglik = loglik,
      penalty = last$penalty, objective = penalised + shift,
      df = effective_counts(theta, problem, settings$gate, last$saved),
      n = used_rows(problem),
      converged = run$status == "converged", status = run$status,
      gradient_norm = last$gradient, iterations = run$iterations,
      passes = run$passes,
      trace = run$trace + shift,
      starts = starts_on_scale(run$starts, shift),
      sizes = stats::setNames(last$sizes, expert_names(K)),
      separated = last$separated,
      floored = stats::setNames(last$floored, expert_names(K)),
      dropped = list(expert = units$expert$dropped,
                     gate = if (!is.null(problem$z)) units$gate$dropped),
      theta = last$theta, problem = replace_rows(problem, NULL, NULL),
      control = settings$control, weights = problem$weights, call = NULL
    ),
    class = c("moe", "moe_model")
  )
}

# Returns parameter_counts() less the parameters that a penalty sets to 0 and
# those that a ridge's shrinkage saves.
effective_counts <- function(theta, problem, gate, saved = NULL) {
  if (is.null(saved)) saved <- ridge_savings(problem, theta)
  parameter_counts(problem, gate) - zero_counts(theta, problem) - saved
}

# Returns how many parameters a penalty has set to 0. For a softmax gate these
# are counted at the translation with the most zeros.
zero_counts <- function(theta, problem) {
  spec <- problem$spec
  expert <- if (is.null(spec$expert$penalty)) 0L
    else sum(expert_slopes(problem, theta) == 0)
  at <- unpack_coordinates(problem, theta)$gate
  if (is.null(spec$gate$penalty) || !length(unlist(at))) return(expert)
  if (spec$gate$key == "gaussian") {
    gate <- sum(at$means == 0)
    return(expert + c(maximised = gate, conditional = 0L, joint = gate))
  }
  b <- cbind(at$coefficients, 0)
  used <- spec$gate$penalty$factor > 0
  same <- apply(b[used, , drop = FALSE], 1L, function(row) {
    max(tabulate(match(row, row)))
  })
  expert + sum(same - 1L)
}

starts_on_scale <- function(starts, shift) {
  starts$objective <- starts$objective + shift
  starts
}

# Returns the log-likelihoods in the user's units: of y given the predictors
# and, for a joint likelihood, of z and y.
log_likelihoods <- function(problem, last, settings) {
  gate <- settings$gate
  threads <- settings$control$threads
  total <- total_weight(problem)
  y_part <- total * log_jacobian(problem, joint = FALSE)
  if (!identical(gate$name, "gaussian")) {
    value <- last$objective + y_part
    return(c(maximised = value, conditional = value))
  }
  both_part <- total * log_jacobian(problem, joint = TRUE)
  if (gate$likelihood == "joint") {
    gates <- engine_gate_log_likelihood(problem, last$theta, threads)
    return(c(maximised = last$objective + both_part,
             conditional = last$objective - gates + y_part,
             joint = last$objective + both_part))
  }
  value <- last$objective + y_part
  c(maximised = value, conditional = value,
    joint = value + gaussian_marginal(problem, last$theta, settings) +
      both_part - y_part)
}

# Returns the log density of the gate's predictors under the representative that
# a conditional gate reports.
gaussian_marginal <- function(problem, theta, settings) {
  gate <- settings$gate
  at <- unpack_coordinates(problem, theta)$gate
  parameters <- gate_parameters(gate, at, problem$units$gate, problem$spec$K)
  made <- with_joint_gate(problem, theta, gate, parameters)
  engine_gate_log_likelihood(made$problem, made$theta,
                             settings$control$threads)
}

warn_dropped <- function(problem) {
  dropped <- problem$units$expert$dropped
  if (length(dropped)) {
    warn("rank", "The experts' design is rank deficient; dropped (coefficient ",
         "NA): ", quote_all(dropped), ".")
  }
  dropped <- if (!is.null(problem$z)) problem$units$gate$dropped
  if (length(dropped)) {
    warn("rank", "The gate's design is rank deficient; dropped: ",
         quote_all(dropped), ".")
  }
}

warn_status <- function(fit) {
  if (!fit$converged) {
    warn("convergence", "The fit did not converge (", fit$status, " after ",
         fit$iterations, " iterations, gradient ",
         signif(fit$gradient_norm, 2L), " per observation). Raise ",
         "`max_iter` in moe_control(), or try other starts.")
  }
  if (any(fit$floored)) {
    warn("floor", "A variance of ", quote_all(names(which(fit$floored))),
         if (gate_is_generative(fit$gate)) " (of the response or of the gate)",
         " is at its floor (`min_variance`): the expert fits its rows ",
         "perfectly, or it has too few of them. The likelihood has no ",
         "maximum there; try fewer experts",
         if (is_penalised(fit$expert)) ", a larger `lambda`",
         " or shared = TRUE.")
  }
  empty <- fit$sizes < 1e-3 * sum(fit$sizes) / fit$n
  if (any(empty)) {
    warn("empty", "No rows belong to ", quote_all(names(which(empty))),
         ". Try fewer experts or another `start`.")
  }
  if (fit$separated && !any(empty)) {
    warn("separation", "Separated experts: the likelihood grows towards a ",
         "gate that switches abruptly. The fit is at the supremum to the ",
         "tolerance; the gate's slopes have no finite estimate.")
  }
}
