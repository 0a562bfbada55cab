# Pictures of a selection, with both systems.

# a selection with made-up values of the criteria
made_selection <- function(bic, eligible = TRUE, ...) {
  n <- length(bic)
  table <- data.frame(model = paste0("K=", seq_len(n)), K = seq_len(n),
                      gate = "g", expert = "e", AIC = bic, BIC = bic,
                      ICL = bic, conditional = -bic, dimension = seq_len(n),
                      status = ifelse(eligible, "converged", "at the floor"),
                      ...)
  x <- structure(list(table = table, slope = NULL), class = "moe_selection")
  criteria <- c("bic", "aic", "icl", "jump", "slope", "cv")
  x$selected <- vapply(criteria, gatemix:::chosen_model, "", selection = x)
  x
}

with_slope <- function(n = 12) {
  d <- 3 * seq_len(n)
  x <- made_selection(100 + 300 * exp(-d / 2) + d)
  x$slope <- without_warnings(slope_heuristic(
    5 * exp(-d / 4) - d / 500, d, model = x$table$model))
  x
}

both <- function(x, ...) {
  pdf(NULL)
  on.exit(dev.off())
  drawn <- plot(x, ...)
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    picture <- ggplot2::autoplot(x, ...)
    expect_identical(attr(picture, "plotted"), drawn)
    expect_warning(print(picture), NA)
  }
  drawn
}

test_that("every model has a point for each criterion, the best a ring", {
  sel <- moe_select(eruptions ~ waiting, faithful, K = 1:3, seed = 1,
                    gate = list(gate_softmax(), gate_constant()),
                    control = moe_control(starts = 2))
  drawn <- both(sel)
  expect_identical(drawn$criteria$value, with(sel$table, c(AIC, BIC, ICL)))
  expect_identical(drawn$criteria$model[drawn$criteria$chosen],
                   unname(sel$selected[c("aic", "bic", "icl")]))
  one <- both(sel, criterion = "bic", legend = FALSE,
              col = c("red", "blue"))
  expect_identical(one$criteria$value, sel$table$BIC)
})

test_that("the axis ends at five times the distance of the median", {
  drawn <- both(made_selection(c(1000, 150, 100, 110, 120)))
  expect_equal(drawn$limits$lower, rep(100, 3))
  # median 120, so up to 200
  expect_equal(drawn$limits$upper, rep(150 + 0.04 * 50, 3))
  drawn <- both(made_selection(c(140, 150, 100, 110, 120)))
  expect_equal(drawn$limits$upper, rep(150, 3))
  expect_equal(both(made_selection(5))$limits$upper, rep(5, 3))
})

test_that("irregular fits are crosses and decide no axis", {
  x <- made_selection(c(-1e5, 120, 110), c(FALSE, TRUE, TRUE))
  drawn <- both(x, criterion = "bic")
  expect_identical(drawn$criteria$eligible, c(FALSE, TRUE, TRUE))
  expect_identical(drawn$limits[["lower"]], 110)
  remark <- gatemix:::selection_picture(x, "bic")$remark
  expect_identical(remark, c("Crosses: not at a regular maximum.",
                             "Beyond the axis: K=1."))
  x <- made_selection(1:3, FALSE)
  expect_false(any(both(x)$criteria$chosen))
  # a model that failed in a fold has no held-out score
  x <- made_selection(3:1, log_score = c(2, NA, 1))
  expect_identical(both(x, criterion = "cv")$limits$upper, 2)
})

test_that("lines end where they leave the axis", {
  table <- data.frame(criterion = "BIC", curve = 1L, K = c(1, 2, 3, 4),
                      value = c(300, 100, 100, 400), eligible = TRUE)
  limits <- data.frame(criterion = "BIC", lower = 100, upper = 200)
  pieces <- gatemix:::curve_pieces(table, limits)
  expect_equal(pieces$K, c(1.5, 2, 3))
  expect_equal(pieces$to_K, c(2, 3, 3 + 1 / 3))
  expect_equal(pieces$value, c(200, 100, 100))
  expect_equal(pieces$to_value, c(100, 100, 200))
  table$curve <- c(1L, 1L, 2L, 2L)
  expect_equal(gatemix:::curve_pieces(table, limits)$to_K, c(2, 3 + 1 / 3))
})

test_that("the slope heuristic's pictures are those of slope_heuristic()", {
  sel <- with_slope()
  for (type in c("slope", "jump")) {
    drawn <- both(sel, type = type)
    pdf(NULL)
    expect_identical(drawn, plot(sel$slope, type = type))
    dev.off()
  }
})

test_that("what a type does not use is refused", {
  sel <- with_slope()
  systems <- list(plot)
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    systems <- c(systems, ggplot2::autoplot)
  }
  for (draw in systems) {
    expect_input_error(draw(sel, type = "jump", criterion = "bic"),
                       "`criterion` means nothing for type \"jump\"")
    expect_input_error(draw(sel, type = "slope", col = 2),
                       "`col` means nothing")
    expect_input_error(draw(sel, type = "curves"), "`type`")
    expect_input_error(draw(sel, criterion = "jump"), "`criterion`")
    expect_input_error(draw(sel, col = 1:2), "one colour per curve \\(1\\)")
    expect_input_error(draw(made_selection(3:1), type = "slope"),
                       "at least 10 models")
    expect_input_error(draw(sel, size = 2), "`size`")
  }
})
