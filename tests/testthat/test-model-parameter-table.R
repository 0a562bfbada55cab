# The order, names and derivatives of all parameters of a fit.

table_of <- function(fit) gatemix:::parameter_table(fit)

test_that("the table begins with coef(), in its order", {
  for (fit in list(faithful_fit(), two_response_fit(),
                   faithful_fit(gate = gate_gaussian()))) {
    table <- table_of(fit)
    all <- table[table$component != "dispersion", ]
    expect_identical(stats::setNames(all$estimate, all$name), coef(fit))
    expect_false(anyDuplicated(table$name) > 0)
  }
})

test_that("every parameter knows its expert, response and term", {
  table <- table_of(two_response_fit())
  experts <- table[table$component == "expert", ]
  expect_identical(paste0("expert", experts$expert, ":", experts$response, ":",
                          experts$term), experts$name)
  gate <- table[table$component == "gate", ]
  expect_true(all(is.na(gate$response)))
  expect_identical(gate$term, c("(Intercept)", "Petal.Width"))
})

test_that("variances and weights have scales of their own", {
  table <- table_of(faithful_fit(gate = gate_gaussian()))
  scale <- stats::setNames(table$scale, table$name)
  expect_identical(scale[["gate1:weight"]], "logit")
  expect_identical(scale[["gate2:cov(waiting,waiting)"]], "log")
  expect_identical(scale[["gate2:mean(waiting)"]], "identity")
  expect_identical(scale[["dispersion1:var(eruptions)"]], "log")
  expect_identical(scale[["expert1:waiting"]], "identity")
})

test_that("a coefficient has no scale of its own, whatever its term's name", {
  d <- old_faithful()
  set.seed(1)
  d$weight <- rnorm(272)
  d[["var(a)"]] <- rnorm(272)
  fit <- moe(eruptions ~ waiting | weight + `var(a)`, d, K = 2,
             start = d$label)
  table <- table_of(fit)
  expect_true(all(table$scale[table$component == "gate"] == "identity"))
  fit$parameters$gate$coefficients["weight", 1] <- 0.5
  limits <- without_warnings(confint(fit, "gate1:weight"))
  expect_equal(mean(limits), 0.5)
})

test_that("the Jacobian is the derivative of the estimates", {
  for_all_models(function(gate, expert, q, label) {
    fit <- toy_fit(gate, expert, q, control = moe_control(max_iter = 5))
    at <- unname(fit$theta)
    jacobian <- gatemix:::parameter_jacobian(fit)
    expect_equal(gatemix:::parameters_at(fit, at), table_of(fit)$estimate,
                 tolerance = 1e-12, info = label)
    numeric <- gatemix:::numeric_jacobian(function(theta) {
      gatemix:::parameters_at(fit, theta)
    }, at)
    expect_equal(jacobian, numeric, tolerance = 1e-8, ignore_attr = TRUE,
                 info = label)
  }, together = 1)
})
