lambda <- function(...) {
  moe_model(y ~ x, gate_coef = cbind(c(-8, 25), c(0, 0)),
            expert_coef = cbind(c(15, -20), c(-5, 20)),
            variance = c(0.09, 0.16), ...)
}

gaussian_gate_model <- function(gate = gate_gaussian(), ...) {
  moe_model(y ~ x, gate = gate,
            gate_coef = list(weights = c(0.3, 0.7), means = c(0.2, 0.8),
                             covariances = c(0.1, 0.15)),
            expert_coef = cbind(c(2, -5), c(0, 0.1)),
            variance = c(0.09, 0.04), ...)
}

test_that("the density is the formula of the model", {
  d <- data.frame(x = c(0, 0.3, 0.35, 1), y = c(2, 1, 1.5, 0))
  g <- plogis(-8 + 25 * d$x)
  h <- plogis(8 - 25 * d$x)
  f <- g * dnorm(d$y, 15 - 20 * d$x, 0.3) +
    h * dnorm(d$y, -5 + 20 * d$x, 0.4)
  model <- lambda()
  expect_near(predict(model, d, type = "density"), f, 1e-12)
  expect_near(predict(model, d, type = "gate")[, 1], g, 1e-12)
  expect_near(predict(model, d), g * (15 - 20 * d$x) +
                h * (-5 + 20 * d$x), 1e-12)
  expect_near(c(logLik(model, d)), sum(log(f)), 1e-12)

  model <- gaussian_gate_model()
  a <- cbind(0.3 * dnorm(d$x, 0.2, sqrt(0.1)),
             0.7 * dnorm(d$x, 0.8, sqrt(0.15)))
  e <- cbind(dnorm(d$y, 2 - 5 * d$x, 0.3), dnorm(d$y, 0.1 * d$x, 0.2))
  expect_near(predict(model, d, type = "gate"), a / rowSums(a), 1e-12)
  expect_near(c(logLik(model, d, type = "joint")), sum(log(rowSums(a * e))),
              1e-12)
  expect_near(c(logLik(model, d, type = "conditional")),
              sum(log(rowSums(a * e) / rowSums(a))), 1e-12)
  expect_equal(c(logLik(model, d)), c(logLik(model, d, type = "joint")))
})

test_that("a softmax gate may be given in any gauge", {
  b <- cbind(c(1, 2), c(0.5, -1), c(0, 1))
  model <- function(b) {
    moe_model(y ~ x, gate_coef = b, expert_coef = matrix(1:6, 2),
              variance = 1:3)
  }
  reference <- coef(model(b))
  expect_equal(coef(model(b + c(3, -7))), reference)
  expect_equal(coef(model(b[, -3] - b[, 3])), reference)
  expect_equal(coef(model(b), "gate"), b[, -3] - b[, 3],
               ignore_attr = TRUE)
})

test_that("the experts keep their order and rows go by their names", {
  model <- lambda()
  expect_equal(unname(coef(model, "expert")), cbind(c(15, -20), c(-5, 20)))
  b <- rbind(x = c(-20, 20), `(Intercept)` = c(15, -5))
  named <- moe_model(y ~ x, gate_coef = c(-8, 25), expert_coef = b,
                     variance = c(0.09, 0.16))
  expect_equal(coef(named), coef(model))
  # vectors have rows too
  named <- moe_model(y ~ x, gate_coef = c(x = 25, `(Intercept)` = -8),
                     expert_coef = b, variance = c(0.09, 0.16))
  expect_equal(coef(named), coef(model))
  one <- moe_model(y ~ x, expert_coef = c(x = 2, `(Intercept)` = 1),
                   variance = 1)
  expect_equal(as.vector(coef(one, "expert")), 1:2)
  expect_input_error(moe_model(y ~ x, gate_coef = c(z = 1, x = 2),
                               expert_coef = b, variance = 1:2),
                     "must be named")
})

test_that("covariances go by the names of their rows and columns", {
  sigma <- matrix(c(1, 0.3, 0.3, 4), 2)
  swapped <- sigma[2:1, 2:1]
  dimnames(swapped) <- list(c("b", "a"), c("b", "a"))
  model <- function(v) {
    moe_model(cbind(a, b) ~ 1, expert_coef = c(0, 0),
              variance = v)$parameters
  }
  expect_equal(model(swapped), model(sigma))
  expect_equal(model(array(swapped, c(2, 2, 1), c(dimnames(swapped), "k"))),
               model(sigma))
  colnames(swapped) <- NULL
  expect_equal(model(swapped), model(sigma))
  gate <- list(weights = 1, means = c(b = 2, a = 1), covariances = swapped)
  expect_equal(
    moe_model(y ~ a + b, gate = gate_gaussian(), gate_coef = gate,
              expert_coef = 1:3, variance = 1)$parameters$gate[3:4],
    list(means = cbind(expert1 = c(a = 1, b = 2)),
         covariances = array(sigma, c(2, 2, 1), list(c("a", "b"), c("a", "b"),
                                                     "expert1"))))
  colnames(swapped) <- c("a", "b")
  expect_input_error(model(swapped), "the same names")
  dimnames(swapped) <- list(c("a", "z"), c("a", "z"))
  expect_input_error(model(swapped), "must be named `a`, `b`")
})

