# Refits of the supports of a path.

relaxed_paths <- function() {
  list(quick_path(lasso_data(), relax = TRUE),
       quick_path(lasso_data3(), K = 3, relax = TRUE),
       quick_path(lasso_data(), gate = NULL, relax = TRUE))
}

test_that("refits keep the zeros and lose nothing of the likelihood", {
  for (path in relaxed_paths()) {
    table <- path$relaxed$table
    expect_equal(nrow(table), nrow(path$table))
    both <- regular(path) & table$status == "converged"
    expect_gt(sum(both), 3)
    n <- nrow(path$problem$x)
    expect_gt(min(table$logLik[both] - path$table$logLik[both]), -1e-6 * n)
    expect_lt(max(table$gradient_norm[both]), 1e-6)
    for (i in which(both)) {
      was <- point_theta(path$points[[i]])
      is <- point_theta(path$relaxed$points[[i]])
      expect_equal(sum(is != 0), sum(was != 0))
    }
  }
})

test_that("a refit is the fit of those terms alone", {
  d <- lasso_data()
  path <- quick_path(d, K = 1, relax = TRUE)
  for (i in c(2, 5, 8)) {
    lambda <- path$table$lambda[i]
    b <- coef(path, lambda, "expert", relax = TRUE)[, 1]
    used <- setdiff(names(b)[b != 0], "(Intercept)")
    reference <- lm(d$y ~ d$x[, used])
    expect_near(b[c("(Intercept)", used)], coef(reference), 1e-6)
    expect_near(path$relaxed$table$logLik[i], as.numeric(logLik(reference)),
                1e-8)
  }
})

test_that("the gradient of a refit is 0 in the coefficients it uses", {
  d <- lasso_data()
  path <- quick_path(d, relax = TRUE)
  fit <- best(path, "bic", relax = TRUE)
  log_lik <- function(b, w, s2) {
    X <- cbind(1, d$x)
    g <- stats::plogis(drop(X %*% w))
    sum(log(g * stats::dnorm(d$y, X %*% b[, 1], sqrt(s2)) +
              (1 - g) * stats::dnorm(d$y, X %*% b[, 2], sqrt(s2))))
  }
  b <- coef(fit, "expert")
  w <- coef(fit, "gate")[, 1]
  s2 <- coef(fit, "dispersion")[[1]]
  expect_near(log_lik(b, w, s2), as.numeric(logLik(fit)), 1e-10)
  slope <- function(f) (f(1e-5) - f(-1e-5)) / 2e-5
  for (j in which(b != 0)) {
    expect_lt(abs(slope(function(e) {
      log_lik(replace(b, j, b[j] + e), w, s2)
    })), 1e-3)
  }
  for (j in which(w != 0)) {
    expect_lt(abs(slope(function(e) {
      log_lik(b, replace(w, j, w[j] + e), s2)
    })), 1e-3)
  }
})

test_that("refits are asked for when the path is made", {
  path <- quick_path(lasso_data(), nlambda = 4)
  expect_input_error(best(path, relax = TRUE), "relax = TRUE")
  expect_input_error(tidy(path, relax = TRUE), "relax = TRUE")
  expect_input_error(plot(path, relax = TRUE), "relax = TRUE")
})

test_that("a refit cannot be fitted anew", {
  d <- lasso_data()
  fit <- best(quick_path(d, nlambda = 4, relax = TRUE), relax = TRUE)
  expect_input_error(moe(d$x, d$y, K = 2, gate = fit$gate,
                         expert = fit$expert), "refit of a path")
  expect_error(cv_moe(fit, folds = 2, seed = 1), "refit of a path",
               class = "gatemix_error_cv")
  expect_error(update(fit), "moe_path", class = "gatemix_error_input")
})
