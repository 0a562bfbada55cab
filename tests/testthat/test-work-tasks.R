# Independent tasks, in parallel and repeatable.

seeds_of <- function(n) gatemix:::replicate_seeds(n, 1)
run <- function(...) gatemix:::run_tasks(..., key = list(a = 1))
draw <- function(task) c(task, stats::runif(2))
environment(draw) <- baseenv()

# The numbers, by the definition of a seed per task.
by_hand <- function(tasks, seeds) {
  old <- .Random.seed
  on.exit(assign(".Random.seed", old, globalenv()))
  Map(function(task, seed) {
    assign(".Random.seed", seed, globalenv())
    draw(task)
  }, tasks, seeds)
}

test_that("each task has its own random numbers, the generator stays", {
  tasks <- list(a = 5, b = 6, c = 7)
  seeds <- seeds_of(3)
  set.seed(3)
  old <- .Random.seed
  expected <- by_hand(tasks, seeds)
  expect_identical(run(tasks, draw, seeds), expected)
  expect_identical(.Random.seed, old)
})

test_that("without future.apply the numbers are the same", {
  seeds <- seeds_of(3)
  expected <- by_hand(1:3, seeds)
  jobs <- lapply(1:3, list)
  old <- .Random.seed
  found <- gatemix:::map_here(jobs, seeds, function(job) draw(job[[1]]))
  assign(".Random.seed", old, globalenv())
  expect_identical(found, expected)
})

test_that("without seeds they come from the generator, which moves on", {
  set.seed(3)
  a <- run(1:2, draw)
  b <- run(1:2, draw)
  set.seed(3)
  expect_identical(run(1:2, draw), a)
  expect_false(identical(a, b))
  rm(".Random.seed", envir = globalenv())
  expect_length(run(1, draw, list(c(10407L, 1:6))), 1)
  expect_false(exists(".Random.seed", globalenv(), inherits = FALSE))
  set.seed(1)
})

test_that("any plan gives the same numbers, with and without checkpoint", {
  skip_if_not_installed("future.apply")
  skip_on_cran()
  tasks <- list(a = 1, b = 2, c = 3, d = 4)
  seeds <- seeds_of(4)
  expected <- by_hand(tasks, seeds)
  old <- future::plan("sequential")
  on.exit(future::plan(old))
  plans <- list(list("sequential"), list("multisession", workers = 2),
                list("cluster", workers = rep("localhost", 2)))
  for (plan in plans) {
    do.call(future::plan, plan)
    folder <- temporary_folder()
    expect_identical(run(tasks, draw, seeds), expected)
    expect_identical(run(tasks, draw, seeds, scheduling = Inf), expected)
    expect_identical(run(tasks, draw, seeds, folder), expected)
    expect_identical(run(tasks, stop, seeds, folder), expected)
  }
})

test_that("a worker has the functions and packages that a formula needs", {
  skip_if_not_installed("future.apply")
  skip_on_cran()
  names <- c("gatemix_f", "gatemix_g", "work")
  on.exit(rm(list = names, envir = globalenv()))
  evalq({
    gatemix_f <- function(x) gatemix_g(x) + 1
    gatemix_g <- function(x) x^2
    work <- function(x) -x
  }, globalenv())
  d <- data.frame(y = 1:5, x = 1:5)
  formula <- stats::as.formula("log(y) ~ gatemix_f(x) | work(x)", globalenv())
  needed <- gatemix:::formula_globals(formula)
  expect_true(all(names %in% names(needed$objects)))
  frame <- function(i) {
    stats::model.frame(Formula::Formula(formula), data = d)[[i]]
  }
  expected <- list(log(1:5), (1:5)^2 + 1, -(1:5))
  old <- future::plan("multisession", workers = 2)
  on.exit(future::plan(old), add = TRUE)
  expect_equal(run(1:3, frame, globals = needed), expected)
  expect_error(run(1:3, frame), "gatemix_f", class = "gatemix_error_task")
  splines <- "package:splines" %in% search()
  library(splines)
  if (!splines) on.exit(detach("package:splines"), add = TRUE)
  expect_true("splines" %in%
                gatemix:::formula_globals(y ~ bs(x) + 1)$packages)
})

test_that("nothing to do is done", {
  expect_identical(run(list(), draw), list())
  expect_identical(run(list(), draw, checkpoint = temporary_folder()), list())
  expect_identical(run(1:2, function(i) NULL), list(NULL, NULL))
})

test_that("a task that fails is named after the others were done", {
  folder <- temporary_folder()
  work <- function(i) if (i %in% 2:3) stop("no luck with ", i) else i
  failed <- expect_error(
    run(list(a = 1, b = 2, c = 3, d = 4), work, checkpoint = folder,
        label = "fold"),
    "The fold `b` failed: no luck with 2. \\(So did 1 more: `c`.\\)",
    class = "gatemix_error_task")
  expect_match(conditionMessage(failed), folder, fixed = TRUE)
  expect_identical(failed$tasks, c("b", "c"))
  expect_s3_class(failed$parent, "simpleError")
  expect_setequal(list.files(folder), c("a.rds", "d.rds", "gatemix-key"))
  expect_error(run(1, function(i) stop("Ends with a stop.")),
               "failed: Ends with a stop.$", class = "gatemix_error_task")
})

test_that("a lost worker is an error, or made up for with a checkpoint", {
  local_workers("multicore")
  mark <- file.path(temporary_folder(), "killed")
  # the first who comes to task 3 is killed
  work <- function(task) {
    if (task == 3 && !file.exists(mark)) {
      file.create(mark)
      tools::pskill(Sys.getpid(), tools::SIGKILL)
      Sys.sleep(10)
    }
    draw(task)
  }
  expect_error(
    suppressWarnings(run(1:4, work, seeds_of(4), scheduling = Inf)),
    "With a `checkpoint`", class = "gatemix_error_worker")
  unlink(mark)
  seeds <- seeds_of(4)
  expected <- by_hand(1:4, seeds)
  store <- temporary_folder()
  expect_identical(
    suppressWarnings(run(1:4, work, seeds, store, scheduling = Inf)), expected)
  expect_true(file.exists(mark))
})

test_that("workers that are lost again and again are an error", {
  local_workers("multicore")
  work <- function(task) {
    if (task == 3) tools::pskill(Sys.getpid(), tools::SIGKILL)
    draw(task)
  }
  store <- temporary_folder()
  expect_error(suppressWarnings(run(1:3, work, checkpoint = store,
                                    scheduling = Inf)),
               "Attempts made: 3", class = "gatemix_error_worker")
  expect_true(all(c("task-1.rds", "task-2.rds") %in% list.files(store)))
})

test_that("names of tasks must be names of files, and differ", {
  expect_identical(gatemix:::task_names(list(`K 2/full` = 1), "task"),
                   "K_2_full")
  expect_error(run(list(`a b` = 1, a_b = 2), draw), "must differ")
  expect_error(run(list(1, b = 2), draw), "must differ")
})

test_that("all tasks report progress, those read back too", {
  skip_if_not_installed("progressr")
  folder <- temporary_folder()
  run(1:2, draw, seeds_of(2), folder)
  count <- 0
  withCallingHandlers(
    progressr::with_progress(run(1:5, draw, seeds_of(5), folder),
                             handlers = progressr::handler_void(),
                             enable = TRUE),
    progression = function(p) {
      if (identical(p$type, "update")) count <<- count + p$amount
    })
  expect_equal(count, 5)
})
