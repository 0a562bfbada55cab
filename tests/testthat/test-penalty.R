fit_lasso <- function(d, expert, gate = expert, ...) {
  moe(d$x, d$y, K = 2, gate = gate_softmax(penalty = gate),
      expert = expert_gaussian(penalty = expert), start = d$label, ...)
}

penalised <- function(d, fit, lambda) {
  b <- coef(fit, "expert")[-1, ]
  w <- coef(fit, "gate")[-1, ]
  sd <- function(v) sqrt(mean((v - mean(v))^2))
  spread <- apply(d$x, 2, sd)
  as.numeric(logLik(fit)) - length(d$y) * lambda *
    (sum(abs(b) * spread) / sd(d$y) + sum(abs(w) * spread))
}

test_that("the objective is the log-likelihood less the penalty", {
  d <- lasso_data()
  fit <- fit_lasso(d, penalty_lasso(0.05))
  expect_true(fit$converged)
  expect_near(fit$objective, penalised(d, fit, 0.05), 1e-8)
  expect_near(as.numeric(logLik(fit)) - fit$objective,
              length(d$y) * fit$penalty, 1e-8)
})

test_that("no small change of a coefficient is better", {
  d <- lasso_data()
  fit <- fit_lasso(d, penalty_lasso(0.05))
  best <- penalised(d, fit, 0.05)
  log_lik <- function(b, w, s) {
    X <- cbind(1, d$x)
    g <- stats::plogis(drop(X %*% w))
    sum(log(g * stats::dnorm(d$y, X %*% b[, 1], s[1]) +
              (1 - g) * stats::dnorm(d$y, X %*% b[, 2], s[2])))
  }
  sd <- function(v) sqrt(mean((v - mean(v))^2))
  spread <- apply(d$x, 2, sd)
  value <- function(b, w) {
    log_lik(b, w, sqrt(coef(fit, "dispersion"))) - length(d$y) * 0.05 *
      (sum(abs(b[-1, ]) * spread) / sd(d$y) + sum(abs(w[-1]) * spread))
  }
  b <- coef(fit, "expert")
  w <- coef(fit, "gate")[, 1]
  expect_near(value(b, w), best, 1e-8)
  for (step in c(-1e-3, 1e-3)) {
    for (j in seq_along(b)) {
      expect_lt(value(replace(b, j, b[j] + step), w), best + 1e-10)
    }
    for (j in seq_along(w)) {
      expect_lt(value(b, replace(w, j, w[j] + step)), best + 1e-10)
    }
  }
})

test_that("lambda = 0 is the fit without a penalty", {
  d <- lasso_data()
  expect_equal(coef(fit_lasso(d, penalty_lasso(0))),
               coef(fit_lasso(d, NULL)))
})

test_that("a large lambda leaves no slopes and does not touch intercepts", {
  d <- lasso_data()
  fit <- fit_lasso(d, penalty_lasso(10), control = moe_control(tol = 1e-4))
  expect_true(all(coef(fit, "expert")[-1, ] == 0))
  expect_true(all(coef(fit, "gate")[-1, ] == 0))
  expect_near(fit$objective, as.numeric(logLik(fit)), 1e-10)
})

test_that("each penalty gives a certified fit and the objective increases", {
  d <- lasso_data()
  kinds <- list(penalty_lasso(0.05), penalty_elastic_net(0.05, 0.3),
                penalty_ridge(0.05), penalty_group_lasso(0.05),
                penalty_scad(0.05), penalty_mcp(0.05))
  for (penalty in kinds) {
    fit <- fit_lasso(d, penalty)
    expect_true(fit$converged, label = penalty$label)
    expect_lt(fit$gradient_norm, 1e-8)
    expect_gt(min(diff(fit$trace)), -1e-8)
  }
})

test_that("a group lasso drops a term from all experts at once", {
  d <- lasso_data()
  b <- coef(fit_lasso(d, penalty_group_lasso(0.15)), "expert")[-1, ]
  expect_true(any(b == 0))
  expect_true(all(rowSums(b == 0) %in% c(0, 2)))
})

test_that("the numbers of the experts do not matter to a penalised gate", {
  set.seed(3)
  n <- 200
  x <- matrix(stats::rnorm(n * 4), n)
  label <- max.col(cbind(2 * x[, 1], 1 - x[, 2], x[, 3]))
  y <- 3 * label + x[, 4] + stats::rnorm(n) / 2
  fits <- lapply(list(1:3, c(3, 1, 2), c(2, 3, 1)), function(order) {
    moe(x, y, K = 3, gate = gate_softmax(penalty = penalty_lasso(0.02)),
        start = as.integer(order[label]))
  })
  for (fit in fits[-1]) expect_near(coef(fit), coef(fits[[1]]), 1e-5)
})

