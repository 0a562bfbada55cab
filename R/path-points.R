# The points of a path: what is kept of each run, its row of the table, and the
# fitted object of class `moe` that it stands for.

# Keeps a run: its experts in the given `order`, and of the coordinates only
# those that are not 0.
new_point <- function(problem, run,
                      order = expert_order(problem, run$theta)) {
  theta <- engine_permute(problem, run$theta, order)
  used <- which(theta != 0)
  list(at = used, value = unname(theta[used]), length = length(theta),
       objective = run$objective, penalty = run$penalty,
       gradient = run$gradient, status = run$status,
       iterations = run$iterations, passes = run$passes,
       sizes = run$sizes[order], floored = run$floored[order],
       separated = run$separated, degenerate = run$degenerate,
       experts = sum(!run$empty),
       saved = ridge_savings(problem, theta))
}

point_theta <- function(point) {
  replace(numeric(point$length), point$at, point$value)
}

path_table <- function(points, lambda, ratio, problem, settings) {
  rows <- Map(function(point, lambda, ratio) {
    point_row(point, set_lambda(problem, lambda, ratio),
              at_lambda(settings, lambda, ratio))
  }, points, lambda, ratio)
  both <- all(settings$penalised)
  n <- used_rows(problem)
  table <- do.call(rbind, rows)
  candidates <- table$candidates
  out <- data.frame(
    lambda = lambda,
    lambda_gate = if (both) lambda * ratio
      else if (settings$penalised[["gate"]]) lambda else NA_real_,
    ratio = if (both) ratio else NA_real_,
    table[c("df", "experts", "nonzero_expert", "nonzero_gate", "logLik",
            "objective")])
  chosen <- out$nonzero_expert + out$nonzero_gate
  out$AIC <- -2 * out$logLik + 2 * out$df
  out$BIC <- -2 * out$logLik + log(n) * out$df
  out$EBIC <- out$BIC + lchoose(pmax(candidates, chosen), chosen)
  rownames(out) <- NULL
  cbind(out, table[c("gradient_norm", "iterations", "status")])
}

point_row <- function(point, problem, settings) {
  theta <- point_theta(point)
  last <- point
  last$theta <- theta
  last$objective <- point$objective + total_weight(problem) * point$penalty
  loglik <- log_likelihoods(problem, last, settings)[["maximised"]]
  df <- effective_counts(theta, problem, settings$gate, point$saved)
  used <- nonzero_slopes(problem, theta)
  data.frame(df = df[["maximised"]], nonzero_expert = used$expert,
             nonzero_gate = used$gate, candidates = used$candidates,
             experts = point$experts, logLik = loglik,
             objective = loglik - total_weight(problem) * point$penalty,
             gradient_norm = point$gradient, iterations = point$iterations,
             status = if (point$degenerate) "degenerate" else point$status)
}

# Returns how many of the penalised coefficients are not 0; a gate's are counted
# as in zero_counts().
nonzero_slopes <- function(problem, theta) {
  spec <- problem$spec
  out <- list(expert = 0L, gate = 0L, candidates = 0L)
  if (!is.null(spec$expert$penalty)) {
    b <- expert_slopes(problem, theta)[spec$expert$penalty$factor > 0, ,
                                       drop = FALSE]
    out$expert <- sum(b != 0)
    out$candidates <- length(b)
  }
  if (is.null(spec$gate$penalty) || block_size(problem, "gate") == 0L) {
    return(out)
  }
  free <- sum(spec$gate$penalty$factor > 0) *
    if (spec$gate$key == "gaussian") spec$K else spec$K - 1L
  problem$spec$expert$penalty <- NULL
  out$gate <- free - zero_counts(theta, problem)[[1L]]
  out$candidates <- out$candidates + free
  out
}

# Returns the fit at a point.
point_fit <- function(path, i, relax = FALSE) {
  row <- path$table[i, ]
  ratio <- if (is.na(row$ratio)) 1 else row$ratio
  settings <- at_lambda(path$settings, row$lambda, ratio)
  problem <- set_lambda(path$problem, row$lambda, ratio)
  point <- path$points[[i]]
  if (relax) {
    point <- path$relaxed$points[[i]]
    settings <- relaxed_settings(settings)
    problem <- relaxed_problem(problem)
  }
  last <- point
  last$theta <- stats::setNames(point_theta(point), path_names(path))
  run <- list(status = point$status, iterations = point$iterations,
              passes = point$passes, trace = point$objective,
              starts = data.frame(
                start = 1L, rule = "path", objective = point$objective,
                iterations = point$iterations, status = point$status))
  fit <- new_moe(problem, run, last, settings)
  fit$call <- path$call
  for (part in names(path$source)) fit[[part]] <- path$source[[part]]
  fit
}

path_names <- function(path) names(engine_initial(path$problem))

# Returns a run of a path, or NULL if it failed. An expert without rows does not
# make it degenerate: it is the fit of a smaller mixture, and that is the best
# of all where lambda is large.
run_or_null <- function(problem, theta, start, settings) {
  run <- tryCatch(run_engine(problem, theta, start, settings),
                  gatemix_error_numeric = function(e) NULL)
  if (!is.null(run)) run$degenerate <- !run$regular
  run
}

# Returns the points among which criteria choose. Certified to 1e-6 is enough,
# since rounding may have stopped a run before its tolerance.
regular_points <- function(table) {
  table$status == "converged" |
    (table$status == "stalled" & table$gradient_norm <= 1e-6)
}
