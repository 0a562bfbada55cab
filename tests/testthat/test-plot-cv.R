# Pictures of a cross-validation, with both systems.

test_that("pictures show every mean, its bar and the chosen models", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 1,
                 gate = list(gate_softmax(), gate_constant()))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  drawn <- plot(cv, score = c("log_score", "crps"))
  expect_equal(nrow(drawn$scores), 8)
  expect_equal(drawn$scores$upper - drawn$scores$mean,
               drawn$scores$std.error)
  expect_equal(drawn$limits$limit[1],
               with(drawn$scores, (mean + std.error)[best & score ==
                                                       "log_score"]))
  expect_silent(plot(cv, col = c("red", "blue"), legend = FALSE, main = "T"))
  expect_input_error(plot(cv, "mse"), "`score` must be some of")
  expect_input_error(plot(cv, col = "red"), "one colour per curve \\(2\\)")
  expect_input_error(plot(cv, lwd = 3), "see \\?plot.moe_cv")
  skip_if_not_installed("ggplot2", "3.4.0")
  picture <- ggplot2::autoplot(cv, score = c("log_score", "crps"))
  expect_s3_class(picture, "ggplot")
  expect_identical(attr(picture, "plotted"), drawn)
  expect_silent(print(picture))
  expect_silent(print(ggplot2::autoplot(cv)))
  expect_input_error(ggplot2::autoplot(cv, size = 2), "Unknown argument")
})

test_that("pictures do without standard errors and without failed models", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  d <- data.frame(x = c(1:10, rep(1, 10)), y = sin(1:20))
  cv <- quiet_cv(y ~ x, d, K = 1, folds = list(1:10), seed = 1,
                 gate = list(gate_constant(), gate_gaussian()))
  expect_equal(nrow(plot(cv)$scores), 1)
  expect_equal(nrow(plot(cv)$limits), 0)
  skip_if_not_installed("ggplot2", "3.4.0")
  expect_silent(print(ggplot2::autoplot(cv)))
})
