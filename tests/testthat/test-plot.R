# Pictures are drawn into a file that goes away; what they return is checked.

drawn <- function(fit, ...) {
  pdf(NULL)
  on.exit(dev.off())
  before <- par(no.readonly = TRUE)
  shown <- withVisible(plot(fit, ...))
  after <- par(no.readonly = TRUE)
  # the panel's own coordinates change with any plot
  moving <- c("usr", "xaxp", "yaxp", "page", "fig", "plt", "mfg", "new", "pin")
  keep <- setdiff(names(before), moving)
  expect_identical(after[keep], before[keep])
  expect_false(shown$visible)
  shown$value
}

quietly <- function(expr) {
  set.seed(1)
  suppressWarnings(expr, classes = "gatemix_warning")
}

quick <- function(...) {
  quietly(do.call(moe, list(..., control = moe_control(starts = 4))))
}

types <- c("fit", "gate", "density", "residuals", "trace")
crash <- quick(accel ~ times, data = MASS::mcycle, K = 3)
athletes <- quick(Bfat ~ BMI + sex | Ht + BMI, data = ais, K = 2)

test_that("all types draw, leave par() alone and return data frames", {
  for (type in types) {
    out <- drawn(crash, type = type)
    expect_type(out, "list")
    for (part in out) expect_s3_class(part, "data.frame")
  }
})

test_that("the fit's curves are the predictions", {
  out <- drawn(crash, level = 0.8)
  new <- data.frame(times = out$mean$times)
  expect_equal(out$mean$mean, predict(crash, new))
  band <- predict(crash, new, type = "interval", level = 0.8)
  expect_equal(cbind(out$mean$lower, out$mean$upper), unname(band))
  expect_equal(out$experts$mean, as.vector(predict(crash, new, "expert")))
  expect_equal(out$experts$gate, as.vector(predict(crash, new, "gate")))
  expect_identical(out$data$expert, predict(crash, type = "cluster"))
  expect_equal(out$data$accel, MASS::mcycle$accel)
})

test_that("gate curves, regions and shares are the gate's probabilities", {
  out <- drawn(crash, type = "gate")$curves
  new <- data.frame(times = unique(out$times))
  expect_equal(out$gate, as.vector(predict(crash, new, "gate")))
  regions <- drawn(athletes, type = "gate")$regions
  gate <- predict(athletes, data.frame(regions, sex = "female"), "gate")
  expect_equal(regions$probability, apply(gate, 1, max))
  constant <- quick(tuned ~ stretch_ratio, data = tone, K = 2,
                    gate = gate_constant())
  expect_equal(drawn(constant, type = "gate")$shares$gate,
               unname(predict(constant, type = "gate")[1, ]))
})

test_that("densities are those of predict() and integrate to one", {
  out <- drawn(crash, type = "density")
  some <- out$density[seq(1, nrow(out$density), 97), ]
  new <- data.frame(times = some$times, accel = some$y)
  expect_equal(some$density, predict(crash, new, type = "density"))
  at <- out$density[out$density$times == max(out$density$times), ]
  expect_equal(sum(at$density) * diff(at$y[1:2]), 1, tolerance = 0.02)
  quantiles <- predict(crash, data.frame(times = out$curves$times), "quantile")
  expect_equal(as.matrix(out$curves[c("lower", "median", "upper")]),
               quantiles, ignore_attr = TRUE)
})

test_that("Pearson residuals are those of residuals()", {
  out <- drawn(crash, type = "residuals")$residuals
  expect_equal(out$pearson, residuals(crash, type = "pearson"))
})

test_that("quantile residuals of one expert are scaled residuals", {
  one <- quick(accel ~ times, data = MASS::mcycle, K = 1)
  out <- drawn(one, type = "residuals")$residuals
  expect_equal(out$quantile, residuals(one) / sigma(one)[[1]])
})

test_that("the trace shows the objective and every start", {
  out <- drawn(crash, type = "trace")
  expect_identical(out$trace$objective, crash$trace)
  expect_identical(out$starts, crash$starts)
  one <- quick(accel ~ times, data = MASS::mcycle, K = 1)
  expect_named(drawn(one, type = "trace"), c("trace", "starts"))
})

