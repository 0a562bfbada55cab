# How a collection of models is fitted: each from fresh starts, then models that
# differ only in K exchange fits (select-neighbours.R).

# Returns the best run of each model, by name.
fit_collection <- function(data, grid, exchange, control, checkpoint) {
  control$moves <- 0L
  stage <- stage_runner(data, grid, exchange, control, checkpoint)
  # the largest models first, because they take longest
  order <- order(-grid$table$K)
  effort <- if (exchange > 0L) neighbour_effort else race_effort
  runs <- stage(grid$models[order], fresh_work(data, control, effort), "fresh")
  runs <- runs[grid$table$model]
  for (cycle in seq_len(exchange)) {
    for (up in c(TRUE, FALSE)) {
      name <- paste0("exchange-", cycle, if (up) "-up" else "-down")
      for (pair in neighbours(grid$table, up)) {
        runs <- improve_from(runs, pair, grid, stage, name, data, control)
      }
    }
  }
  repair_collection(runs, grid, stage, data, control)
}

# Returns a function that does the tasks of a stage, one per model and named by
# it. The random stream of a task depends only on the model and the stage, and
# in a checkpoint each input has a file of its own. So a call with more models
# finds in the checkpoint everything that does not depend on the additional
# ones.
stage_runner <- function(data, grid, exchange, control, checkpoint) {
  key <- list(data = data, control = unclass(control), exchange = exchange > 0L)
  first <- replicate_seeds(1L, NULL)[[1L]]
  labels <- vapply(grid$models, model_label, "")
  files <- model_files(grid$models)
  function(tasks, work, name) {
    at <- names(tasks)
    seeds <- named_streams(first, paste(labels[at], name, sep = "\n"))
    # a task that depends on other models is identified by its input
    names(tasks) <- if (is.null(checkpoint)) file_labels(at)
      else if (name == "fresh") files[at]
      else paste0(files[at], "_", substr(hash_each(tasks), 1L, 8L))
    out <- run_tasks(tasks, work, seeds, stage_directory(checkpoint, name),
                     "model", key = key, scheduling = Inf)
    stats::setNames(out, at)
  }
}

stage_directory <- function(checkpoint, name) {
  if (is.null(checkpoint)) NULL else file.path(checkpoint, name)
}

fresh_work <- function(data, control, effort) {
  force(data)
  force(control)
  force(effort)
  function(model) {
    problem <- model_problem(data, model$K, model$gate, model$expert)
    timed(withCallingHandlers(search_starts(problem, control, effort),
                              progression = hush_progress))
  }
}

improve_from <- function(runs, pair, grid, stage, name, data, control) {
  # a single expert has nothing to gain from other models
  pair <- pair[grid$table$K[pair$to] > 1L, ]
  if (!nrow(pair)) return(runs)
  better <- stage(neighbour_tasks(runs, pair, grid),
                  neighbour_work(data, control), name)
  replace_runs(runs, better)
}
