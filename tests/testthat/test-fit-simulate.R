d <- old_faithful()
fit <- faithful_fit()

test_that("a seed makes the simulation repeatable", {
  a <- simulate(fit, nsim = 3, seed = 1)
  b <- simulate(fit, nsim = 3, seed = 1)
  expect_identical(a, b)
  expect_equal(dim(a), c(nrow(d), 3L))
  expect_equal(names(a), c("sim_1", "sim_2", "sim_3"))
  expect_false(identical(a, simulate(fit, nsim = 3, seed = 2)))
  expect_equal(c(attr(a, "seed")), 1)
})

test_that("a seed leaves the user's random numbers alone", {
  set.seed(11)
  expected <- runif(2)
  set.seed(11)
  first <- runif(1)
  simulate(fit, seed = 99)
  expect_identical(c(first, runif(1)), expected)
})

test_that("the first random numbers of a session may be the simulated ones", {
  set.seed(1)
  rm(".Random.seed", envir = globalenv())
  expect_equal(dim(simulate(fit)), c(nrow(d), 1L))
  expect_true(exists(".Random.seed", globalenv()))
})

test_that("without a seed the user's stream is used and reported", {
  set.seed(5)
  a <- simulate(fit)
  b <- simulate(fit)
  expect_false(identical(a$sim_1, b$sim_1))
  set.seed(5)
  expect_identical(simulate(fit)$sim_1, a$sim_1)
  assign(".Random.seed", attr(b, "seed"), globalenv())
  expect_identical(simulate(fit)$sim_1, b$sim_1)
})

test_that("simulated responses have the moments of the prediction", {
  at <- data.frame(waiting = rep(c(50, 68, 85), each = 20000))
  sim <- simulate(fit, seed = 4, newdata = at)
  mean <- tapply(sim$sim_1, at$waiting, mean)
  variance <- tapply(sim$sim_1, at$waiting, var)
  expected <- data.frame(waiting = c(50, 68, 85))
  expect_lt(max(abs(mean - predict(fit, expected)) /
                  sqrt(predict(fit, expected, type = "variance") / 20000)), 4)
  expect_equal(as.vector(variance),
               predict(fit, expected, type = "variance"), tolerance = 0.05)
  share <- tapply(attr(sim, "expert")[, 1] == 1L, at$waiting, mean)
  expect_equal(as.vector(share), predict(fit, expected, type = "gate")[, 1],
               tolerance = 0.05)
})

test_that("simulated quantiles are the predicted ones", {
  at <- data.frame(waiting = rep(66, 20000))
  y <- simulate(fit, seed = 8, newdata = at)$sim_1
  q <- predict(fit, at[1, , drop = FALSE], type = "quantile",
               probs = c(0.1, 0.5, 0.9))
  expect_lt(max(abs(vapply(q, function(v) mean(y <= v), 0) -
                      c(0.1, 0.5, 0.9))), 0.01)
})

test_that("several responses are simulated with their covariance", {
  two <- two_response_fit()
  at <- flowers()[rep(10, 20000), ]
  sim <- simulate(two, seed = 2, newdata = at)
  expect_equal(dim(sim$sim_1), c(20000L, 2L))
  expect_equal(colnames(sim$sim_1), c("Sepal.Length", "Sepal.Width"))
  k <- attr(sim, "expert")[, 1]
  expect_equal(unname(cov(sim$sim_1[k == 2, ])),
               unname(two$parameters$expert$covariances[, , 2]),
               tolerance = 0.1)
})

test_that("one row, one expert and missing predictors can be simulated", {
  expect_equal(nrow(simulate(fit, newdata = d[1, ])), 1L)
  one <- moe(eruptions ~ waiting, d, K = 1)
  expect_true(all(attr(simulate(one), "expert") == 1L))
  sim <- simulate(fit, nsim = 2, newdata = data.frame(waiting = c(60, NA)))
  expect_equal(is.na(sim$sim_2), c(FALSE, TRUE))
})

test_that("simulate-then-fit recovers the coefficients", {
  big <- d[rep(seq_len(nrow(d)), 30), ]
  big$eruptions <- simulate(fit, seed = 3, newdata = big)$sim_1
  again <- moe(eruptions ~ waiting, big, K = 2, start = fit)
  expect_equal(coef(again, "expert"), coef(fit, "expert"), tolerance = 0.1)
  expect_equal(coef(again, "gate"), coef(fit, "gate"), tolerance = 0.2)
})

test_that("nsim and seed are checked", {
  expect_input_error(simulate(fit, nsim = 0), "`nsim` must be one whole number")
  expect_input_error(simulate(fit, nsim = 1.5), "`nsim`")
  expect_input_error(simulate(fit, seed = "a"), "`seed`")
  expect_input_error(simulate(fit, foo = 1), "`foo`.*simulate.moe")
})

test_that("a fit does not draw rows: their number is refused", {
  expect_input_error(simulate(fit, n = 3), "`n`:.*`nsim`")
  expect_input_error(simulate(fit, n = 3, newdata = d[1:3, ]), "`n`:")
})
