test_that("the bound is the formula of the help page", {
  value <- lambda_bound(n = 500, p = 40, K = 3, q = 2, mean_bound = 1.5, precision_bounds = c(0.5, 4),
                        gate_bound = 2, kappa = 150)
  B <- max(4, 1 + 3 * 2) * (1 + 2 * 2 * sqrt(2) * 4 * (5 * 1.5^2 + 4 * log(500) / 0.5))
  expect_near(value$B, B, 1e-12)
  expect_near(value$lambda, 150 * 3 * B / sqrt(500) * (2 * log(500) * sqrt(log(81)) + 1), 1e-12)
  expect_null(value$used)
})

test_that("a fit gives its sizes and, in standard deviations of the response, its bounds", {
  d <- lasso_data3()
  data <- data.frame(d$x, y = d$y, w = d$w)
  fit <- moe(y ~ . - w, data, K = 3, weights = w, start = d$label, gate = gate_softmax(penalty = penalty_lasso(0.01)),
             expert = expert_gaussian(penalty = penalty_lasso(0.05)))
  value <- lambda_bound(fit)
  unit <- weighted_sd(d$y, d$w)
  means <- (predict(fit, type = "expert") - sum(d$w * d$y) / sum(d$w)) / unit
  expect_identical(unlist(value[c("n", "p", "K", "q")], use.names = FALSE), c(150L, 5L, 3L, 1L))
  expect_near(value$mean_bound, max(abs(means)), 1e-10)
  expect_near(c(value$precision_lower, value$precision_upper),
              range(unit^2 / coef(fit, "dispersion")), 1e-10)
  expect_identical(value$used, 0.05)
  expect_near(lambda_bound(fit, mean_bound = 2)$lambda,
              lambda_bound(n = 150, p = 5, K = 3, mean_bound = 2,
                           precision_bounds = c(value$precision_lower, value$precision_upper))$lambda, 1e-12)
  # another unit of the response is the same bound
  data$y <- 10 + 3 * data$y
  expect_near(lambda_bound(update(fit))$lambda, value$lambda, 1e-4)
  expect_identical(lambda_bound(moe(y ~ 1, data, K = 1))$used, NA_real_)
})

test_that("several responses, sparse predictors and missing rows are no obstacle", {
  d <- lasso_data(120, 5)
  y <- cbind(a = d$y, b = 3 * d$x[, 4] + sin(1:120))
  fit <- moe(Matrix::Matrix(d$x * (abs(d$x) > 0.5), sparse = TRUE), y, K = 2, start = d$label,
             expert = expert_gaussian(penalty = penalty_lasso(0.1)))
  expect_identical(lambda_bound(fit)$q, 2L)
  data <- data.frame(d$x, y = replace(d$y, 3, NA))
  fit <- moe(y ~ v1 + v2, data, K = 2, na.action = na.exclude, start = d$label[-3])
  expect_true(is.finite(lambda_bound(fit)$lambda))
  expect_identical(lambda_bound(fit)$n, 119L)
})

test_that("what is missing or out of range is named", {
  expect_input_error(lambda_bound(n = 10, p = 3, K = 2, precision_bounds = c(1, 1)), "mean_bound")
  expect_input_error(lambda_bound(n = 10, p = 3, K = 2, mean_bound = 1), "precision_bounds")
  expect_input_error(lambda_bound(n = 10, p = 3, K = 2, mean_bound = 1, precision_bounds = c(2, 1)), "smaller")
  expect_input_error(lambda_bound(n = 0, p = 3, K = 2, mean_bound = 1, precision_bounds = 1:2), "`n`")
  expect_input_error(lambda_bound(3), "fit from moe")
})
