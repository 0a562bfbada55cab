# Penalised fits against plain R: EM with coordinate descent from the same
# start, and the optimality conditions recomputed from the coefficients
# (helper-penalty.R).

expect_oracle <- function(d, K, penalty, shared, tolerance = 1e-5) {
  label <- paste0("K = ", K, ", ", penalty$label, if (shared) ", shared")
  w <- if (is.null(d$w)) rep(1, length(d$y)) else d$w
  center <- colSums(w * d$x) / sum(w)
  spread <- apply(d$x, 2, weighted_sd, w)
  unit <- weighted_sd(d$y, w)
  middle <- sum(w * d$y) / sum(w)
  oracle <- oracle_penalised(scale(d$x, center, spread), (d$y - middle) / unit, d$label,
                             penalty, shared, w)
  data <- data.frame(y = d$y, d$x)
  data$w <- w
  fit <- quiet(moe(stats::reformulate(colnames(d$x), "y"), data, K = K, weights = w,
                   gate = gate_softmax(penalty = penalty),
                   expert = expert_gaussian(shared = shared, penalty = penalty),
                   start = d$label, control = moe_control(tol = 1e-9)))
  expect_true(fit$converged, info = label)
  expect_near(fit$objective / sum(w) + log(unit), oracle$value, 1e-9)
  order <- order(oracle$expert[1, ])
  # to the units of the data
  slopes <- oracle$expert[-1, order] * unit / spread
  first <- middle + unit * oracle$expert[1, order] - colSums(center * slopes)
  expect_near(c(coef(fit, "expert")) / unit, c(rbind(first, slopes)) / unit, tolerance)
  gate <- oracle$gate[, order]
  gate <- gate - gate[, K]
  slopes <- gate[-1, ] / spread
  expect_near(c(coef(fit, "gate")), c(rbind(gate[1, ] - colSums(center * slopes), slopes)[, -K]),
              5 * tolerance)
  expect_near(c(sqrt(coef(fit, "dispersion"))) / unit,
              oracle$sd[order], tolerance)
}

# three experts with weights and odd units
test_that("two and three penalised experts are those of EM with coordinate descent", {
  models <- all_cases(penalty = all_penalties(0.05), shared = c(FALSE, TRUE), K = 2:3)
  # the oracle is slow, and the conditions below hold each of the six to account
  for (model in covering(models, together = 1)) {
    d <- if (model$K == 2) lasso_data(80, 4) else lasso_data3(100, 4)
    expect_oracle(d, model$K, model$penalty, model$shared)
  }
})

expect_stationary <- function(fit, ..., label = fit$expert$penalty$label) {
  expect_true(fit$converged, info = label)
  violation <- fit_violation(fit, ...)
  expect_lt(max(violation), 1e-6, label = paste(label, "violation"))
}

test_that("the optimality conditions hold for each coefficient, on standardised predictors or not", {
  d <- lasso_data3()
  data <- data.frame(d$x, y = d$y, w = d$w)
  for (standardize in c(TRUE, FALSE)) {
    experts <- all_penalties(if (standardize) 0.08 else 0.02, standardize = standardize)
    gates <- rev(all_penalties(0.04, standardize = !standardize))
    for (i in seq_along(experts)) {
      fit <- quiet(moe(y ~ v1 + v2 + v3 + v4 + v5, data, K = 3, start = d$label, weights = w,
                       gate = gate_softmax(penalty = gates[[i]]),
                       expert = expert_gaussian(penalty = experts[[i]])))
      expect_stationary(fit, d$x, d$y, d$w, label = paste(experts[[i]]$label, standardize))
    }
  }
})

test_that("the optimality conditions hold where only one part is penalised", {
  d <- lasso_data3()
  for (penalty in all_penalties(0.05)) {
    fit <- quiet(moe(d$x, d$y, K = 3, start = d$label, expert = expert_gaussian(penalty = penalty)))
    expect_stationary(fit, d$x, d$y)
    fit <- quiet(moe(d$x, d$y, K = 3, start = d$label, gate = gate_softmax(penalty = penalty)))
    expect_stationary(fit, d$x, d$y, label = penalty$label)
  }
})

