# Cross-validation: the numbers, by hand and repeated.

test_that("K = 1 is the cross-validation of lm()", {
  cv <- cv_moe(mpg ~ wt + hp, mtcars, K = 1, folds = 4, seed = 1)
  rows <- as.data.frame(cv, what = "rows")
  expect_setequal(rows$row, 1:32)
  for (part in split(rows, rows$fold)) {
    expect_near(as.matrix(part[names(gatemix:::cv_scores)]),
                lm_scores(mpg ~ wt + hp, mtcars, part$row))
  }
  byhand <- do.call(rbind, lapply(split(rows$row, rows$fold), function(test) {
    lm_scores(mpg ~ wt + hp, mtcars, test)
  }))
  expect_near(cv$table$mean, colMeans(byhand))
  # all folds have 8 rows: the usual standard error
  means <- tapply(rows$squared_error, rows$fold, mean)
  expect_near(cv$table$std.error[3], sd(means) / 2)
})

test_that("weights count in fits and in averages", {
  w <- rep(c(0.5, 1, 3, 0), 8)
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, weights = w, folds = rep(1:4, each = 8))
  rows <- as.data.frame(cv, what = "rows")
  expect_equal(rows$weight, w[rows$row])
  byhand <- do.call(rbind, lapply(1:4, function(v) {
    lm_scores(mpg ~ wt, mtcars, 8 * (v - 1) + 1:8, w)
  }))
  expect_near(as.matrix(rows[names(gatemix:::cv_scores)]), byhand)
  expect_near(cv$table$mean, colSums(byhand * w) / sum(w))
  # folds of different weight
  fold <- rep(1:3, c(4, 10, 18))
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, weights = w, folds = fold)
  v <- cv$folds$log_score
  W <- as.vector(tapply(w, fold, sum))
  expect_equal(cv$folds$weight, W)
  mean <- sum(W * v) / sum(W)
  expect_near(cv$table$mean[1], mean)
  expect_near(cv$table$std.error[1], sqrt(sum(W * (v - mean)^2) / sum(W) / 2))
})

test_that("rows without weight change nothing", {
  w <- rep(c(1, 0), 16)
  fold <- rep(1:4, each = 8)
  a <- cv_moe(mpg ~ wt, mtcars, K = 1, weights = w, folds = fold)
  b <- cv_moe(mpg ~ wt, mtcars[w > 0, ], K = 1, folds = fold[w > 0])
  expect_near(a$table$mean, b$table$mean)
  expect_near(a$table$std.error, b$table$std.error)
})

test_that("scores of a mixture are those of its fit to the other rows", {
  d <- old_faithful()
  cv <- cv_moe(eruptions ~ waiting, d, K = 2, control = few, seed = 3,
               folds = list(test = seq(2, 272, 4)))
  test <- cv$rows$row
  expect_equal(test, seq(2, 272, 4))
  fit <- moe(eruptions ~ waiting, d[-test, ], K = 2, start = d$label[-test])
  expect_near(cv$scores[, 1, 1], log_score(fit, d[test, ]), 1e-5)
  expect_near(cv$scores[, 1, 2], crps(fit, d[test, ]), 1e-5)
  expect_near(cv$scores[, 1, 3],
              (d$eruptions[test] - predict(fit, d[test, ]))^2, 1e-5)
  expect_true(all(is.na(cv$table$std.error)))
  expect_equal(best(cv)$K, 2)
  expect_input_error(best(cv, rule = "one_se"), "standard error")
})

test_that("several responses are scored together", {
  d <- flowers()
  cv <- quiet_cv(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length, d, K = 1,
                 folds = 5, seed = 1)
  each <- lapply(split(cv$rows$row, cv$rows$fold), function(test) {
    lm_scores(Sepal.Length ~ Petal.Length, d, test)[, 2:3] +
      lm_scores(Sepal.Width ~ Petal.Length, d, test)[, 2:3]
  })
  expect_near(cv$scores[, 1, 2:3], do.call(rbind, each))
})

test_that("the seed fixes folds and numbers, whatever the models", {
  a <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5)
  set.seed(99)
  before <- .Random.seed
  b <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5)
  expect_identical(.Random.seed, before)
  a$call <- b$call <- NULL
  expect_identical(a, b)
  two <- quiet_cv(eruptions ~ waiting, faithful, K = 2, folds = 3, seed = 5)
  expect_identical(two$rows, a$rows)
  expect_identical(two$scores[, 1, ], a$scores[, 2, ])
  other <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3, seed = 6)
  expect_false(identical(other$rows, a$rows))
  set.seed(1)
  c1 <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3)
  c2 <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3)
  set.seed(1)
  c3 <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3)
  expect_identical(c1$rows, c3$rows)
  expect_false(identical(c1$rows, c2$rows))
})

