# Blocks of parameters and gauges.

test_that("the normalised gauge does not depend on the reference", {
  fit <- overfitted(300)
  a <- gatemix:::normalised_gauge(gatemix:::voronoi_atoms(fit))
  order <- c(4, 2, 1, 3)
  b <- gatemix:::normalised_gauge(gatemix:::voronoi_atoms(permuted(fit,
                                                                   order)))
  expect_near(sum(a$weight), 1)
  expect_near(drop(a$blocks$gate %*% a$weight), 0, 1e-8)
  expect_near(b$weight, a$weight[order])
  expect_near(b$blocks$gate, a$blocks$gate[, order, drop = FALSE], 1e-8)
})

test_that("blocks hold the parameters on the user's scale", {
  fit <- two_response_fit()
  blocks <- gatemix:::voronoi_atoms(fit)$blocks
  b <- fit$parameters$expert$coefficients
  expect_near(blocks$intercept, b[1, , ])
  expect_near(blocks$slope, b[2, , ])
  expect_equal(rownames(blocks$slope), c("Petal.Length:Sepal.Length",
                                         "Petal.Length:Sepal.Width"))
  expect_near(blocks$variance[2, ],
              fit$parameters$expert$covariances[2, 1, ])
  gate <- gatemix:::reference_gauge(gatemix:::voronoi_atoms(fit), 2)
  expect_near(gate$blocks$gate[1, ], c(fit$parameters$gate$coefficients[2, 1], 0))
  expect_near(gate$weight, c(exp(fit$parameters$gate$coefficients[1, 1]), 1))
})
