# What autoplot() returns is checked, layer by layer; looks are for the eye.

skip_if_not_installed("ggplot2", "3.4.0")

drawn <- function(fit, ...) {
  pdf(NULL)
  on.exit(dev.off())
  plot(fit, ...)
}

# The picture, after checks that hold for all of them.
pictured <- function(fit, ...) {
  picture <- ggplot2::autoplot(fit, ...)
  expect_s3_class(picture, "ggplot")
  plotted <- attr(picture, "plotted")
  expect_identical(plotted, drawn(fit, ...))
  expect_identical(as.data.frame(picture$data), plotted[[1]])
  pdf(NULL)
  on.exit(dev.off())
  # deprecated calls of ggplot2 are warnings here
  with_options(list(lifecycle_verbosity = "warning"), {
    expect_warning(print(picture), NA)
  })
  picture
}

layer_of <- function(picture, geom) {
  is_it <- vapply(picture$layers, function(l) inherits(l$geom, geom), TRUE)
  built <- ggplot2::ggplot_build(picture)
  built$data[is_it]
}

types <- c("fit", "gate", "density", "residuals", "pit", "calibration",
           "trace", "coefficients")
crash <- quick(accel ~ times, data = MASS::mcycle, K = 3)
athletes <- quick(Bfat ~ BMI + sex | Ht + BMI, data = ais, K = 2)

# Fits of every kind, and the types that they have no picture of.
fits_to_draw <- list(
  "three experts" = function() crash,
  "one expert" = function() quick(accel ~ times, data = MASS::mcycle, K = 1),
  "two responses" = function() quick(cbind(Bfat, Hg) ~ BMI, data = ais, K = 2),
  # more than fit side by side: a grid of panels
  "four responses" = function() {
    quick(as.matrix(iris[1:4]) ~ Species, data = iris, K = 2)
  },
  "a factor" = function() quick(Bfat ~ sex, data = ais, K = 2),
  "Gaussian gate" = function() {
    quick(eruptions ~ waiting, data = faithful, K = 2, gate = gate_gaussian())
  },
  "constant gate" = function() {
    quick(tuned ~ stretch_ratio, data = tone, K = 2, gate = gate_constant())
  },
  "no predictor" = function() quick(eruptions ~ 1, data = faithful, K = 2),
  "two responses, no predictor" = function() {
    quick(cbind(eruptions, waiting) ~ 1, data = faithful, K = 2)
  },
  "weights and NA" = fit_with_holes,
  "matrices" = function() {
    quick(as.matrix(MASS::Boston[c("lstat", "rm")]), MASS::Boston$medv, K = 2)
  })

without_picture <- list("no predictor" = "density",
                        "two responses, no predictor" = "density",
                        "matrices" = "density")

test_that("autoplot() draws what plot() draws, for fits of every kind", {
  pictures <- all_cases(fit = names(fits_to_draw), type = types)
  pictures <- Filter(function(p) !p$type %in% without_picture[[p$fit]],
                     pictures)
  for (p in covering(pictures, together = 1)) {
    pictured(fits_to_draw[[p$fit]](), type = p$type)
  }
})

test_that("fits without data are drawn at the data that are given", {
  bare <- quietly(update(crash, model = FALSE))
  for (type in setdiff(types, c("trace", "coefficients"))) {
    expect_identical(drawn(bare, type = type, newdata = MASS::mcycle),
                     drawn(crash, type = type, newdata = MASS::mcycle))
  }
  pictured(bare, newdata = MASS::mcycle)
  expect_error(ggplot2::autoplot(bare), "model = FALSE",
               class = "gatemix_error_input")
})

