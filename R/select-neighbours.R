# Models that differ only in their number of experts, and what the run of one
# takes from another.

# A quick race, because most of a neighbour's fit is right already.
neighbour_effort <- list(iterations = c(10L, 30L, 40L),
                         survivors = c(1 / 3, 1 / 6, 1 / 12))

neighbour_work <- function(data, control) {
  force(data)
  force(control)
  function(task) {
    timed(run_from_neighbour(data, task, control))
  }
}

# Returns the better of a model's run and those that begin at a neighbour with
# its experts split or given up.
run_from_neighbour <- function(data, task, control) {
  model <- task$model
  other <- task$other
  run <- task$run
  problem <- model_problem(data, model$K, model$gate, model$expert)
  sampled <- sample_problem(problem)
  source <- model_problem(sampled, other$K, model$gate, model$expert)
  labels <- ranked_labels(source, other$run)
  starts <- if (other$K < model$K) {
    grow_labels(labels, start_data(sampled), other$K, model$K, control$starts)
  } else {
    shrink_labels(labels, other$K, model$K)
  }
  # if nothing that the neighbour suggests can be evaluated, the run stays
  tryCatch({
    race <- run_rounds(sampled, starts, control, neighbour_effort)
    race$rules <- names(starts)
    all_rows <- nrow(sampled$x) == nrow(problem$x)
    if (all_rows && !may_win(race$runs[[race$alive[1L]]], run)) return(run)
    keep_better(run, finish_race(problem, sampled, race, control))
  }, gatemix_error_numeric = function(e) run)
}

# Returns whether the leader of a race has come near the run that it is to beat.
may_win <- function(leader, run) {
  if (leader$degenerate != run$degenerate) return(run$degenerate)
  leader$objective > run$objective - race_margin[["all_rows"]] * run$unit
}

# Returns the better of two runs, with the table of both runs' starts.
keep_better <- function(run, other) {
  winner <- if (better_run(other, run)) other else run
  if (is.data.frame(other$starts)) winner$starts <- join_starts(run, other)
  winner
}

# Returns the table of the starts of two runs, numbered throughout.
join_starts <- function(run, other) {
  table <- rbind(run$starts, other$starts)
  table$start <- seq_len(nrow(table))
  table
}

# Returns labels for more experts. Half of the starts split an expert (large
# ones more often), half give the rows of some neighbourhood to a new one. Each
# number of experts gets as many starts: if small models were searched harder
# than large ones, the likelihood would bend, and the slope heuristics with it.
grow_labels <- function(labels, data, from, K, number) {
  sizes <- tabulate(labels$first, from)
  split <- replicate(number, simplify = FALSE, {
    split_experts(labels, data, from, K, sample.int(from, 1L, prob = sizes))
  })
  insert <- replicate(number, simplify = FALSE,
                      insert_experts(labels, data, from, K))
  stats::setNames(c(split, insert), rep(c("split", "insert"), each = number))
}

# Returns labels for fewer experts: each in turn is given up, and others at
# random until the number is right.
shrink_labels <- function(labels, from, K) {
  starts <- lapply(seq_len(from), function(k) drop_experts(labels, from, K, k))
  stats::setNames(starts, rep("merge", from))
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

# Gives new experts the rows of a neighbourhood each, from hardly enough to fit
# an expert to half of an expert's share.
insert_experts <- function(labels, data, from, K) {
  out <- labels$first
  space <- cbind(data$z, data$y)
  few <- 2 * (ncol(data$x) + 2)
  many <- max(few, data$n / (2 * K))
  for (k in seq(from + 1L, K)) {
    seed <- space[sample.int(data$n, 1L), ]
    distance <- rowSums(sweep(space, 2L, seed)^2)
    size <- min(data$n, round(exp(stats::runif(1L, log(few), log(many)))))
    out[order(distance)[seq_len(size)]] <- k
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

# Returns a run with the seconds that it took.
timed <- function(run) {
  start <- proc.time()[["elapsed"]]
  run <- force(run)
  run$seconds <- proc.time()[["elapsed"]] - start
  run
}

# Returns the steps of a sweep. In each step the models `to` take from the
# models `from`, which have the same gate and experts and the next smaller (up)
# or larger number of experts.
neighbours <- function(table, up) {
  # interaction() would join labels by a dot, and then they may coincide
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

# Returns tasks, named by the model: the models `to` with their runs, and the
# neighbours `from`.
neighbour_tasks <- function(runs, pair, grid) {
  tasks <- lapply(seq_len(nrow(pair)), function(i) {
    # without its seconds, which a checkpoint cannot repeat
    run <- runs[[pair$to[i]]]
    list(model = grid$models[[pair$to[i]]], run = run[names(run) != "seconds"],
         other = list(K = grid$table$K[pair$from[i]],
                      run = runs[[pair$from[i]]][run_parts]))
  })
  stats::setNames(tasks, grid$table$model[pair$to])
}

# Puts in the better runs; seconds add up over the stages.
replace_runs <- function(runs, better) {
  for (name in names(better)) {
    better[[name]]$seconds <- better[[name]]$seconds + runs[[name]]$seconds
  }
  replace(runs, names(better), better)
}

run_parts <- c("theta", "objective", "status", "degenerate", "floored", "unit")
