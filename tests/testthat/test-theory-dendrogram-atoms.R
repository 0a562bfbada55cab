# Parameters to atoms and back.

test_that("parameters come back from their atoms", {
  fits <- c(lapply(kinds_of_fits(), `[[`, 1),
            list(faithful_fit(gate = gate_gaussian("spherical", TRUE)),
                 without_warnings(moe(eruptions ~ 0 + waiting | waiting,
                                      old_faithful(), K = 2,
                                      start = old_faithful()$label))))
  for (fit in fits) for (standardise in c(TRUE, FALSE)) {
    parts <- atoms_and_layout(fit, standardise)
    back <- gatemix:::parameters_of(parts$atoms, parts$layout, fit)
    expect_equal(back, fit$parameters, tolerance = 1e-8)
    expect_near(sum(parts$atoms$mass), 1)
  }
})

test_that("raw atoms are the parameters, standardised ones the coordinates", {
  fit <- two_response_fit()
  raw <- atoms_and_layout(fit, FALSE)$atoms
  expect_near(raw$slopes[1, 1] - raw$slopes[1, 2],
              fit$parameters$gate$coefficients[2, 1])
  expect_near(raw$coefficients, fit$parameters$expert$coefficients)
  expect_near(raw$covariances, fit$parameters$expert$covariances)
  units <- atoms_and_layout(fit)$atoms
  expect_near(as.vector(units$coefficients),
              as.vector(gatemix:::expert_slopes(fit$problem, fit$theta)))
})

test_that("the place of an expert is the mean over its share of the rows", {
  fit <- two_response_fit()
  parts <- atoms_and_layout(fit)
  gate <- predict(fit, type = "gate")
  x <- flowers()$Petal.Length
  z <- flowers()$Petal.Width
  at <- function(v, k) sum(scale_by(v) * gate[, k]) / sum(gate[, k])
  scale_by <- function(v) (v - mean(v)) / (sd(v) * sqrt(99 / 100))
  for (k in 1:2) {
    expect_near(parts$atoms$expert_at[2, k], at(x, k), 1e-8)
    expect_near(parts$atoms$gate_at[1, k], at(z, k), 1e-8)
  }
})
