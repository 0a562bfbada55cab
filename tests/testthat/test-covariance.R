spd <- function(q, seed) {
  set.seed(seed)
  crossprod(matrix(rnorm(20 * q), 20)) / 20
}

test_that("coordinates of covariances are inverse to each other", {
  for (q in 1:4) for (shared in c(FALSE, TRUE)) for (structure in c("full", "diagonal", "spherical")) {
    sigma <- vapply(1:3, function(k) {
      s <- spd(q, if (shared) 1 else k)
      switch(structure, full = s, diagonal = diag(diag(s), q), spherical = diag(mean(diag(s)), q))
    }, matrix(0, q, q))
    sigma <- array(sigma, c(q, q, 3))
    at <- gatemix:::coordinates_from_covariances(sigma, structure, shared)
    expect_length(at, gatemix:::covariance_size(structure, q) * if (shared) 1 else 3)
    expect_equal(gatemix:::covariances_from_coordinates(at, structure, shared, q, 3), sigma, tolerance = 1e-13)
  }
})

test_that("R and the engine read the same matrices from coordinates", {
  for (structure in c("full", "diagonal", "spherical")) for (shared in c(FALSE, TRUE)) {
    expert <- expert_gaussian(structure, shared)
    problem <- toy_problem(gate_softmax(), expert, 2)
    theta <- toy_theta(problem, toy_data()$group)
    m <- oracle_matrices(problem)
    at <- unname(utils::tail(theta, gatemix:::covariance_size(structure, 2) * if (shared) 1 else 3))
    sigma <- gatemix:::covariances_from_coordinates(at, structure, shared, 2, 3)
    b <- oracle_parameters(problem, theta)$b
    wanted <- vapply(1:3, function(k) log_normal(m$y - m$x %*% b[, , k], sigma[, , k]), numeric(60))
    expect_equal(gatemix:::engine_evaluate(problem, theta)$log_expert, wanted, tolerance = 1e-12)
  }
})

test_that("a perfect fit ends at the floor: warned, recorded, finite", {
  data <- toy_data(90)
  data$y1 <- 5 * data$group + data$x1 * data$group
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian())) {
    for (structure in c("full", "diagonal", "spherical")) {
      expect_warning(
        fit <- withCallingHandlers(
          moe(y1 ~ x1 | z2, data = data, K = 3, gate = gate, expert = expert_gaussian(structure),
              start = data$group),
          gatemix_warning_separation = function(w) invokeRestart("muffleWarning")),
        class = "gatemix_warning_floor")
      expect_true(all(fit$floored))
      expect_true(fit$converged)
      expect_true(all(is.finite(fit$loglik)))
      nearest <- apply(abs(data$y1 - predict(fit, type = "expert")), 1, min)
      expect_lt(max(nearest), 1e-6 * sd(data$y1))
    }
  }
})

test_that("collinear responses end at the floor of the full covariance", {
  data <- toy_data(120)
  data$y2 <- 3 - 2 * data$y1
  fit <- toy_fit(gate_constant(), expert_gaussian("full"), 2, data)
  expect_true(all(fit$floored))
  expect_true(all(is.finite(fit$theta)))
  free <- toy_fit(gate_constant(), expert_gaussian("diagonal"), 2, data)
  expect_false(any(free$floored))
})

test_that("min_variance moves the floor", {
  data <- toy_data(90)
  data$y1 <- 5 * data$group + data$x1 * data$group
  deviation <- function(min_variance) {
    fit <- toy_fit(gate_constant(), expert_gaussian(), 1, data, formula = y1 ~ x1,
                   control = moe_control(min_variance = min_variance))
    unname(sigma(fit))
  }
  expect_equal(deviation(1e-4) / deviation(1e-6), rep(10, 3), tolerance = 1e-6)
})
