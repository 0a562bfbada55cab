# What is drawn for predictors of many kinds; how it looks is for the eye.

drawn <- function(fit, ...) {
  pdf(NULL)
  on.exit(dev.off())
  plot(fit, ...)
}

quick <- function(...) {
  set.seed(1)
  without_warnings(do.call(moe, list(..., control = moe_control(starts = 2))))
}

test_that("variables of the environment are drawn on their own scale", {
  minutes <- faithful$waiting
  length <- faithful$eruptions
  fit <- quick(length ~ log(minutes), K = 2)
  expect_equal(drawn(fit)$data$minutes, minutes)
})

test_that("new rows of a matrix fit are drawn by the columns of both designs", {
  x <- cbind(lstat = MASS::Boston$lstat)
  z <- cbind(rm = MASS::Boston$rm)
  fit <- quick(x, MASS::Boston$medv, K = 2, z = z)
  rows <- 1:50
  new <- list(x = x[rows, , drop = FALSE], y = MASS::Boston$medv[rows],
              z = z[rows, , drop = FALSE])
  out <- drawn(fit, term = "lstat", at = list(rm = 6), newdata = new)
  expect_equal(out$data$lstat, x[rows])
  expect_equal(out$mean$mean,
               predict(fit, list(x = cbind(lstat = out$mean$lstat),
                                 z = cbind(rm = rep(6, nrow(out$mean))))))
})

test_that("matrices and truth values are held at their usual values", {
  cars <- mtcars
  cars$engine <- cbind(disp = cars$disp, hp = cars$hp)
  cars$heavy <- cars$wt > 3.3
  fit <- quick(mpg ~ qsec + engine + heavy, cars, K = 1)
  out <- drawn(fit, term = "qsec")
  held <- data.frame(qsec = out$mean$qsec, heavy = FALSE)
  held$engine <- matrix(c(median(cars$disp), median(cars$hp)), nrow(held), 2,
                        byrow = TRUE)
  expect_equal(out$mean$mean, predict(fit, held))
  expect_input_error(drawn(fit, term = "engine"), "is a matrix")
  expect_input_error(drawn(fit, term = "qsec", at = list(heavy = c(TRUE, FALSE))),
                     "give one value for `heavy`")
})

test_that("many predictors are held, and a gate of three needs a term", {
  fit <- quick(mpg ~ wt + hp + qsec + drat + disp + gear, mtcars, K = 1)
  out <- drawn(fit, term = "wt", main = "Cars", legend = FALSE)
  expect_equal(range(out$mean$wt), range(mtcars$wt))
  fit <- quick(Bfat ~ BMI | Ht + Wt + sex, ais, K = 2)
  expect_input_error(drawn(fit, type = "gate"),
                     "choose one .* by `term`, from `Ht`, `Wt`, `sex`")
  expect_gt(nrow(drawn(fit, type = "gate", term = "Ht")$curves), 0)
})

test_that("an argument of plot() without a name is an error", {
  fit <- faithful_fit()
  expect_input_error(drawn(fit, "fit", NULL, NULL, 0.9, NULL, TRUE, NULL, 3),
                     "does not know the argument")
})

test_that("of a large sample an even part is drawn, and all of it returned", {
  set.seed(1)
  large <- data.frame(x = runif(12000))
  large$y <- rnorm(12000, 2 * large$x)
  fit <- quick(y ~ x, large, K = 1)
  expect_equal(drawn(fit)$data$observed, large$y)
  expect_identical(thinned(1:12000, 20000L), 1:12000)
  rows <- thinned(1:12000, 10000L)
  expect_length(rows, 10000L)
  expect_identical(range(rows), c(1L, 12000L))
  expect_setequal(diff(rows), 1:2)
  skip_if_not_installed("ggplot2")
  picture <- ggplot2::autoplot(fit)
  points <- vapply(picture$layers, function(layer) {
    inherits(layer$geom, "GeomPoint")
  }, TRUE)
  shown <- ggplot2::layer_data(picture, which(points)[1])
  expect_identical(nrow(shown), 10000L)
  expect_true(all(shown$y %in% large$y))
})
