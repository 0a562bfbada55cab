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

types <- c("fit", "gate", "density", "residuals", "pit", "calibration",
           "trace", "coefficients")
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
  expect_equal(out$data$observed, MASS::mcycle$accel)
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

test_that("the trace of a penalised fit says what its objective is", {
  expect_identical(picture_of(crash, "trace")$label, "log-likelihood")
  expert <- expert_gaussian(penalty = penalty_ridge(0.1))
  part <- quick(accel ~ times, data = MASS::mcycle, K = 2, expert = expert)
  expect_identical(picture_of(part, "trace")$label, "penalised log-likelihood")
  both <- quick(accel ~ times, data = MASS::mcycle, K = 2, expert = expert,
                gate = gate_gaussian())
  expect_identical(picture_of(both, "trace")$label,
                   "penalised joint log-likelihood")
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
  for (type in setdiff(types, "density")) {
    drawn(none, type = type)
    drawn(pair, type = type)
  }
})

test_that("one expert and Gaussian gates have all pictures", {
  one <- quick(accel ~ times, data = MASS::mcycle, K = 1)
  geyser <- quick(eruptions ~ waiting, data = faithful, K = 2,
                  gate = gate_gaussian())
  for (type in types) {
    drawn(one, type = type)
    drawn(geyser, type = type)
  }
  terms <- drawn(geyser, type = "coefficients")$coefficients$term
  expect_true(all(c("weight", "mean(waiting)") %in% terms))
})

test_that("weights and rows with NA are understood", {
  fit <- fit_with_holes()
  for (type in types) drawn(fit, type = type)
  expect_equal(nrow(drawn(fit)$data), nrow(MASS::mcycle) - 1)
})

test_that("data with another level of a held factor are marked", {
  out <- drawn(athletes, term = "BMI")$data
  expect_identical(out$held, ais$sex == "female")
})

test_that("two terms: the mean over a plane, or for each level", {
  houses <- quick(medv ~ lstat + rm, data = MASS::Boston, K = 2)
  out <- drawn(houses, term = c("rm", "lstat"))
  expect_named(out, c("data", "plane"))
  expect_equal(out$plane$mean, predict(houses, out$plane))
  expect_identical(out$data$rm, MASS::Boston$rm)
  out <- drawn(athletes, term = c("sex", "BMI"), at = list(Ht = 170))
  expect_equal(out$mean$mean, predict(athletes, cbind(out$mean, Ht = 170)))
  expect_setequal(out$mean$sex, c("female", "male"))
  drawn(athletes, term = c("sex", "BMI"), col = c("red", "black"))
})

test_that("the probability integral transform is the distribution function", {
  values <- drawn(crash, type = "pit")$data
  d <- MASS::mcycle
  for (i in c(1, 40, 100)) {
    below <- integrate(function(y) {
      predict(crash, data.frame(times = d$times[i], accel = y), "density")
    }, -Inf, d$accel[i], subdivisions = 1000L, rel.tol = 1e-8)$value
    expect_equal(values$pit[i], below, tolerance = 1e-6)
  }
})

test_that("PIT bars have area one and hold their share of the rows", {
  out <- drawn(crash, type = "pit")
  expect_equal(sum(with(out$bars, density * (to - from))), 1)
  first <- mean(out$data$pit <= out$bars$to[1])
  expect_equal(out$bars$density[1] * out$bars$to[1], first)
  n <- nrow(MASS::mcycle)
  p <- out$bars$to[1]
  expect_equal(out$bars$upper[1] * p, qbinom(0.975, n, p) / n)
})

test_that("calibration counts responses below quantiles and in intervals", {
  out <- drawn(crash, type = "calibration")$shares
  for (p in c(0.1, 0.5, 0.8)) {
    row <- out[abs(out$nominal - p) < 1e-9, ]
    quantile <- predict(crash, type = "quantile", probs = p)
    expect_equal(row$observed[row$kind == "below the quantile"],
                 mean(MASS::mcycle$accel <= quantile))
    band <- predict(crash, type = "interval", level = p)
    inside <- MASS::mcycle$accel >= band[, 1] & MASS::mcycle$accel <= band[, 2]
    expect_equal(row$observed[row$kind == "in the central interval"],
                 mean(inside))
  }
})

test_that("equal weights change neither PIT nor calibration", {
  twice <- quietly(moe(accel ~ times, data = MASS::mcycle, K = 3,
                       weights = rep(2, 133), start = crash))
  for (type in c("pit", "calibration")) {
    expect_equal(drawn(twice, type = type)[[1]],
                 drawn(crash, type = type)[[1]], tolerance = 1e-6)
  }
})

