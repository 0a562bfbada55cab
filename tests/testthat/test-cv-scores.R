# What happens in a fold.

test_that("progress counts fits, and is silent without a handler", {
  skip_if_not_installed("progressr")
  steps <- 0
  one <- function() {
    quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 2, seed = 1)
  }
  withCallingHandlers(
    progressr::with_progress(one(), handlers = progressr::handler_void(),
                             enable = TRUE),
    progression = function(p) {
      if (identical(p$type, "update")) steps <<- steps + p$amount
    })
  expect_equal(steps, 4)
  expect_silent(one())
})

test_that("a level that the fit has not seen has no score", {
  d <- mtcars
  d$gear <- factor(d$gear)
  d$site <- c("a", rep(c("b", "c"), length.out = 31))
  fold <- rep(1:4, 8)
  expect_warning(
    cv <- cv_moe(mpg ~ wt + site, d, K = 1, folds = fold),
    "1 held-out row.*factor level", class = "gatemix_warning_cv")
  expect_equal(which(is.na(cv$scores[, 1, 1])), which(cv$rows$row == 1))
  expect_true(all(is.finite(cv$table$mean)))
  expect_equal(sum(cv$folds$n), 31)
  expect_output(print(cv), "1 held-out row")
  # also where the formula makes the factor
  expect_warning(
    again <- cv_moe(mpg ~ wt + factor(site), d, K = 1, folds = fold),
    class = "gatemix_warning_cv")
  expect_near(again$table$mean, cv$table$mean)
})

test_that("a fit that fails is recorded and has no mean", {
  d <- faithful[1:20, ]
  expect_warning(
    cv <- cv_moe(eruptions ~ waiting, d, K = c(1, 12), control = few,
                 folds = list(1:10, 11:15), seed = 1),
    "failed.*The first failure \\(K=12, fold 1\\)",
    class = "gatemix_warning_cv")
  first <- cv$folds[cv$folds$model == "K=12" & cv$folds$fold == 1, ]
  expect_equal(first$status, "failed")
  expect_match(first$message, "`K` must not exceed")
  expect_true(is.na(cv$table$mean[2]))
  expect_equal(best(cv)$K, 1)
  expect_output(print(cv), "NA.*1 failed")
  expect_error(cv_moe(eruptions ~ waiting, d, K = 30, folds = 4),
               "All 4 fits failed. The first error: `K` must not",
               class = "gatemix_error_cv")
})

test_that("warnings of fits are counted", {
  d <- faithful
  expect_warning(
    cv <- cv_moe(eruptions ~ waiting, d, K = 2, folds = 3, seed = 1,
                 control = moe_control(starts = 1, moves = 0, max_iter = 1)),
    "Of 3 fits 3 gave warnings \\(3 convergence\\)",
    class = "gatemix_warning_cv")
  expect_equal(cv$folds$status, rep("convergence", 3))
})
