# Who is left out when.

test_that("every row is left out once in each repeat, and repeats differ", {
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = 5, repeats = 3, seed = 1)
  parts <- split(cv$rows, cv$rows$repetition)
  folds <- lapply(parts, function(part) {
    expect_equal(sort(part$row), 1:32)
    part$fold[order(part$row)]
  })
  expect_false(anyDuplicated(folds) > 0)
  expect_true(all(cv$folds$n %in% 6:7))
  # mean and squared standard error are averages over the repeats
  one <- vapply(parts, function(part) {
    w <- table(part$fold)
    v <- cv$folds$crps[cv$folds$repetition == part$repetition[1]]
    c(sum(w * v) / 32, sum(w * (v - sum(w * v) / 32)^2) / 32 / 4)
  }, c(0, 0))
  expect_near(cv$table$mean[2], mean(one[1, ]))
  expect_near(cv$table$std.error[2], sqrt(mean(one[2, ])))
})

test_that("grouped folds keep groups together and are balanced", {
  d <- as.data.frame(ChickWeight)
  cv <- cv_moe(weight ~ Time, d, K = 1, groups = Chick, folds = 5, repeats = 2,
               seed = 2)
  for (part in split(cv$rows, cv$rows$repetition)) {
    each <- tapply(part$fold, droplevels(d$Chick[part$row]),
                   function(v) length(unique(v)))
    expect_true(all(each == 1))
    expect_lte(diff(range(table(part$fold))), 12)
  }
  # one group at a time
  cv <- cv_moe(weight ~ Time, d, K = 1, groups = d$Diet, folds = Inf)
  expect_equal(sort(cv$folds$n), sort(as.vector(table(d$Diet))))
})

test_that("leaving one row out is the well known formula for lm()", {
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = Inf)
  fit <- lm(mpg ~ wt, mtcars)
  press <- (residuals(fit) / (1 - hatvalues(fit)))^2
  expect_near(cv$table$mean[3], mean(press))
  expect_near(cv$table$std.error[3], sd(press) / sqrt(32))
})

test_that("rows without a fold are never left out", {
  fold <- rep(c(1, 2, NA, NA), 8)
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = fold)
  expect_equal(sort(cv$rows$row), which(!is.na(fold)))
  expect_near(cv$scores[cv$rows$fold == 1, 1, ],
              lm_scores(mpg ~ wt, mtcars, which(fold == 1)))
})

test_that("K is compared with the rows of every fold's fit, before any fit", {
  none <- moe_control(starts = 1e4, max_iter = 1e6)
  expect_input_error(
    cv_moe(mpg ~ wt, mtcars, K = 1:17, folds = 2, control = none),
    "`K`.*found K = 17, and fold 1 of 2 leaves 16 of 32 .*K up to 16")
  expect_input_error(
    cv_moe(mpg ~ wt, mtcars, K = 13, control = none,
           folds = list(1:5, c(1:10, 20:29))),
    "fold 2 of 2 leaves 12 of 32")
  expect_input_error(
    cv_moe(mpg ~ wt, mtcars, K = 10, weights = am, folds = rep(1:4, 8),
           control = none),
    "of 13 row")
})
