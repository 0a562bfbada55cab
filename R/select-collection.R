# How a collection of models is fitted: fresh starts, then work that flows
# between models that differ in their number of experts only.

# The best run of each model, by name.
fit_collection <- function(data, grid, control, checkpoint) {
  control$moves <- 0L
  key <- list(data = data, control = unclass(control))
  files <- stats::setNames(file_labels(grid$table$model), grid$table$model)
  stage <- function(tasks, work, name) {
    at <- names(tasks)
    names(tasks) <- files[at]
    out <- run_tasks(tasks, work, label = "model", key = key, scheduling = Inf,
                     checkpoint = stage_directory(checkpoint, name))
    stats::setNames(out, at)
  }
  # the largest first: they take longest
  order <- order(-grid$table$K)
  runs <- stage(grid$models[order], fresh_work(data, control), "fresh")
  runs <- runs[grid$table$model]
  for (pair in neighbours(grid$table, up = TRUE)) {
    runs <- improve_from(runs, pair, grid, stage, data, control)
  }
  for (pair in neighbours(grid$table, up = FALSE)) {
    runs <- improve_from(runs, pair, grid, stage, data, control)
  }
  repair_collection(runs, grid, data, control)
}

stage_directory <- function(checkpoint, name) {
  if (is.null(checkpoint)) NULL else file.path(checkpoint, name)
}

fresh_work <- function(data, control) {
  force(data)
  force(control)
  function(model) {
    problem <- model_problem(data, model$K, model$gate, model$expert)
    timed(withCallingHandlers(search_starts(problem, control),
                              progression = hush_progress))
  }
}

# The value of a run with the seconds that it took.
timed <- function(run, before = 0) {
  start <- proc.time()[["elapsed"]]
  run <- force(run)
  run$seconds <- before + proc.time()[["elapsed"]] - start
  run
}

# Steps of a sweep: in each, the models `to` take from the models `from`, which
# have the same gate and experts and the next number of experts below (up) or
# above.
neighbours <- function(table, up) {
  # not interaction(): labels joined by a dot may coincide
  chains <- unname(unlist(lapply(split(seq_len(nrow(table)), table$gate),
                                 function(at) split(at, table$expert[at])),
                          recursive = FALSE))
  chains <- lapply(chains, function(at) at[order(table$K[at])])
  if (!up) chains <- lapply(chains, rev)
  steps <- max(lengths(chains)) - 1L
  lapply(seq_len(steps), function(i) {
    chains <- Filter(function(at) length(at) > i, chains)
    data.frame(from = vapply(chains, `[`, 0L, i),
               to = vapply(chains, `[`, 0L, i + 1L))
  })
}

improve_from <- function(runs, pair, grid, stage, data, control) {
  names <- grid$table$model
  # one expert has nothing to gain from others
  pair <- pair[grid$table$K[pair$to] > 1L, ]
  if (!nrow(pair)) return(runs)
  tasks <- lapply(seq_len(nrow(pair)), function(i) {
    # without its seconds, which a checkpoint cannot repeat
    run <- runs[[pair$to[i]]]
    list(model = grid$models[[pair$to[i]]], run = run[names(run) != "seconds"],
         other = list(K = grid$table$K[pair$from[i]],
                      run = runs[[pair$from[i]]][run_parts]))
  })
  names(tasks) <- names[pair$to]
  up <- grid$table$K[pair$to[1L]] > grid$table$K[pair$from[1L]]
  name <- paste0(if (up) "up-" else "down-", grid$table$K[pair$to[1L]])
  better <- stage(tasks, neighbour_work(data, control), name)
  for (to in names[pair$to]) {
    better[[to]]$seconds <- better[[to]]$seconds + runs[[to]]$seconds
  }
  runs[names[pair$to]] <- better
  runs
}

run_parts <- c("theta", "objective", "status", "degenerate", "unit")

neighbour_work <- function(data, control) {
  force(data)
  force(control)
  function(task) {
    timed(run_from_neighbour(data, task$model, task$run, task$other, control))
  }
}

# The better of a model's run and those that begin at a neighbour with its
# experts split or given up.
run_from_neighbour <- function(data, model, run, other, control) {
  problem <- model_problem(data, model$K, model$gate, model$expert)
  sampled <- sample_problem(problem)
  source <- model_problem(sampled, other$K, model$gate, model$expert)
  labels <- ranked_labels(source, other$run)
  candidates <- neighbour_labels(labels, start_data(sampled), other$K, model$K)
  runs <- lapply(candidates, function(labels) {
    first_round(sampled, fill_labels(labels, model$K), control)
  })
  rule <- if (other$K < model$K) "split" else "merge"
  race <- run_rounds(sampled, runs, control)
  race$rules <- rep(rule, length(runs))
  all_rows <- nrow(sampled$x) == nrow(problem$x)
  if (all_rows && !may_win(race$runs[[race$alive[1L]]], run)) return(run)
  best <- tryCatch(finish_race(problem, sampled, race, control),
                   gatemix_error_numeric = function(e) failed_run())
  keep_better(run, best)
}

# Has the leader of a race come near the run that it is to beat?
may_win <- function(leader, run) {
  if (leader$degenerate != run$degenerate) return(run$degenerate)
  leader$objective > run$objective - race_margin[["all_rows"]] * run$unit
}

keep_better <- function(run, other) {
  winner <- if (better_run(other, run)) other else run
  if (is.data.frame(other$starts)) {
    table <- rbind(run$starts, other$starts)
    table$start <- seq_len(nrow(table))
    winner$starts <- table
  }
  winner
}

# Labels for K experts from those for `from`: each expert in turn is split (or
# given up), and others at random until the number is right.
neighbour_labels <- function(labels, data, from, K) {
  lapply(seq_len(from), function(k) {
    if (K > from) split_experts(labels, data, from, K, k)
    else drop_experts(labels, from, K, k)
  })
}

split_experts <- function(labels, data, from, K, first) {
  out <- labels$first
  more <- sample(rep_len(seq_len(from), K))
  for (step in seq_len(K - from)) {
    k <- if (step == 1L) first else more[step]
    rows <- which(out == k)
    if (length(rows) < 2L) next
    along <- random_direction(labels, data, rows)
    cut <- stats::quantile(along, stats::runif(1L, 0.3, 0.7), names = FALSE)
    out[rows[along > cut]] <- from + step
  }
  out
}

drop_experts <- function(labels, from, K, first) {
  others <- setdiff(seq_len(from), first)
  gone <- c(first, others[sample.int(length(others), from - K - 1L)])
  out <- ifelse(labels$first %in% gone, labels$second, labels$first)
  left <- setdiff(seq_len(from), gone)
  out <- match(out, left)
  out[is.na(out)] <- sample.int(length(left), sum(is.na(out)), replace = TRUE)
  out
}
