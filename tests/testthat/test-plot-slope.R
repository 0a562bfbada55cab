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
  own <- function(...) without_warnings(slope_heuristic(...))
  s <- list(both = example_picture(window = 0.1, threshold = 145),
            free = example_picture(threshold = 249),
            steep = example_picture(pct = 0.99),
            rising = own(1:12, 1:12, window = 0.1), exact = own(10:1, 1:10),
            flat = own(rep(1, 12), 1:12))
  pictures <- all_cases(of = names(s), type = c("slope", "jump"))
  for (p in covering(pictures, together = 1)) both(s[[p$of]], p$type)
  # no line without a plateau, no mark without a jump
  lines <- vapply(s, function(x) nrow(drawn(x, type = "slope")$line), 0L)
  expect_identical(lines, replace(0L * lines + 2L, "steep", 0L))
  marks <- lapply(s, function(x) drawn(x, type = "jump")$selected$model)
  expect_identical(marks, list(both = "K=21", free = "K=50", steep = "K=21",
                               rising = character(), exact = "1",
                               flat = character()))
})

test_that("the summary lists plateaus, and models as the constant grows", {
  exact <- without_warnings(slope_heuristic(10:1, 1:10))
  expect_prints(summary(exact), "
Slope heuristic over 10 models (dimension 1 to 10)

 method model dimension contrast kappa constant
  slope     1         1       10     1        2
   jump     1         1       10     1        2

Slope: plateau of 9 of 9 regressions (100 %), slopes from 1 to 1
Jump: dimension 10 to 1 at kappa = 1

Plateaus of the slope (from the smallest to the largest models):
  model dimension from to size share
1     1         1   10  2    9     1

Models selected as the constant grows:
  kappa model dimension jump
1     0    10        10   NA
2     1     1         1    9")
  steep <- capture.output(print(summary(example_picture(pct = 0.99))))
  expect_true("Slope and jump do not agree: look at plot()." %in% steep)
  expect_no_match(steep, "^Slope: plateau")
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
