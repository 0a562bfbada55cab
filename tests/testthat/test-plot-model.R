test_that("a model draws what a fit draws at the same data", {
  pdf(NULL)
  on.exit(dev.off())
  fit <- faithful_fit()
  d <- old_faithful()
  for (type in c("fit", "gate", "density", "residuals", "pit",
                 "calibration")) {
    expect_equal(plot(as_moe_model(fit), type, newdata = d),
                 plot(fit, type, newdata = d))
  }
})

test_that("without data a model draws simulated ones", {
  pdf(NULL)
  on.exit(dev.off())
  drawn <- plot(moe_truth("sgmoe"), n = 50)
  expect_equal(nrow(drawn$data), 50L)
  expect_equal(range(drawn$data$x), c(0, 1))
  model <- as_moe_model(faithful_fit())
  drawn <- plot(model, newdata = data.frame(waiting = 50:60))
  expect_equal(drawn$data$waiting, 50:60)
  constant <- moe_model(y ~ x, gate = gate_constant(), gate_coef = c(0.5, 0.5),
                        expert_coef = diag(2), variance = 1:2)
  drawn <- plot(constant, "gate", newdata = data.frame(x = 1:9))
  expect_equal(sum(drawn$shares$size), 1)
  both <- as_moe_model(two_response_fit())
  expect_silent(plot(both, "gate", newdata = flowers()[c("Petal.Length",
                                                         "Petal.Width")]))
  expect_input_error(plot(model), "no law of the predictors")
  expect_input_error(plot(moe_truth("sgmoe"), "trace"), "must be one of")
})

test_that("models of fits from matrices are drawn at matrices", {
  pdf(NULL)
  on.exit(dev.off())
  kind <- kinds_of_fits()[["matrices"]]
  drawn <- plot(as_moe_model(kind[[1L]]), newdata = kind[[2L]]["x"],
                term = "a")
  expect_equal(nrow(drawn$data), 3L)
})

test_that("autoplot() gives the same data", {
  skip_if_not_installed("ggplot2", "3.4.0")
  truth <- moe_truth("glome_ws")
  pdf(NULL)
  on.exit(dev.off())
  expect_equal(attr(ggplot2::autoplot(truth, n = 40), "plotted"),
               plot(truth, n = 40))
})

test_that("a response that is computed is drawn from data only", {
  model <- moe_model(log(y) ~ x, expert_coef = 1:2, variance = 1,
                     design = function(n) data.frame(x = runif(n)))
  in_pdf <- function(expr) {
    grDevices::pdf(NULL)
    on.exit(grDevices::dev.off())
    force(expr)
  }
  expect_input_error(in_pdf(plot(model)), "`newdata` must hold `y`")
  expect_input_error(in_pdf(plot(model, newdata = data.frame(x = 1:3))),
                     "`newdata` must hold `y`")
  d <- data.frame(x = 1:3, y = exp(1:3))
  expect_equal(nrow(in_pdf(plot(model, newdata = d))$data), 3L)
})

test_that("a fit draws rows that it has: a number of rows is refused", {
  pdf(NULL)
  on.exit(dev.off())
  expect_input_error(plot(faithful_fit(), n = 10), "`n` is for models")
  expect_input_error(plot(faithful_fit(), "gate", n = 10), "`n` is for models")
  skip_if_not_installed("ggplot2", "3.4.0")
  expect_input_error(ggplot2::autoplot(faithful_fit(), n = 10), "`n` is for")
})

test_that("an error names the help page of the method that was called", {
  pdf(NULL)
  on.exit(dev.off())
  model <- moe_truth("sgmoe")
  fit <- faithful_fit()
  expect_input_error(plot(model, foo = 1), "`foo`.*[?]plot[.]moe_model[.]")
  expect_input_error(plot(fit, foo = 1), "`foo`.*[?]plot[.]moe[.]")
  skip_if_not_installed("ggplot2", "3.4.0")
  expect_input_error(ggplot2::autoplot(model, foo = 1),
                     "`foo`.*[?]autoplot[.]moe_model[.]")
  expect_input_error(ggplot2::autoplot(fit, foo = 1),
                     "`foo`.*[?]autoplot[.]moe[.]")
})
