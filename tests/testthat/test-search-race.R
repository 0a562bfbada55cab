# The search for the best optimum, and what it must survive.

test_that("the scale of the weights changes nothing", {
  fits <- lapply(c(1e-6, 1, 1e6), function(scale) {
    set.seed(3)
    suppressWarnings(moe(medv ~ lstat + rm, MASS::Boston, K = 3,
                         weights = rep(scale, 506)))
  })
  for (fit in fits) {
    expect_equal(coef(fit), coef(fits[[2L]]), tolerance = 1e-5)
    expect_identical(fit$floored, fits[[2L]]$floored)
  }
  expect_equal(c(logLik(fits[[1L]])) * 1e6, c(logLik(fits[[2L]])),
               tolerance = 1e-8)
})

test_that("rows of weight zero do not count, however many there are", {
  set.seed(4)
  x <- runif(9000)
  y <- abs(x - 0.5) + 0.05 * rnorm(9000)
  w <- rep(0:1, c(8000, 1000))
  set.seed(5)
  whole <- suppressWarnings(moe(y ~ x, K = 2, weights = w))
  expect_equal(nobs(whole), 1000L)
  set.seed(5)
  part <- suppressWarnings(moe(y ~ x, K = 2, subset = w > 0))
  expect_equal(c(logLik(whole)), c(logLik(part)), tolerance = 1e-8)
  w <- runif(9000)
  random <- suppressWarnings(moe(y ~ x, K = 2, weights = w))
  expect_true(random$converged)
})

test_that("the search is deterministic under set.seed()", {
  run <- function() {
    set.seed(6)
    suppressWarnings(moe(NOx ~ E, lattice::ethanol, K = 3))
  }
  first <- run()
  second <- run()
  expect_identical(first$theta, second$theta)
  expect_identical(first$starts, second$starts)
})

test_that("a given start draws no random numbers", {
  set.seed(7)
  before <- .Random.seed
  suppressWarnings(moe(NOx ~ E, lattice::ethanol, K = 2,
                       start = rep(1:2, 44)))
  expect_identical(.Random.seed, before)
})

test_that("fit$starts has a row per start, and the best is the fit", {
  set.seed(8)
  fit <- moe(eruptions ~ waiting, faithful, K = 2,
             control = moe_control(starts = 7, moves = 0))
  expect_identical(fit$starts$start, 1:7)
  expect_named(fit$starts, c("start", "rule", "objective", "iterations",
                             "status"))
  expect_equal(max(fit$starts$objective), c(logLik(fit)), tolerance = 1e-6)
})

test_that("many rows are searched on a sample and fitted on all", {
  set.seed(1)
  n <- 5000
  x <- runif(n)
  y <- rnorm(n, ifelse(runif(n) < plogis(8 * x - 4), 3 * x, -1), 0.3)
  fit <- moe(y ~ x, K = 2, control = moe_control(starts = 3, moves = 0))
  expect_true(fit$converged)
  expect_equal(nobs(fit), n)
  expect_equal(sum(fit$sizes), n)
  expect_near(coef(fit, "expert"), cbind(c(-1, 0), c(0, 3)), 0.05)
})

test_that("starts that all fail are an error, and one that fails is last", {
  expect_error(survivors(list(failed_run(), failed_run()), 1:2, 1),
               "No start could be evaluated", class = "gatemix_error_numeric")
  good <- failed_run()
  good$status <- "running"
  good$objective <- -10
  good$degenerate <- FALSE
  expect_identical(survivors(list(failed_run(), good), 1:2, 1), 2L)
})

test_that("each rule of starts can be asked for alone", {
  for (rule in names(gatemix:::start_rules)) {
    set.seed(9)
    fit <- moe(eruptions ~ waiting, faithful, K = 2,
               control = moe_control(starts = 3, init = rule))
    expect_true(all(fit$starts$rule %in% c(rule, "moves")))
    expect_true(fit$converged)
  }
})

