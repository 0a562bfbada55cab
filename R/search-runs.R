# Runs of the engine: how far each goes, how it is judged, and which is better.

# Iterations of each round of a race, and the share of the starts that goes on
# after it.
race_effort <- list(iterations = c(20L, 40L, 300L),
                    survivors = c(1 / 2, 1 / 3, 1 / 3))
race_tol <- 1e-4

# Returns the settings of a run in a race. A penalised run with as many
# coefficients as half of the rows is degenerate already, and slow: it stops
# there.
race_control <- function(control, iterations) {
  engine_control(control, iterations, race_tol, stop_saturated = TRUE)
}

# Runs EM from labels for the iterations of the first round.
first_round <- function(problem, labels, control, effort = race_effort) {
  settings <- race_control(control, effort$iterations[1L])
  tryCatch(
    run_engine(problem, engine_initial(problem), labels, settings),
    gatemix_error_numeric = function(e) failed_run()
  )
}

# Continues a run for some more iterations of the race.
resume_run <- function(problem, run, iterations, control) {
  more <- run_engine(problem, run$theta, NULL,
                     race_control(control, iterations))
  more$iterations <- more$iterations + run$iterations
  more
}

# Stands for a run whose likelihood could not be evaluated.
failed_run <- function() {
  list(theta = NULL, status = "failed", iterations = 0L, passes = 0L,
       objective = -Inf, gradient = NA_real_, degenerate = TRUE, weight = 1,
       unit = 1)
}

# An expert with a smaller share of the rows is empty: this is a fit with fewer
# experts.
empty_share <- 1e-6

# Runs the engine and judges the result: `degenerate`, or `regular` if it would
# not be degenerate without its empty experts.
run_engine <- function(problem, theta, start, settings) {
  run <- engine_run(problem, theta, start, settings)
  # an expert with hardly more rows than coefficients fits them perfectly
  run$unit <- weight_unit(problem)
  run$weight <- total_weight(problem)
  few <- run$sizes < 2 * (free_coefficients(problem, run$theta) + 1) * run$unit
  run$empty <- run$sizes < empty_share * run$weight
  bad <- run$floored | (few & problem$spec$K > 1L)
  run$degenerate <- any(bad) || run$status == "saturated"
  # without its empty experts
  run$regular <- !any(bad & !run$empty) && run$status != "saturated"
  run
}

# Returns the number of coefficients that each expert has: those that are not 0,
# if a penalty sets some to 0. A ridge sets none to 0, however many there are;
# only those that are not penalised count.
free_coefficients <- function(problem, theta) {
  penalty <- problem$spec$expert$penalty
  if (is.null(penalty)) return(length(problem$spec$expert_terms))
  used <- expert_slopes(problem, theta) != 0
  if (is_ridge(penalty)) used[penalty$factor > 0, ] <- FALSE
  q <- length(problem$y_scale)
  colSums(matrix(colSums(used), q)) / q
}

# Returns the settings of a final run, which reports its log-likelihood on the
# user's scale.
final_control <- function(problem, control) {
  joint <- problem$spec$gate$key == "gaussian"
  engine_control(control, verbose = control$verbose,
                 shift = total_weight(problem) * log_jacobian(problem, joint))
}

# Returns the order of runs from best to worst. A run at the floor of the
# variances, or with an expert for a handful of rows, may have any likelihood:
# it comes after all others.
run_order <- function(runs) {
  order(vapply(runs, `[[`, TRUE, "degenerate"),
        -vapply(runs, `[[`, 0, "objective"))
}

best_run <- function(runs) run_order(runs)[1L]

# Returns whether a run beats the best so far by more than rounding.
better_run <- function(run, best) {
  if (run$degenerate != best$degenerate) return(best$degenerate)
  run$objective > best$objective + 1e-3 * best$unit
}

# Returns a data frame with a row per start: how far the race took it (on a
# sample: scaled to all rows), or how it ended.
starts_table <- function(rules, runs, finalists, final, weight) {
  table <- data.frame(
    start = seq_along(rules), rule = rules,
    objective = vapply(runs, function(run) run$objective / run$weight, 0) *
      weight,
    iterations = vapply(runs, `[[`, 0L, "iterations"),
    status = ifelse(vapply(runs, `[[`, "", "status") == "failed", "failed",
                    "screened out")
  )
  for (j in seq_along(finalists)) {
    i <- finalists[j]
    run <- final[[j]]
    table$objective[i] <- run$objective
    table$iterations[i] <- table$iterations[i] + run$iterations
    table$status[i] <- if (run$degenerate) "degenerate" else run$status
  }
  table
}
