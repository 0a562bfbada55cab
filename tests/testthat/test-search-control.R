test_that("the control has documented defaults and types", {
  control <- moe_control()
  expect_s3_class(control, "moe_control")
  expect_named(control, names(formals(moe_control)), ignore.order = TRUE)
  expect_equal(control$starts, 10L)
  expect_type(moe_control(starts = 3)$starts, "integer")
})

test_that("each setting is checked by name", {
  expect_input_error(moe_control(starts = 0), "`starts` must be one whole number")
  expect_input_error(moe_control(init = "nope"), "`init` must be .*\"kmeans\"")
  expect_input_error(moe_control(init = character()), "`init`")
  expect_input_error(moe_control(max_iter = -1), "`max_iter`")
  expect_input_error(moe_control(tol = -1e-8), "`tol`")
  expect_input_error(moe_control(tol = NA), "`tol`")
  expect_input_error(moe_control(accelerate = "no"), "`accelerate`")
  expect_input_error(moe_control(min_variance = 0), "`min_variance`")
  expect_input_error(moe_control(min_variance = 2), "`min_variance`")
  expect_input_error(moe_control(threads = 0), "`threads`")
  expect_input_error(moe_control(threads = 1.5), "`threads`")
  expect_input_error(moe_control(verbose = 1), "`verbose`")
  expect_error(moe_control(strats = 3), "unused argument")
})

test_that("control may be a list of settings", {
  d <- old_faithful()
  run <- function(control) moe(eruptions ~ waiting, d, K = 2, start = d$label,
                               control = control)
  expect_identical(run(list(tol = 1e-6))$control, moe_control(tol = 1e-6))
  expect_identical(run(list())$control, moe_control())
  expect_input_error(run(list(strats = 3)), "has no setting `strats`")
  expect_input_error(run(list(3)), "made by moe_control")
  expect_input_error(run(10), "made by moe_control\\(\\); found 10")
  expect_input_error(run(NULL), "made by moe_control\\(\\); found NULL")
})

test_that("starts and init decide the search", {
  d <- old_faithful()
  set.seed(1)
  fit <- moe(eruptions ~ waiting, d, K = 2,
             control = moe_control(starts = 4, init = c("random", "kmeans")))
  expect_equal(fit$starts$rule, c("random", "kmeans", "random", "kmeans"))
  expect_equal(nrow(moe(eruptions ~ waiting, d, K = 2,
                        control = moe_control(starts = 1))$starts), 1L)
})

test_that("max_iter stops, and says so", {
  expect_warning(
    fit <- faithful_fit(control = moe_control(max_iter = 1)),
    "did not converge \\(max_iter after 1 iterations.*Raise `max_iter`",
    class = "gatemix_warning_convergence")
  expect_false(fit$converged)
  expect_equal(fit$status, "max_iter")
  expect_gt(fit$gradient_norm, 1e-8)
})

test_that("plain EM and accelerated EM reach the same fit", {
  plain <- faithful_fit(control = moe_control(accelerate = FALSE))
  fast <- faithful_fit()
  expect_near(c(logLik(plain)), c(logLik(fast)), 1e-10)
  expect_near(coef(plain), coef(fast), 1e-4)
  expect_true(all(diff(plain$trace) >= -1e-9))
})

test_that("a smaller tol gives a smaller gradient", {
  loose <- faithful_fit(control = moe_control(tol = 1e-3))
  tight <- faithful_fit(control = moe_control(tol = 1e-9))
  expect_lt(loose$gradient_norm, 1e-3)
  expect_lt(tight$gradient_norm, 1e-9)
  expect_lte(loose$iterations, tight$iterations)
})

test_that("the number of threads changes nothing, to the last bit", {
  one <- faithful_fit()
  two <- faithful_fit(control = moe_control(threads = 2))
  expect_identical(coef(one), coef(two))
  expect_identical(c(logLik(one)), c(logLik(two)))
})

test_that("verbose writes a line per iteration", {
  out <- capture.output(fit <- faithful_fit(
    control = moe_control(verbose = TRUE)))
  expect_gte(length(out), fit$iterations)
  expect_match(out, "^  iteration [0-9]+  log-likelihood ")
})

test_that("verbose says that an objective is penalised", {
  parts <- list(list(expert = expert_gaussian(penalty = penalty_lasso(0.1))),
                list(gate = gate_softmax(penalty = penalty_ridge(0.1))))
  for (part in parts) {
    out <- capture.output(fit <- do.call(faithful_fit, c(part, list(
      control = moe_control(verbose = TRUE, starts = 1, moves = 0)))))
    expect_match(out, "^  iteration [0-9]+  penalised log-likelihood ")
    last <- sub(".*log-likelihood ([-0-9.e+]+) .*", "\\1", out[length(out)])
    expect_equal(as.numeric(last), fit$objective, tolerance = 1e-5)
  }
})
