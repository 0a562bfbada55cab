# What the search of a path promises of its points.

test_that("no point is worse than its neighbours' fits carried over", {
  for (path in list(quick_path(lasso_data()),
                    quick_path(lasso_data3(), K = 3),
                    quick_path(lasso_data(), expert = penalty_scad()))) {
    gain <- 1e-6 * nrow(path$problem$x)
    n <- nrow(path$table)
    for (i in which(regular(path))) {
      for (from in intersect(i + c(-1, 1), which(regular(path)))) {
        expect_lt(carried_over(path, from, i),
                  path$points[[i]]$objective + gain)
      }
    }
  }
})

test_that("the objective does not fall as the penalty does", {
  path <- quick_path(lasso_data3(), K = 3, nlambda = 20)
  expect_gt(min(diff(path$table$objective)), -0.01)
})

test_that("a fit without terms that is found on the way is the first point", {
  # here the starts miss the best fit without terms
  set.seed(1)
  quick <- function(K, ...) {
    moe_path(medv ~ ., data = MASS::Boston, K = K, nlambda = 10, ...,
             control = moe_control(starts = 3))
  }
  quick(2)
  path <- quick(3, lambda_ratio_gate = c(0.5, 2))
  for (ratio in c(0.5, 2)) {
    first <- which(path$table$ratio == ratio)[1]
    expect_null_point(path$table, first)
    expect_identical(path$table$status[first], "converged")
  }
  first <- match(c(0.5, 2), path$table$ratio)
  expect_near(path$table$objective[first[1]], path$table$objective[first[2]],
              1e-8)
})

test_that("several ratios are several paths", {
  d <- lasso_data()
  path <- quick_path(d, lambda_ratio_gate = c(2, 0.5), nlambda = 6)
  expect_equal(sort(unique(path$table$ratio)), c(0.5, 2))
  expect_near(path$table$lambda_gate, path$table$lambda * path$table$ratio)
  for (ratio in c(0.5, 2)) {
    expect_null_point(path$table, which(path$table$ratio == ratio)[1])
  }
  expect_lt(max(path$table$gradient_norm[regular(path)]), 1e-6)
})

test_that("given values of lambda are the points, in decreasing order", {
  path <- quick_path(lasso_data(), lambda = c(0.1, 0.3, 0.2))
  expect_equal(path$table$lambda, c(0.3, 0.2, 0.1))
})

test_that("a fit that leaves an expert without rows is a point of a path", {
  set.seed(1)
  n <- 150
  x <- matrix(stats::rnorm(n * 60), n)
  y <- 2 * x[, 1] - x[, 2] + stats::rnorm(n)
  path <- moe_path(x, y, K = 2, nlambda = 12, lambda_min_ratio = 0.3,
                   control = moe_control(starts = 3))
  expect_null_point(path$table)
  expect_true(any(path$table$experts == 1L))
  one <- which(path$table$experts == 1L)[2L]
  fit <- moe(x, y, K = 1, expert = expert_gaussian(
    penalty = penalty_lasso(path$table$lambda[one])))
  expect_near(path$table$logLik[one], as.numeric(logLik(fit)), 1e-5)
  expect_true(all(diff(path$table$objective) > -1e-3))
})

test_that("a path reports its progress in small steps to the end", {
  skip_if_not_installed("progressr")
  loadNamespace("progressr")
  d <- lasso_data()
  for (ratios in list(1, c(0.5, 2))) {
    path <- quick_path(d, nlambda = 3, lambda_ratio_gate = ratios,
                       relax = TRUE)
    set.seed(1)
    amounts <- reported(fit_path(path$problem, path$settings, quiet = 0))
    expect_equal(sum(amounts), phase_steps * (2 + 6 * length(ratios)))
    expect_gt(length(amounts), 30)
  }
  expect_length(reported(fit_path(path$problem, path$settings, Inf)), 0)
})

test_that("no point of a path is worse than the fit of one expert alone", {
  set.seed(1)
  x <- matrix(stats::rnorm(1800), 300)
  for (j in 2:6) x[, j] <- x[, j - 1] / 2 + sqrt(0.75) * x[, j]
  first <- stats::runif(300) < stats::plogis(1 + 2 * x[, 1] - x[, 4])
  y <- ifelse(first, 1.5 * x[, 2] + x[, 6],
              x[, 1] - 1.5 * x[, 2] + 2 * x[, 5]) + stats::rnorm(300)
  for (penalty in list(penalty_lasso(), penalty_mcp())) {
    path <- moe_path(x, y, K = 2, nlambda = 12,
                     gate = gate_softmax(penalty = penalty),
                     expert = expert_gaussian(shared = TRUE, penalty = penalty),
                     control = moe_control(starts = 2))
    alone <- moe_path(x, y, K = 1, lambda = path$table$lambda,
                      expert = expert_gaussian(penalty = penalty))
    expect_gte(min(path$table$objective - alone$table$objective), -1e-4)
  }
})

test_that("a path with a bounded penalty ends where its gate separates", {
  set.seed(1)
  n <- 200
  side <- rep(c(-1, 1), n / 2)
  x <- matrix(stats::rnorm(3 * n), n)
  x[, 1] <- x[, 1] + 4 * side
  y <- side * (5 + x[, 2]) + stats::rnorm(n) / 3
  path <- moe_path(x, y, K = 2, nlambda = 20,
                   gate = gate_softmax(penalty = penalty_scad()),
                   expert = expert_gaussian(shared = TRUE,
                                            penalty = penalty_scad()))
  expect_lte(max(path$table$gradient_norm), 1e-6)
  expect_gt(length(path$left_out), 0)
  expect_warning(
    moe(x, y, K = 2, gate = gate_softmax(penalty = penalty_scad(0.01)),
        expert = expert_gaussian(shared = TRUE)),
    class = "gatemix_warning_separation")
})
