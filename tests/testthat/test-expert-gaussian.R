test_that("expert_gaussian() validates its arguments", {
  expect_s3_class(expert_gaussian(), "moe_expert")
  expect_output(print(expert_gaussian("spherical", shared = TRUE)), "spherical shared covariance")
  expect_error(expert_gaussian("banded"), class = "gatemix_error_input")
  expect_error(expert_gaussian(shared = "yes"), class = "gatemix_error_input")
})

test_that("experts are weighted regressions with weights from the posterior", {
  data <- toy_data(200)
  for (q in 1:2) {
    fit <- toy_fit(gate_softmax(), expert_gaussian(), q, data, weights = data$w, control = moe_control(tol = 1e-11))
    posterior <- predict(fit, data, type = "posterior")
    y <- as.matrix(data[c("y1", "y2")[seq_len(q)]])
    for (k in 1:3) {
      w <- data$w * posterior[, k]
      regression <- lm.wfit(toy_design(data, c("x1", "x2")), y, w)
      expect_equal(as.vector(fit$parameters$expert$coefficients[, , k]), as.vector(regression$coefficients),
                   tolerance = 1e-7)
      e <- as.matrix(regression$residuals)
      expect_equal(as.vector(fit$parameters$expert$covariances[, , k]), as.vector(t(e) %*% (w * e) / sum(w)),
                   tolerance = 1e-6)
    }
  }
})

test_that("simpler covariances are nested in richer ones", {
  data <- toy_data(300)
  value <- function(...) toy_fit(gate_softmax(), expert_gaussian(...), 2, data)$loglik[["maximised"]]
  expect_gt(value("full"), value("diagonal"))
  expect_gt(value("diagonal"), value("spherical"))
  for (structure in c("full", "diagonal", "spherical")) {
    expect_gt(value(structure), value(structure, shared = TRUE))
  }
})

test_that("with one response all structures are the same model", {
  data <- toy_data(200)
  for (shared in c(FALSE, TRUE)) {
    fits <- lapply(c("full", "diagonal", "spherical"), function(structure) {
      toy_fit(gate_softmax(), expert_gaussian(structure, shared), 1, data)
    })
    expect_equal(fits[[2]]$loglik, fits[[1]]$loglik, tolerance = 1e-9)
    expect_equal(fits[[3]]$loglik, fits[[1]]$loglik, tolerance = 1e-9)
    expect_equal(fits[[2]]$df, fits[[1]]$df)
  }
})

test_that("df counts the free parameters", {
  data <- toy_data(100)
  df <- function(gate, expert, q) toy_fit(gate, expert, q, data)$df[["maximised"]]
  expect_equal(df(gate_softmax(), expert_gaussian(), 1), 2 * 3 + 3 * 3 + 3)
  expect_equal(df(gate_softmax(), expert_gaussian(), 2), 2 * 3 + 3 * 6 + 3 * 3)
  expect_equal(df(gate_constant(), expert_gaussian("spherical", TRUE), 2), 2 + 3 * 6 + 1)
  expect_equal(df(gate_gaussian(), expert_gaussian("diagonal"), 2), 2 + 3 * 2 + 3 * 3 + 3 * 6 + 3 * 2)
  expect_equal(df(gate_gaussian(likelihood = "conditional"), expert_gaussian(), 1), 2 * 6 + 3 * 3 + 3)
})

test_that("the density at fixed means is the density", {
  law <- expert_law(expert_gaussian(),
                    list(covariances = array(c(0.5, 2), c(1, 1, 2))), 1)
  mean <- matrix(c(0, 1, 2, 1e6, -3, 5), 3)
  plus <- matrix(log(1:6), 3)
  y <- c(0.3, -40, 1e3)
  expect_near(law$log_density_at(mean, plus)(y),
              law$density(y, mean, log = TRUE) + plus, 1e-14)
})
