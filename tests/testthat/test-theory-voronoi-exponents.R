# voronoi_exponents(): the tables of the papers.

test_that("exponents and rates are the published ones", {
  softmax <- voronoi_exponents(1:4)
  expect_equal(softmax$exponent, c(1, 4, 6, 8))
  expect_equal(softmax$proved, c(TRUE, TRUE, TRUE, FALSE))
  expect_equal(softmax$gate[1:3], c(1 / 2, 1 / 8, 1 / 12))
  expect_equal(softmax$intercept, softmax$gate)
  expect_equal(softmax$slope[1:3], c(1 / 2, 1 / 4, 1 / 6))
  expect_equal(softmax$variance, softmax$slope)
  one <- voronoi_exponents(1:3, "gaussian")
  expect_equal(one$slope, c(1 / 2, 1 / 4, 1 / 4))
  expect_equal(one$gate_covariance, c(1 / 2, 1 / 4, 1 / 6))
  two <- voronoi_exponents(1:3, "gaussian", zero_mean = TRUE)
  expect_equal(two$slope, c(1 / 2, 1 / 4, 1 / 6))
})

test_that("bad input is refused", {
  expect_input_error(voronoi_exponents(0), "`M` must be whole numbers")
  expect_input_error(voronoi_exponents("a"), "`M`")
  expect_input_error(voronoi_exponents(1, "probit"), "`gate`")
  expect_input_error(voronoi_exponents(1, zero_mean = 2), "`zero_mean`")
  expect_input_error(voronoi_exponents(2, zero_mean = TRUE), "gaussian")
})
