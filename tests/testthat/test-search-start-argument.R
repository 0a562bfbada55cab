d <- old_faithful()
n <- nrow(d)

start_from <- function(start, ..., data = d) {
  moe(eruptions ~ waiting, data, K = 2, start = start, ...)
}

test_that("labels may be integers, numbers or a factor", {
  reference <- start_from(d$label)
  expect_identical(coef(start_from(as.numeric(d$label))), coef(reference))
  expect_identical(coef(start_from(factor(c("x", "y")[d$label]))),
                   coef(reference))
  expect_equal(reference$starts$rule, "labels")
  expect_equal(nrow(reference$starts), 1L)
})

test_that("responsibilities of 0 and 1 are labels", {
  tau <- cbind(d$label == 1, d$label == 2) + 0
  expect_near(coef(start_from(tau)), coef(start_from(d$label)), 1e-10)
  expect_near(coef(start_from(as.data.frame(tau))), coef(start_from(tau)),
              1e-12)
  expect_equal(start_from(tau)$starts$rule, "responsibilities")
  expect_near(coef(start_from(0.9 * tau + 0.05)), coef(start_from(tau)), 1e-6)
})

test_that("a fit as its own start is at once at home", {
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian(),
                    gate_gaussian("diagonal", shared = TRUE),
                    gate_gaussian(likelihood = "conditional"))) {
    fit <- start_from(d$label, gate = gate)
    again <- start_from(fit, gate = gate)
    expect_lte(again$iterations, 1L)
    expect_gte(c(logLik(again)), c(logLik(fit)) - 1e-9)
    expect_near(coef(again), coef(fit), 1e-6)
    expect_equal(again$starts$rule, "fit")
  }
  two <- two_response_fit()
  again <- update(two, start = two)
  expect_lte(again$iterations, 1L)
  expect_near(c(logLik(again)), c(logLik(two)), 1e-12)
})

test_that("a fit of other rows starts with its parameters", {
  half <- start_from(d$label[1:136], data = d[1:136, ])
  full <- start_from(half)
  expect_near(c(logLik(full)), c(logLik(start_from(d$label))), 1e-8)
})

test_that("a fit with another covariance or gate starts with its posterior", {
  two <- two_response_fit()
  free <- two_response_fit()
  diagonal <- update(two, start = two,
                     expert = expert_gaussian("diagonal"))
  back <- update(two, start = diagonal)
  expect_gte(c(logLik(back)), c(logLik(diagonal)))
  gaussian <- start_from(start_from(d$label), gate = gate_gaussian())
  expect_near(c(logLik(gaussian)),
              c(logLik(start_from(d$label, gate = gate_gaussian()))), 1e-8)
})

test_that("a start from another model must have the same rows", {
  half <- start_from(d$label[1:136], data = d[1:136, ])
  expect_input_error(start_from(half, gate = gate_gaussian()),
                     "`start`: the fit is of another model and has 136 rows")
})

test_that("rows that are dropped for NA are dropped from the start", {
  holes <- d
  holes$waiting[c(1, 50)] <- NA
  left <- d[-c(1, 50), ]
  reference <- start_from(left$label, data = left)
  tau <- cbind(d$label == 1, d$label == 2) + 0
  expect_near(coef(start_from(d$label, data = holes)), coef(reference), 1e-12)
  expect_near(coef(start_from(tau, data = holes)), coef(reference), 1e-12)
  expect_near(coef(start_from(left$label, data = holes)), coef(reference),
              1e-12)
  expect_near(coef(start_from(reference, data = holes)), coef(reference), 1e-6)
})

test_that("labels of wrong length, value or type are errors", {
  expect_input_error(start_from(1:2), "`start` must have one label .* 272; found 2")
  expect_input_error(start_from(rep(1:3, length.out = n)),
                     "labels must be whole numbers from 1 to K = 2")
  expect_input_error(start_from(d$label - 1L), "from 1 to K = 2")
  expect_input_error(start_from(d$label + 0.5), "from 1 to K = 2")
  expect_input_error(start_from(replace(d$label, 3, NA)), "without NA")
  expect_input_error(start_from(rep("a", n)), "found an object of class")
})

test_that("responsibilities of wrong shape or value are errors", {
  tau <- cbind(d$label == 1, d$label == 2) + 0
  expect_input_error(start_from(tau[1:5, ]), "one label or row per row")
  expect_input_error(start_from(cbind(tau, 0)), "must have K = 2 columns; found 3")
  expect_input_error(start_from(2 * tau), "rows sum to 1")
  expect_input_error(start_from(cbind(2 * tau[, 1], 1 - 2 * tau[, 1])),
                     "from 0 to 1")
  expect_input_error(start_from(replace(tau, 1, NA)), "from 0 to 1")
  expect_input_error(start_from(list(1, 2)), "`start`")
  expect_input_error(start_from(lm(eruptions ~ waiting, d)), "`start`")
})

test_that("a fit with another number of experts is an error", {
  one <- moe(eruptions ~ waiting, d, K = 1)
  expect_input_error(start_from(one), "the fit has 1 experts and K = 2")
})

test_that("a label that does not occur leaves no NaN", {
  fit <- without_warnings(start_from(rep(1L, n)))
  expect_false(anyNA(coef(fit)))
  expect_true(is.finite(logLik(fit)))
})