test_that("what coef() gives makes the same model", {
  fits <- kinds_of_fits()[c("one expert", "no predictor", "constant gate",
                            "factors", "several responses",
                            "Gaussian gate")]
  levels <- list("factors" = list(site = c("a", "b", "c"), two = c("u", "v")))
  for (name in names(fits)) {
    fit <- fits[[name]][[1L]]
    gate <- coef(fit, "gate")
    if (inherits(fit$gate, "gate_gaussian")) gate <- fit$parameters$gate
    if (fit$K == 1L) gate <- NULL
    model <- moe_model(formula(fit), gate = fit$gate, expert = fit$expert,
                       gate_coef = gate, expert_coef = coef(fit, "expert"),
                       variance = fit$parameters$expert$covariances,
                       levels = levels[[name]])
    expect_equal(coef(model), coef(fit), info = name)
    new <- fits[[name]][[2L]]
    expect_near(predict(model, new, type = "density"),
                predict(fit, new, type = "density"), 1e-10)
  }
})

test_that("a model taken out of a fit predicts what the fit predicts", {
  for (kind in kinds_of_fits()) {
    fit <- kind[[1L]]
    new <- kind[[2L]]
    model <- as_moe_model(fit)
    expect_null(model$model)
    expect_null(model$weights)
    expect_identical(coef(model), coef(fit))
    for (type in c("response", "variance", "expert", "gate", "posterior",
                   "cluster", "density", "cdf", "quantile", "interval")) {
      expect_identical(predict(model, new, type = type),
                       predict(fit, new, type = type))
    }
    expect_identical(crps(model, new), crps(fit, new))
    expect_identical(log_score(model, new), log_score(fit, new))
  }
  expect_identical(as_moe_model(model), model)
  expect_input_error(as_moe_model(1), "must be a fit")
})

test_that("the log-likelihood of a fit's data is that of the fit", {
  d <- old_faithful()
  for (gate in list(gate_softmax(), gate_gaussian(),
                    gate_gaussian("diagonal", shared = TRUE),
                    gate_gaussian(likelihood = "conditional"))) {
    fit <- without_warnings(moe(eruptions ~ waiting, d, K = 2,
                                start = d$label, gate = gate))
    model <- as_moe_model(fit)
    for (type in names(fit$loglik)) {
      expect_equal(logLik(model, d, type = type), logLik(fit, type = type),
                   tolerance = 1e-10)
    }
  }
  w <- rep(1:2, 136)
  fit <- faithful_fit(weights = w)
  expect_equal(logLik(as_moe_model(fit), d, weights = w), logLik(fit),
               tolerance = 1e-10)
  holes <- d
  holes$waiting[3] <- NA
  expect_equal(attr(logLik(model, holes), "nobs"), 271L)
})

test_that("a model is a start", {
  d <- simulate(gaussian_gate_model(), n = 400, seed = 1)
  for (gate in list(gate_gaussian(),
                    gate_gaussian(likelihood = "conditional"))) {
    fit <- moe(y ~ x, d, K = 2, gate = gate,
               start = gaussian_gate_model(gate))
    again <- moe(y ~ x, d, K = 2, gate = gate, start = as_moe_model(fit))
    expect_lte(again$iterations, 1L)
    expect_equal(again$starts$rule, "fit")
  }
  # another gate on the same terms: by its posterior probabilities
  softmax <- moe(y ~ x, d, K = 2, start = gaussian_gate_model())
  expect_near(c(logLik(softmax)), c(logLik(moe(y ~ x, d, K = 2))), 1e-6)
  expect_input_error(moe(y ~ x, d, K = 3, start = lambda()),
                     "the model has 2 experts")
  expect_input_error(moe(y ~ x + I(x^2), d, K = 2, start = lambda()),
                     "must have the terms")
})

test_that("a model survives saveRDS and a new process", {
  models <- list(list(lambda(), data.frame(x = 0.1, y = 13)),
                 list(gaussian_gate_model(), data.frame(x = 0.1, y = 1)))
  f <- function(model, new) {
    list(predict(model, new, type = "density"), logLik(model, new))
  }
  expect_equal(in_new_process(models, f),
               lapply(models, function(m) f(m[[1L]], m[[2L]])))
})

test_that("terms that depend on data are refused", {
  one <- function(f, ...) moe_model(f, expert_coef = 1, variance = 1, ...)
  for (f in list(y ~ poly(x, 2), y ~ scale(x), y ~ I(x - mean(x)),
                 y ~ splines::ns(x, 3))) {
    expect_input_error(one(f), "depends on which rows are in the data")
  }
  expect_input_error(one(y ~ .), "stands for the columns")
  expect_input_error(one(~ x), "response")
  raw <- moe_model(y ~ poly(x, 2, raw = TRUE), expert_coef = 1:3, variance = 1)
  expect_near(predict(raw, data.frame(x = 2)), 1 + 4 + 12, 1e-12)
  for (f in list(y ~ factor(x), y ~ cut(x, 3))) {
    expect_input_error(one(f), "makes a factor")
  }
  step <- moe_model(y ~ I(x > 5), expert_coef = 1:2, variance = 1)
  expect_near(predict(step, data.frame(x = c(4, 6))), c(1, 3), 1e-12)
})

