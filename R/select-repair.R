# Repairs models whose likelihood is below that of a smaller one. A model with
# more experts contains those with fewer: one expert twice, with half of its
# gate's weight each, is the same density.

# Returns runs whose log-likelihood does not decrease in K. A repair is a task
# like a fresh fit or an exchange, but it is no step of progress, since the
# number of repairs is not known beforehand.
repair_collection <- function(runs, grid, stage, data, control) {
  for (pair in neighbours(grid$table, up = TRUE)) {
    worse <- Map(is_worse, runs[pair$to], runs[pair$from])
    pair <- pair[unlist(worse), ]
    if (!nrow(pair)) next
    tasks <- neighbour_tasks(runs, pair, grid)
    better <- withCallingHandlers(
      stage(tasks, repair_work(data, control), "repair"),
      progression = hush_progress)
    runs <- replace_runs(runs, better)
  }
  runs
}

repair_work <- function(data, control) {
  force(data)
  force(control)
  function(task) timed(repaired_run(data, task, control))
}

# Returns whether the larger model has the smaller log-likelihood. Fits at the
# floor of the variances cannot be selected, and their likelihood means nothing:
# they count as worse than any other.
is_worse <- function(large, small) {
  at_floor <- any(large$floored)
  if (at_floor != any(small$floored)) return(at_floor)
  large$objective < small$objective - 1e-7 * small$unit
}

# Returns a run that is not worse than that of the smaller model: from its fit
# with another expert or, if none of these attempts gains, with one expert
# doubled.
repaired_run <- function(data, task, control) {
  run <- run_from_neighbour(data, task, control)
  if (!is_worse(run, task$other$run)) return(run)
  doubled_run(data, task, run, control)
}

# Returns the best of the runs from the smaller fit with each expert doubled in
# turn.
doubled_run <- function(data, task, run, control) {
  model <- task$model
  small <- task$other$run
  smaller <- replace(model, "K", task$other$K)
  problem <- model_problem(data, model$K, model$gate, model$expert)
  source <- model_problem(data, smaller$K, smaller$gate, smaller$expert)
  for (k in seq_len(smaller$K)) {
    theta <- double_experts(source, problem, small$theta, smaller, model, k)
    if (is.null(theta)) return(run)
    start <- engine_initial(problem)
    start[] <- theta
    again <- tryCatch(
      run_engine(problem, start, NULL, final_control(problem, control)),
      gatemix_error_numeric = function(e) NULL)
    if (is.null(again)) next
    again$starts <- starts_table("doubled", list(again), 1L, list(again),
                                 again$weight)
    if (is_worse(run, again)) {
      again$starts <- join_starts(run, again)
      run <- again
    }
    if (!is_worse(run, small)) return(run)
  }
  run
}

# Returns coordinates of the larger model that give the smaller one's density,
# or NULL if there are none (a gate without an intercept).
double_experts <- function(source, problem, theta, smaller, model, k) {
  parameters <- problem_parameters(source, theta, smaller$gate, smaller$expert)
  gate <- parameters$gate
  expert <- parameters$expert
  for (K in seq(smaller$K, model$K - 1L)) {
    gate <- double_gate(gate, k, K)
    if (is.null(gate)) return(NULL)
    at <- append(seq_len(K), k, k)
    expert$coefficients <- expert$coefficients[, , at, drop = FALSE]
    expert$covariances <- expert$covariances[, , at, drop = FALSE]
  }
  problem_coordinates(problem, list(gate = gate, expert = expert), model$gate,
                      model$expert)
}

# Returns the gate with expert k of K twice, each with half the weight.
double_gate <- function(gate, k, K) {
  at <- append(seq_len(K), k, k)
  if (is.null(gate$coefficients)) return(double_gaussian(gate, k, at))
  b <- cbind(gate$coefficients, 0)[, at, drop = FALSE]
  constant <- match("(Intercept)", rownames(b))
  if (is.na(constant)) {
    if (K > 1L) return(NULL)
  } else {
    b[constant, k + 0:1] <- b[constant, k + 0:1] - log(2)
  }
  list(coefficients = (b - b[, K + 1L])[, seq_len(K), drop = FALSE])
}

double_gaussian <- function(gate, k, at) {
  gate$log_weights <- gate$log_weights[at]
  gate$log_weights[k + 0:1] <- gate$log_weights[k + 0:1] - log(2)
  gate$weights <- exp(gate$log_weights)
  gate$means <- gate$means[, at, drop = FALSE]
  gate$covariances <- gate$covariances[, , at, drop = FALSE]
  gate
}
