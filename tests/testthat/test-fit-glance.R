d <- old_faithful()

test_that("glance() is one row of what the fit and its criteria say", {
  fit <- faithful_fit()
  line <- glance(fit)
  expect_equal(dim(line), c(1L, 10L))
  expect_equal(line$logLik, as.numeric(logLik(fit)))
  expect_equal(c(line$AIC, line$BIC), c(AIC(fit), BIC(fit)))
  expect_equal(c(line$df, line$nobs), c(8, nrow(d)))
  expect_equal(list(line$K, line$gate, line$converged, line$iterations),
               list(2L, "softmax", TRUE, fit$iterations))
  expect_input_error(glance(fit, deviance = TRUE), "`deviance`")
})

test_that("ICL is BIC plus twice the entropy of the posterior", {
  w <- rep(1:2, length.out = nrow(d))
  fit <- faithful_fit(weights = w)
  tau <- predict(fit, type = "posterior")
  entropy <- -sum(w * rowSums(ifelse(tau > 0, tau * log(tau), 0)))
  expect_gt(entropy, 0)
  expect_near(glance(fit)$ICL, BIC(fit) + 2 * entropy, 1e-12)
  one <- glance(moe(eruptions ~ waiting, d, K = 1))
  expect_near(one$ICL, one$BIC, 1e-14)
  expect_true(is.na(glance(faithful_fit(model = FALSE))$ICL))
})
