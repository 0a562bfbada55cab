# The search for the best optimum. Starts race on the rows, or on a sample
# where there are many: after each round the better part goes on. Moves then try
# to improve the winner (perturb.R). It, and any rival that it has not clearly
# beaten, are run to the end on all rows.

# iterations of each round, and the share of the starts that goes on after it
race_iterations <- c(20L, 40L, 300L)
race_survivors <- c(1 / 2, 1 / 3, 1 / 3)
race_tol <- 1e-4
# log-likelihood within which a rival may still overtake the winner
race_margin <- c(all_rows = 0.5, sample = 10)

# The best run, with the table of all starts as `$starts`.
search_starts <- function(problem, control) {
  if (problem$spec$K == 1L) {
    return(run_given(problem, rep(1L, nrow(problem$x)), "single", control))
  }
  sampled <- sample_problem(problem)
  tries <- number_of_moves(control, nrow(sampled$x))
  tick <- progress(control$starts + tries + 1L)
  race <- race_starts(sampled, control, tries, tick)
  best <- finish_race(problem, sampled, race, control)
  tick()
  best
}

# The leaders of a race on `sampled`, run to the end on all rows: the best, with
# the table of all starts.
finish_race <- function(problem, sampled, race, control) {
  finalists <- close_rivals(race$runs, race$alive, race_margin[["sample"]])
  if (nrow(sampled$x) < nrow(problem$x)) {
    race$runs[finalists] <- heat_on_all_rows(problem, race$runs[finalists],
                                             control)
    finalists <- finalists[run_order(race$runs[finalists])]
  }
  finalists <- close_rivals(race$runs, finalists, race_margin[["all_rows"]])
  final <- lapply(race$runs[finalists], function(run) {
    run_engine(problem, run$theta, NULL, final_control(problem, control))
  })
  best <- final[[best_run(final)]]
  best$starts <- starts_table(race$rules, race$runs, finalists, final,
                              total_weight(problem))
  best
}

# A few iterations on all rows for those who won on the sample.
heat_on_all_rows <- function(problem, runs, control) {
  settings <- engine_control(control, race_iterations[1L], race_tol)
  lapply(runs, function(run) {
    heat <- run_engine(problem, run$theta, NULL, settings)
    heat$iterations <- heat$iterations + run$iterations
    heat
  })
}

# All starts, as far as the race took each; `alive`: the leaders, best first.
race_starts <- function(problem, control, tries, tick) {
  data <- start_data(problem)
  rules <- rep_len(if (is.null(control$init)) names(start_rules)
                   else control$init, control$starts)
  runs <- lapply(rules, function(rule) {
    labels <- start_rules[[rule]](data, problem$spec$K)
    run <- first_round(problem, fill_labels(labels, problem$spec$K), control)
    tick()
    run
  })
  race <- run_rounds(problem, runs, control)
  winner <- race$runs[[race$alive[1L]]]
  moved <- improve_best(problem, data, winner, control, tries, tick)
  if (better_run(moved, winner)) {
    race$runs <- c(race$runs, list(moved))
    race$alive <- c(length(race$runs), race$alive)
    rules <- c(rules, "moves")
  }
  c(race, list(rules = rules))
}

first_round <- function(problem, labels, control) {
  settings <- engine_control(control, race_iterations[1L], race_tol)
  tryCatch(
    run_engine(problem, engine_initial(problem), labels, settings),
    gatemix_error_numeric = function(e) failed_run()
  )
}

failed_run <- function() {
  list(theta = NULL, status = "failed", iterations = 0L, passes = 0L,
       objective = -Inf, gradient = NA_real_, degenerate = TRUE, weight = 1,
       unit = 1)
}

