d <- old_faithful()
fit <- faithful_fit()

test_that("print shows model, call, coefficients, likelihood and convergence", {
  expect_output(print(fit), "Mixture of 2 Gaussian experts, softmax gate")
  expect_output(print(fit), "Call: moe\\(formula = eruptions ~ waiting")
  expect_output(print(fit), "expert1 +expert2\n\\(Intercept\\)")
  expect_output(print(fit), "Gate \\(log odds against expert2\\):\n +expert1\n\\(Intercept\\)")
  expect_output(print(fit), "Log-likelihood -9.*8 parameters, 272 rows.*BIC")
  expect_output(print(fit), "Converged in [0-9]+ iterations, gradient")
  expect_identical(suppressOutput(print(fit)), fit)
})

test_that("one expert has no gate to print", {
  one <- moe(eruptions ~ waiting, d, K = 1)
  expect_output(print(one), "Mixture of 1 Gaussian expert\n")
  expect_false(any(grepl("Gate", capture.output(print(one)))))
  expect_false(any(grepl("gate", capture.output(print(summary(one))))))
})

test_that("summary shows sizes, standard deviations and both coefficients", {
  s <- summary(fit)
  expect_s3_class(s, "summary.moe")
  expect_equal(s$experts$size, unname(fit$sizes))
  expect_equal(s$experts$share, unname(fit$sizes) / nrow(d))
  expect_equal(s$experts$sd, unname(sigma(fit)))
  expect_equal(coef(s)[, "Estimate"], coef(fit))
  expect_equal(s$bic, BIC(fit))
  expect_output(print(s), "size +share +sd")
  expect_output(print(s), "log odds against expert ?2")
  expect_identical(suppressOutput(print(s)), s)
})

test_that("summary of several responses has a standard deviation for each", {
  s <- summary(two_response_fit())
  expect_equal(names(s$experts), c("size", "share", "sd(Sepal.Length)",
                                   "sd(Sepal.Width)"))
  expect_equal(as.matrix(s$experts[3:4]), t(sigma(two_response_fit())),
               ignore_attr = TRUE)
})

test_that("summary of a Gaussian gate shows both likelihoods and its moments", {
  s <- summary(faithful_fit(gate = gate_gaussian()))
  expect_output(print(s), "mean\\(waiting\\)")
  expect_output(print(s), "joint log-likelihood; conditional")
})

test_that("summary of a search tells how many starts were tried and finished", {
  set.seed(1)
  s <- summary(moe(eruptions ~ waiting, d, K = 2))
  expect_gte(s$starts[["tried"]], 10L)
  expect_gte(s$starts[["finished"]], 1L)
  expect_output(print(s), "Starts: 1[01] tried, [0-9]+ run to the end")
})

test_that("a fit that did not converge says so in print", {
  early <- without_warnings(faithful_fit(control = moe_control(max_iter = 1)))
  expect_output(print(early), "NOT converged: max_iter after 1 iteration")
})

test_that("digits are respected", {
  shown <- format(coef(fit, "expert")["waiting", 2], digits = 10)
  expect_output(print(fit, digits = 10), shown, fixed = TRUE)
  expect_false(any(grepl(shown, capture.output(print(fit)), fixed = TRUE)))
})

test_that("gates, experts, controls and problems print in words", {
  expect_output(print(gate_softmax()), "softmax gate")
  expect_output(print(gate_constant()), "constant gate")
  expect_output(print(gate_gaussian("diagonal", TRUE)),
                "Gaussian gate \\(diagonal shared covariance, joint likelihood\\)")
  expect_output(print(expert_gaussian("spherical")), "spherical covariance")
  expect_output(print(moe_control()), "starts +=  ?10")
  expect_output(print(em_problem(eruptions ~ waiting, d, K = 2)),
                "272 rows for 2 experts: 2 terms per expert, 2 per gate")
})
