# The path as a whole: where it begins, what it equals, what it refuses.

test_that("at the largest lambda all slopes are 0 and just below not all", {
  d <- lasso_data()
  for (penalty in all_penalties(NULL)) {
    for (K in 1:2) {
      path <- quick_path(d, K, expert = penalty, gate = penalty, nlambda = 4)
      top <- path$table$lambda[1]
      if (penalty$label != "ridge") expect_null_point(path$table)
      # the fit just below may not be near the null fit: it comes from below
      lambda <- top * c(1, 0.999, 0.8, 0.6)
      below <- quick_path(d, K, expert = penalty, gate = penalty,
                          lambda = lambda)
      expect_equal(below$table$lambda[1:2], lambda[1:2])
      expect_gt(sum(below$table[2, c("nonzero_expert", "nonzero_gate")]), 0)
    }
  }
})

test_that("the largest lambda is the largest gradient of the null fit", {
  d <- lasso_data()
  path <- quick_path(d, K = 1, nlambda = 3)
  sd <- function(v) sqrt(mean((v - mean(v))^2))
  gradient <- apply(d$x, 2, function(v) mean(v * (d$y - mean(d$y))) / sd(v))
  expect_near(path$table$lambda[1], max(abs(gradient)) / sd(d$y), 2e-6)
  expect_near(path$table$lambda,
              path$table$lambda[1] * 0.01^c(0, 0.5, 1), 1e-12)
})

test_that("K = 1 is glmnet at every point of the path", {
  skip_if_not_installed("glmnet")
  for (alpha in c(1, 0.4)) {
    d <- lasso_data(100, 20)
    path <- quick_path(d, K = 1, nlambda = 20,
                       expert = penalty_elastic_net(alpha = alpha))
    sd <- function(v) sqrt(mean((v - mean(v))^2))
    sigma2 <- vapply(seq_len(20), function(i) {
      coef(point_fit(path, i), "dispersion")[[1]]
    }, 0)
    lambda <- path$table$lambda * sigma2 / sd(d$y)
    reference <- glmnet::glmnet(d$x, d$y, alpha = alpha, lambda = lambda,
                                thresh = 1e-20, maxit = 1e7)
    own <- vapply(path$table$lambda, function(l) {
      coef(path, s = l, component = "expert")[, 1]
    }, numeric(21))
    scale <- c(1, apply(d$x, 2, sd)) / sd(d$y)
    expect_lt(max(abs(own - as.matrix(coef(reference))) * scale), 1e-6)
    expect_equal(path$table$nonzero_expert[-1], reference$df[-1])
  }
})

test_that("every point of every path is certified", {
  d <- lasso_data()
  for (penalty in all_penalties(NULL)) {
    path <- quick_path(d, expert = penalty, gate = penalty)
    expect_true(any(regular(path)))
    expect_lt(max(path$table$gradient_norm[regular(path)]), 1e-6)
  }
  d <- lasso_data3()
  path <- quick_path(d, K = 3)
  expect_lt(max(path$table$gradient_norm[regular(path)]), 1e-6)
})

test_that("a fit that starts at a point stays there", {
  d <- lasso_data()
  path <- quick_path(d)
  for (i in which(regular(path))[c(1, 4, 7)]) {
    at <- best(path, path$table$lambda[i])
    again <- moe(d$x, d$y, K = 2, gate = at$gate, expert = at$expert,
                 start = at)
    expect_near(again$objective, path$table$objective[i], 1e-9)
    expect_near(coef(again), coef(at), 1e-5)
    expect_lt(again$gradient_norm, 1e-6)
  }
})

test_that("one block alone can be penalised", {
  d <- lasso_data()
  path <- quick_path(d, gate = NULL)
  expect_null_point(path$table)
  expect_true(all(is.na(path$table$ratio)))
  expect_true(all(coef(path, path$table$lambda[1], "gate")[-1, ] != 0))
  path <- quick_path(d, expert = NULL)
  expect_null_point(path$table)
  expect_identical(path$table$lambda_gate, path$table$lambda)
  expect_true(all(coef(path, path$table$lambda[1], "expert")[-1, ] != 0))
  expect_error(quick_path(d, expert = NULL, lambda_ratio_gate = 2),
               "lambda_ratio_gate", class = "gatemix_error_input")
  expect_error(quick_path(d, expert = NULL, gate = NULL),
               "Neither", class = "gatemix_error_input")
})