test_that("terms are chosen as in plot()", {
  pictured(athletes)
  pictured(athletes, term = "BMI", at = list(sex = "male"))
  pictured(athletes, term = "sex")
  pictured(athletes, term = c("BMI", "Ht"))
  pictured(athletes, term = c("sex", "BMI"), col = c("red", "black"))
  pictured(athletes, type = "gate")
  pictured(athletes, type = "gate", term = "Ht")
  pictured(athletes, type = "density", term = "sex")
  pictured(athletes, type = "coefficients", term = "BMI")
  held <- ggplot2::autoplot(athletes, term = "BMI")$labels$caption
  expect_match(held, "held at: sex = female, Ht = ")
  several <- quick(cbind(Bfat, Hg) ~ BMI + Ht, data = ais, K = 2)
  pictured(several, term = c("BMI", "Ht"))
  pictured(fits_to_draw$matrices(), term = c("lstat", "rm"))
})

test_that("predictors that are dates or named like a column work", {
  d <- data.frame(mean = MASS::mcycle$times, y = MASS::mcycle$accel,
                  day = as.Date("2020-01-01") + MASS::mcycle$times,
                  time = as.POSIXct("2020-01-01", tz = "UTC") +
                    60 * MASS::mcycle$times)
  fit <- quick(y ~ mean, data = d, K = 2)
  for (type in c("fit", "gate", "density")) pictured(fit, type = type)
  dates <- all_cases(x = c("day", "time"),
                     picture = c("fit", "density", "plane"))
  for (case in covering(dates, together = 1)) {
    fit <- quick(reformulate(c("mean", case$x), "y"), data = d, K = 1)
    if (case$picture == "plane") pictured(fit, term = c("mean", case$x))
    else pictured(fit, type = case$picture, term = case$x)
  }
})

test_that("layers hold the predictions", {
  picture <- ggplot2::autoplot(crash, level = 0.8)
  band <- layer_of(picture, "GeomRibbon")[[1]]
  new <- data.frame(times = band$x)
  expect_equal(cbind(band$ymin, band$ymax),
               predict(crash, new, type = "interval", level = 0.8),
               ignore_attr = TRUE)
  mean <- rev(layer_of(picture, "GeomLine"))[[1]]
  expect_equal(mean$y, predict(crash, data.frame(times = mean$x)))
  points <- layer_of(picture, "GeomPoint")[[1]]
  expect_equal(points$y, MASS::mcycle$accel)
  expect_identical(points$colour,
                   gatemix:::expert_palette[predict(crash, type = "cluster")])
})

test_that("experts' lines fade with the gate", {
  lines <- layer_of(ggplot2::autoplot(crash), "GeomLine")[[1]]
  expert <- match(lines$colour, gatemix:::expert_palette)
  gate <- predict(crash, data.frame(times = lines$x), "gate")
  gate <- gate[cbind(seq_along(expert), expert)]
  # runs of equal strength: twelve steps, and one row of the next run
  inner <- !duplicated(lines$group, fromLast = TRUE)
  expect_lt(max(abs(lines$alpha - 0.15 - 0.8 * gate)[!inner]), 0.8 / 12 + 0.01)
})

test_that("the legend can be left out, colours chosen, layers added", {
  bare <- ggplot2::autoplot(crash, legend = FALSE)
  expect_identical(bare$theme$legend.position, "none")
  red <- ggplot2::autoplot(crash, col = c("red", "blue", "black"))
  expect_setequal(layer_of(red, "GeomPoint")[[1]]$colour,
                  c("red", "blue", "black"))
  titled <- red + ggplot2::labs(title = "crash")
  expect_warning(ggplot2::ggplot_build(titled), NA)
})

test_that("bad arguments and a missing package say what to do", {
  bad <- function(pattern, ...) {
    expect_error(ggplot2::autoplot(...), pattern,
                 class = "gatemix_error_input")
  }
  bad("`type` must be one of", crash, type = "pie")
  bad("Unknown argument", crash, main = "title")
  bad("`term` means nothing", crash, type = "residuals", term = "times")
  bad("one colour per expert", crash, col = "red")
  expect_error(gatemix:::require_ggplot2(FALSE), "needs the package ggplot2",
               class = "gatemix_error_package")
})

test_that("the plotted data stay with a picture that is added to", {
  picture <- ggplot2::autoplot(crash) + ggplot2::labs(title = "crash")
  expect_named(attr(picture, "plotted"), c("data", "mean", "experts"))
})
