# What is about fits, asked of a model given by its parameters.

test_that("what needs a fit says so, and what to do instead", {
  model <- moe_truth("sgmoe")
  about_fits <- list(anova = anova, case.names = case.names, confint = confint,
                     df.residual = df.residual, fitted = fitted,
                     glance = glance, model.frame = model.frame,
                     model.matrix = model.matrix, summary = summary,
                     update = update, vcov = vcov, weights = weights)
  for (name in names(about_fits)) {
    e <- tryCatch(about_fits[[name]](model), error = identity)
    expect_s3_class(e, "gatemix_error_input")
    expect_match(conditionMessage(e), paste0(name, "() is about a fit"),
                 fixed = TRUE)
    expect_match(conditionMessage(e), "start = model|newdata|model, data")
  }
  expect_input_error(vcov(as_moe_model(faithful_fit())), "start = model")
})

test_that("methods take the arguments of their generics", {
  expect_input_error(confint(moe_truth("sgmoe"), "x", level = 0.9), "confint")
  expect_input_error(update(moe_truth("sgmoe"), . ~ 1), "update")
})

test_that("a model was made from no observations", {
  expect_equal(nobs(moe_truth("sgmoe")), 0L)
  expect_equal(nobs(as_moe_model(faithful_fit())), 0L)
})
