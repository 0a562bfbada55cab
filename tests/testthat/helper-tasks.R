# Work for tests of run_tasks(), and what watches it.

# Its value depends on the task and on the random numbers; it leaves a file for
# each time that it is done.
noted_work <- function(folder) {
  force(folder)
  work <- function(task) {
    file.create(tempfile(paste0("done-", task, "-"), folder))
    c(task, stats::runif(2))
  }
  environment(work) <- list2env(list(folder = folder), parent = baseenv())
  work
}

# How many times each task was done.
times_done <- function(folder) {
  table(sub("^done-([0-9]+)-.*", "\\1", list.files(folder, "^done-")))
}

temporary_folder <- function() {
  folder <- tempfile("gatemix-test")
  dir.create(folder)
  folder
}

# Runs lines of R in a new process in the background; its process id.
start_process <- function(lines, folder) {
  script <- file.path(folder, "script.R")
  libraries <- paste(deparse(.libPaths()), collapse = "")
  writeLines(c(sprintf(".libPaths(%s)", libraries),
               sprintf("writeLines(format(Sys.getpid()), %s)",
                       deparse(file.path(folder, "pid"))),
               lines), script)
  system2(file.path(R.home("bin"), "Rscript"),
          c("--vanilla", shQuote(script)), wait = FALSE,
          stdout = file.path(folder, "log"), stderr = file.path(folder, "log"))
  expect_true(wait_for(file.exists(file.path(folder, "pid")) &&
                         length(readLines(file.path(folder, "pid"))) == 1L))
  as.integer(readLines(file.path(folder, "pid")))
}

# Waits until the condition holds; FALSE if it does not within a minute.
wait_for <- function(condition, seconds = 60) {
  condition <- substitute(condition)
  frame <- parent.frame()
  end <- Sys.time() + seconds
  while (!isTRUE(eval(condition, frame))) {
    if (Sys.time() > end) return(FALSE)
    Sys.sleep(0.05)
  }
  TRUE
}

# Two workers until the end of the test.
local_workers <- function(plan = "multisession", env = parent.frame()) {
  skip_on_cran()
  skip_if_not_installed("future.apply")
  if (plan == "multicore") skip_if_not(future::supportsMulticore())
  old <- future::plan(plan, workers = 2)
  do.call(on.exit, list(bquote(future::plan(.(old))), add = TRUE), envir = env)
}

# The steps that `expr` reports.
reported <- function(expr) {
  amounts <- numeric()
  withCallingHandlers(progressr::with_progress(
      expr, handlers = progressr::handler_void(), enable = TRUE),
    progression = function(p) {
      if (identical(p$type, "update")) amounts <<- c(amounts, p$amount)
    })
  amounts
}