test_that("the numbers are the same under a parallel plan", {
  a <- quiet_cv(eruptions ~ waiting, faithful, K = 2, folds = 3, seed = 1)
  local_workers()
  b <- quiet_cv(eruptions ~ waiting, faithful, K = 2, folds = 3, seed = 1)
  a$call <- b$call <- NULL
  environment(a$formula) <- environment(b$formula)
  expect_identical(a, b)
})

test_that("a checkpoint is read back", {
  directory <- tempfile()
  on.exit(unlink(directory, recursive = TRUE))
  a <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5,
                checkpoint = directory)
  expect_length(list.files(directory, "rds$"), 6)
  b <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5,
                checkpoint = directory)
  expect_identical(a$table, b$table)
  expect_error(quiet_cv(eruptions ~ 1, faithful, K = 1:2, folds = 3, seed = 5,
                        checkpoint = directory),
               class = "gatemix_error_checkpoint")
})

test_that("a checkpoint takes more models: those that are there stay", {
  directory <- tempfile()
  on.exit(unlink(directory, recursive = TRUE))
  run <- function(K) {
    quiet_cv(eruptions ~ waiting, faithful, K = K, folds = 2, seed = 5,
             checkpoint = directory)
  }
  a <- run(1:2)
  files <- list.files(directory, "rds$", full.names = TRUE)
  times <- file.mtime(files)
  b <- run(1:3)
  expect_identical(file.mtime(files), times)
  expect_length(list.files(directory, "rds$"), 6)
  keep <- c("model", "df", "score", "mean", "std.error")
  expect_identical(b$table[b$table$K < 3, keep], a$table[keep],
                   ignore_attr = TRUE)
})

test_that("progress is one step for a model in a fold", {
  skip_if_not_installed("progressr")
  count <- 0
  withCallingHandlers(
    progressr::with_progress(
      quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 1),
      handlers = progressr::handler_void(), enable = TRUE),
    progression = function(p) {
      if (identical(p$type, "update")) count <<- count + p$amount
    })
  expect_equal(count, 6)
})

test_that("errors name the argument", {
  cv <- function(...) cv_moe(mpg ~ wt, mtcars, ...)
  expect_input_error(cv_moe(), "`formula` is missing")
  expect_input_error(cv_moe("mpg"), "`formula` must be a formula or a fit")
  expect_input_error(cv_moe(mpg ~ wt, mtcars), "`K` is missing")
  expect_input_error(cv(K = 1, fold = 3, start = 4), "Unknown.*`start`")
  expect_input_error(cv(K = 0), "`K`")
  expect_input_error(cv_moe(mpg ~ wt, as.matrix(mtcars), K = 1),
                     "`data` must be a data frame")
  expect_input_error(cv(K = 1, gate = 3), "`gate`")
  expect_input_error(cv(K = 1, control = 3), "`control`")
  expect_input_error(cv(K = 1, repeats = 0), "`repeats`")
  expect_input_error(cv(K = 1, seed = "a"), "`seed`")
  expect_input_error(cv(K = 1, folds = 1), "`folds`.*at least 2")
  expect_input_error(cv(K = 1, folds = 33), "`folds` = 33 .* rows, 32")
  expect_input_error(cv(K = 1, folds = "a"), "`folds` must be a number")
  expect_input_error(cv(K = 1, folds = rep(1, 32)), "one label for all rows")
  expect_input_error(cv(K = 1, folds = 1:30), "`folds`.*one value per row, 32")
  expect_input_error(cv(K = 1, folds = list(1:40)), "row numbers from 1 to 32")
  expect_input_error(cv(K = 1, folds = list(1:32)), "leaves all of the 32")
  expect_input_error(cv(K = 1, folds = list()), "no fold")
  expect_input_error(cv(K = 1, folds = rep(1:2, 16), repeats = 2), "`repeats`")
  expect_input_error(cv(K = 1, folds = Inf, repeats = 2), "`repeats`")
  expect_input_error(cv(K = 1, groups = 1:3), "`groups`.*one value per row")
  expect_input_error(cv(K = 1, groups = unknown), "`groups`.*not found")
  expect_input_error(cv(K = 1, groups = rep(1, 32)), "`groups` is the same")
  expect_input_error(cv(K = 1, groups = c(NA, rep(1:2, length = 31))),
                     "`groups` is NA in 1 row")
  expect_input_error(cv(K = 1, groups = cyl, folds = 4), "number of groups, 3")
  expect_input_error(cv(K = 1, groups = cyl, folds = rep(1:2, 16)),
                     "divides 3 of the `groups`")
  expect_input_error(cv_moe(mpg ~ nothing, mtcars, K = 1), "nothing")
})
