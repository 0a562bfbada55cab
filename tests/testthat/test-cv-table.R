# From scores to a choice.

test_that("the one-standard-error rule takes the fewest parameters", {
  choose <- gatemix:::choose_models
  expect_equal(choose(c(5, 2.1, 2, 2.05), c(1, 1, 0.15, 1), c(3, 8, 13, 18)),
               list(best = 3, one_se = 2))
  # the standard error is that of the best
  expect_equal(choose(c(2.5, 2), c(9, 0.1), 1:2), list(best = 2, one_se = 2))
  # on the limit counts; ties in parameters go to the smaller mean
  expect_equal(choose(c(2.5, 2.25, 2), c(1, 1, 0.5), c(4, 4, 9))$one_se, 2)
  # models without a mean are not chosen
  expect_equal(choose(c(NA, 2, Inf), c(NA, 1, NA), 1:3),
               list(best = 2, one_se = 2))
  expect_equal(choose(c(NA, NA), c(1, 1), 1:2), list(best = NA, one_se = NULL))
  expect_null(choose(1:2, c(NA, NA), 1:2)$one_se)
})

test_that("differences from the best have standard errors of their own", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 4, seed = 1)
  wide <- matrix(cv$folds$crps, ncol = 2, byrow = TRUE)
  part <- cv$table[cv$table$score == "crps", ]
  expect_equal(part$difference[part$best], 0)
  expect_near(part$difference[1], mean(wide[, 1] - wide[, 2]))
  # 272 rows: folds of one size
  expect_near(part$difference.se[1], sd(wide[, 1] - wide[, 2]) / 2)
})
