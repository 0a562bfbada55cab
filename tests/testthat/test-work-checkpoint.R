# Checkpoints: what was finished is read back, what was not is computed.

seeds_of <- function(n) gatemix:::replicate_seeds(n, 1)
run <- function(..., key = list(a = 1)) gatemix:::run_tasks(..., key = key)

test_that("finished tasks are not done again", {
  folder <- temporary_folder()
  store <- file.path(folder, "new", "store")
  work <- noted_work(folder)
  first <- run(list(a = 1, b = 2), work, seeds_of(2), store)
  more <- run(list(a = 1, b = 2, c = 3), work, seeds_of(3), store)
  expect_identical(more[1:2], first)
  expect_identical(c(times_done(folder)), c("1" = 1L, "2" = 1L, "3" = 1L))
  expect_identical(more, run(list(a = 1, b = 2, c = 3), work, seeds_of(3)))
})

test_that("a killed process loses the tasks in flight only", {
  skip_on_cran()
  skip_on_os("windows")
  skip_if_not_installed("future.apply")
  for (plan in c("sequential", "multisession")) {
    folder <- temporary_folder()
    store <- file.path(folder, "store")
    body <- c(
      "work <- function(task) {",
      sprintf("  file.create(tempfile(paste0('done-', task, '-'), %s))",
              deparse(folder)),
      "  while (task > 4 && file.exists(hold)) Sys.sleep(0.1)",
      "  c(task, stats::runif(2))",
      "}",
      "seeds <- gatemix:::replicate_seeds(6, 1)",
      "tasks <- stats::setNames(as.list(1:6), letters[1:6])",
      sprintf("hold <- %s", deparse(file.path(folder, "hold"))))
    file.create(file.path(folder, "hold"))
    pid <- start_process(c(
      sprintf("future::plan('%s'%s)", plan,
              if (plan == "sequential") "" else ", workers = 2"),
      body,
      sprintf("gatemix:::run_tasks(tasks, work, seeds, %s, key = list(a = 1))",
              deparse(store))), folder)
    expect_true(wait_for(file.exists(file.path(store, "c.rds")) &&
                           any(c("5", "6") %in% names(times_done(folder)))))
    tools::pskill(pid, tools::SIGKILL)
    finished <- list.files(store, "[.]rds$", full.names = TRUE)
    expect_gte(length(finished), 3L)
    expect_lt(length(finished), 6L)
    before <- file.mtime(finished)
    ran <- times_done(folder)
    unlink(file.path(folder, "hold"))
    here <- new.env()
    eval(parse(text = body), here)
    result <- run(here$tasks, here$work, here$seeds, store)
    expect_identical(file.mtime(finished), before)
    names <- sub("[.]rds$", "", basename(finished))
    kept <- as.character(match(names, letters))
    expect_identical(c(times_done(folder)[kept]), c(ran[kept]))
    unlink(list.files(folder, "^done-", full.names = TRUE))
    expect_identical(result, run(here$tasks, here$work, here$seeds))
  }
})

test_that("files that cannot be read are made again", {
  folder <- temporary_folder()
  store <- file.path(folder, "store")
  work <- noted_work(folder)
  tasks <- list(a = 1, b = 2, c = 3, d = 4)
  first <- run(tasks, work, seeds_of(4), store)
  files <- file.path(store, c("a.rds", "b.rds", "c.rds"))
  bytes <- readBin(files[1], "raw", 1e5)
  writeBin(bytes[seq_len(length(bytes) %/% 2)], files[1])
  file.create(files[2])
  saveRDS("something else", files[3])
  expect_identical(run(tasks, work, seeds_of(4), store), first)
  expect_identical(c(times_done(folder)),
                   c("1" = 2L, "2" = 2L, "3" = 2L, "4" = 1L))
  expect_identical(readRDS(files[1])$value, first$a)
})

