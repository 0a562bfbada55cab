# The user's variables in the rows of a fit or of new data.

test_that("the response keeps its place where a row cannot be evaluated", {
  new <- data.frame(waiting = c(50, NA, 80), eruptions = c(2, 3, 4))
  expect_equal(as.vector(row_response(faithful_fit(), new)), c(2, NA, 4))
  expect_equal(as.vector(row_response(faithful_fit(), NULL)),
               faithful$eruptions)
})

test_that("predictors are the variables, not the columns of the design", {
  set.seed(1)
  fit <- without_warnings(moe(eruptions ~ poly(waiting, 2), faithful, K = 1))
  expect_equal(stored_predictors(fit), faithful["waiting"])
  expect_equal(given_predictors(fit, faithful[1:3, 2:1]),
               faithful[1:3, "waiting", drop = FALSE])
})
