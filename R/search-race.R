# The search for the best optimum. Starts race on all rows or, where there are
# many, on a sample; after each round the better part goes on. Moves then try to
# improve the winner (search-moves.R). The winner, and any rival that it has not
# clearly beaten, are run to the end on all rows.

# A rival may still overtake the winner if its log-likelihood is within this
# margin.
race_margin <- c(all_rows = 0.5, sample = 10)

# Returns the best run, with the table of all starts as `$starts`.
search_starts <- function(problem, control, effort = race_effort) {
  if (problem$spec$K == 1L) {
    return(run_given(problem, rep(1L, nrow(problem$x)), "single", control))
  }
  sampled <- sample_problem(problem)
  tries <- number_of_moves(control, nrow(sampled$x))
  tick <- progress(control$starts + tries + 1L)
  race <- race_starts(sampled, control, effort, tries, tick)
  best <- finish_race(problem, sampled, race, control)
  tick()
  best
}

# Runs the leaders of a race on `sampled` to the end on all rows and returns the
# best, with the table of all starts.
finish_race <- function(problem, sampled, race, control) {
  finalists <- close_rivals(race$runs, race$alive, race_margin[["sample"]])
  if (nrow(sampled$x) < nrow(problem$x)) {
    race$runs[finalists] <- heat_on_all_rows(problem, race$runs[finalists],
                                             control)
    finalists <- finalists[run_order(race$runs[finalists])]
  }
  finalists <- close_rivals(race$runs, finalists, race_margin[["all_rows"]])
  final <- map_runs(race$runs[finalists], problem, function(run) {
    run_engine(problem, run$theta, NULL, final_control(problem, control))
  })
  best <- final[[best_run(final)]]
  best$starts <- starts_table(race$rules, race$runs, finalists, final,
                              total_weight(problem))
  best
}

# Runs the winners on the sample for a few iterations on all rows.
heat_on_all_rows <- function(problem, runs, control) {
  map_runs(runs, problem, function(run) {
    resume_run(problem, run, race_effort$iterations[1L], control)
  })
}

# Returns all starts, as far as the race took each, and in `alive` the leaders,
# best first.
race_starts <- function(problem, control, effort, tries, tick) {
  data <- start_data(problem)
  rules <- rules_in_turn(problem, control)
  labels <- lapply(rules, function(rule) {
    start_rules[[rule]](data, problem$spec$K)
  })
  race <- run_rounds(problem, labels, control, effort, tick)
  winner <- race$runs[[race$alive[1L]]]
  moved <- improve_best(problem, data, winner, control, tries, tick)
  if (better_run(moved, winner)) {
    race$runs <- c(race$runs, list(moved))
    race$alive <- c(length(race$runs), race$alive)
    rules <- c(rules, "moves")
  }
  c(race, list(rules = rules))
}

# Runs all rounds from labels. Returns all runs, as far as each went, and those
# that are left.
run_rounds <- function(problem, labels, control, effort,
                       tick = function() NULL) {
  labels <- lapply(labels, fill_labels, K = problem$spec$K)
  runs <- map_runs(labels, problem, function(labels) {
    first_round(problem, labels, control, effort)
  }, tick)
  starts <- length(runs)
  alive <- survivors(runs, seq_along(runs), effort$survivors[1L] * starts)
  for (round in seq_along(effort$iterations)[-1L]) {
    runs[alive] <- map_runs(runs[alive], problem, function(run) {
      if (run$status %in% c("converged", "saturated")) return(run)
      resume_run(problem, run, effort$iterations[round], control)
    })
    alive <- survivors(runs, alive, effort$survivors[round] * starts)
  }
  list(runs = runs, alive = alive)
}

# Does the work for each item, on the workers of the future plan if that is
# worth the journey. Runs draw no random numbers, so it makes no difference
# where they are done.
map_runs <- function(items, problem, work, tick = function() NULL) {
  if (!worth_a_journey(problem, length(items))) {
    return(lapply(items, function(item) {
      out <- work(item)
      tick()
      out
    }))
  }
  seeds <- replicate_seeds(length(items), 1L)
  out <- withCallingHandlers(run_tasks(items, work, seeds, label = "start"),
                             progression = hush_progress)
  for (item in items) tick()
  out
}

# Returns whether there is enough to compute (a pass of all runs takes some ten
# milliseconds) and not too much to send. In the queue of a cluster a job waits
# longer than a run takes.
worth_a_journey <- function(problem, items) {
  size <- as.numeric(nrow(problem$x)) * (ncol(problem$x) + 4)
  if (items < 2L || size * problem$spec$K * items < 5e6 || size > 1e7) {
    return(FALSE)
  }
  workers <- if (has_futures()) future::nbrOfWorkers() else 1
  workers > 1 && is.finite(workers)
}

# Returns the best of the runs, each optimum once.
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

# Returns the best run and those that it has not clearly beaten.
close_rivals <- function(runs, ranked, margin) {
  objective <- vapply(runs[ranked], `[[`, 0, "objective")
  degenerate <- vapply(runs[ranked], `[[`, TRUE, "degenerate")
  margin <- margin * runs[[ranked[1L]]]$unit
  close <- objective >= objective[1L] - margin & degenerate == degenerate[1L]
  ranked[close]
}

# Runs one start (labels, responsibilities or coordinates) to the end.
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

# Returns the problem of a sample of at least 2,000 rows and five rows per
# parameter.
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
  # rows are drawn in proportion to their weights, without replacement: those
  # with the smallest exponential times with these rates
  times <- stats::rexp(length(used)) / w[used]
  rows <- used[order(times)[seq_len(size)]]
  problem["weights"] <- list(NULL)
  subset_problem(problem, sort(rows))
}