test_that("coefficients are those of coef() and confint()", {
  fit <- quick(eruptions ~ waiting, data = faithful, K = 2,
               gate = gate_constant())
  out <- drawn(fit, type = "coefficients", level = 0.9)$coefficients
  expect_identical(out$name, names(coef(fit)))
  expect_equal(out$estimate, unname(coef(fit)))
  expect_equal(as.matrix(out[c("lower", "upper")]),
               without_warnings(confint(fit, level = 0.9)),
               ignore_attr = TRUE)
  one <- drawn(fit, type = "coefficients", term = "waiting")$coefficients
  expect_identical(one$name, c("expert1:waiting", "expert2:waiting"))
  expect_error(drawn(fit, type = "coefficients", term = "speed"),
               "no coefficient `speed` here", class = "gatemix_error_input")
})

test_that("several responses have a panel of coefficients each", {
  several <- quick(cbind(Bfat, Hg) ~ BMI, data = ais, K = 2)
  out <- drawn(several, type = "coefficients")$coefficients
  expect_true("experts: Hg: BMI" %in% out$panel)
  expect_identical(out$name, names(coef(several)))
})

test_that("dropped terms are left out, refused intervals leave estimates", {
  d <- transform(MASS::mcycle, again = 2 * times)
  fit <- quick(accel ~ times + again | times, data = d, K = 2)
  out <- drawn(fit, type = "coefficients")$coefficients
  expect_false(anyNA(out$estimate))
  expect_false("again" %in% out$term)
  fit$floored[] <- TRUE
  picture <- picture_of(fit, "coefficients")
  table <- picture$drawn$coefficients
  expect_true(all(is.na(table$lower)))
  expect_equal(table$estimate, out$estimate)
  expect_match(picture$remark[1], "^No intervals: a variance of .* at its")
  drawn(fit, type = "coefficients")
})

test_that("predictors named like a column keep apart", {
  d <- data.frame(mean = MASS::mcycle$times, y = MASS::mcycle$accel)
  fit <- quick(y ~ mean, data = d, K = 2)
  out <- drawn(fit)
  expect_named(out$mean, c("mean.", "response", "mean", "lower", "upper"))
  expect_equal(out$mean$mean, predict(fit, data.frame(mean = out$mean$mean.)))
  drawn(fit, type = "gate")
  drawn(fit, type = "density")
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
  expect_equal(drawn(bare, newdata = MASS::mcycle)$data$observed,
               MASS::mcycle$accel)
  drawn(bare, type = "pit", newdata = MASS::mcycle)
  without <- drawn(bare, type = "coefficients")$coefficients
  expect_equal(without$estimate, unname(coef(bare)))
  expect_true(all(is.na(without$lower)))
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
      type = "density", term = c("BMI", "sex"))
  bad("one of two predictors must be numeric",
      quick(Bfat ~ sport + sex, data = ais, K = 1), term = c("sex", "sport"))
  bad("`term` means nothing for type \"pit\"", crash, type = "pit",
      term = "times")
  bad("`newdata` means nothing for type \"trace\"", crash, type = "trace",
      newdata = MASS::mcycle)
  bad("one colour per level", athletes, term = c("BMI", "sex"), col = "red")
  bad("no predictor; leave `term` out",
      quick(eruptions ~ 1, data = faithful, K = 2), term = "waiting")
  bad("gate has no predictor", quick(tuned ~ stretch_ratio, data = tone, K = 2,
                                     gate = gate_constant()),
      type = "gate", term = "stretch_ratio")
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
  plot(crash, type = "coefficients", term = "times")
  expect_identical(par("mfrow"), c(2L, 2L))
})

test_that("a legend above a narrow panel stays inside the margin", {
  pdf(NULL, width = 6, height = 4.5)
  on.exit(dev.off())
  par(mfrow = c(1, 2))
  plot.new()
  style <- list(legend = TRUE, cex = 1, K = 4, pch = 21:24, col = 1:4)
  entries <- rbind(expert_entries(style), legend_entry("smooth", lty = "solid"))
  expect_lt(top_legend(entries, style), 5)
})

test_that("starts that hardly differ are not drawn as if they did", {
  starts <- data.frame(objective = c(-5, -5 + 1e-6), rule = "random",
                       status = "converged")
  expect_equal(start_points(starts)$range, c(-5.05, -4.95), tolerance = 1e-6)
  starts$objective <- c(-9, -5)
  expect_equal(start_points(starts)$range, c(-9, -5))
})

test_that("coefficients have fewer columns where titles are long", {
  table <- data.frame(component = "expert", response = NA,
                      panel = paste0("experts: ", letters[1:5]))
  expect_equal(coefficient_columns(table), 4)
  table$panel <- paste(table$panel, "has a long name")
  expect_equal(coefficient_columns(table), 2)
})
