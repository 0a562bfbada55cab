# The search for the best optimum: short runs from many starts (on a sample of
# the rows where there are many), the best of them run to the end.

sample_rows <- 5000L
short_iterations <- 60L
short_tol <- 1e-4

# The best run, with the table of all starts as `$starts`.
search_starts <- function(problem, control) {
  if (problem$spec$K == 1L) {
    return(run_given(problem, rep(1L, nrow(problem$x)), "single", control))
  }
  sampled <- sample_problem(problem)
  data <- start_data(sampled)
  rules <- rep_len(if (is.null(control$init)) names(start_rules)
                   else control$init, control$starts)
  short <- lapply(rules, function(rule) short_run(sampled, data, rule, control))
  chosen <- leaders(short, control$starts)
  final <- lapply(chosen, function(i) {
    run_engine(problem, short[[i]]$theta, NULL,
               engine_control(control, verbose = control$verbose))
  })
  best <- final[[best_run(final)]]
  best$starts <- starts_table(rules, short, chosen, final,
                              total_weight(problem) / total_weight(sampled))
  best
}

short_run <- function(problem, data, rule, control) {
  K <- problem$spec$K
  labels <- fill_labels(start_rules[[rule]](data, K), K)
  settings <- engine_control(control, short_iterations, short_tol)
  tryCatch(
    run_engine(problem, engine_initial(problem), labels, settings),
    gatemix_error_numeric = function(e) failed_run()
  )
}

failed_run <- function() {
  list(theta = NULL, status = "failed", iterations = 0L, passes = 0L,
       objective = -Inf, gradient = NA_real_, degenerate = TRUE)
}

# One start, run to the end: labels, responsibilities or coordinates.
run_given <- function(problem, start, rule, control) {
  theta <- engine_initial(problem)
  given <- start
  if (inherits(start, "moe_coordinates")) {
    theta[] <- unclass(start)
    given <- NULL
  }
  run <- run_engine(problem, theta, given,
                    engine_control(control, verbose = control$verbose))
  run$starts <- starts_table(rule, list(run), 1L, list(run), 1)
  run
}

run_engine <- function(problem, theta, start, settings) {
  run <- with_engine(engine_run(problem, theta, start, settings))
  # an expert with fewer rows than coefficients can be fitted perfectly
  few <- run$sizes < length(problem$spec$expert_terms) + 1
  run$degenerate <- any(run$floored) || (any(few) && problem$spec$K > 1L)
  run
}

# A run at the floor of the variances may have any likelihood: it comes after
# all others.
run_order <- function(runs) {
  order(vapply(runs, `[[`, TRUE, "degenerate"),
        -vapply(runs, `[[`, 0, "objective"))
}

best_run <- function(runs) run_order(runs)[1L]

# The starts worth finishing: the best third, each optimum once.
leaders <- function(runs, starts) {
  ranked <- run_order(runs)
  ranked <- ranked[vapply(runs[ranked], `[[`, "", "status") != "failed"]
  if (!length(ranked)) {
    abort("numeric", "No start could be evaluated. Check the data for ",
          "extreme values, or try fewer experts.")
  }
  objective <- vapply(runs[ranked], `[[`, 0, "objective")
  converged <- vapply(runs[ranked], `[[`, "", "status") == "converged"
  repeated <- c(FALSE, abs(diff(objective)) < 1e-3) & converged
  ranked <- ranked[!repeated]
  utils::head(ranked, max(2L, ceiling(starts / 3)))
}

starts_table <- function(rules, short, chosen, final, scale) {
  value <- function(name, type) vapply(short, `[[`, type, name)
  table <- data.frame(
    start = seq_along(rules), rule = rules,
    objective = value("objective", 0) * scale,
    iterations = value("iterations", 0L),
    status = ifelse(value("status", "") == "failed", "failed", "screened out")
  )
  for (j in seq_along(chosen)) {
    i <- chosen[j]
    run <- final[[j]]
    table$objective[i] <- run$objective
    table$iterations[i] <- run$iterations +
      if (identical(run, short[[i]])) 0L else short[[i]]$iterations
    table$status[i] <- if (run$degenerate) "degenerate" else run$status
  }
  table
}

sample_problem <- function(problem) {
  n <- nrow(problem$x)
  size <- max(sample_rows, 50L * length(engine_initial(problem)))
  if (n <= 2 * size) return(problem)
  w <- problem$weights
  rows <- sort(sample.int(n, size, prob = w))
  problem["weights"] <- list(NULL)
  subset_problem(problem, rows)
}
