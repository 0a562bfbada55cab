# Many independent tasks: in parallel if the user has planned so, durable if
# there is a checkpoint (work-checkpoint.R), with the same numbers in any case.

# Returns the results of work(task), in the order and with the names of `tasks`.
#
# seeds       a list of L'Ecuyer seeds, one per task; NULL: from the state of
#             the generator, which this moves on. Otherwise its state does not
#             change.
# checkpoint  NULL or a directory. Each finished task is written there by the
#             process that did it, and read back when the same call is made
#             again: a call that was killed loses only the tasks in flight.
# label       the word for a task in file names, messages and names of jobs.
# key         with a checkpoint: a named list of everything that work() depends
#             on besides task and seed, so that two calls are not mixed up.
# scheduling  futures per worker; Inf, for a few tasks of unequal length: one
#             future for each.
# globals     the objects that formulas need on a worker, from
#             formula_globals(). Apart from these, work() finds there what is in
#             its own environment and in packages, but nothing of the global
#             environment.
#
# A task that fails does not stop the others: once they are done, an error of
# class gatemix_error_task names it. Warnings of tasks that are read back are
# not raised again.
run_tasks <- function(tasks, work, seeds = NULL, checkpoint = NULL,
                      label = "task", key = NULL, scheduling = 1,
                      globals = list()) {
  if (is.null(seeds)) seeds <- replicate_seeds(length(tasks), NULL)
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(restore_seed(old))
  tick <- progress(length(tasks))
  names <- task_names(tasks, label)
  store <- open_checkpoint(checkpoint, label, key)
  seeds <- unname(seeds)
  jobs <- task_jobs(unname(tasks), names, seeds, store)
  outcomes <- read_outcomes(store, jobs)
  for (done in Filter(Negate(is.null), outcomes)) tick()
  run <- task_runner(work, store, tick)
  map <- job_mapper(run, label, scheduling, globals)
  outcomes <- finish_outcomes(outcomes, jobs, seeds, map, store, label)
  close_checkpoint(store, jobs, outcomes)
  stop_if_failed(outcomes, names, label, store)
  stats::setNames(lapply(outcomes, `[[`, "value"), names(tasks))
}

# Returns names for tasks that can be names of files.
task_names <- function(tasks, label) {
  given <- names(tasks)
  if (is.null(given)) return(paste0(label, "-", seq_along(tasks)))
  names <- gsub("[^A-Za-z0-9_.=+-]", "_", given)
  if (!all(nzchar(names)) || anyDuplicated(tolower(names))) {
    stop("run_tasks(): the names of tasks must differ, also as file names")
  }
  names
}

# Returns what is sent to workers: a task, its file and its hash.
task_jobs <- function(tasks, names, seeds, store) {
  hashes <- if (is.null(store)) rep("", length(tasks))
    else hash_each(Map(list, tasks, seeds))
  Map(list, task = tasks, name = names, hash = hashes, USE.NAMES = FALSE)
}

# Returns a function that does one job wherever it is sent. It takes along no
# more than it needs. An outcome has a `value` or an `error`.
task_runner <- function(work, store, tick) {
  force(work)
  force(store)
  force(tick)
  function(job) {
    outcome <- tryCatch(list(value = work(job$task)),
                        error = function(e) list(error = e))
    outcome$saved <- is.null(outcome$error) &&
      write_outcome(store, job, outcome$value)
    tick()
    outcome
  }
}

# Returns all outcomes, after computing the missing ones. Lost workers (killed,
# out of memory, a cancelled job of a cluster, or one that only seems to have
# expired) are made up for as long as a checkpoint tells what was finished.
finish_outcomes <- function(outcomes, jobs, seeds, map, store, label) {
  attempts <- if (is.null(store)) 1L else 3L
  for (attempt in seq_len(attempts)) {
    todo <- which(vapply(outcomes, is.null, NA))
    if (!length(todo)) return(outcomes)
    found <- tryCatch(map(jobs[todo], seeds[todo]), FutureError = identity)
    if (!inherits(found, "FutureError")) {
      outcomes[todo] <- found
      return(outcomes)
    }
    outcomes[todo] <- read_outcomes(store, jobs[todo])
  }
  abort("worker", "A process that worked on a ", label, " was lost: ",
        sub("[.]?\\s*$", ". ", conditionMessage(found)),
        if (is.null(store)) paste("With a `checkpoint`, finished work is kept",
                                  "and lost work repeated.")
        else paste0("Attempts made: ", attempts, ". What is finished is in ",
                    store, "; call again to go on."),
        data = list(parent = found))
}

# Returns a function of jobs and seeds that does the jobs. run() brings all it
# needs in its environment: a search for globals would put that into one
# namespace, where a user's function may have the same name as one of ours.
job_mapper <- function(run, label, scheduling, globals) {
  if (!has_futures()) {
    return(function(jobs, seeds) map_here(jobs, seeds, run))
  }
  function(jobs, seeds) {
    future.apply::future_lapply(
      jobs, run, future.seed = seeds, future.scheduling = scheduling,
      future.globals = if (length(globals$objects)) globals$objects else FALSE,
      future.packages = c("gatemix", globals$packages),
      future.label = paste0(label, "-%d"))
  }
}

map_here <- function(jobs, seeds, run) {
  lapply(seq_along(jobs), function(i) {
    assign(".Random.seed", seeds[[i]], globalenv())
    run(jobs[[i]])
  })
}

# Returns what the variables of a formula are made with: functions and objects
# of the user that a worker lacks because they are in the global environment,
# and packages that are attached here.
formula_globals <- function(formula) {
  if (!has_futures()) return(list())
  code <- as.call(c(quote(list), as.list(formula)[-1L]))
  found <- globals::globalsOf(code, envir = environment(formula),
                              mustExist = FALSE)
  where <- vapply(attr(found, "where"), function(e) {
    if (is.null(e)) "" else environmentName(e)
  }, "")
  packages <- unique(grep("^package:", where, value = TRUE))
  list(objects = as.list(globals::cleanup(found)),
       packages = sub("^package:", "", packages))
}

has_futures <- function() requireNamespace("future.apply", quietly = TRUE)

stop_if_failed <- function(outcomes, names, label, store) {
  errors <- lapply(outcomes, `[[`, "error")
  failed <- which(!vapply(errors, is.null, NA))
  if (!length(failed)) return(invisible())
  first <- failed[1L]
  others <- length(failed) - 1L
  abort("task", "The ", label, " `", names[first], "` failed: ",
        sub("[.]?\\s*$", ".", conditionMessage(errors[[first]])),
        if (others > 0L) paste0(" (So did ", others, " more: ", quote_all(
          names[utils::head(failed[-1L], 5L)]), if (others > 5L) ", ...", ".)"),
        if (!is.null(store)) paste0(" The results of the others are in ",
                                    store, "."),
        data = list(tasks = names[failed], errors = errors[failed],
                    parent = errors[[first]]))
}
