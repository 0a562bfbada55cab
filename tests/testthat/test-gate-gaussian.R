test_that("gate_gaussian() validates its arguments", {
  expect_s3_class(gate_gaussian(), "moe_gate")
  expect_output(print(gate_gaussian("diagonal", shared = TRUE)), "diagonal shared covariance, joint")
  expect_error(gate_gaussian("banded"), class = "gatemix_error_input")
  expect_error(gate_gaussian(shared = NA), class = "gatemix_error_input")
  expect_error(gate_gaussian(likelihood = "marginal"), class = "gatemix_error_input")
  expect_error(moe(y1 ~ x1 | 1, data = toy_data(), K = 2, gate = gate_gaussian()), "at least one predictor",
               class = "gatemix_error_input")
})

test_that("the joint estimates are the weighted moments of the predictors", {
  data <- toy_data(200)
  z <- as.matrix(data[c("z1", "z2")])
  fit <- toy_fit(gate_gaussian(), expert_gaussian(), 1, data, control = moe_control(tol = 1e-11))
  posterior <- predict(fit, data, type = "posterior")
  for (k in 1:3) {
    moments <- cov.wt(z, posterior[, k] / sum(posterior[, k]), method = "ML")
    expect_equal(fit$parameters$gate$means[, k], moments$center, tolerance = 1e-7)
    expect_equal(fit$parameters$gate$covariances[, , k], moments$cov, tolerance = 1e-6)
  }
  expect_equal(unname(fit$parameters$gate$weights), unname(colMeans(posterior)), tolerance = 1e-8)
})

test_that("structures hold on the user's scale", {
  data <- toy_data(200)
  scale <- apply(data[c("z1", "z2")], 2, function(v) sqrt(mean((v - mean(v))^2)))
  for (likelihood in c("joint", "conditional")) for (shared in c(FALSE, TRUE)) {
    for (structure in c("full", "diagonal", "spherical")) {
      fit <- toy_fit(gate_gaussian(structure, shared, likelihood), expert_gaussian(), 1, data)
      covariances <- fit$parameters$gate$covariances
      label <- fit$gate$label
      expect_true(all(apply(covariances, 3, function(s) min(eigen(s)$values) > 0)), info = label)
      if (structure != "full") expect_true(all(abs(covariances[1, 2, ]) < 1e-12), info = label)
      if (structure == "spherical") {
        # spherical in standardised predictors
        expect_equal(sqrt(covariances[1, 1, ] / covariances[2, 2, ]),
                     rep(scale[[1]] / scale[[2]], 3), tolerance = 1e-9, ignore_attr = TRUE, info = label)
      }
      if (shared) expect_equal(covariances[, , 1], covariances[, , 3], tolerance = 1e-12, info = label)
    }
  }
})

test_that("the conditional likelihood is at least that of the joint fit, and at most the softmax's with squares", {
  data <- toy_data(300)
  joint <- toy_fit(gate_gaussian("diagonal"), expert_gaussian(), 1, data)
  conditional <- quiet(moe(toy_formula(1), data = data, K = 3, start = joint,
                           gate = gate_gaussian("diagonal", likelihood = "conditional")))
  expect_gte(logLik(conditional), logLik(joint, type = "conditional") - 1e-8)
  expect_lte(conditional$loglik[["joint"]], joint$loglik[["joint"]] + 1e-8)
  squares <- quiet(moe(y1 ~ x1 + x2 | z1 + z2 + I(z1^2) + I(z2^2), data = data, K = 3, start = data$group))
  expect_equal(conditional$loglik[["conditional"]], squares$loglik[["conditional"]], tolerance = 1e-7)
})

test_that("with one covariance the conditional gate is the softmax gate", {
  data <- toy_data(300)
  for (structure in c("full", "diagonal", "spherical")) {
    a <- toy_fit(gate_gaussian(structure, shared = TRUE, likelihood = "conditional"), expert_gaussian(), 1, data)
    b <- toy_fit(gate_softmax(), expert_gaussian(), 1, data)
    expect_equal(a$loglik[["conditional"]], b$loglik[["conditional"]], tolerance = 1e-9)
    expect_equal(predict(a, data, type = "gate"), predict(b, data, type = "gate"), tolerance = 1e-6)
  }
})

test_that("K = 1 is one Gaussian of the predictors and one regression", {
  data <- toy_data(100)
  for (gate in all_gates()[-(1:2)]) {
    fit <- quiet(moe(y1 ~ x1 | z1 + z2, data = data, K = 1, gate = gate))
    expect_equal(fit$loglik[["conditional"]], as.numeric(logLik(lm(y1 ~ x1, data))), tolerance = 1e-10,
                 info = gate$label)
  }
})

test_that("sharp gates, whose weights underflow, come back from their parameters", {
  for (shared in c(FALSE, TRUE)) for (structure in c("full", "diagonal", "spherical")) {
    gate <- gate_gaussian(structure, shared, "conditional")
    problem <- toy_problem(gate, expert_gaussian(), 1)
    theta <- toy_theta(problem, toy_data()$group)
    at <- gatemix:::unpack_coordinates(problem, 1000 * theta)$gate
    parameters <- gatemix:::gate_parameters(gate, at, problem$units$gate, 3L)
    expect_equal(unlist(gatemix:::gate_coordinates(gate, parameters, problem$units$gate, 3L)), unlist(at),
                 tolerance = 1e-6, ignore_attr = TRUE, info = gate$label)
  }
})

test_that("a Gaussian gate refuses a formula without intercept", {
  expect_error(moe(NOx ~ E | 0 + E, lattice::ethanol, K = 2,
                   gate = gate_gaussian()),
               "removing the intercept", class = "gatemix_error_input")
})
