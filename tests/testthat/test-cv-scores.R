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
  # the rows of the first fold's fit have one value of x
  set.seed(1)
  d <- data.frame(x = c(rnorm(10), rep(1, 10)))
  d$y <- d$x + rnorm(20)
  gates <- list(gate_constant(), gate_gaussian())
  expect_warning(
    cv <- cv_moe(y ~ x, d, K = 1, gate = gates, control = few,
                 folds = list(1:10, 11:15), seed = 1),
    "failed.*The first failure \\(K=1, Gaussian gate \\(full\\), fold 1\\)",
    class = "gatemix_warning_cv")
  failed <- cv$folds$status == "failed"
  expect_identical(which(failed), which(grepl("Gaussian", cv$folds$model) &
                                          cv$folds$fold == 1))
  expect_match(cv$folds$message[failed], "at least one predictor")
  expect_identical(is.na(cv$table$mean),
                   cv$table$gate != "constant gate")
  expect_identical(best(cv)$gate, gate_constant())
  expect_output(print(cv), "NA.*1 failed")
  expect_error(cv_moe(y ~ x, d, K = 1, gate = gate_gaussian(),
                      folds = list(1:10)),
               "All 1 fits failed. The first error: `gate`",
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
