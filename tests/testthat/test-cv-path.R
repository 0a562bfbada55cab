# Cross-validation of paths.

path_and_cv <- function(..., folds = 4) {
  path <- quick_path(lasso_data(), ...)
  list(path = path, cv = without_warnings(
    cv_moe_path(path, folds = folds, seed = 1)))
}

test_that("K = 1: means are those of the penalised line, fold by fold", {
  skip_if_not_installed("glmnet")
  d <- lasso_data(90)
  path <- quick_path(d, K = 1, nlambda = 5)
  folds <- rep(1:3, 30)
  cv <- cv_moe_path(path, folds = folds, seed = 1)
  sd <- function(v) sqrt(mean((v - mean(v))^2))
  for (i in 2:5) {
    each <- vapply(1:3, function(f) {
      own <- folds != f
      fit <- moe(d$x[own, ], d$y[own], K = 1, expert = expert_gaussian(
        penalty = penalty_lasso(path$table$lambda[i])))
      b <- coef(fit, "expert")[, 1]
      s2 <- coef(fit, "dispersion")[[1]]
      lambda <- path$table$lambda[i] * s2 / sd(d$y[own])
      reference <- glmnet::glmnet(d$x[own, ], d$y[own], thresh = 1e-20,
                                  lambda = lambda)
      m <- predict(reference, d$x[!own, ])[, 1]
      r <- d$y[!own] - m
      s <- sqrt(mean((d$y[own] - predict(reference, d$x[own, ])[, 1])^2))
      c(-mean(stats::dnorm(r, 0, s, log = TRUE)), mean(r^2))
    }, numeric(2))
    at <- cv$table[cv$table$point == i, ]
    expect_near(at$mean, rowMeans(each), 1e-6)
    expect_near(at$std.error, apply(each, 1, stats::sd) / sqrt(3), 1e-5)
  }
})

test_that("the two rules are those of the table", {
  parts <- path_and_cv()
  own <- parts$cv$table[parts$cv$table$score == "log_score", ]
  least <- which.min(ifelse(regular(parts$path), own$mean, NA))
  expect_equal(parts$cv$lambda_min, own$lambda[least])
  close <- which(own$mean <= own$mean[least] + own$std.error[least] &
                   regular(parts$path))
  fewest <- close[own$df[close] == min(own$df[close])]
  expect_equal(parts$cv$lambda_1se, max(own$lambda[fewest]))
  expect_gte(parts$cv$lambda_1se, parts$cv$lambda_min)
  expect_equal(nrow(parts$cv$folds), 4 * nrow(parts$path$table))
})

test_that("best(), coef() and predict() are those of the path", {
  parts <- path_and_cv()
  x <- lasso_data()$x
  cv <- parts$cv
  for (score in c("log_score", "squared_error")) {
    own <- cv$table[cv$table$score == score, ]
    for (rule in c("min", "one_se")) {
      lambda <- own$lambda[own[[c(min = "best", one_se = "one_se")[rule]]]]
      fit <- best(cv, rule, score)
      expect_s3_class(fit, "moe")
      expect_identical(coef(fit), coef(parts$path, lambda))
      expect_identical(coef(cv, rule, score = score), coef(fit))
      expect_identical(predict(cv, x, s = rule, score = score),
                       predict(fit, x))
    }
  }
  expect_identical(coef(cv, parts$path$table$lambda[3]),
                   coef(parts$path, parts$path$table$lambda[3]))
  expect_input_error(coef(cv, "bic"), "`s`")
  expect_input_error(best(cv, "smallest"), "`rule`")
  expect_input_error(best(cv, score = "crps"), "`score`")
})

test_that("the choice is among the points of all ratios", {
  parts <- path_and_cv(lambda_ratio_gate = c(0.5, 2), nlambda = 5)
  cv <- parts$cv
  own <- cv$table[cv$table$score == "log_score", ]
  expect_equal(unique(own$ratio), c(0.5, 2))
  least <- which.min(ifelse(regular(parts$path), own$mean, NA))
  fit <- best(cv)
  expect_equal(fit$gate$penalty$lambda, own$lambda_gate[least])
  alone <- quick_path(lasso_data(), lambda_ratio_gate = 2,
                      lambda = own$lambda[own$ratio == 2])
  alone <- without_warnings(cv_moe_path(alone, folds = 4, seed = 1))
  expect_near(alone$folds$log_score,
              cv$folds$log_score[cv$folds$point %in%
                                   which(parts$path$table$ratio == 2)], 1e-8)
})

test_that("a point that a fold lacks has no mean, and a failed fold none", {
  path <- quick_path(lasso_data(150, 60), nlambda = 8, seed = 2)
  one <- function(status, score) {
    data.frame(lambda = path$table$lambda, n = 5L, weight = 5,
               log_score = score, squared_error = score, status = status)
  }
  n <- nrow(path$table)
  result <- function(table, message = "") {
    list(list(table = table, message = message, unscored = 0L))
  }
  good <- result(one("converged", seq_len(n)))
  lost <- result(one("converged", replace(seq_len(n), 2, NA)))
  failed <- result(one("failed", NA_real_), "no luck.")
  plan <- list(repeats = c(1L, 1L), fold = 1:2)
  expect_warning(
    cv <- finish_cv_path(list(good, lost), path, plan, list(n = 10L), FALSE,
                         NULL),
    "1 of .* point", class = "gatemix_warning_cv")
  own <- cv$table[cv$table$score == "log_score", ]
  expect_equal(own$mean, replace(as.numeric(seq_len(n)), 2, NA))
  expect_equal(which(own$best), 1L)
  expect_match(capture.output(print(cv)), "no mean", all = FALSE)
  expect_error(
    finish_cv_path(list(good, failed), path, plan, list(n = 10L), FALSE, NULL),
    "no luck", class = "gatemix_error_cv")
})