test_that("experts that begin alike do not stay at the saddle", {
  even <- matrix(0.5, 272, 2)
  for (gate in list(gate_softmax(), gate_gaussian(), gate_constant())) {
    one <- moe(eruptions ~ waiting, faithful, K = 1, gate = gate)
    fit <- suppressWarnings(moe(eruptions ~ waiting, faithful, K = 2,
                                gate = gate, start = even))
    expect_gt(c(logLik(fit)), c(logLik(one)) + 1)
  }
})

test_that("over-fitted models converge too", {
  set.seed(10)
  x <- runif(3000)
  y <- 1 + x + 0.3 * rnorm(3000)
  fit <- suppressWarnings(moe(y ~ x, K = 2, start = rep(1:2, 1500)))
  expect_true(fit$converged)
})

test_that("an expert without rows is reported", {
  expect_warning(
    fit <- moe(eruptions ~ waiting | 1, faithful, K = 2, start = rep(1, 272)),
    "No rows belong to", class = "gatemix_warning_empty")
  expect_true(is.finite(logLik(fit)))
})

test_that("a dummy variable in a conditional Gaussian gate is no separation", {
  set.seed(11)
  fit <- moe(medv ~ lstat | chas + lstat, MASS::Boston, K = 2,
             gate = gate_gaussian(likelihood = "conditional"))
  expect_false(fit$separated)
  expect_true(fit$converged)
})

test_that("Ctrl-C stops a fit, and R goes on", {
  skip_on_cran()
  skip_on_os("windows")
  set.seed(12)
  n <- 2e5
  x <- runif(n)
  y <- x + rnorm(n)
  start <- rep(1:3, length.out = n)
  endless <- moe_control(tol = 0, max_iter = 1e6, accelerate = FALSE)
  # again and again until it is heard: the first may come too early
  flag <- tempfile()
  file.create(flag)
  on.exit(unlink(flag))
  system(paste("while sleep 1; test -e", shQuote(flag), "; do kill -INT",
               Sys.getpid(), "; done"), wait = FALSE)
  outcome <- tryCatch({
    moe(y ~ x, K = 3, start = start, control = endless)
    "finished"
  }, interrupt = function(condition) "interrupted")
  unlink(flag)
  expect_identical(outcome, "interrupted")
  expect_true(moe(eruptions ~ waiting, faithful, K = 1)$converged)
})

test_that("starts that run on workers give the same fit", {
  skip_on_cran()
  skip_if_not_installed("future.apply")
  set.seed(9)
  x <- runif(4000)
  y <- abs(x - 0.5) + 0.1 * rnorm(4000)
  run <- function() {
    set.seed(9)
    fit <- suppressWarnings(moe(y ~ x, K = 6, control = moe_control(
      starts = 40, moves = 1)))
    list(theta = fit$theta, starts = fit$starts, seed = .Random.seed)
  }
  problem <- list(x = cbind(1, x), spec = list(K = 6L))
  expect_false(gatemix:::worth_a_journey(problem, 40L))
  here <- run()
  old <- future::plan("multisession", workers = 2)
  on.exit(future::plan(old))
  expect_true(gatemix:::worth_a_journey(problem, 40L))
  expect_false(gatemix:::worth_a_journey(problem, 1L))
  expect_identical(run(), here)
})

test_that("starts with as many coefficients as half of the rows stop early", {
  d <- lasso_data(n = 40, p = 60)
  fit <- function(lambda) {
    set.seed(1)
    suppressWarnings(moe(
      d$x, d$y, K = 2, gate = gate_softmax(penalty = penalty_lasso(lambda)),
      expert = expert_gaussian(shared = TRUE, penalty = penalty_lasso(lambda)),
      control = moe_control(starts = 3, moves = 1, max_iter = 30)))
  }
  tiny <- fit(1e-3)
  run <- first_round(stored_problem(tiny), rep(1:2, 20), tiny$control)
  expect_identical(run$status, "saturated")
  expect_true(run$degenerate)
  # what is reported is a run to the end, and says what it is
  expect_false(tiny$converged)
  expect_true(tiny$status != "saturated")
  expect_true("degenerate" %in% tiny$starts$status)
})
