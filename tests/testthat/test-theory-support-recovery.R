toy_support <- function(order = 1:3, drop = NULL, shift = 0) {
  terms <- paste0("x", 1:4)
  expert <- cbind(c(1, 2, 0, 0, -1), c(-4, 0, 3, 0, 0), c(0, 0, 0, 0, 1))
  gate <- cbind(c(0.5, 1, 0, 0, 0), c(0, 0, -2, 0, 0), 0)[, order]
  gate <- gate - gate[, 3]
  moe_model(stats::reformulate(terms, "y"), gate_coef = gate, expert_coef = expert[, order] + shift,
            variance = c(1, 1, 1))
}

test_that("the truth recovers itself, in any order of its experts", {
  truth <- toy_support()
  for (order in list(1:3, c(3, 1, 2), c(2, 3, 1))) {
    out <- support_recovery(toy_support(order), truth)
    expect_identical(out$part, rep(c("expert", "gate"), c(3, 2)))
    expect_identical(out$matched, order(order)[c(1:3, 1:2)])
    expect_true(all(out$sensitivity == 1 & out$specificity == 1 & out$sign == 1))
    expect_identical(out$nonzero, c(2L, 1L, 1L, 1L, 1L))
    expect_identical(out$zero, c(2L, 3L, 3L, 3L, 3L))
  }
})

test_that("sensitivity, specificity and signs count as they are defined", {
  terms <- paste0("x", 1:4)
  truth <- moe_model(y ~ x1 + x2 + x3 + x4, gate_coef = cbind(c(0, 1, 1, 0, 0), 0),
                     expert_coef = cbind(c(0, 5, -5, 0, 0), c(9, 0, 0, 0, 1)), variance = c(1, 1))
  # a sign wrong, a term missed, a term too much; the experts the other way round
  estimate <- moe_model(y ~ x1 + x2 + x3 + x4, gate_coef = cbind(-c(0, 2, 0, 0, -3), 0),
                        expert_coef = cbind(c(8, 0, 0.1, 0, -1), c(0, 4, 0, 0, 0)), variance = c(1, 1))
  out <- support_recovery(estimate, truth)
  expect_identical(out$matched, c(2L, 1L, 2L))
  expect_equal(out$sensitivity, c(0.5, 1, 0.5))
  expect_equal(out$specificity, c(1, 2 / 3, 0.5))
  expect_equal(out$sign, c(0.5, 0, 0.5))
  expect_identical(out$found, c(1L, 1L, 1L))
  expect_identical(out$excluded, c(2L, 2L, 1L))
  # what is small may count as 0
  expect_equal(support_recovery(estimate, truth, tol = 0.2)$specificity, c(1, 1, 0.5))
})

test_that("terms that one model lacks are 0 there", {
  truth <- moe_model(y ~ x1, gate_coef = cbind(c(0, 1), 0), expert_coef = cbind(c(0, 1), c(3, 0)),
                     variance = c(1, 1))
  estimate <- moe_model(y ~ x1 + x2, gate_coef = cbind(c(0, 1, 0), 0),
                        expert_coef = cbind(c(0, 1, 1), c(3, 0, 0)), variance = c(1, 1))
  out <- support_recovery(estimate, truth)
  expect_identical(out$zero, c(1L, 2L, 1L))
  expect_equal(out$specificity, c(0, 1, 1))
  back <- support_recovery(truth, estimate)
  expect_equal(back$sensitivity, c(0.5, NA, 1))
})

test_that("a lasso on the published design finds all experts' terms", {
  truth <- moe_truth("lasso_gaussian")
  d <- simulate(truth, n = 300, seed = 1)
  penalty <- penalty_lasso(0.04)
  set.seed(1)
  fit <- moe(formula(truth), data = d, K = 2, gate = gate_softmax(penalty = penalty),
             expert = expert_gaussian(penalty = penalty))
  out <- support_recovery(fit, truth)
  expect_equal(out$sensitivity, c(1, 1, 1))
  expect_equal(out$sign, c(1, 1, 1))
  expect_equal(out[-3], support_recovery(as_moe_model(fit), truth)[-3])
})

test_that("several responses, one expert and gates without scores are compared by their experts", {
  d <- lasso_data(120, 3)
  y <- cbind(a = d$y, b = 3 * d$x[, 3])
  fit <- quiet(moe(d$x, y + sin(seq_along(y)), K = 2, start = d$label, gate = gate_gaussian(),
                   expert = expert_gaussian(penalty = penalty_lasso(0.1))))
  out <- support_recovery(fit, fit)
  expect_identical(out$part, c("expert", "expert"))
  expect_identical(out$nonzero + out$zero, c(6L, 6L))
  one <- moe(y ~ v1 + v2, data.frame(d$x, y = d$y), K = 1)
  expect_identical(nrow(support_recovery(one, one)), 1L)
})

test_that("models that cannot be compared are refused", {
  truth <- toy_support()
  expect_input_error(support_recovery(3, truth), "`estimate`")
  expect_input_error(support_recovery(truth, "a"), "`truth`")
  two <- moe_model(y ~ x1, gate_coef = cbind(c(0, 1), 0), expert_coef = cbind(0:1, 1:2), variance = c(1, 1))
  expect_input_error(support_recovery(two, truth), "2 experts.*3")
  expect_input_error(support_recovery(truth, truth, tol = -1), "`tol`")
})
