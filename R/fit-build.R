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
  problem <- with_engine(
    new_problem(data$x, data$z, data$y, data$offset, data$weights, settings$K,
                settings$gate, settings$expert, settings$control,
                data$groups))
  warn_dropped(problem)
  problem
}

# Turns a finished run into the fitted object, with sorted experts, and raises
# its warnings.
finish_fit <- function(problem, run, settings) {
  run$theta <- sort_experts(problem, run$theta, settings$expert)
  last <- engine_run(problem, run$theta, NULL,
                     engine_control(settings$control, max_iter = 0L))
  fit <- new_moe(problem, run, last, settings)
  warn_status(fit)
  fit
}

new_moe <- function(problem, run, last, settings) {
  K <- settings$K
  theta <- unname(last$theta)
  n_gate <- length(theta) - expert_size(problem, settings$expert)
  design <- problem$design
  parameters <- list(
    gate = gate_parameters(settings$gate, theta[seq_len(n_gate)], design$gate,
                           K),
    expert = expert_parameters(
      settings$expert, theta[n_gate + seq_len(length(theta) - n_gate)],
      design$expert, design$response, K)
  )
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
      df = effective_counts(theta, n_gate, problem, settings$gate,
                            last$saved),
      n = used_rows(problem),
      converged = run$status == "converged", status = run$status,
      gradient_norm = last$gradient, iterations = run$iterations,
      passes = run$passes,
      trace = run$trace + shift,
      starts = starts_on_scale(run$starts, shift),
      sizes = stats::setNames(last$sizes, expert_names(K)),
      separated = last$diverging,
      floored = stats::setNames(last$floored, expert_names(K)),
      dropped = list(expert = design$expert$dropped,
                     gate = if (!is.null(problem$z)) design$gate$dropped),
      theta = last$theta, n_gate = n_gate,
      engine = replace_rows(problem, NULL, NULL), control = settings$control,
      weights = problem$weights, call = NULL
    ),
    class = c("moe", "moe_model")
  )
}

# Returns the same counts without parameters that a penalty has set to 0 and
# without those that a ridge saves.
effective_counts <- function(theta, n_gate, problem, gate, saved = NULL) {
  spec <- problem$spec
  if (is.null(saved)) saved <- ridge_savings(problem, theta, n_gate)
  parameter_counts(theta, n_gate, gate, length(spec$gate_terms), spec$K) -
    zero_counts(theta, n_gate, problem) - saved
}

# Returns how many parameters a penalty has set to 0. For a softmax gate these
# are counted at the translation with the most zeros.
zero_counts <- function(theta, n_gate, problem) {
  spec <- problem$spec
  K <- spec$K
  expert <- if (is.null(spec$expert$penalty)) 0L
    else sum(expert_slopes(problem, theta) == 0)
  if (is.null(spec$gate$penalty) || n_gate == 0L) return(expert)
  if (spec$gate$engine == "gaussian") {
    means <- K - 1L + seq_len(K * (length(spec$gate_terms) - 1L))
    gate <- sum(theta[means] == 0)
    return(expert + c(maximised = gate, conditional = 0L, joint = gate))
  }
  scores <- cbind(matrix(theta[seq_len(n_gate)], ncol = K - 1L), 0)
  used <- spec$gate$penalty$factor > 0
  same <- apply(scores[used, , drop = FALSE], 1L, function(b) {
    max(tabulate(match(b, b)))
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
  n_gate <- length(theta) - expert_size(problem, settings$expert)
  parameters <- gate_parameters(gate, unname(theta)[seq_len(n_gate)],
                                problem$design$gate, problem$spec$K)
  made <- with_joint_gate(problem, theta, n_gate, gate, parameters)
  engine_gate_log_likelihood(made$engine, made$theta, settings$control$threads)
}

warn_dropped <- function(problem) {
  dropped <- problem$design$expert$dropped
  if (length(dropped)) {
    warn("rank", "The experts' design is rank deficient; dropped (coefficient ",
         "NA): ", quote_all(dropped), ".")
  }
  dropped <- if (!is.null(problem$z)) problem$design$gate$dropped
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
