example_picture <- function(...) {
  d <- utils::read.csv(test_path("fixtures", "slope-example.csv"))
  without_warnings(slope_heuristic(d$contrast, d$complexity, d$pen,
                                   model = d$model, ...))
}

drawn <- function(s, ...) {
  pdf(NULL)
  on.exit(dev.off())
  plot(s, ...)
}

both <- function(s, type) {
  plotted <- drawn(s, type = type)
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    picture <- ggplot2::autoplot(s, type = type)
    expect_identical(attr(picture, "plotted"), plotted)
    pdf(NULL)
    on.exit(dev.off())
    expect_warning(print(picture), NA)
  }
  plotted
}

test_that("type slope draws contrasts, line, slopes and choices", {
  s <- example_picture()
  plotted <- both(s, "slope")
  expect_named(plotted, c("contrasts", "slopes", "line"))
  expect_equal(plotted$contrasts$value, -s$models$contrast)
  expect_equal(plotted$contrasts$model[plotted$contrasts$selected], "K=21")
  used <- plotted$contrasts[plotted$contrasts$used, ]
  line <- gatemix:::fit_line(used$shape, used$value)
  expect_equal(plotted$line$value,
               line[["intercept"]] + line[["slope"]] * plotted$line$shape)
  expect_equal(line[["slope"]], s$selected$kappa[1])
  expect_equal(sum(plotted$slopes$chosen), 43)
})

test_that("type jump draws the staircase up to the selected model", {
  plotted <- both(example_picture(), "jump")
  expect_named(plotted, c("stairs", "selected"))
  expect_equal(plotted$stairs$model[plotted$stairs$chosen], "K=34")
  expect_equal(plotted$selected$model, "K=21")
  expect_true(any(plotted$stairs$kappa <= plotted$selected$kappa &
                    plotted$stairs$until >= plotted$selected$kappa))
})

test_that("window, threshold, no plateau, no jump and short tables draw", {
  s <- list(example_picture(window = 0.1, threshold = 145),
            example_picture(threshold = 249), example_picture(pct = 0.99),
            without_warnings(slope_heuristic(1:12, 1:12, window = 0.1)),
            without_warnings(slope_heuristic(10:1, 1:10)),
            without_warnings(slope_heuristic(rep(1, 12), 1:12)))
  for (one in s) for (type in c("slope", "jump")) both(one, type)
  expect_output(for (one in s) print(summary(one)), "Plateaus")
})

test_that("pictures leave par() as it was, and panels to the user", {
  s <- example_picture()
  pdf(NULL)
  on.exit(dev.off())
  before <- par(no.readonly = TRUE)
  plot(s, main = "title", legend = FALSE)
  expect_identical(par(c("mfrow", "mar", "cex")),
                   before[c("mfrow", "mar", "cex")])
  par(mfrow = c(2, 2))
  plot(s)
  expect_equal(par("mfrow"), c(2, 2))
})

test_that("unknown arguments are refused, with the help page", {
  s <- example_picture()
  expect_input_error(drawn(s, fill = 1), "`fill`; see .plot.moe_slope")
  expect_input_error(drawn(s, type = "both"), "`type` must be one of")
  skip_if_not_installed("ggplot2")
  expect_input_error(ggplot2::autoplot(s, fill = 1), "`fill`")
})
