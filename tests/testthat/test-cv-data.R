# The rows that cross-validation divides.

test_that("workers get what the formula uses of the global environment", {
  skip_on_cran()
  skip_if_not_installed("future.apply")
  assign("my_knot", 70, globalenv())
  assign("my_hinge", function(x) pmax(x - my_knot, 0), globalenv())
  old <- future::plan()
  on.exit({
    future::plan(old)
    rm(my_knot, my_hinge, envir = globalenv())
  })
  formula <- as.formula("eruptions ~ waiting + my_hinge(waiting)", globalenv())
  here <- cv_moe(formula, faithful, K = 1, folds = 2, seed = 1)
  future::plan("multisession", workers = 2)
  there <- cv_moe(formula, faithful, K = 1, folds = 2, seed = 1)
  expect_identical(there$table, here$table)
  expect_named(gatemix:::cv_globals(list(formula = formula, data = faithful))$
                 objects, c("my_hinge", "my_knot"), ignore.order = TRUE)
})

test_that("rows are numbered as in the data, whatever is left out", {
  d <- mtcars
  d$wt[c(3, 7)] <- NA
  fold <- rep(1:4, 8)
  cv <- cv_moe(mpg ~ wt, d, K = 1, subset = cyl != 6, folds = fold)
  used <- which(d$cyl != 6 & !is.na(d$wt))
  expect_equal(cv$n, length(used))
  expect_equal(sort(cv$rows$row), used)
  expect_equal(cv$rows$fold, fold[cv$rows$row])
  again <- cv_moe(mpg ~ wt, d[used, ], K = 1, folds = fold[used])
  expect_near(cv$table$mean, again$table$mean)
  listed <- cv_moe(mpg ~ wt, d, K = 1, subset = cyl != 6,
                   folds = split(1:32, fold))
  expect_equal(listed$table$mean, cv$table$mean)
})

test_that("transformations see the rows of the fit only", {
  cv <- cv_moe(log(mpg) ~ scale(wt) + poly(hp, 2), mtcars, K = 1, folds = 4,
               seed = 1)
  test <- cv$rows$row[cv$rows$fold == 1]
  expect_near(cv$scores[cv$rows$fold == 1, 1, ],
              lm_scores(log(mpg) ~ wt + hp + I(hp^2), mtcars, test), 1e-8)
})

test_that("offsets, dots and variables outside the data are understood", {
  y <- mtcars$mpg
  a <- cv_moe(y ~ wt + offset(hp / 50), mtcars, K = 1, folds = 4, seed = 1)
  b <- cv_moe(I(mpg - hp / 50) ~ wt, mtcars, K = 1, folds = 4, seed = 1)
  expect_near(a$table$mean, b$table$mean)
  d <- mtcars[c("mpg", "wt", "hp")]
  a <- cv_moe(mpg ~ . | 1, d, K = 1, weights = rep(1:2, 16), folds = 4,
              seed = 1)
  b <- cv_moe(mpg ~ wt + hp, d, K = 1, weights = rep(1:2, 16), folds = 4,
              seed = 1)
  expect_near(a$table$mean, b$table$mean)
})

test_that("a fit can be cross-validated itself", {
  d <- old_faithful()
  d$waiting[4] <- NA
  d$block <- rep(1:4, each = 68)
  fit <- moe(eruptions ~ waiting | site, d, K = 2, weights = rep(1:2, 136),
             start = d$label, control = few)
  a <- without_warnings(cv_moe(fit, folds = 3, seed = 1))
  b <- without_warnings(cv_moe(eruptions ~ waiting | site, d, K = 2,
                               weights = rep(1:2, 136), folds = 3, seed = 1,
                               control = few))
  expect_equal(a$rows, b$rows)
  expect_equal(a$table, b$table)
  # other models for the same rows, groups of its data
  several <- without_warnings(cv_moe(fit, K = 1:2, groups = block, folds = 2))
  expect_equal(unique(several$table$K), 1:2)
  expect_setequal(several$folds$n, 135:136)
})

test_that("fits whose frame lacks the variables find their data again", {
  d <- mtcars
  fit <- moe(log(mpg) ~ poly(wt, 2), d, K = 1, subset = cyl != 6)
  a <- cv_moe(fit, folds = 4, seed = 1)
  b <- cv_moe(log(mpg) ~ poly(wt, 2), d, K = 1, subset = cyl != 6, folds = 4,
              seed = 1)
  expect_equal(a$table, b$table)
  bare <- moe(mpg ~ wt, d, K = 1, model = FALSE)
  expect_equal(cv_moe(bare, folds = 4, seed = 1)$table,
               cv_moe(mpg ~ wt, d, K = 1, folds = 4, seed = 1)$table)
  d$mpg <- rev(d$mpg)
  expect_input_error(cv_moe(fit, folds = 4), "have changed since")
  rm(d)
  expect_input_error(cv_moe(fit, folds = 4), "`d`\\) are not found")
})

test_that("fits from matrices can be cross-validated", {
  x <- as.matrix(mtcars[c("wt", "hp")])
  w <- rep(1:2, 16)
  a <- cv_moe(moe(x, mtcars$mpg, K = 1, weights = w), folds = 4, seed = 1)
  b <- cv_moe(mpg ~ wt + hp, mtcars, K = 1, weights = w, folds = 4, seed = 1)
  expect_near(a$table$mean, b$table$mean)
  z <- Matrix::Matrix(x, sparse = TRUE)
  own <- without_warnings(moe(z, mtcars$mpg, K = 2, z = mtcars$wt,
                              control = few))
  expect_s3_class(quiet_cv(own, folds = 3, seed = 1), "moe_cv")
  bare <- moe(x, mtcars$mpg, K = 1, model = FALSE)
  expect_input_error(cv_moe(bare), "holds no data")
})

test_that("every kind of fit can be cross-validated, in a new process too", {
  kinds <- without_warnings(kinds_of_fits())
  one <- function(fit, new) {
    cv <- suppressWarnings(gatemix::cv_moe(
      fit, folds = 2, seed = 1,
      control = gatemix::moe_control(starts = 1, moves = 0)))
    cv$table$mean
  }
  here <- lapply(kinds, function(kind) one(kind[[1]], kind[[2]]))
  for (name in names(here)) {
    expect_true(all(is.finite(here[[name]])), info = name)
  }
  skip_on_cran()
  expect_equal(in_new_process(kinds, one), here)
})
