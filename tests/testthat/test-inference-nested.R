# Is one model a special case of another?

test_that("columns span others if these are their combinations, in any unit", {
  set.seed(1)
  m <- cbind(1, matrix(rnorm(60), 20))
  expect_true(spans(m, m))
  expect_true(spans(m, m[, 3:1]))
  expect_true(spans(m, cbind(2 - 1e6 * m[, 2], m[, 3] + m[, 4])))
  expect_false(spans(m[, -4], m))
  expect_false(spans(m, cbind(m[, 2]^2)))
  # a millionth part of something new is something new
  expect_false(spans(m, cbind(m[, 2] + 1e-6 * rnorm(20))))
})

test_that("columns are the same in any order and under any name", {
  m <- cbind(a = 1:5, b = c(2, 7, 1, 8, 2))
  expect_true(same_columns(m, unname(m[, 2:1])))
  expect_false(same_columns(m, m[, 1, drop = FALSE]))
  expect_false(same_columns(m[, 1, drop = FALSE], m))
  expect_false(same_columns(m, 2 * m))
})

# All covariances of several variables: each is nested in itself, in those with
# a richer shape, and a shared one in its own shape or a richer one.
test_that("covariances are nested by shape and by sharing", {
  shapes <- c("spherical", "diagonal", "full")
  for (small in all_experts()) for (large in all_experts()) {
    richer <- match(small$covariance, shapes) <= match(large$covariance, shapes)
    freer <- small$shared || !large$shared
    # one variable has one shape, one expert nothing to share
    wanted <- c(both = richer && freer, one_variable = freer,
                one_expert = richer, neither = TRUE)
    nested <- c(both = covariance_nested(small, large, TRUE, TRUE),
                one_variable = covariance_nested(small, large, FALSE, TRUE),
                one_expert = covariance_nested(small, large, TRUE, FALSE),
                neither = covariance_nested(small, large, FALSE, FALSE))
    expect_identical(nested, wanted, info = paste(small$label, "in",
                                                  large$label))
  }
})

test_that("covariances are nested as their likelihoods are ordered", {
  data <- toy_data(200)
  value <- function(expert) {
    toy_fit(gate_constant(), expert, 2, data)$loglik[["maximised"]]
  }
  values <- vapply(all_experts(), value, 0)
  for (i in 1:6) for (j in 1:6) {
    if (covariance_nested(all_experts()[[i]], all_experts()[[j]], TRUE, TRUE)) {
      expect_lte(values[i], values[j] + 1e-6)
    }
  }
})

test_that("conditional gates contain each other as their features do", {
  data <- toy_data(100)
  gates <- list(gate_constant(), gate_softmax(),
                gate_gaussian("full", TRUE, "conditional"),
                gate_gaussian("spherical", likelihood = "conditional"),
                gate_gaussian("diagonal", likelihood = "conditional"),
                gate_gaussian("full", likelihood = "conditional"))
  features <- lapply(gates, function(gate) {
    fit <- toy_fit(gate, expert_gaussian(), 1, data,
                   control = moe_control(max_iter = 2))
    features <- gate_columns(fit, stored_matrices(fit))
    wanted <- oracle_gate_features(list(key = fit$problem$spec$gate$key,
                                        products = fit$problem$spec$gate$features$covariance),
                                   oracle_matrices(stored_problem(fit))$z)
    expect_near(features, wanted, 1e-12)
    features
  })
  # two predictors: a constant, two slopes, then squares and products
  expect_identical(vapply(features, ncol, 0L), c(1L, 3L, 3L, 4L, 5L, 6L))
  contains <- outer(1:6, 1:6, Vectorize(function(i, j) {
    spans(features[[i]], features[[j]])
  }))
  # with one covariance for all experts the linear predictors have no squares
  expect_identical(contains, lower.tri(contains, diag = TRUE) |
                     row(contains) == 2 & col(contains) == 3)
})

test_that("the same data in other words are the same data", {
  d <- old_faithful()
  d$zero <- 0
  d$one <- 1
  plain <- moe(eruptions ~ waiting, d, K = 1)
  is_same <- function(...) {
    fit <- do.call(moe, list(..., data = d, K = 1))
    same_data(stored_matrices(plain), stored_matrices(fit), plain, fit)
  }
  expect_true(is_same(eruptions ~ 1))
  expect_true(is_same(eruptions ~ waiting, weights = d$one))
  expect_true(is_same(eruptions ~ waiting + offset(zero)))
  expect_false(is_same(eruptions ~ waiting, weights = 2 * d$one))
  expect_false(is_same(eruptions ~ waiting + offset(one)))
  expect_false(is_same(log(eruptions) ~ waiting))
  expect_false(is_same(eruptions ~ waiting, subset = d$waiting > 50))
})
