test_that("gate_constant() has no settings", {
  expect_s3_class(gate_constant(), "gate_constant")
  expect_identical(capture.output(print(gate_constant())), "constant gate")
  expect_error(gate_constant(penalty_lasso(0.1)), "unused argument")
})

test_that("the weights are the mean posterior probabilities", {
  data <- toy_data(200)
  fit <- toy_fit(gate_constant(), expert_gaussian(), 2, data, weights = data$w)
  posterior <- predict(fit, data, type = "posterior")
  gate <- predict(fit, data, type = "gate")
  expect_equal(gate[1, ], colSums(data$w * posterior) / sum(data$w), tolerance = 1e-6, ignore_attr = TRUE)
  expect_equal(gate, gate[rep(1, nrow(data)), ], ignore_attr = TRUE)
})

test_that("the gate's terms do not matter to a constant gate", {
  data <- toy_data(200)
  a <- quiet(moe(y1 ~ x1 | 1, data = data, K = 3, gate = gate_constant(), start = data$group))
  b <- quiet(moe(y1 ~ x1 | z1 + z2, data = data, K = 3, gate = gate_constant(), start = data$group))
  expect_equal(a$loglik[["maximised"]], b$loglik[["maximised"]], tolerance = 1e-12)
  expect_equal(predict(a, data), predict(b, data), tolerance = 1e-8)
})
