# Pictures of paths and of their cross-validation, with both systems.

local_device <- function(env = parent.frame()) {
  grDevices::pdf(NULL)
  do.call(on.exit, list(quote(grDevices::dev.off())), envir = env)
}

test_that("coefficients are drawn in the unit of the penalty", {
  local_device()
  d <- lasso_data()
  d$x <- sweep(d$x, 2, c(1, 10, 100, 0.1, 1, 1), "*")
  path <- quick_path(d)
  drawn <- plot(path)
  table <- drawn$coefficients
  expect_identical(unique(table$panel), c("expert 1", "expert 2", "gate"))
  i <- 8
  lambda <- path$table$lambda[i]
  sd <- function(v) sqrt(mean((v - mean(v))^2))
  b <- coef(path, lambda, "expert")
  at <- table[table$point == i & table$component == "expert", ]
  expect_near(at$estimate, b[cbind(at$term, paste0("expert", at$expert))] *
                apply(d$x, 2, sd)[at$term] / sd(d$y), 1e-8)
  own <- table[table$point == i, ]
  n <- length(d$y)
  expect_near(sum(abs(own$estimate)) * lambda * n,
              path$table$logLik[i] - path$table$objective[i], 1e-8)
  raw <- plot(path, standardize = FALSE)$coefficients
  raw <- raw[raw$point == i & raw$component == "expert", ]
  expect_near(raw$estimate, b[cbind(raw$term, paste0("expert", raw$expert))])
})

test_that("a penalty on coefficients as they are has them as its unit", {
  local_device()
  d <- lasso_data()
  d$x[, 2] <- 10 * d$x[, 2]
  penalty <- penalty_lasso(standardize = FALSE)
  path <- quick_path(d, expert = penalty, gate = penalty, nlambda = 5)
  expect_identical(plot(path)$coefficients,
                   plot(path, standardize = FALSE)$coefficients)
})

test_that("both systems draw the same", {
  local_device()
  path <- quick_path(lasso_data(), relax = TRUE)
  drawn <- plot(path, s = "ebic", relax = TRUE)
  criteria <- plot(path, type = "criterion")
  expect_equal(drawn$points$lambda[drawn$points$chosen],
               path$table$lambda[path_point(path, "ebic", NULL, TRUE)])
  expect_equal(sum(criteria$criteria$least), 3)
  skip_if_not_installed("ggplot2", "3.4.0")
  picture <- ggplot2::autoplot(path, s = "ebic", relax = TRUE)
  expect_identical(attr(picture, "plotted"), drawn)
  expect_silent(print(picture))
  picture <- ggplot2::autoplot(path, type = "criterion")
  expect_identical(attr(picture, "plotted"), criteria)
  expect_silent(print(picture))
})

test_that("long names are shortened so that they still differ", {
  names <- c("v1", "income_of_the_household_1", "income_of_the_household_2",
             strrep("x", 24))
  expect_identical(short_names(names),
                   c("v1", "income_of_t...ousehold_1",
                     "income_of_t...ousehold_2", strrep("x", 24)))
  alike <- paste0(strrep("a", 12), 1:2, strrep("b", 20))
  expect_identical(short_names(alike),
                   paste0(strrep("a", 12), 1:2, "bb...", strrep("b", 14)))
  local_device()
  d <- lasso_data()
  colnames(d$x) <- paste0("a_variable_with_a_long_name_", 1:6)
  path <- quick_path(d)
  drawn <- plot(path)
  expect_setequal(drawn$coefficients$term, colnames(d$x))
  expect_silent(plot(path, main = "title", sub = "remark", label = 12))
  old <- graphics::par(mfrow = c(1, 3))
  expect_silent(plot(path))
  expect_identical(graphics::par("mfrow"), c(1L, 3L))
  graphics::par(old)
  skip_if_not_installed("ggplot2", "3.4.0")
  expect_silent(print(ggplot2::autoplot(path)))
})

