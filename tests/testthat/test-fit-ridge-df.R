# The effective degrees of freedom of a ridge.

test_that("K = 1: df is the sum of d^2 / (d^2 + n lambda sigma^2)", {
  d <- lasso_data3()
  for (w in list(rep(1, 150), d$w)) {
    n <- sum(w)
    z <- scale(d$x, colSums(w * d$x) / n, FALSE)
    z <- sweep(z, 2, sqrt(colSums(w * z^2) / n), "/")
    values <- svd(sqrt(w) * z)$d^2
    for (lambda in c(1e-3, 0.1, 3)) {
      fit <- moe(d$x, d$y, K = 1, weights = w,
                 expert = expert_gaussian(penalty = penalty_ridge(lambda)))
      # the variance in units of the response's own
      s2 <- (sigma(fit) / weighted_sd(d$y, w))^2
      expect_near(attr(logLik(fit), "df"),
                  2 + sum(values / (values + n * lambda * s2)), 1e-8)
    }
  }
})

test_that("more columns than rows: df is that of the singular values", {
  set.seed(1)
  x <- matrix(stats::rnorm(30 * 80), 30)
  y <- x[, 1] - x[, 2] + stats::rnorm(30)
  fit <- moe(x, y, K = 1, expert = expert_gaussian(
    penalty = penalty_ridge(60)))
  s2 <- (sigma(fit) / sqrt(mean((y - mean(y))^2)))^2
  z <- sweep(scale(x, TRUE, FALSE), 2, apply(x, 2, weighted_sd, rep(1, 30)), "/")
  values <- svd(z)$d^2
  expect_near(attr(logLik(fit), "df"),
              2 + sum(values / (values + 30 * 60 * s2)), 1e-8)
})

# tr(H (H + P)^-1) from the engine's information of the complete data
oracle_df <- function(fit, z = FALSE) {
  problem <- stored_problem(fit)
  n <- total_weight(problem)
  complete <- engine_information(problem, fit$theta, 1L)$complete
  K <- fit$K
  lost <- function(at, penalty) {
    P <- n * penalty
    sum(diag(P %*% solve(complete[at, at] + P)))
  }
  of <- function(part) {
    p <- problem$spec[[part]]$penalty
    p$lambda * p$factor * p$unit^2
  }
  out <- length(fit$theta)
  q <- length(problem$y_scale)
  if (is_ridge(problem$spec$expert$penalty)) {
    out <- out - lost(coordinates(problem, "expert", "coefficients"),
                      diag(rep(of("expert"), q * K)))
  }
  if (!is_ridge(problem$spec$gate$penalty)) return(out)
  if (problem$spec$gate$key == "gaussian") {
    f <- of("gate")[-1]
    return(out - lost(coordinates(problem, "gate", "means"), diag(rep(f, K))))
  }
  out - lost(coordinates(problem, "gate", "coefficients"),
             (diag(K - 1) - 1 / K) %x% diag(of("gate")))
}

# Returns the positions of an array among the coordinates.
coordinates <- function(problem, block, name) {
  place <- problem$packing$parameters[[block]][[name]]
  place$first - 1 + seq_len(prod(place$dim))
}

test_that("df of gate and experts is that of their information", {
  d <- lasso_data3()
  fits <- function(gate, expert, ..., K = 3, y = d$y) {
    set.seed(1)
    suppressWarnings(moe(d$x, y, K = K, gate = gate, expert = expert, ...,
                         control = moe_control(starts = 3, moves = 0)))
  }
  ridge <- penalty_ridge(0.1)
  both <- fits(gate_softmax(penalty = ridge), expert_gaussian(penalty = ridge))
  expect_near(both$df[["maximised"]], oracle_df(both), 1e-7)
  expect_lt(both$df[["maximised"]], length(both$theta) - 3)
  expect_identical(both$df[["maximised"]], both$df[["conditional"]])
  one <- fits(gate_softmax(penalty = penalty_elastic_net(0.5, alpha = 0,
                                                         exclude = "v2")),
              expert_gaussian(shared = TRUE), z = d$x[, 1:3], weights = d$w)
  expect_near(one$df[["maximised"]], oracle_df(one), 1e-7)
  several <- fits(gate_softmax(), expert_gaussian(
    penalty = penalty_ridge(0.05, factor = c(v3 = 4), standardize = FALSE)),
    K = 2, y = cbind(a = d$y, b = d$x[, 1] + d$y / 10))
  expect_near(several$df[["maximised"]], oracle_df(several), 1e-7)
  for (covariance in c("full", "diagonal")) {
    means <- fits(gate_gaussian(covariance, penalty = ridge),
                  expert_gaussian(penalty = ridge))
    expect_near(means$df[["maximised"]], oracle_df(means), 1e-7)
    expect_near(means$df[["joint"]], means$df[["maximised"]])
    alone <- fits(gate_gaussian(covariance, penalty = ridge), expert_gaussian())
    expect_identical(alone$df[["conditional"]],
                     parameter_counts(alone$problem,
                                      alone$gate)[["conditional"]] + 0)
  }
})

