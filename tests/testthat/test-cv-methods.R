# Printing and tables.

test_that("the result prints, summarises and becomes tables", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 1,
                 repeats = 2)
  expect_output(print(cv), "2 models, 3 folds, 2 repeats, 272 rows")
  # the best by each of the three scores is K = 2, and nothing is simpler
  marked <- grep("^K=", capture.output(print(cv)), value = TRUE)
  stars <- regmatches(marked, gregexpr("*", marked, fixed = TRUE))
  expect_identical(lengths(stars), c(0L, 3L))
  expect_equal(cv$table$best, rep(c(FALSE, TRUE), 3))
  s <- summary(cv, "crps")
  expect_s3_class(s, "summary.moe_cv")
  expect_output(print(s), "CRPS, smaller is better")
  expect_named(tidy(cv), c("model", "K", "gate", "expert", "df", "score",
                           "mean", "std.error", "difference", "difference.se",
                           "best", "one_se"))
  expect_equal(nrow(tidy(cv)), 6)
  expect_equal(as.data.frame(cv), cv$table)
  expect_equal(as.data.frame(cv, what = "folds"), cv$folds)
  rows <- as.data.frame(cv, what = "rows")
  expect_equal(nrow(rows), 272 * 2 * 2)
  expect_equal(rows$crps[rows$model == "K=2"], unname(cv$scores[, 2, "crps"]))
  expect_input_error(as.data.frame(cv, what = "all"), "`what`")
  expect_input_error(tidy(cv, 3), "Unknown argument")
  expect_input_error(summary(cv, "mse"), "`score`")
  one <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = list(1:5))
  expect_output(print(one), "1 mixture of experts, 1 fold, 32 rows")
  expect_false(any(grepl("*", capture.output(print(one), summary(one)),
                         fixed = TRUE)))
  expect_identical(rownames(one$table), c("1", "2", "3"))
})