test_that("the optimality conditions hold for the many columns that are not in use", {
  d <- lasso_data(300, 200)
  for (penalty in all_penalties(0.7)) {
    if (penalty$label == "ridge") next
    fit <- quiet(moe(d$x, d$y, K = 2, start = d$label, gate = gate_softmax(penalty = penalty),
                     expert = expert_gaussian(penalty = penalty)))
    expect_stationary(fit, d$x, d$y)
    expect_gt(mean(coef(fit, "expert") == 0), 0.7)
  }
})

test_that("the optimality conditions hold with factors, exclusions and groups of columns", {
  d <- lasso_data(150, 4)
  data <- data.frame(d$x, f = factor(rep_len(c("a", "b", "c"), 150)), y = d$y)
  x <- stats::model.matrix(y ~ ., data)[, -1]
  for (penalty in all_penalties(0.08, factor = c(v1 = 2, v4 = 0.3), exclude = "v2")) {
    fit <- quiet(moe(y ~ ., data, K = 2, start = d$label, gate = gate_softmax(penalty = penalty),
                     expert = expert_gaussian(penalty = penalty)))
    own <- c(2, 0, 1, 0.3, 1, 1)
    expect_stationary(fit, x, d$y, factor = list(gate = own, expert = own), group = c(1:4, 5, 5))
  }
})

test_that("the optimality conditions hold for several responses with full covariances", {
  d <- lasso_data(150, 4)
  y <- cbind(d$y, 10 * (d$y / 2 + d$x[, 4] + sin(seq_along(d$y))))
  colnames(y) <- c("one", "two")
  for (penalty in all_penalties(0.1)) for (shared in c(FALSE, TRUE)) {
    fit <- quiet(moe(d$x, y, K = 2, start = d$label,
                     expert = expert_gaussian(penalty = penalty, shared = shared)))
    expect_true(fit$converged)
    tau <- predict(fit, type = "posterior")
    at <- fit$parameters$expert
    unit <- outer(apply(d$x, 2, weighted_sd, 1 + 0 * d$y), apply(y, 2, weighted_sd, 1 + 0 * d$y), "/")
    parts <- lapply(1:2, function(k) {
      e <- y - cbind(1, d$x) %*% at$coefficients[, , k]
      g <- crossprod(cbind(1, d$x), tau[, k] * e %*% solve(at$covariances[, , k])) / length(d$y)
      expect_lt(max(abs(g[1, ])), 1e-7)
      list(g = g[-1, ] / unit, t = at$coefficients[-1, , k] * unit)
    })
    g <- cbind(parts[[1]]$g, parts[[2]]$g)
    t <- cbind(parts[[1]]$t, parts[[2]]$t)
    expect_lt(penalty_violation(penalty, g, t), 1e-7, label = penalty$label)
  }
})

test_that("the optimality conditions hold for the means of a Gaussian gate", {
  d <- lasso_data3(200, 4)
  d$x <- d$x + 2 * d$label
  n <- length(d$y)
  for (covariance in c("full", "diagonal", "spherical")) for (shared in c(FALSE, TRUE)) {
    for (penalty in all_penalties(0.15, factor = c(v2 = 0.5), standardize = shared)) {
      fit <- quiet(moe(d$x, d$y, K = 3, start = d$label,
                       gate = gate_gaussian(covariance, shared, penalty = penalty)))
      label <- paste(covariance, shared, penalty$label)
      expect_true(fit$converged, info = label)
      tau <- predict(fit, type = "posterior")
      gate <- fit$parameters$gate
      spread <- if (shared) apply(d$x, 2, weighted_sd, rep(1, n)) else rep(1, 4)
      g <- vapply(1:3, function(k) {
        solve(gate$covariances[, , k], colSums(tau[, k] * sweep(d$x, 2, gate$means[, k]))) / n
      }, numeric(4)) * spread
      t <- (gate$means - colMeans(d$x)) / spread
      expect_lt(penalty_violation(penalty, g, t, c(1, 0.5, 1, 1)), 1e-7, label = label)
    }
  }
})