test_that("rows in parts, and the dual where columns are many, give the same", {
  set.seed(1)
  block <- list(m = cbind(1, matrix(stats::rnorm(300), 20)), columns = 1:16,
                center = numeric(16), scale = rep(1, 16),
                free = c(TRUE, rep(FALSE, 15)), root = c(1, rep(2, 15)))
  roots <- list(matrix(stats::runif(40), 20), matrix(stats::runif(40), 20))
  by_gram <- block_savings(block, roots)
  m <- root_rows(block, roots, 1:20)
  free <- rep(block$free, 2)
  rest <- qr.resid(qr(m[, free]), m[, !free])
  expect_near(by_gram, shrinkage(crossprod(rest), 30), 1e-10)
  # rows that are repeated with weight 0 make the sum over rows a longer one
  padded <- block
  padded$m <- rbind(block$m, block$m[rep(1:20, 5), ])
  expect_near(block_savings(padded, lapply(roots, function(r) {
    rbind(r, matrix(0, 100, 2))
  })), by_gram, 1e-10)
  few <- list(roots[[1]])
  expect_near(block_savings(block, few),
              block_savings(padded, list(rbind(few[[1]], matrix(0, 100, 2)))),
              1e-10)
})

test_that("df of a sparse matrix is that of the dense one", {
  d <- lasso_data()
  d$x[d$x < 0.5] <- 0
  fit <- function(x) {
    set.seed(1)
    moe(x, d$y, K = 2, gate = gate_softmax(penalty = penalty_ridge(0.1)),
        expert = expert_gaussian(penalty = penalty_ridge(0.1)),
        control = moe_control(starts = 2, moves = 0))
  }
  expect_equal(fit(Matrix::Matrix(d$x, sparse = TRUE))$df, fit(d$x)$df)
})

test_that("df goes from the unpenalised terms to all as lambda falls", {
  d <- lasso_data()
  path <- quick_path(d, expert = penalty_ridge(), gate = penalty_ridge(),
                     lambda = 10^c(4, 2:-3, -6))
  df <- path$table$df
  expect_near(df[1], 4, 1e-2)
  expect_near(df[length(df)], 4 + 3 * 6, 1e-2)
  expect_true(all(diff(df) > 0))
  expect_identical(path$table$nonzero_expert[2:7], rep(12L, 6))
  i <- path_point(path, "bic")
  fit <- best(path)
  expect_equal(attr(logLik(fit), "df"), df[i])
  expect_equal(BIC(fit), path$table$BIC[i])
  expect_near(fit$df[["maximised"]], oracle_df(fit), 1e-7)
  expect_output(print(fit), paste0("(", format(df[i], digits = 4), " parameters"),
                fixed = TRUE)
  expect_output(print(path), paste0("(", format(df[i], digits = 4), " parameters"),
                fixed = TRUE)
})

test_that("penalties that set terms to 0 count those that are not", {
  d <- lasso_data()
  path <- quick_path(d, expert = penalty_elastic_net(alpha = 0.3),
                     gate = penalty_ridge())
  saved <- vapply(path$points, `[[`, 0, "saved")
  expect_true(all(saved > 0 & saved < 6))
  expect_equal(path$table$df + saved,
               4 + path$table$nonzero_expert + path$table$nonzero_gate)
  plain <- quick_path(d, nlambda = 3)
  expect_equal(plain$table$df,
               4 + plain$table$nonzero_expert + plain$table$nonzero_gate)
})

test_that("beyond the limit all coefficients count", {
  big <- list(free = c(TRUE, rep(FALSE, 1001)))
  expect_identical(block_savings(big, list(matrix(1, 1001, 1))), 0)
})