test_that("a legend has as many columns as there is width for", {
  grDevices::pdf(NULL, width = 7)
  wide <- open_over_panels(legend_entry(strrep("m", rep(20, 6))),
                           list(remark = "x"), list())
  grDevices::dev.off()
  grDevices::pdf(NULL, width = 4)
  narrow <- open_over_panels(legend_entry(strrep("m", rep(20, 6))),
                             list(remark = "x"), list())
  grDevices::dev.off()
  expect_lt(narrow$columns, wide$columns)
  expect_identical(legend_columns(strrep("m", rep(24, 6))), 2)
  expect_identical(legend_columns(c("a", "b")), 2)
})

test_that("every kind of path has a picture", {
  local_device()
  d <- lasso_data()
  set.seed(1)
  gaussian <- moe_path(d$x, d$y, K = 2, nlambda = 5,
                       gate = gate_gaussian(penalty = penalty_lasso()),
                       control = moe_control(starts = 2))
  y <- cbind(a = d$y, b = 2 * d$x[, 4] + d$x[, 5]^2)
  paths <- list(quick_path(d, K = 1, nlambda = 4),
                quick_path(lasso_data3(), K = 3, nlambda = 9),
                quick_path(d, gate = NULL, nlambda = 4),
                quick_path(d, expert = NULL, nlambda = 4),
                quick_path(list(x = d$x, y = y), nlambda = 4), gaussian)
  for (path in paths) {
    drawn <- plot(path, s = NULL)
    expect_false("(Intercept)" %in% drawn$coefficients$term)
    expect_silent(plot(path, type = "criterion", main = "T"))
  }
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    for (path in paths[some_cases(3, full = length(paths))]) {
      expect_silent(print(ggplot2::autoplot(path, label = 0)))
    }
  }
  gate <- plot(gaussian)$coefficients
  gate <- gate[gate$component == "gate" & gate$point == 1, ]
  expect_true(all(abs(gate$estimate) < 1e-10))
})

test_that("one ratio is drawn at a time", {
  local_device()
  path <- quick_path(lasso_data(), lambda_ratio_gate = c(0.5, 2),
                     nlambda = 5)
  expect_equal(unique(plot(path, ratio = 2)$points$ratio), 2)
  expect_equal(unique(plot(path)$points$ratio),
               path$table$ratio[path_point(path, "bic")])
  expect_input_error(plot(path, s = NULL), "`ratio`")
  expect_input_error(plot(path, ratio = 3), "`ratio`")
})

test_that("arguments that mean nothing are refused", {
  local_device()
  path <- quick_path(lasso_data(), nlambda = 4)
  expect_input_error(plot(path, label = 13), "`label`")
  expect_input_error(plot(path, type = "criterion", label = 3), "`label`")
  expect_input_error(plot(path, type = "criterion", standardize = FALSE),
                     "`standardize`")
  expect_input_error(plot(path, label = 2, col = "red"), "one colour per term")
  expect_input_error(plot(path, lwd = 2), "see \\?plot.moe_path")
  expect_input_error(plot(path, s = "cv"), "`s`")
  null <- quick_path(lasso_data(), lambda = c(20, 10))
  expect_input_error(plot(null), "nothing to draw")
})

test_that("the scores of a cross-validation are drawn with both rules", {
  local_device()
  path <- quick_path(lasso_data(), nlambda = 6)
  cv <- without_warnings(cv_moe_path(path, folds = 3, seed = 1))
  both <- c("log_score", "squared_error")
  drawn <- plot(cv, score = both)
  expect_equal(drawn$scores$upper - drawn$scores$mean, drawn$scores$std.error)
  expect_equal(nrow(drawn$scores), sum(!is.na(cv$table$mean)))
  expect_silent(plot(cv, main = "T", legend = FALSE))
  expect_input_error(plot(cv, "crps"), "`score`")
  expect_input_error(plot(cv, lwd = 3), "see \\?plot.moe_cv_path")
  grid <- quick_path(lasso_data(), lambda_ratio_gate = 1:2, nlambda = 4)
  grid <- without_warnings(cv_moe_path(grid, folds = 3, seed = 1))
  expect_silent(plot(grid))
  skip_if_not_installed("ggplot2", "3.4.0")
  picture <- ggplot2::autoplot(cv, score = both)
  expect_identical(attr(picture, "plotted"), drawn)
  expect_silent(print(picture))
  expect_silent(print(ggplot2::autoplot(grid)))
  expect_silent(print(ggplot2::autoplot(cv)))
})
