# Summaries with standard errors.

test_that("the table holds z and p of every coefficient", {
  fit <- faithful_fit()
  m <- coef(summary(fit))
  se <- sqrt(diag(vcov(fit)))
  expect_identical(rownames(m), names(coef(fit)))
  expect_equal(m[, "Std. Error"], se)
  expect_equal(m[, "z value"], coef(fit) / se)
  expect_equal(m[, "Pr(>|z|)"], 2 * pnorm(-abs(coef(fit) / se)))
})

test_that("standard errors come from where the user says", {
  fit <- faithful_fit()
  b <- bootstrap_moe(fit, R = 20, seed = 1)
  se <- function(vcov) coef(summary(fit, vcov = vcov))[, "Std. Error"]
  expect_equal(se("sandwich"), sqrt(diag(vcov(fit, type = "sandwich"))))
  expect_equal(se(b), sqrt(diag(vcov(b))))
  expect_equal(se(4 * vcov(fit)), 2 * se("information"))
  expect_true(all(is.na(se("none"))))
  expect_input_error(summary(fit, vcov = "hc3"), "`vcov` must be")
  expect_input_error(summary(fit, vcov = diag(2)), "`vcov` has no row")
  expect_input_error(summary(fit, whatever = 1), "whatever")
})

test_that("a fit without data says why it has no standard errors", {
  s <- summary(faithful_fit(model = FALSE))
  expect_true(all(is.na(coef(s)[, "Std. Error"])))
  expect_output(print(s), "model = FALSE")
})

test_that("warnings of the standard errors are notes of the summary", {
  early <- without_warnings(faithful_fit(control = moe_control(max_iter = 1)))
  expect_silent(s <- summary(early))
  expect_match(s$notes, "did not converge")
  expect_output(print(s), "did not converge")
})

test_that("Gaussian gates have standard errors and no tests", {
  m <- coef(summary(faithful_fit(gate = gate_gaussian())))
  gate <- grepl("^gate", rownames(m))
  expect_true(all(m[gate, "Std. Error"] > 0))
  expect_true(all(is.na(m[gate, "Pr(>|z|)"])))
  expect_false(anyNA(m[!gate, ]))
})

test_that("summaries print for every kind of model", {
  d <- old_faithful()
  fits <- list(
    moe(eruptions ~ waiting, d, K = 1), two_response_fit(),
    moe(eruptions ~ 1, d, K = 2, start = d$label),
    moe(eruptions ~ site | waiting, d, K = 2, start = d$label),
    faithful_fit(gate = gate_gaussian()), faithful_fit(gate = gate_constant()),
    faithful_fit(weights = rep(2, 272)),
    moe(as.matrix(d["waiting"]), d$eruptions, K = 2, start = d$label))
  for (fit in fits) {
    expect_output(print(summary(fit)), "Std. Error")
    again <- unserialize(serialize(fit, NULL))
    expect_identical(coef(summary(again)), coef(summary(fit)))
  }
})

test_that("a covariance matrix may have its parameters in any order", {
  fit <- faithful_fit()
  v <- vcov(fit)
  wanted <- coef(summary(fit))
  expect_equal(coef(summary(fit, vcov = v[6:1, 6:1])), wanted)
  expect_equal(coef(summary(fit, vcov = v[, 6:1])), wanted)
  colnames(v)[2] <- "other"
  expect_input_error(summary(fit, vcov = v), "no row or no column named")
})
