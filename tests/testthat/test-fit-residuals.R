d <- old_faithful()
fit <- faithful_fit()

test_that("residuals are response minus fit, pearson divided by the sd", {
  expect_near(residuals(fit), d$eruptions - fitted(fit), 1e-12)
  expect_near(residuals(fit, type = "pearson"),
              residuals(fit) / sqrt(predict(fit, type = "variance")), 1e-12)
  expect_equal(fitted(fit), predict(fit))
  two <- two_response_fit()
  expect_equal(dim(residuals(two)), c(100L, 2L))
  expect_equal(colnames(residuals(two, type = "pearson")),
               c("Sepal.Length", "Sepal.Width"))
})

test_that("pit is the distribution function, quantile its normal score", {
  pit <- residuals(fit, type = "pit")
  expect_equal(pit, predict(fit, type = "cdf"))
  expect_near(residuals(fit, type = "quantile"), qnorm(pit), 1e-9)
  two <- two_response_fit()
  expect_equal(residuals(two, type = "pit"), predict(two, type = "cdf"))
  expect_equal(dim(residuals(two, type = "quantile")), c(100L, 2L))
})

test_that("quantile residuals of one expert are scaled residuals", {
  one <- moe(eruptions ~ waiting, d, K = 1)
  expect_near(residuals(one, type = "quantile"), residuals(one) / sigma(one),
              1e-10)
})

test_that("quantile residuals stay finite and exact far in both tails", {
  gate <- matrix(c(0.3, 0.7), 2, 2, byrow = TRUE)
  mean <- matrix(c(0, 0, 1, 1), 2)
  law <- gatemix:::expert_law(expert_gaussian(),
                              list(covariances = array(1, c(1, 1, 2))), 1L)
  far <- gatemix:::normal_score(c(-60, 60), gate, mean, law)
  expect_equal(far, c(qnorm(log(0.3) + pnorm(-60, log.p = TRUE), log.p = TRUE),
                      qnorm(log(0.7) + pnorm(59, lower.tail = FALSE,
                                             log.p = TRUE),
                            lower.tail = FALSE, log.p = TRUE)))
})

test_that("pit is uniform where the model is true", {
  big <- d[rep(seq_len(nrow(d)), 50), c("waiting", "eruptions")]
  big$eruptions <- simulate(fit, seed = 1, newdata = big)$sim_1
  u <- predict(fit, big, type = "cdf")
  expect_lt(max(abs(sort(u) - ppoints(length(u)))), 1.63 / sqrt(length(u)))
  again <- moe(eruptions ~ waiting, big, K = 2, start = fit)
  z <- residuals(again, type = "quantile")
  expect_lt(abs(mean(z)), 0.01)
  expect_lt(abs(sd(z) - 1), 0.01)
})

test_that("continuous responses need no random numbers", {
  set.seed(3)
  before <- .Random.seed
  residuals(fit, type = "pit")
  residuals(fit, type = "quantile")
  expect_identical(.Random.seed, before)
})

test_that("rows left out by na.exclude come back as NA", {
  d$eruptions[c(2, 7)] <- NA
  padded <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
                na.action = na.exclude)
  for (type in c("response", "pearson", "quantile", "pit")) {
    expect_equal(which(is.na(residuals(padded, type = type))), c(2L, 7L),
                 ignore_attr = TRUE)
  }
})

test_that("the type is checked, and other arguments are errors", {
  expect_input_error(residuals(fit, type = "deviance"), "`type` must be one of")
  expect_input_error(residuals(fit, rows = 1:3), "`rows`.*residuals.moe")
  lean <- faithful_fit(model = FALSE)
  expect_input_error(residuals(lean, type = "pit"), "model = FALSE")
})

test_that("a fit has the residuals of other data, as its model has", {
  new <- d[5:1, ]
  model <- as_moe_model(fit)
  for (type in c("response", "pearson", "quantile", "pit")) {
    expect_identical(residuals(fit, newdata = new, type = type),
                     residuals(model, newdata = new, type = type))
    expect_near(residuals(fit, type, new), residuals(fit, type)[5:1], 1e-12)
  }
  expect_identical(residuals(fit, newdata = NULL), residuals(fit))
  expect_input_error(residuals(fit, newdata = new["waiting"]),
                     "`newdata` must hold the response")
  lean <- faithful_fit(model = FALSE)
  expect_identical(residuals(lean, newdata = new),
                   residuals(fit, newdata = new))
})
