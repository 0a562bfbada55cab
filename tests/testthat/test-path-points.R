# The points of a path: what is kept of a run, its row of the table, its fit.

test_that("a point keeps the coordinates that are not 0, and gives all back", {
  path <- quick_path(lasso_data(), relax = TRUE)
  size <- length(engine_initial(path$problem))
  for (point in c(path$points, path$relaxed$points)) {
    theta <- point_theta(point)
    expect_length(theta, size)
    expect_identical(which(theta != 0), unname(point$at))
    expect_identical(theta[point$at], point$value)
  }
  used <- lengths(lapply(path$points, `[[`, "at"))
  expect_lt(used[1], used[10])
})

test_that("the fit at a point has its coordinates, sizes and status", {
  path <- quick_path(lasso_data3(), K = 3, relax = TRUE)
  for (i in seq_along(path$points)) {
    fit <- point_fit(path, i)
    expect_identical(unname(fit$theta), point_theta(path$points[[i]]))
    expect_identical(names(fit$theta), path_names(path))
    expect_equal(unname(fit$sizes), path$points[[i]]$sizes)
    expect_identical(fit$expert$penalty$lambda, path$table$lambda[i])
    refit <- point_fit(path, i, relax = TRUE)
    expect_identical(unname(refit$theta), point_theta(path$relaxed$points[[i]]))
  }
})

# the terms of a row of the gate that differ from the most frequent value
distinct <- function(row) length(row) - max(table(row))

test_that("the row of a point follows from the coefficients of its fit", {
  d <- lasso_data3()
  path <- quick_path(d, K = 3, lambda_ratio_gate = 2, nlambda = 6)
  n <- length(d$y)
  expect_identical(path$table$lambda_gate, 2 * path$table$lambda)
  for (i in seq_len(6)) {
    row <- path$table[i, ]
    fit <- point_fit(path, i)
    b <- coef(fit, "expert")[-1, ]
    g <- cbind(coef(fit, "gate"), 0)[-1, ]
    expect_equal(row$nonzero_expert, sum(b != 0))
    expect_equal(row$nonzero_gate, sum(apply(g, 1, distinct)))
    # intercepts of experts and gate, and the shared variance
    expect_equal(row$df, 3 + 2 + 1 + row$nonzero_expert + row$nonzero_gate)
    expect_near(row$logLik, sum(fit_densities(fit, d$x, d$y)$log_density))
    unit <- penalty_units(d$x, d$y, rep(1, n), fit$expert$penalty)
    centred <- centred_rows(fit$gate$penalty, g * unit$gate)
    penalty <- penalty_total(fit$expert$penalty, b * unit$expert) +
      penalty_total(fit$gate$penalty, centred)
    expect_near(row$objective, row$logLik - n * penalty, 1e-9)
    expect_near(row$AIC, -2 * row$logLik + 2 * row$df)
    expect_near(row$BIC, -2 * row$logLik + log(n) * row$df)
  }
})

test_that("terms without a penalty do not count as chosen", {
  penalty <- penalty_lasso(exclude = "v5")
  path <- quick_path(lasso_data(), expert = penalty, gate = penalty)
  chosen <- path$table$nonzero_expert + path$table$nonzero_gate
  expect_identical(chosen[1], 0L)
  b <- coef(path, path$table$lambda[6], "expert")
  expect_equal(path$table$nonzero_expert[6], sum(b[c(2:5, 7), ] != 0))
  # five terms for two experts and a gate are candidates
  expect_near(path$table$EBIC - path$table$BIC, lchoose(15, chosen))
})