test_that("several predictors: observed against fitted, or one by term", {
  out <- drawn(athletes)$data
  expect_equal(out$fitted, fitted(athletes))
  expect_equal(out$observed, ais$Bfat)
  out <- drawn(athletes, term = "BMI", at = list(sex = "male"))
  new <- data.frame(BMI = out$mean$BMI, sex = "male", Ht = median(ais$Ht))
  expect_equal(out$mean$mean, predict(athletes, new))
  strips <- drawn(athletes, term = "sex")
  expect_identical(as.character(strips$mean$sex), levels(ais$sex))
  drawn(athletes, type = "gate", term = "Ht")
  drawn(athletes, type = "density", term = "sex")
})

test_that("several responses, factors and no predictor have their pictures", {
  several <- quick(cbind(Bfat, Hg) ~ BMI, data = ais, K = 2)
  for (type in types) drawn(several, type = type)
  expect_setequal(drawn(several)$mean$response, c("Bfat", "Hg"))
  sports <- quick(Bfat ~ sex, data = ais, K = 2)
  for (type in types) drawn(sports, type = type)
  pair <- quick(cbind(eruptions, waiting) ~ 1, data = faithful, K = 2)
  expect_named(drawn(pair), c("data", "ellipses"))
  none <- quick(eruptions ~ 1, data = faithful, K = 2)
  out <- drawn(none)
  expect_equal(sum(with(out$bars, density * (to - from))), 1)
  expect_equal(out$density$mixture,
               predict(none, data.frame(eruptions = out$density$x),
                       type = "density"))
  expect_error(drawn(none, type = "density"), "no predictor",
               class = "gatemix_error_input")
})

test_that("weights and rows with NA are understood", {
  d <- MASS::mcycle
  d$accel[3] <- NA
  fit <- quick(accel ~ times, data = d, K = 2, na.action = na.exclude,
               weights = rep(1:2, length.out = nrow(d)))
  for (type in types) drawn(fit, type = type)
  expect_equal(nrow(drawn(fit)$data), nrow(d) - 1)
})

test_that("transformed variables are drawn on their own scale", {
  local({
    mine <- MASS::mcycle
    fit <- quietly(moe(accel ~ poly(times, 2), data = mine, K = 2))
    out <- drawn(fit)
    expect_identical(out$data$times, mine$times)
    rm(mine)
    expect_error(drawn(fit), "give them as `newdata`",
                 class = "gatemix_error_input")
    drawn(fit, newdata = MASS::mcycle)
  })
})

test_that("fits from matrices are drawn by their columns", {
  x <- as.matrix(MASS::Boston[c("lstat", "rm")])
  fit <- quick(x, MASS::Boston$medv, K = 2)
  for (type in c("fit", "gate", "residuals", "trace")) drawn(fit, type = type)
  out <- drawn(fit, term = "rm", at = list(lstat = 10))
  expect_equal(out$mean$mean, predict(fit, cbind(10, out$mean$rm)))
})

test_that("fits without data need newdata", {
  bare <- quietly(update(crash, model = FALSE))
  expect_error(drawn(bare), "model = FALSE", class = "gatemix_error_input")
  drawn(bare, type = "trace")
  expect_equal(drawn(bare, newdata = MASS::mcycle)$data$accel,
               MASS::mcycle$accel)
  expect_error(drawn(bare, newdata = MASS::mcycle["times"]), "`accel`",
               class = "gatemix_error_input")
})

test_that("bad arguments say what to do", {
  bad <- function(pattern, ...) {
    expect_error(drawn(...), pattern, class = "gatemix_error_input")
  }
  bad("`type` must be one of", crash, type = "pie")
  bad("no predictor `speed` here; choose from `times`", crash, term = "speed")
  bad("choose one by `term`", athletes, type = "density")
  bad("regions need two numeric", quick(Bfat ~ BMI + sex, data = ais, K = 2),
      type = "gate", term = c("BMI", "sex"))
  bad("`term` must be the name of one predictor", athletes,
      term = c("BMI", "sex"))
  bad("has no level \"none\"", athletes, term = "BMI",
      at = list(sex = "none"))
  bad("named list of predictors", athletes, term = "BMI", at = list(age = 3))
  bad("one colour per expert", crash, col = c("red", "blue"))
  bad("does not know the argument", crash, colour = "red")
  bad("`level` must be one number", crash, level = 2)
})

test_that("panels that the user has arranged are used", {
  pdf(NULL)
  on.exit(dev.off())
  par(mfrow = c(2, 2))
  plot(crash)
  plot(crash, type = "residuals")
  expect_identical(par("mfg")[1:2], c(2L, 1L))
  expect_identical(par("mfrow"), c(2L, 2L))
})
