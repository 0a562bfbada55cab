# Penalised fits against glmnet, along its sequences of lambda.

exact_glmnet <- function(..., thresh = 1e-20) {
  glmnet::glmnet(..., thresh = thresh, maxit = 1e7)
}

# ---- K = 1: the penalised linear model ----------------------------------------

# A value of glmnet's lambda is lambda * sigma^2 / s_y here, see ?penalties.
expect_linear <- function(d, penalty, w = rep(1, length(d$y)), n_lambda = 20, ratio = 0.01,
                          ...) {
  reference <- exact_glmnet(d$x, d$y, weights = w, alpha = penalty(1)$alpha, nlambda = n_lambda,
                            lambda.min.ratio = ratio, ...)
  expect_gt(length(reference$lambda), 10)
  data <- data.frame(y = d$y, d$x, w = w)
  formula <- stats::reformulate(colnames(d$x), "y")
  unit <- weighted_sd(d$y, w)
  for (i in some_cases(6, full = length(reference$lambda))) {
    b <- as.vector(coef(reference)[, i])
    rss <- sum(w * (d$y - b[1] - d$x %*% b[-1])^2) / sum(w)
    fit <- moe(formula, data, K = 1, weights = w,
               expert = expert_gaussian(penalty = penalty(reference$lambda[i] * unit / rss)))
    expect_true(fit$converged)
    expect_near(unname(coef(fit, "dispersion")[[1]]), rss, 1e-6)
    scale <- c(1, apply(d$x, 2, weighted_sd, w)) / unit
    expect_lt(max(abs(coef(fit, "expert")[, 1] - b) * scale), 1e-6)
    # at the first value all slopes are 0, up to the rounding of lambda
    if (i > 1) expect_identical(unname(coef(fit, "expert")[, 1] == 0), b == 0)
  }
}

test_that("K = 1 with a lasso is glmnet along its sequence", {
  skip_if_not_installed("glmnet")
  expect_linear(lasso_data3(100, 5), penalty_lasso)
  expect_linear(lasso_data(100, 30), penalty_lasso)
  expect_linear(lasso_data(200, 60), penalty_lasso)
})

test_that("K = 1 with an elastic net is glmnet along its sequence", {
  skip_if_not_installed("glmnet")
  for (alpha in c(0.3, 0.8)) {
    expect_linear(lasso_data3(100, 5), function(lambda) penalty_elastic_net(lambda, alpha))
    expect_linear(lasso_data(100, 20), function(lambda) penalty_elastic_net(lambda, alpha))
  }
})

test_that("K = 1 is glmnet with weights", {
  skip_if_not_installed("glmnet")
  d <- lasso_data3(150, 5)
  expect_linear(d, penalty_lasso, d$w)
  expect_linear(d, penalty_lasso, rep_len(c(1, 2, 0, 3), 150))
  expect_linear(d, penalty_elastic_net, d$w)
})

test_that("factors and exclusions are glmnet's penalty factors, whose sum it sets to their number", {
  skip_if_not_installed("glmnet")
  d <- lasso_data3(150, 5)
  factor <- c(v1 = 2, v2 = 1, v3 = 0.5, v4 = 1, v5 = 0)
  expect_linear(d, function(lambda) {
    penalty_lasso(lambda, factor = factor[-5] / mean(factor), exclude = "v5")
  }, penalty.factor = factor)
})

test_that("K = 1 without an intercept or on unstandardised predictors is glmnet", {
  skip_if_not_installed("glmnet")
  d <- lasso_data(100, 8)
  for (i in c(1, 5, 9)) {
    reference <- exact_glmnet(d$x, d$y, intercept = FALSE, standardize = FALSE)
    b <- coef(reference)[-1, i]
    rss <- mean((d$y - d$x %*% b)^2)
    penalty <- penalty_lasso(reference$lambda[i] / rss, standardize = FALSE)
    fit <- moe(y ~ 0 + ., data.frame(d$x, y = d$y), K = 1,
               expert = expert_gaussian(penalty = penalty))
    expect_lt(max(abs(coef(fit, "expert")[, 1] - b)), 1e-6)
    reference <- exact_glmnet(d$x, d$y, standardize = FALSE)
    b <- as.vector(coef(reference)[, i])
    rss <- mean((d$y - cbind(1, d$x) %*% b)^2)
    penalty <- penalty_lasso(reference$lambda[i] / rss, standardize = FALSE)
    fit <- moe(y ~ ., data.frame(d$x, y = d$y), K = 1, expert = expert_gaussian(penalty = penalty))
    expect_lt(max(abs(coef(fit, "expert")[, 1] - b)), 1e-6)
  }
})

# ---- The gate alone: the penalised multinomial model --------------------------

# Responses that show their expert: the gate's part is a multinomial
# regression of the labels.
expect_multinomial <- function(d, K, penalty, w = rep(1, length(d$label)), n_lambda = 15,
                               ratio = 0.02, ...) {
  labels <- d$label
  reference <- exact_glmnet(d$x, factor(labels), "multinomial", weights = w,
                            alpha = penalty(1)$alpha, nlambda = n_lambda, lambda.min.ratio = ratio, ...)
  y <- 100 * labels + stats::rnorm(length(labels))
  terms <- paste(colnames(d$x), collapse = " + ")
  data <- data.frame(y = y, d$x, w = w)
  scale <- c(1, apply(d$x, 2, weighted_sd, w))
  for (i in some_cases(5, full = length(reference$lambda))) {
    fit <- moe(stats::as.formula(paste("y ~ 1 |", terms)), data, K = K, weights = w, start = labels,
               gate = gate_softmax(penalty = penalty(reference$lambda[i])))
    expect_true(fit$converged)
    b <- vapply(seq_len(K), function(k) as.vector(coef(reference)[[k]][, i]), scale)
    b <- (b - b[, K])[, -K, drop = FALSE]
    expect_lt(max(abs(coef(fit, "gate") - b) * scale), 1e-6, label = paste("value", i))
  }
}

test_that("a gate of known experts is glmnet's multinomial lasso along its sequence", {
  skip_if_not_installed("glmnet")
  expect_multinomial(lasso_data(150, 6), 2, penalty_lasso)
  expect_multinomial(lasso_data3(200, 5), 3, penalty_lasso)
  expect_multinomial(lasso_data(150, 60), 2, penalty_lasso, ratio = 0.2)
})

test_that("a gate of known experts is glmnet's multinomial elastic net along its sequence", {
  skip_if_not_installed("glmnet")
  for (K in 2:3) {
    d <- if (K == 2) lasso_data(150, 6) else lasso_data3(200, 5)
    expect_multinomial(d, K, function(lambda) penalty_elastic_net(lambda, 0.5))
  }
})

test_that("a group lasso on a gate is glmnet's grouped multinomial model", {
  skip_if_not_installed("glmnet")
  for (K in 2:3) {
    d <- if (K == 2) lasso_data(150, 6) else lasso_data3(200, 5)
    expect_multinomial(d, K, penalty_group_lasso, type.multinomial = "grouped")
  }
})

test_that("weights, factors and exclusions of a gate are glmnet's", {
  skip_if_not_installed("glmnet")
  d <- lasso_data3(200, 5)
  expect_multinomial(d, 3, penalty_lasso, d$w)
  factor <- c(v1 = 2, v2 = 1, v3 = 0.5, v4 = 1, v5 = 0)
  expect_multinomial(d, 3, function(lambda) penalty_lasso(lambda, factor = factor / mean(factor)),
                     penalty.factor = factor)
})
