# Fits on some of many columns at a time (src/engine/maximise/working_set.cpp), and
# what a path makes of them.

wide_data <- function(n = 200, p = 45, seed = 1) {
  set.seed(seed)
  x <- matrix(stats::rnorm(n * p), n, dimnames = list(NULL, paste0("v", 1:p)))
  y <- ifelse(x[, 1] > 0, 1 + 2 * x[, 2], -1 - 2 * x[, 3]) +
    stats::rnorm(n) / 3
  data.frame(y, x)
}

test_that("a fit that takes in all of many columns is certified to the tolerance", {
  set.seed(1)
  d <- as.data.frame(matrix(stats::rnorm(200 * 45), 200))
  d$a <- factor(sample(c("p", "q", "r"), 200, TRUE))
  d$b <- factor(ifelse(d$a == "p", "u", sample(c("u", "v"), 200, TRUE)))
  d$y <- ifelse(d$V1 > 0, 1 + 2 * d$V2, -1 - 2 * d$V3) +
    2 * (d$a == "q" & d$b == "v") + stats::rnorm(200) / 3
  fit <- moe(y ~ . + a:b, d, K = 2, gate = gate_constant(),
             expert = expert_gaussian(penalty = penalty_group_lasso(0.02)),
             control = moe_control(starts = 3, moves = 0))
  expect_equal(fit$status, "converged")
  expect_lte(fit$gradient_norm, fit$control$tol)
})

test_that("a column without variation counts in the penalty of its group", {
  d <- wide_data()
  a <- stats::rnorm(nrow(d))
  d$y <- d$y + a
  d$pair <- cbind(a, b = 3)
  fit <- moe(y ~ . | 1, d, K = 2, expert = expert_gaussian(
    shared = TRUE, penalty = penalty_group_lasso(0.1)),
    control = moe_control(starts = 2, moves = 0))
  expect_lte(fit$gradient_norm, fit$control$tol)
  expect_equal(logLik(fit)[1], -sum(log_score(fit, d)))
  b <- coef(fit, "expert")[-1, ]
  size <- sqrt(rowSums(b^2)) *
    apply(model.matrix(fit)[, -1], 2, function(v) sqrt(mean((v - mean(v))^2))) /
    sqrt(mean((d$y - mean(d$y))^2))
  expect_gt(size[["paira"]], 0)
  count <- ifelse(names(size) == "paira", sqrt(2), 1)
  expect_equal(fit$penalty, 0.1 * sum(count * size))
})

test_that("a ridge has a path where its coefficients are more than half of the rows", {
  d <- wide_data(n = 100, p = 30)
  set.seed(2)
  path <- moe_path(y ~ ., d, K = 2, gate = gate_softmax(
    penalty = penalty_ridge()), expert = expert_gaussian(
      shared = TRUE, penalty = penalty_ridge()), nlambda = 6,
    control = moe_control(starts = 2))
  expect_equal(path$table$status, rep("converged", 6))
  # its largest lambda is that of an elastic net with alpha = 0.001, and it
  # goes far enough down to fit the data
  net <- moe_path(y ~ ., d, K = 2, gate = gate_softmax(
    penalty = penalty_elastic_net(alpha = 0.001)), expert = expert_gaussian(
      shared = TRUE, penalty = penalty_elastic_net(alpha = 0.001)),
    nlambda = 2, control = moe_control(starts = 2))
  expect_equal(path$table$lambda[1], net$table$lambda[1], tolerance = 1e-4)
  expect_gt(diff(range(path$table$logLik)), 100)
})

test_that("rows without weight do not count where a path gives up", {
  d <- wide_data(n = 100, p = 60)
  path <- moe_path(y ~ ., d, K = 1, nlambda = 8)
  both <- rbind(d, d)
  both$y[101:200] <- 0
  padded <- moe_path(y ~ ., both, K = 1, nlambda = 8,
                     weights = rep(1:0, each = 100))
  expect_equal(padded$table$lambda, path$table$lambda)
  expect_equal(padded$table$logLik, path$table$logLik)
})

test_that("the fit at a point of a path says that update() is for moe()", {
  d <- wide_data(p = 5)
  path <- moe_path(y ~ ., d, K = 2, nlambda = 4,
                   control = moe_control(starts = 2))
  fit <- best(path)
  expect_error(update(fit), "a point of a path", class = "gatemix_error_input")
  again <- moe(y ~ ., d, K = 2, gate = fit$gate, expert = fit$expert,
               start = fit)
  expect_equal(coef(again), coef(fit), tolerance = 1e-5)
})

test_that("columns are summarised alike in one piece and in several, sparse or not", {
  set.seed(4)
  x <- matrix(stats::rbinom(30 * 1100, 1, 0.05), 30) * 1
  w <- stats::runif(30)
  mean <- colSums(w * x) / sum(w)
  sd <- sqrt(colSums(w * sweep(x, 2, mean)^2) / sum(w))
  expect_equal(engine_summarise_columns(x, w)[c("mean", "sd")],
               list(mean = mean, sd = sd))
  skip_if_not_installed("Matrix")
  expect_equal(engine_summarise_columns(methods::as(x, "CsparseMatrix"), w),
               engine_summarise_columns(x, w))
})

test_that("with hundreds of columns in use a ridge is the solution of its equations", {
  n <- 700
  p <- 520
  set.seed(5)
  x <- matrix(stats::rnorm(n * p), n)
  y <- drop(x[, 1:5] %*% rep(1, 5)) + stats::rnorm(n)
  lambda <- 0.5
  fit <- moe(x, y, K = 1,
             expert = expert_gaussian(penalty = penalty_ridge(lambda)))
  expect_equal(fit$status, "converged")
  spread <- function(v) sqrt(mean((v - mean(v))^2))
  s <- sweep(sweep(x, 2, colMeans(x)), 2, apply(x, 2, spread), "/")
  r <- (y - mean(y)) / spread(y)
  # stationary for b and the variance at once: lambda is times the variance
  v <- sigma(fit)[[1]]^2 / spread(y)^2
  b <- crossprod(s, solve(tcrossprod(s) + n * lambda * v * diag(n), r))
  expect_equal(unname(coef(fit, "expert")[-1, 1]),
               drop(b) * spread(y) / apply(x, 2, spread), tolerance = 1e-6)
  expect_equal(v, mean((r - s %*% b)^2), tolerance = 1e-6)
})

test_that("sparse columns whose mean is far above their spread do no harm", {
  skip_if_not_installed("Matrix")
  set.seed(7)
  n <- 700
  x <- matrix(stats::rbinom(n * 520, 1, 0.05) * stats::rnorm(n * 520), n,
              dimnames = list(NULL, paste0("v", 1:520)))
  y <- drop(x[, 1:3] %*% c(3, -3, 2)) + stats::rnorm(n)
  fit <- function(x, p) {
    x <- methods::as(x[, seq_len(p)], "CsparseMatrix")
    moe(x, y, K = 1, expert = expert_gaussian(penalty = penalty_ridge(1)))
  }
  moved <- x
  moved[, 1:20] <- moved[, 1:20] + 1e6
  for (p in c(50L, 520L)) {  # with Gram matrices, and by rows
    slopes <- function(fit) coef(fit, "expert")[-1, 1]
    expect_near(slopes(fit(moved, p)), slopes(fit(x, p)), 1e-6)
  }
})