test_that("factors are declared by their levels", {
  model <- moe_model(y ~ f, expert_coef = c(1, 2), variance = 1,
                     levels = list(f = c("a", "b")))
  expect_near(predict(model, data.frame(f = c("b", "a"))), c(3, 1), 1e-12)
  expect_input_error(predict(model, data.frame(f = "c")), "new level")
  expect_input_error(moe_model(y ~ f, expert_coef = 1:2, variance = 1,
                               levels = c("a", "b")), "named list")
  expect_input_error(moe_model(y ~ f, expert_coef = 1:2, variance = 1,
                               levels = list(g = c("a", "b"))), "no predictor")
  expect_input_error(moe_model(y ~ f, expert_coef = 1:2, variance = 1,
                               levels = list(f = "a")), "two different levels")
})

test_that("parameters of the wrong shape are errors that say the right one", {
  bad <- function(..., formula = y ~ x, expert_coef = diag(2), variance = 1:2) {
    moe_model(formula, expert_coef = expert_coef, variance = variance, ...)
  }
  expect_input_error(moe_model(y ~ x), "needs `formula`")
  expect_input_error(bad(), "`gate_coef` must be a 2 x 2 matrix of coefficients")
  expect_input_error(bad(gate_coef = matrix(1, 3, 2)), "found 3 x 2")
  expect_input_error(bad(gate_coef = c(1, NA)), "not finite")
  expect_input_error(bad(gate_coef = 1:2, variance = 1:3), "2 variance")
  expect_input_error(bad(gate_coef = 1:2, variance = c(1, -1)),
                     "must be positive; that of expert 2")
  expect_input_error(bad(gate_coef = 1:2, expert_coef = matrix(1, 3, 2)),
                     "2 x K matrix")
  expect_input_error(bad(gate_coef = 1:2, expert_coef = "a"), "all numbers")
  expect_input_error(bad(gate_coef = list(1)), "all numbers")
  expect_input_error(
    bad(gate_coef = 1:2, expert_coef = rbind(a = 1:2, b = 1:2)),
    "rows must be named")
  expect_input_error(bad(gate_coef = c(0.5, 0.6), gate = gate_constant()),
                     "sum to 1")
  expect_input_error(bad(gate_coef = c(0.5, 0.5, 0), gate = gate_constant()),
                     "2 positive weights")
  expect_input_error(bad(gate_coef = 1:2, gate = gate_gaussian()),
                     "weights = , means = ")
  gates <- list(weights = c(0.5, 0.5), means = 1:2, covariances = 1:2)
  expect_input_error(bad(gate_coef = gates,
                         gate = gate_gaussian(shared = TRUE)), "structure")
  gates$sd <- 1
  expect_input_error(bad(gate_coef = gates, gate = gate_gaussian()),
                     "no entry `sd`")
  expect_input_error(bad(gate_coef = 1:2, design = data.frame(x = 1)),
                     "`design` must be a function")
  two <- function(sigma, ...) {
    moe_model(cbind(a, b) ~ 1, expert_coef = c(0, 0), variance = sigma,
              expert = expert_gaussian(...))
  }
  expect_input_error(two(matrix(c(1, 2, 2, 1), 2)), "positive definite")
  expect_input_error(two(matrix(c(1, 0.5, 0.5, 1), 2),
                         covariance = "diagonal"), "structure")
})

test_that("several responses are arrays, terms by responses by experts", {
  b <- array(1:8, c(2, 2, 2))
  model <- moe_model(cbind(u, v) ~ x | 1, gate_coef = c(0.3, 0),
                     expert_coef = b, variance = c(1, 2))
  expect_near(predict(model, data.frame(x = 2), type = "expert"),
              array(c(1 + 4, 3 + 8, 5 + 12, 7 + 16), c(1, 2, 2)), 1e-12)
  g <- plogis(0.3)
  # the means of the experts are 12 apart
  expect_near(predict(model, data.frame(x = 2), type = "variance"),
              t(rep(g + 2 * (1 - g) + 144 * g * (1 - g), 2)), 1e-10)
  expect_equal(unname(coef(model, "expert")), matrix(1:8, 4))
})

test_that("a truth that is given another law of the predictors is a plain model", {
  truth <- moe_truth("sgmoe")
  expect_identical(as_moe_model(truth), truth)
  expect_identical(as_moe_model(truth, truth$design), truth)
  other <- as_moe_model(truth, function(n) data.frame(x = rnorm(n)))
  expect_s3_class(other, "moe_model", exact = TRUE)
  out <- capture.output(print(other))
  expect_no_match(out, "Truth|equispaced")
  expect_match(out, "given as `design`", all = FALSE)
  expect_identical(coef(other), coef(truth))
  none <- capture.output(print(as_moe_model(truth, design = NULL)))
  expect_match(none, "predictors: none", all = FALSE)
})
