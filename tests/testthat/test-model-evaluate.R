d <- old_faithful()
from_matrices <- moe(cbind(waiting = d$waiting), d$eruptions, K = 2,
                     start = d$label)

test_that("the density at new rows of a matrix fit needs their response", {
  new <- list(x = cbind(waiting = c(50, 80)), y = c(2, 4))
  expect_near(predict(from_matrices, new, type = "density"),
              predict(faithful_fit(), type = "density",
                      data.frame(waiting = c(50, 80), eruptions = c(2, 4))))
  expect_input_error(predict(from_matrices, new["x"], type = "density"),
                     "must hold the response \\(`y`\\)")
})

test_that("new responses have as many columns as those of the fit", {
  new <- list(x = cbind(waiting = c(50, 80)), y = cbind(c(2, 4), 1))
  expect_input_error(predict(from_matrices, new, type = "density"),
                     "y must have 1 column\\(s\\); found 2")
  new$y <- 1:3
  expect_input_error(predict(from_matrices, new, type = "density"),
                     "x has 2 rows, z or y has 3")
})

test_that("rows without an offset or a predictor are predicted as NA", {
  d$shift <- d$waiting / 100
  fit <- moe(eruptions ~ waiting + offset(shift), d, K = 2, start = d$label)
  new <- d[1:4, ]
  new$shift[2] <- NA
  new$waiting[3] <- NA
  expect_identical(is.na(predict(fit, new)), c(FALSE, TRUE, TRUE, FALSE))
  expect_near(predict(fit, new)[c(1, 4)], predict(fit, d[c(1, 4), ]))
})

test_that("responses of fits from matrices have the fit's names", {
  pdf(NULL)
  on.exit(dev.off())
  d <- flowers()
  x <- as.matrix(d["Petal.Length"])
  y <- as.matrix(d[c("Sepal.Length", "Sepal.Width")])
  one <- without_warnings(moe(x, y[, 1], K = 2, start = d$label))
  for (type in c("fit", "density", "residuals", "calibration")) {
    expect_equal(plot(one, type, newdata = list(x = x, y = y[, 1])),
                 plot(one, type))
  }
  two <- without_warnings(moe(x, y, K = 2, start = d$label))
  new <- list(x = x, y = y[, 2:1])
  expect_identical(predict(two, new, type = "density"),
                   predict(two, list(x = x, y = y), type = "density"))
  new$y <- unname(y)
  expect_equal(predict(two, new, type = "density"),
               predict(two, list(x = x, y = y), type = "density"))
})
