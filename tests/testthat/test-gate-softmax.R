test_that("gate_softmax() takes a penalty, and nothing else for one", {
  expect_s3_class(gate_softmax(), "gate_softmax")
  expect_identical(capture.output(print(gate_softmax())), "softmax gate")
  expect_identical(capture.output(print(gate_softmax(penalty_ridge(0.1)))),
                   paste0("softmax gate, ", penalty_words(penalty_ridge(0.1))))
  expect_identical(gate_softmax(penalty_ridge(0.1))$penalty, penalty_ridge(0.1))
  expect_error(gate_softmax(0.1), "`penalty`", class = "gatemix_error_input")
})

test_that("the last expert is the reference, probabilities follow the linear predictors", {
  data <- toy_data(200)
  fit <- toy_fit(gate_softmax(), expert_gaussian(), 1, data)
  b <- fit$parameters$gate$coefficients
  expect_identical(dimnames(b), list(c("(Intercept)", "z1", "z2"), c("expert1", "expert2")))
  eta <- cbind(toy_design(data, c("z1", "z2")) %*% b, 0)
  expect_equal(predict(fit, data, type = "gate"), exp(eta - log_sum_exp(eta)), tolerance = 1e-9,
               ignore_attr = TRUE)
})

test_that("the gate is the multinomial regression of the posterior", {
  skip_if_not_installed("nnet")
  data <- toy_data(200)
  fit <- toy_fit(gate_softmax(), expert_gaussian(), 1, data, control = moe_control(tol = 1e-10))
  posterior <- predict(fit, data, type = "posterior")[, 3:1]
  reference <- nnet::multinom(posterior ~ scale(z1) + scale(z2), data, trace = FALSE, reltol = 1e-14, maxit = 1000,
                              abstol = 0)
  expect_equal(predict(fit, data, type = "gate")[, 3:1], fitted(reference), tolerance = 1e-4, ignore_attr = TRUE)
})

test_that("with an intercept alone the softmax gate is the constant gate", {
  data <- toy_data(200)
  a <- quiet(moe(y1 ~ x1 | 1, data = data, K = 3, start = data$group))
  b <- quiet(moe(y1 ~ x1, data = data, K = 3, gate = gate_constant(), start = data$group))
  expect_identical(a$theta, b$theta)
  expect_equal(a$loglik, b$loglik)
})

test_that("separated experts: the supremum, finite slopes, a classed warning", {
  ethanol <- lattice::ethanol
  set.seed(1)
  expect_warning(fit <- moe(NOx ~ E, data = ethanol, K = 2), class = "gatemix_warning_separation")
  expect_true(fit$separated)
  expect_true(fit$converged)
  expect_true(all(is.finite(fit$parameters$gate$coefficients)))
  # the supremum is that of a gate that switches where the experts meet
  gate <- predict(fit, type = "gate")
  expect_gt(mean(pmax(gate[, 1], gate[, 2]) > 0.99), 0.9)
  overlapping <- toy_fit(gate_softmax(), expert_gaussian(), 1, toy_data(200))
  expect_false(overlapping$separated)
})

test_that("a gate without an intercept is a model of its own", {
  data <- toy_data(200)
  fit <- quiet(moe(y1 ~ x1 + x2 | z2 - 1, data = data, K = 3, start = data$group))
  expect_identical(rownames(fit$parameters$gate$coefficients), "z2")
  got <- user_log_likelihood(fit, toy_design(data, c("x1", "x2")), as.matrix(data["z2"]), data$y1)
  expect_equal(fit$loglik[["conditional"]], got[["conditional"]], tolerance = 1e-9)
})

test_that("experts without an intercept have likelihoods to match", {
  data <- toy_data(200)
  fit <- quiet(moe(y1 ~ x1 - 1 | z2, data = data, K = 3, start = data$group))
  got <- user_log_likelihood(fit, as.matrix(data["x1"]), toy_design(data, "z2"), data$y1)
  expect_equal(fit$loglik[["conditional"]], got[["conditional"]], tolerance = 1e-9)
})
