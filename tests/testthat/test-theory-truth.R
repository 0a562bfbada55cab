test_that("every truth simulates data that its own fit starts from", {
  table <- moe_truth()
  expect_equal(anyDuplicated(table$name), 0L)
  for (name in table$name) {
    truth <- moe_truth(name)
    expect_s3_class(truth, c("moe_truth", "moe_model"), exact = TRUE)
    expect_equal(truth$K, table$K[table$name == name])
    d <- simulate(truth, n = 300, seed = 1)
    expect_equal(nrow(d), 300L)
    fit <- without_warnings(
      moe(formula(truth), d, K = truth$K, gate = truth$gate, start = truth))
    expect_gte(c(logLik(fit)), c(logLik(truth, d)) - 1e-6)
  }
})

test_that("truths are those of the papers", {
  at <- data.frame(x = c(0.2, 0.5))
  expect_near(predict(moe_truth("sgmoe"), at, type = "expert"),
              cbind(15 - 20 * at$x, -5 + 20 * at$x), 1e-12)
  expect_equal(unname(sigma(moe_truth("sgmoe"))), c(0.3, 0.4))
  expect_near(predict(moe_truth("glome_ms"), at, type = "expert"),
              cbind(1 - 6 * at$x + at$x^2, -0.4 * at$x^2), 1e-12)
  expect_near(predict(moe_truth("glome_ws"), at, type = "expert"),
              cbind(2 - 5 * at$x, 0.1 * at$x), 1e-12)
  expect_equal(range(simulate(moe_truth("sgmoe"), n = 11)$x), c(0, 1))
  lasso <- simulate(moe_truth("lasso_gaussian"), n = 5000, seed = 1)
  expect_near(cor(lasso[1:3])[1, 2:3], c(0.5, 0.25), 0.15)
  expect_equal(c(moe_truth("ggmoe_4")$parameters$gate$means),
               c(0, 0, 0.1, 0.1, 0.5, 0.5))
  expect_input_error(moe_truth("none"), "must be one of")
})