test_that("weights, factors, groups and repeats work as in cv_moe()", {
  d <- lasso_data()
  data <- data.frame(d$x, y = d$y, f = factor(rep(c("a", "b", "c"), 40)),
                     id = rep(1:30, 4), w = rep(1:2, 60))
  set.seed(1)
  path <- moe_path(y ~ v1 + v2 + v3 + f, data, K = 2, weights = w, nlambda = 5,
                   control = moe_control(starts = 2))
  cv <- without_warnings(cv_moe_path(path, folds = 3, repeats = 2,
                                     groups = data$id, seed = 1))
  expect_equal(nrow(cv$folds), 6 * 5)
  expect_equal(sum(cv$folds$weight[cv$folds$point == 1]), 2 * sum(data$w))
  rare <- replace(as.character(data$f), 1:2, "d")
  data$f <- factor(rare)
  set.seed(1)
  path <- moe_path(y ~ v1 + v2 + v3 + f, data, K = 1, weights = w, nlambda = 4)
  folds <- c(1, 1, rep_len(1:4, 118))
  expect_warning(cv <- cv_moe_path(path, folds = folds, seed = 1),
                 "2 held-out row", class = "gatemix_warning_cv")
  expect_equal(cv$unscored, 2)
})

test_that("offsets and omitted rows are those of the path", {
  d <- lasso_data()
  data <- data.frame(d$x, y = d$y, o = seq(-1, 1, length.out = 120))
  data$y[5] <- NA
  set.seed(1)
  path <- moe_path(y ~ v1 + v2 + v3 + offset(o), data, K = 1, nlambda = 4)
  cv <- cv_moe_path(path, folds = 3, seed = 1)
  expect_equal(sum(cv$folds$n[cv$folds$point == 1]), 119)
  expect_true(all(is.finite(cv$table$mean)))
})

test_that("a formula or a matrix makes its path first", {
  d <- lasso_data()
  make <- function(x, ...) {
    cv_moe_path(x, K = 1, nlambda = 4, folds = 3, seed = 2, ...)
  }
  from_matrix <- make(d$x, d$y)
  from_formula <- make(y ~ ., data = data.frame(d$x, y = d$y))
  expect_near(from_formula$table$mean, from_matrix$table$mean, 1e-8)
  path <- from_matrix$path
  expect_near(cv_moe_path(path, folds = 3, seed = 2)$table$mean,
              from_matrix$table$mean, 1e-10)
  sparse <- make(Matrix::Matrix(d$x, sparse = TRUE), d$y)
  expect_near(sparse$table$mean, from_matrix$table$mean, 1e-6)
})

test_that("refits are scored where they are asked for", {
  path <- quick_path(lasso_data(), relax = TRUE, nlambda = 5)
  cv <- without_warnings(cv_moe_path(path, folds = 3, relax = TRUE, seed = 1))
  fit <- best(cv)
  expect_identical(coef(fit), coef(path, cv$lambda_min, relax = TRUE))
  path$relaxed <- NULL
  expect_input_error(cv_moe_path(path, relax = TRUE), "`relax`")
})

test_that("the seed decides the numbers, not the plan or a checkpoint", {
  parts <- path_and_cv(nlambda = 5)
  again <- without_warnings(cv_moe_path(parts$path, folds = 4, seed = 1))
  expect_identical(again$table, parts$cv$table)
  folder <- tempfile()
  on.exit(unlink(folder, recursive = TRUE))
  for (i in 1:2) {
    kept <- without_warnings(cv_moe_path(parts$path, folds = 4, seed = 1,
                                         checkpoint = folder))
    expect_identical(kept$table, parts$cv$table)
  }
  expect_error(cv_moe_path(parts$path, folds = 4, seed = 2,
                           checkpoint = folder), class = "gatemix_error")
  local_workers()
  parallel <- without_warnings(cv_moe_path(parts$path, folds = 4, seed = 1))
  expect_identical(parallel$table, parts$cv$table)
})

test_that("what cannot be cross-validated is refused", {
  path <- quick_path(lasso_data(40), K = 1, nlambda = 4)
  expect_input_error(cv_moe_path(), "`x` is missing")
  expect_input_error(cv_moe_path(path, folds = 41), "`folds`")
  expect_input_error(cv_moe_path(path, folds = 1), "`folds`")
  expect_input_error(cv_moe_path(path, unknown = 1), "unknown")
  one <- cv_moe_path(path, folds = list(1:10), seed = 1)
  expect_true(is.na(one$lambda_1se))
  expect_input_error(best(one, "one_se"), "one fold")
  expect_s3_class(best(one), "moe")
})

test_that("print() and tables show the choice", {
  parts <- path_and_cv(nlambda = 5)
  text <- capture.output(print(parts$cv))
  expect_match(text[1], "5 points, 4 folds, 120 rows")
  expect_match(text, "log score +one_se", all = FALSE)
  expect_equal(as.data.frame(tidy(parts$cv)), as.data.frame(parts$cv))
  expect_identical(as.data.frame(parts$cv, what = "folds"), parts$cv$folds)
})