test_that("means of Gaussian gates are penalised towards that of all rows", {
  d <- lasso_data()
  set.seed(1)
  path <- moe_path(d$x, d$y, K = 2, nlambda = 6,
                   gate = gate_gaussian(penalty = penalty_lasso()),
                   control = moe_control(starts = 2))
  expect_null_point(path$table)
  gate <- coef(path, path$table$lambda[1], "gate")
  expect_near(gate[grepl("^mean", rownames(gate)), 1], colMeans(d$x), 1e-8)
  expect_gt(max(path$table$nonzero_gate), 0)
})

test_that("excluded terms are in every model of the path", {
  d <- lasso_data()
  penalty <- penalty_lasso(exclude = "v5")
  path <- quick_path(d, expert = penalty, gate = penalty)
  b <- coef(path, path$table$lambda[1], "expert")
  expect_true(all(b["v5", ] != 0))
  expect_true(all(b[c("v1", "v2", "v3", "v4", "v6"), ] == 0))
  expect_null_point(path$table)
})

test_that("a group lasso path drops a term from all experts at once", {
  d <- lasso_data()
  path <- quick_path(d, expert = penalty_group_lasso())
  for (lambda in path$table$lambda) {
    b <- coef(path, lambda, "expert")[-1, ]
    expect_true(all(rowSums(b == 0) %in% c(0, 2)))
  }
})

test_that("weights are rows that are repeated", {
  d <- lasso_data(80)
  w <- rep(1:2, 40)
  rows <- rep(seq_along(w), w)
  lambda <- c(0.4, 0.3, 0.2, 0.1, 0.05)
  weighted <- quick_path(d, weights = w, lambda = lambda, starts = 4)
  repeated <- quick_path(list(x = d$x[rows, ], y = d$y[rows]),
                         lambda = lambda, starts = 4)
  same <- abs(weighted$table$objective - repeated$table$objective) < 1e-5
  expect_gt(sum(same), 2)
  expect_equal(weighted$table$df[same], repeated$table$df[same])
  own <- quick_path(d, K = 1, weights = w)
  other <- quick_path(list(x = d$x[rows, ], y = d$y[rows]), K = 1)
  expect_near(own$table$lambda, other$table$lambda, 1e-10)
  expect_near(own$table$logLik, other$table$logLik, 1e-8)
})

test_that("formula, dense and sparse matrices give the same path", {
  d <- lasso_data(p = 8)
  d$x[abs(d$x) < 0.8] <- 0
  dense <- quick_path(d)
  sparse <- quick_path(list(x = Matrix::Matrix(d$x, sparse = TRUE), y = d$y))
  expect_near(sparse$table$objective, dense$table$objective, 1e-7)
  set.seed(1)
  formula <- moe_path(y ~ ., data.frame(d$x, y = d$y), K = 2, nlambda = 10,
                      control = moe_control(starts = 2))
  expect_near(formula$table$objective, dense$table$objective, 1e-7)
  expect_near(predict(formula, data.frame(d$x)), predict(dense, d$x), 1e-5)
})

test_that("the same seed gives the same path, also after saveRDS()", {
  d <- lasso_data()
  path <- quick_path(d)
  expect_identical(quick_path(d)$table, path$table)
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  saveRDS(path, file)
  again <- readRDS(file)
  expect_identical(coef(again), coef(path))
  expect_identical(predict(again, d$x), predict(path, d$x))
})

test_that("more predictors than rows are no obstacle", {
  path <- quick_path(lasso_data(150, 200), nlambda = 8, seed = 2)
  expect_null_point(path$table)
  expect_gt(max(path$table$nonzero_expert), 1)
  expect_gt(length(path$left_out), 0)
  expect_match(capture.output(print(path)), "^Left out: ", all = FALSE)
  expect_lt(max(path$table$gradient_norm[regular(path)]), 1e-6)
})

test_that("what makes no path is refused", {
  d <- lasso_data(40)
  expect_input_error(moe_path(), "`x` is missing")
  expect_input_error(moe_path(d$x, d$y), "`K`")
  expect_input_error(quick_path(d, lambda = c(1, -1)), "`lambda`")
  expect_input_error(quick_path(d, lambda = c(1, 1)), "`lambda`")
  expect_input_error(quick_path(d, nlambda = 1), "`nlambda`")
  expect_input_error(quick_path(d, lambda_min_ratio = 2), "lambda_min_ratio")
  expect_input_error(quick_path(d, lambda_ratio_gate = 0), "ratio_gate")
  expect_input_error(quick_path(d, relax = NA), "`relax`")
  expect_error(quick_path(d, unknown = 1), class = "gatemix_error_input")
  d$y[] <- d$x[, 1] <- 1
  expect_error(quick_path(list(x = d$x[, 1, drop = FALSE], y = d$y), K = 1),
               class = "gatemix_error")
})