test_that("checkpoints of other calls are refused", {
  store <- temporary_folder()
  refused <- function(regexp, ..., tasks = 1:2, seeds = seeds_of(2)) {
    expect_error(run(tasks, identity, seeds, store, ...), regexp,
                 class = "gatemix_error_checkpoint")
  }
  expect_identical(run(1:2, identity, seeds_of(2), store), list(1L, 2L))
  refused("different `a`", key = list(a = 2))
  refused("different `b`", key = list(a = 1, b = 2))
  refused("different `task`", label = "fold")
  refused("`task-1` belongs to a call with another seed", tasks = 2:3)
  refused("another seed", seeds = gatemix:::replicate_seeds(2, 5))
  key <- file.path(store, "gatemix-key")
  writeLines(sub("gatemix [0-9.]+", "gatemix 0.0.1", readLines(key)), key)
  refused("another version \\(version: gatemix 0.0.1")
  unlink(key)
  refused("holds other files")
})

test_that("a directory that cannot be used is refused before any work", {
  file <- tempfile()
  file.create(file)
  expect_error(run(1, stop, checkpoint = file.path(file, "store")),
               "cannot be made", class = "gatemix_error_checkpoint")
  expect_error(run(1, stop, checkpoint = file), "cannot be made",
               class = "gatemix_error_checkpoint")
  for (wrong in list(1, c("a", "b"), NA_character_, "")) {
    expect_input_error(run(1, stop, checkpoint = wrong), "`checkpoint`")
  }
  expect_error(run(1, stop, checkpoint = tempfile(), key = NULL), "key")
  closed <- temporary_folder()
  Sys.chmod(closed, "0500")
  skip_if(file.access(closed, 2) == 0)
  expect_error(run(1, stop, checkpoint = closed), "cannot write",
               class = "gatemix_error_checkpoint")
})

test_that("results that cannot be written are returned with a warning", {
  folder <- temporary_folder()
  store <- file.path(folder, "store")
  work <- function(i) {
    unlink(store, recursive = TRUE)
    i
  }
  expect_warning(result <- run(1:2, work, checkpoint = store), "2 result",
                 class = "gatemix_warning_checkpoint")
  expect_identical(result, list(1L, 2L))
})

test_that("what killed processes leave is removed at the end", {
  store <- temporary_folder()
  run(1, identity, seeds_of(1), store)
  file.create(file.path(store, ".gatemix-part-host-1-abc"))
  run(1, identity, seeds_of(1), store)
  expect_setequal(list.files(store, all.files = TRUE, no.. = TRUE),
                  c("gatemix-key", "task-1.rds"))
})

test_that("hashes see values, not sessions", {
  hash <- function(x) gatemix:::hash_each(list(x))
  same <- function(a, b) expect_identical(hash(a), hash(b))
  differ <- function(a, b) expect_false(hash(a) == hash(b))
  same(1:3, c(1L, 2L, 3L))
  same(y ~ x, local(y ~ x, new.env()))
  f <- function(x) x + 1
  same(f, eval(parse(text = "function(x)   x+1")))
  for (i in 1:5) f(1)
  same(compiler::cmpfun(f), function(x) x + 1)
  same(structure(1, a = 1, b = 2), structure(1, b = 2, a = 1))
  same(new.env(), globalenv())
  same("\u00e9", iconv("\u00e9", "UTF-8", "latin1"))
  differ(1:3, c(1, 2, 3))
  differ(1, 1 + 1e-15)
  differ(y ~ x, y ~ z)
  differ(f, function(x) x + 2)
  differ(c(a = 1), c(b = 1))
  differ(list(1, 2), list(a = 1, b = 2))
  differ(factor("a"), "a")
  differ(NULL, list())
  m <- Matrix::sparseMatrix(1:2, 1:2, x = 1:2)
  same(m, Matrix::sparseMatrix(1:2, 1:2, x = 1:2))
  differ(m, 2 * m)
})
