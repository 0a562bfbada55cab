# Confidence intervals.

test_that("Wald intervals are estimates and standard errors", {
  fit <- faithful_fit()
  se <- sqrt(diag(vcov(fit)))
  for (level in c(0.5, 0.95)) {
    z <- qnorm((1 + level) / 2)
    expect_equal(unname(confint(fit, level = level)),
                 unname(cbind(coef(fit) - z * se, coef(fit) + z * se)))
  }
  expect_identical(rownames(confint(fit)), names(coef(fit)))
  expect_identical(colnames(confint(fit, level = 0.9)), c("5 %", "95 %"))
  expect_identical(colnames(confint(fit, level = 0.999)),
                   c("0.05 %", "99.95 %"))
})

test_that("the sandwich has intervals of its own", {
  fit <- faithful_fit()
  width <- function(type) confint(fit, type = type) %*% c(-1, 1)
  ratio <- sqrt(diag(vcov(fit, type = "sandwich")) / diag(vcov(fit)))
  expect_equal(drop(width("sandwich") / width("information")), ratio)
})

test_that("limits of variances and weights are possible values", {
  d <- old_faithful()[c(1:6, 100:104), ]
  fit <- without_warnings(moe(eruptions ~ 1, d, K = 2, start = d$label))
  v <- suppressWarnings(confint(fit, component = "dispersion", level = 0.9999))
  expect_true(all(v > 0))
  g <- faithful_fit(gate = gate_gaussian())
  w <- confint(g, c("gate1:weight", "gate2:weight"), level = 1 - 1e-9)
  expect_true(all(w > 0 & w < 1))
  # the weights sum to 1
  expect_equal(unname(w[1, ]), unname(1 - w[2, 2:1]), tolerance = 1e-10)
})

test_that("parameters are chosen by name or number, or by component", {
  fit <- two_response_fit()
  all <- confint(fit)
  expect_identical(confint(fit, 2:3), all[2:3, ])
  expect_identical(confint(fit, rownames(all)[5:4]), all[5:4, ])
  one <- confint(fit, "dispersion1:var(Sepal.Length)")
  expect_identical(one, confint(fit, component = "dispersion")[1, ,
                                                               drop = FALSE])
  expect_input_error(confint(fit, "no such"), "`parm` must be names")
  expect_input_error(confint(fit, 99), "`parm`")
  expect_input_error(confint(fit, TRUE), "`parm`")
  expect_input_error(confint(fit, level = 95), "`level`")
  expect_input_error(confint(fit, type = "profile"), "`type`")
})

test_that("dropped terms have limits NA", {
  d <- old_faithful()
  d$twice <- 2 * d$waiting
  fit <- suppressWarnings(moe(eruptions ~ waiting + twice | 1, d, K = 2,
                              start = d$label))
  expect_identical(unname(is.na(confint(fit)[, 1])), unname(is.na(coef(fit))))
})

test_that("bootstrap intervals are percentiles of the replicates", {
  fit <- faithful_fit()
  b <- bootstrap_moe(fit, R = 39, seed = 1)
  ends <- apply(b$estimates, 2, function(v) sort(v)[c(1, 39)])
  expect_equal(unname(confint(fit, type = "bootstrap", bootstrap = b)),
               unname(t(ends)[seq_along(coef(fit)), ]))
  expect_identical(confint(b), confint(fit, type = "bootstrap", bootstrap = b))
  expect_identical(confint(b, "expert1:waiting", level = 0.5),
                   confint(b, level = 0.5)["expert1:waiting", , drop = FALSE])
})
