# Random streams and progress.

test_that("streams of random numbers differ and repeat", {
  a <- gatemix:::replicate_seeds(4, 1)
  expect_identical(a, gatemix:::replicate_seeds(4, 1))
  expect_false(anyDuplicated(a) > 0)
  expect_false(identical(a, gatemix:::replicate_seeds(4, 2)))
})

test_that("streams by name do not depend on other names", {
  first <- gatemix:::replicate_seeds(1, 1)[[1]]
  a <- gatemix:::named_streams(first, c("x", "K=2\nfresh", "y"))
  expect_identical(gatemix:::named_streams(first, "K=2\nfresh"), a[2])
  expect_false(anyDuplicated(a) > 0)
  other <- gatemix:::replicate_seeds(1, 2)[[1]]
  expect_false(identical(gatemix:::named_streams(other, "y"), a[3]))
  for (stream in a) {
    expect_type(stream, "integer")
    expect_true(all(is.finite(gatemix:::with_stream(stream, function() {
      runif(5)
    }))))
  }
  expect_identical(gatemix:::text_hash(c("abc", "")),
                   c("900150983cd24fb0d6963f7d28e17f72",
                     "d41d8cd98f00b204e9800998ecf8427e"))
})

test_that("progress is silent unless a handler is asked for", {
  skip_if_not_installed("progressr")
  loadNamespace("progressr")
  expect_silent(faithful_fit())
  expect_silent(bootstrap_moe(faithful_fit(), R = 2, seed = 1))
})

test_that("starts and replicates report their progress", {
  skip_if_not_installed("progressr")
  steps <- function(expr) sum(reported(expr))
  fit <- faithful_fit()
  expect_equal(steps(bootstrap_moe(fit, R = 7, seed = 1)), 7)
  set.seed(1)
  found <- steps(moe(eruptions ~ waiting, old_faithful(), K = 2,
                     control = moe_control(starts = 6, moves = 3)))
  expect_equal(found, 6 + 3 + 1)
})

test_that("progress through phases ends where it should, in small steps", {
  skip_if_not_installed("progressr")
  amounts <- reported(local({
    meter <- phase_meter(3)
    meter$run()
    meter$phase()
    for (i in 1:500) meter$run()
    meter$phase()
    meter$run()
    meter$phase()
    meter$end()
    meter$run()
  }))
  expect_equal(sum(amounts), 3 * phase_steps)
  expect_true(all(amounts > 0))
  expect_gt(sum(amounts < phase_steps / 50), 100)
})

test_that("nothing is reported before the quiet time is over", {
  skip_if_not_installed("progressr")
  loadNamespace("progressr")
  ten <- function(quiet) {
    step <- progressr::progressor(10, initiate = FALSE)
    tick <- patient_progress(step, 10, quiet)
    for (i in 1:10) tick()
  }
  expect_length(reported(ten(Inf)), 0)
  expect_equal(reported(ten(0)), rep(1, 10))
})

test_that("what travels to a worker leaves the caller's data behind", {
  skip_on_covr()   # instrumented code is larger
  caller <- function() {
    data <- stats::rnorm(1e5)
    tick <- gatemix:::progress(length(data))
    run <- gatemix:::task_runner(identity, NULL, tick)
    length(serialize(run, NULL))
  }
  expect_lt(caller(), 1e5)
  skip_if_not_installed("progressr")
  loadNamespace("progressr")
  expect_lt(caller(), 1e5)
  progressr::with_progress(expect_lt(caller(), 1e5), enable = TRUE,
                           handlers = progressr::handler_void())
})
