# the fit sorts its experts: the truth's in that order, by the gate means
dispersion_in_order_of <- function(truth, fit) {
  at <- apply(outer(fit$parameters$gate$means[1, ],
                    truth$parameters$gate$means[1, ], `-`)^2, 1, which.min)
  coef(truth, "dispersion")[, at, drop = FALSE]
}

test_that("simulated data have the law of the model", {
  truth <- moe_truth("ggmoe_3")
  d <- simulate(truth, n = 2e4, seed = 1)
  expect_named(d, c("x1", "x2", "y"))
  expert <- attr(d, "expert")
  expect_near(tabulate(expert) / 2e4, c(0.3, 0.4, 0.3), 0.03)
  g <- truth$parameters$gate
  expect_near(mean(d$x1), sum(g$weights * g$means[1, ]), 0.05)
  fit <- moe(y ~ x1 + x2, d, K = 3, gate = gate_gaussian(), start = truth)
  expect_near(coef(fit, "dispersion"), dispersion_in_order_of(truth, fit),
              0.1)
})

test_that("the seed decides, and leaves the state as it was", {
  truth <- moe_truth("dendro_5")
  set.seed(1)
  before <- .Random.seed
  a <- simulate(truth, n = 20, seed = 5)
  expect_identical(.Random.seed, before)
  expect_identical(simulate(truth, n = 20, seed = 5), a)
  expect_false(identical(simulate(truth, n = 20, seed = 6)$y, a$y))
  several <- simulate(truth, nsim = 2, n = 20, seed = 5)
  expect_identical(several[[1]]$y, a$y)
  expect_identical(attr(a, "seed")[1], 5L)
})

test_that("at given rows a model simulates what its fit does", {
  for (kind in kinds_of_fits()) {
    expect_identical(simulate(as_moe_model(kind[[1L]]), 2, seed = 3,
                              newdata = kind[[2L]]),
                     simulate(kind[[1L]], 2, seed = 3, newdata = kind[[2L]]))
  }
})

test_that("rows are drawn only from a law that there is", {
  expect_input_error(simulate(as_moe_model(faithful_fit()), n = 5),
                     "no law of the predictors")
  expect_input_error(simulate(moe_truth("sgmoe")), "either `newdata`")
  expect_input_error(simulate(moe_truth("sgmoe"), n = 2,
                              newdata = data.frame(x = 1)), "either `newdata`")
  d <- old_faithful()
  partly <- moe(eruptions ~ waiting + site | waiting, d, K = 2,
                start = d$label, gate = gate_gaussian())
  expect_input_error(simulate(as_moe_model(partly), n = 5),
                     "all there are")
  odd <- as_moe_model(faithful_fit(), design = function(n) 1)
  expect_input_error(simulate(odd, n = 5), "must return a data frame")
  given <- as_moe_model(faithful_fit(), design = function(n) {
    data.frame(waiting = rep(70, n))
  })
  expect_equal(dim(simulate(given, n = 5)), c(5L, 2L))
})

test_that("models of fits from matrices give matrices", {
  set.seed(2)
  x <- cbind(a = rnorm(100), b = rnorm(100))
  y <- rnorm(100) + 4 * (x[, 1] + rnorm(100) > 0)
  fit <- moe(x, y, K = 2, gate = gate_gaussian(), start = 1 + (x[, 1] > 0))
  d <- simulate(as_moe_model(fit), n = 30, seed = 1)
  expect_named(d, c("x", "y"))
  expect_equal(dim(d$x), c(30L, 2L))
  expect_true(is.finite(logLik(as_moe_model(fit), d)))
  own <- moe(x, y, K = 2, z = x[, 1], start = 1 + (x[, 1] > 0))
  law <- as_moe_model(own, design = function(n) {
    list(x = matrix(0, n, 2), z = matrix(1, n))
  })
  expect_named(simulate(law, n = 3), c("x", "z", "y"))
})

test_that("several responses come as columns", {
  model <- as_moe_model(two_response_fit(), design = function(n) {
    data.frame(Petal.Length = 4, Petal.Width = seq_len(n) / n)
  })
  d <- simulate(model, n = 4, seed = 1)
  expect_named(d, c("Petal.Length", "Petal.Width", "Sepal.Length",
                    "Sepal.Width"))
  expect_true(is.finite(logLik(model, d)))
})
