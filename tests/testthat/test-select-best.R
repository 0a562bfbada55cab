# best()

test_that("best() describes a model that moe() can fit", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:3, folds = 4, seed = 1,
                 gate = list(gate_softmax(), gate_constant()))
  for (score in names(gatemix:::cv_scores)) {
    table <- cv$table[cv$table$score == score, ]
    a <- best(cv, score)
    expect_equal(a$mean, min(table$mean))
    expect_equal(a$model, table$model[which.min(table$mean)])
    b <- best(cv, score, "one_se")
    expect_lte(b$mean, a$mean + a$std.error)
    expect_lte(b$df, a$df)
    close <- table$mean <= a$mean + a$std.error
    expect_equal(b$df, min(table$df[close]))
  }
  fit <- without_warnings(moe(eruptions ~ waiting, faithful, K = b$K,
                              gate = b$gate, expert = b$expert))
  expect_equal(fit$df[["conditional"]], b$df)
  expect_input_error(best(cv, "mse"), "`score` must be one of")
  expect_input_error(best(cv, rule = "max"), "`rule`")
  expect_input_error(best(1), "best\\(\\) chooses")
})
