test_that("a model says what it is", {
  truth <- moe_truth("sgmoe")
  out <- capture.output(print(truth))
  expect_match(out[1], "Truth \"sgmoe\"")
  expect_true(any(grepl("Formula: y ~ x", out)))
  expect_true(any(grepl("equispaced", out)))
  expect_output(print(moe_model(y ~ x + offset(2 * x) | 1, expert_coef = 1:2,
                                variance = 1)),
                "Formula: y ~ x + offset(2 * x) | 1", fixed = TRUE)
  fit <- as_moe_model(faithful_fit())
  expect_true(any(grepl("predictors: none", capture.output(print(fit)))))
  expect_true(any(grepl("the gate's mixture", capture.output(
    print(as_moe_model(faithful_fit(gate = gate_gaussian())))))))
})

test_that("a model without new data says that it has none", {
  truth <- moe_truth("sgmoe")
  expect_input_error(predict(truth), "holds no data")
  expect_input_error(residuals(truth), "holds no data")
  expect_input_error(logLik(truth), "holds no data")
  expect_input_error(predict(truth, data.frame(x = 1), type = "density"),
                     "must hold the response")
  expect_input_error(logLik(truth, data.frame(x = 1)), "hold the response")
  expect_input_error(logLik(truth, data.frame(x = 1, y = 1), type = "joint"),
                     "Gaussian gates only")
  expect_input_error(predict(truth, data.frame(x = 1), logg = TRUE), "logg")
})

test_that("quantile residuals under the truth are standard normal", {
  truth <- moe_truth("glome_ms")
  d <- simulate(truth, n = 2000, seed = 3)
  expect_gt(ks.test(residuals(truth, d, type = "quantile"), "pnorm")$p.value,
            0.01)
  expect_near(residuals(truth, d), d$y - predict(truth, d), 1e-12)
  expect_near(mean(residuals(truth, d, type = "pearson")^2), 1, 0.1)
})

test_that("accessors are those of fits", {
  fit <- faithful_fit()
  model <- as_moe_model(fit)
  expect_equal(sigma(model), sigma(fit))
  expect_equal(formula(model), formula(fit))
  expect_equal(terms(model), terms(fit))
  expect_equal(family(model), family(fit))
  expect_equal(coef(model, "dispersion"), coef(fit, "dispersion"))
})

test_that("tables of a model are those of fits, without inference", {
  fit <- faithful_fit()
  model <- as_moe_model(fit)
  expect_equal(augment(model, newdata = faithful[1:5, ]),
               augment(fit, newdata = faithful[1:5, ]))
  expect_equal(augment(model, faithful[1:5, ]),
               augment(model, newdata = faithful[1:5, ]))
  expect_input_error(augment(model), "give `newdata`")
  table <- tidy(model)
  same <- c("component", "expert", "term", "estimate")
  expect_named(table, same)
  expect_equal(table, tidy(fit)[same])
  expect_equal(unique(tidy(model, "dispersion")$component), "dispersion")
  expect_input_error(tidy(model, conf.int = TRUE), "conf.int")
})