test_that("many predictors give the estimate of those in use", {
  d <- lasso_data(p = 80)
  fit <- fit_lasso(d, penalty_lasso(0.4))
  expect_true(fit$converged)
  used <- rowSums(abs(coef(fit, "expert")[-1, ])) +
    abs(coef(fit, "gate")[-1, ]) > 0
  expect_lt(sum(used), 40)
  small <- fit_lasso(list(x = d$x[, used], y = d$y, label = d$label),
                     penalty_lasso(0.4))
  expect_near(small$objective, fit$objective, 1e-5)
  sparse <- d
  sparse$x <- Matrix::Matrix(d$x, sparse = TRUE)
  expect_near(coef(fit_lasso(sparse, penalty_lasso(0.4))), coef(fit), 1e-6)
})

test_that("a penalty without lambda, or on unknown terms, is refused", {
  d <- lasso_data()
  expect_error(fit_lasso(d, penalty_lasso()), class = "gatemix_error_input")
  expect_error(fit_lasso(d, penalty_lasso(0.1, exclude = "nothing")),
               "nothing", class = "gatemix_error_input")
  expect_error(penalty_lasso(-1), "lambda", class = "gatemix_error_input")
  expect_error(penalty_scad(1, a = 2), "`a`", class = "gatemix_error_input")
  expect_error(gate_softmax(penalty = 3), "penalty",
               class = "gatemix_error_input")
  expect_error(vcov(fit_lasso(d, penalty_lasso(0.1))),
               class = "gatemix_error_inference")
})

test_that("excluded terms are estimated without a penalty", {
  d <- lasso_data()
  data <- data.frame(d$x, y = d$y,
                     f = factor(rep(c("a", "b", "c"), 40)))
  fit <- moe(y ~ . | v1, data, K = 2, start = d$label,
             expert = expert_gaussian(
               penalty = penalty_lasso(10, exclude = c("f", "v2"))))
  b <- coef(fit, "expert")
  expect_true(all(b[c("fb", "fc", "v2"), ] != 0))
  expect_true(all(b[c("v1", "v3", "v4"), ] == 0))
})

test_that("a group lasso refuses different factors in one term", {
  d <- lasso_data()
  data <- data.frame(d$x, y = d$y, f = factor(rep(c("a", "b", "c"), 40)))
  expect_error(
    moe(y ~ ., data, K = 2, expert = expert_gaussian(
      penalty = penalty_group_lasso(0.1, exclude = "fb"))),
    "one factor", class = "gatemix_error_input")
})

test_that("a sparse design with few entries gives the fit of its dense form", {
  set.seed(5)
  n <- 300
  x <- matrix(as.numeric(stats::runif(n * 60) < 0.05), n)
  x[, 1:2] <- stats::runif(2 * n) < 0.4
  colnames(x) <- paste0("v", 1:60)
  label <- 1 + (stats::runif(n) > stats::plogis(1.5 - 3 * x[, 1]))
  y <- ifelse(label == 1, 2 * x[, 2], 3 - 2 * x[, 2]) + stats::rnorm(n) / 2
  sparse <- Matrix::Matrix(x, sparse = TRUE)
  d <- list(x = x, y = y, label = as.integer(label))
  for (lambda in c(0.05, 0.15)) {
    dense <- fit_lasso(d, penalty_lasso(lambda))
    thin <- fit_lasso(replace(d, "x", list(sparse)), penalty_lasso(lambda))
    expect_true(thin$converged)
    expect_near(coef(thin), coef(dense), 1e-6)
    expect_near(predict(thin, sparse), predict(dense, x), 1e-6)
  }
})

test_that("a selected penalised model has a call that makes it again", {
  d <- lasso_data()
  data <- data.frame(d$x, y = d$y)
  penalties <- list(penalty_lasso(0.1), penalty_elastic_net(0.1, 0.4),
                    penalty_ridge(0.1), penalty_group_lasso(0.1),
                    penalty_scad(0.1, a = 3), penalty_mcp(0.1, gamma = 2),
                    penalty_lasso(0.1, exclude = "v1", factor = c(v2 = 2),
                                  standardize = FALSE))
  for (penalty in penalties) expect_equal(eval(penalty_call(penalty)), penalty)
  selection <- moe_select(y ~ ., data, K = 1:2, seed = 1,
                          expert = expert_gaussian(penalty = penalties[[1L]]),
                          control = moe_control(starts = 2))
  fit <- selection$fits[[2L]]
  expect_equal(eval(fit$call$expert), fit$expert)
  expect_identical(constructor_call(gate_softmax(), "gate"),
                   quote(gate_softmax()))
})