# The later rounds. Returns all runs as far as they went, and who is left.
run_rounds <- function(problem, runs, control) {
  starts <- length(runs)
  alive <- survivors(runs, seq_along(runs), race_survivors[1L] * starts)
  for (round in seq_along(race_iterations)[-1L]) {
    settings <- engine_control(control, race_iterations[round], race_tol)
    for (i in alive) {
      if (runs[[i]]$status == "converged") next
      done <- runs[[i]]$iterations
      runs[[i]] <- run_engine(problem, runs[[i]]$theta, NULL, settings)
      runs[[i]]$iterations <- runs[[i]]$iterations + done
    }
    alive <- survivors(runs, alive, race_survivors[round] * starts)
  }
  list(runs = runs, alive = alive)
}

# The best of the runs, each optimum once.
survivors <- function(runs, alive, number) {
  ranked <- alive[run_order(runs[alive])]
  status <- vapply(runs[ranked], `[[`, "", "status")
  if (all(status == "failed")) {
    abort("numeric", "No start could be evaluated. Check the data for ",
          "extreme values, or try fewer experts.")
  }
  objective <- vapply(runs[ranked], `[[`, 0, "objective")
  same <- 1e-3 * runs[[ranked[1L]]]$unit
  repeated <- c(FALSE, abs(diff(objective)) < same) & status == "converged"
  ranked <- ranked[!repeated & status != "failed"]
  utils::head(ranked, max(2L, ceiling(number)))
}

# The best run and those that it has not clearly beaten.
close_rivals <- function(runs, ranked, margin) {
  objective <- vapply(runs[ranked], `[[`, 0, "objective")
  degenerate <- vapply(runs[ranked], `[[`, TRUE, "degenerate")
  margin <- margin * runs[[ranked[1L]]]$unit
  close <- objective >= objective[1L] - margin & degenerate == degenerate[1L]
  ranked[close]
}

# One start, run to the end: labels, responsibilities or coordinates.
run_given <- function(problem, start, rule, control) {
  theta <- engine_initial(problem)
  given <- start
  if (inherits(start, "moe_coordinates")) {
    theta[] <- unclass(start)
    given <- NULL
  }
  run <- run_engine(problem, theta, given, final_control(problem, control))
  first <- run
  first$iterations <- 0L
  run$starts <- starts_table(rule, list(first), 1L, list(run), run$weight)
  run
}

run_engine <- function(problem, theta, start, settings) {
  run <- with_engine(engine_run(problem, theta, start, settings))
  # an expert with hardly more rows than coefficients fits them perfectly
  run$unit <- weight_unit(problem)
  few <- run$sizes < 2 * (length(problem$spec$expert_terms) + 1) * run$unit
  run$degenerate <- any(run$floored) || (any(few) && problem$spec$K > 1L)
  run$weight <- total_weight(problem)
  run
}

# A final run reports its log-likelihood on the user's scale.
final_control <- function(problem, control) {
  joint <- problem$spec$gate$engine == "gaussian"
  engine_control(control, verbose = control$verbose,
                 shift = total_weight(problem) * log_jacobian(problem, joint))
}

# A run at the floor of the variances, or with an expert for a handful of rows,
# may have any likelihood: it comes after all others.
run_order <- function(runs) {
  order(vapply(runs, `[[`, TRUE, "degenerate"),
        -vapply(runs, `[[`, 0, "objective"))
}

best_run <- function(runs) run_order(runs)[1L]

# One row per start: how far the race took it (on a sample: scaled to all
# rows), or how it ended.
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

# At least 2,000 rows and five per parameter.
sample_problem <- function(problem) {
  size <- max(2000L, 5L * length(engine_initial(problem)))
  w <- problem$weights
  if (is.null(w)) {
    n <- nrow(problem$x)
    if (n <= 2 * size) return(problem)
    return(subset_problem(problem, sort(sample.int(n, size))))
  }
  used <- which(w > 0)
  if (length(used) <= 2 * size) return(subset_problem(problem, used))
  # rows in proportion to their weights, without replacement: the smallest
  # of exponential times with these rates
  times <- stats::rexp(length(used)) / w[used]
  rows <- used[order(times)[seq_len(size)]]
  problem["weights"] <- list(NULL)
  subset_problem(problem, sort(rows))
}
