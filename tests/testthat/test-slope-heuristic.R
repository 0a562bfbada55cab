read_fixture <- function(name) {
  utils::read.csv(test_path("fixtures", paste0("slope-", name, ".csv")))
}

example <- read_fixture("example")
example_slope <- function(...) {
  slope_heuristic(example$contrast, example$complexity, example$pen,
                  model = example$model, ...)
}

# a collection whose slope and jump are known: -contrast = 3 - 8 / D + D / 100
exact <- data.frame(dimension = 2 * (1:30))
exact$contrast <- 8 / exact$dimension - exact$dimension / 100

chosen <- function(s, method) s$selected$model[s$selected$method == method]

test_that("on capushe's example data slope, jump and BIC choose K = 21", {
  s <- example_slope(n = 1000, average = TRUE, window = sqrt(log(1000) / 1000))
  expect_equal(s$selected$method, c("slope", "jump", "window", "AIC", "BIC"))
  expect_equal(s$selected$model, c("K=21", "K=21", "K=21", "K=50", "K=21"))
  expect_equal(s$selected$row, c(21, 21, 21, 50, 21))
  expect_equal(s$jump$path$model[s$jump$chosen + -1:0], c("K=50", "K=34"))
  expect_equal(s$selected$constant[1:2], 2 * s$selected$kappa[1:2])
})

test_that("in random collections the choices are those of capushe", {
  stored <- read_fixture("choices")
  stored <- stored[stored$seed %in% some_cases(8, full = 30), ]
  for (i in seq_len(nrow(stored))) {
    collection <- random_collection(stored$kind[i], stored$seed[i])
    expect_equal(signif(sum(collection$contrast), 8), stored$total[i],
                 tolerance = 1e-6)
    own <- own_choices(collection, stored$seed[i] <= 3)
    expect_identical(own, unlist(stored[i, names(own)]),
                     info = paste(stored$kind[i], stored$seed[i]))
  }
})

test_that("capushe itself agrees, where it is installed", {
  skip_if_not_installed("capushe")
  for (kind in slope_kinds) for (seed in 101:102) {
    collection <- random_collection(kind, seed)
    expect_identical(own_choices(collection), capushe_choices(collection),
                     info = paste(kind, seed))
  }
})

test_that("the jump is the largest step of the minimisers over all kappa", {
  for (kind in c("ties", "waves", "random")) {
    collection <- random_collection(kind, 7)
    s <- without_warnings(slope_heuristic(
      collection$contrast, collection$dimension, collection$shape,
      model = collection$model))
    path <- s$jump$path
    minimiser <- function(kappa) {
      value <- collection$contrast + kappa * collection$shape
      collection$model[order(value, collection$shape)[1L]]
    }
    between <- path$kappa + diff(c(path$kappa, max(path$kappa) + 1)) / 2
    expect_identical(vapply(between, minimiser, ""), path$model)
    expect_identical(path$jump[s$jump$chosen], max(path$jump, na.rm = TRUE))
    expect_identical(chosen(s, "jump"),
                     minimiser(s$selected$constant[2]))
  }
})

test_that("where several jumps are largest the last counts", {
  # steps of equal height, at kappa = 1, 2, ..., 11
  dimension <- 0:11
  contrast <- cumsum(c(100, -(11:1)))
  s <- without_warnings(slope_heuristic(contrast, dimension))
  expect_equal(s$jump$path$kappa, 0:11)
  expect_equal(s$jump$chosen, 12)
  expect_equal(s$jump$ties, 10)
  expect_output(print(s), "10 other jump\\(s\\) as large")
})

test_that("the threshold is where the dimension first is not larger", {
  s <- slope_heuristic(exact$contrast, exact$dimension, threshold = 20)
  path <- s$jump$path
  at <- min(path$kappa[path$dimension <= 20])
  expect_identical(s$selected$kappa[2], at)
  expect_input_error(
    slope_heuristic(exact$contrast, exact$dimension, threshold = 1),
    "`threshold` must be at least .* 2; found 1")
  expect_warning(
    s <- slope_heuristic(exact$contrast, exact$dimension, threshold = 60),
    "no penalty", class = "gatemix_warning_slope")
  expect_identical(s$selected$kappa[2], 0)
  expect_output(print(s), "Slope heuristic")
})

test_that("a window of width zero is the jump, a wide one sums jumps", {
  s <- slope_heuristic(exact$contrast, exact$dimension, window = 0)
  expect_identical(unlist(s$selected[3, -1]), unlist(s$selected[2, -1]))
  # jumps of 6, 5, 5: the single largest, and two together
  dimension <- c(1, 2, 3, 4, 9, 14, 20, 21:24)
  kappa <- c(10, 9, 8, 5.05, 5, 2, 0.4, 0.3, 0.2, 0.1)
  contrast <- 1000 - cumsum(c(0, kappa * diff(dimension)))
  s <- without_warnings(slope_heuristic(contrast, dimension, window = 0.1))
  expect_equal(s$jump$path$kappa[s$jump$chosen], 2)
  expect_equal(s$jump$window$jump, 10)
  expect_equal(s$jump$window$upper, 5.05)
  expect_equal(s$jump$window$lower, 5.05 * 0.9 / 1.1)
  expect_equal(s$selected$model[s$selected$method == "window"], "1")
  expect_equal(s$jump$window$models, c("3", "2", "1"))
})

test_that("ties in the shape keep the smallest contrast, the first of equals", {
  again <- rbind(exact, transform(exact[5:9, ], contrast = contrast + 0.01),
                 exact[3, ])
  s <- slope_heuristic(again$contrast, again$dimension)
  plain <- slope_heuristic(exact$contrast, exact$dimension)
  expect_identical(s$models, plain$models)
  expect_identical(s$selected, plain$selected)
})

test_that("scaling, shifting and shuffling leave the choice alone", {
  plain <- example_slope(window = 0.1)
  for (factor in c(1e-3, 1000)) {
    s <- slope_heuristic(factor * (example$contrast + 5), example$complexity,
                         example$pen, model = example$model, window = 0.1)
    expect_identical(s$selected$model, plain$selected$model)
    expect_equal(s$selected$kappa, factor * plain$selected$kappa)
    s <- slope_heuristic(example$contrast, example$complexity,
                         factor * example$pen, model = example$model,
                         window = 0.1)
    expect_identical(s$selected$model, plain$selected$model)
    expect_equal(s$selected$kappa, plain$selected$kappa / factor)
  }
  set.seed(1)
  order <- sample(nrow(example))
  mixed <- example[order, ]
  s <- slope_heuristic(mixed$contrast, mixed$complexity, mixed$pen,
                       model = mixed$model, window = 0.1)
  columns <- setdiff(names(plain$selected), "row")
  expect_identical(s$selected[columns], plain$selected[columns])
  expect_identical(order[s$selected$row], plain$selected$row)
})

test_that("AIC and BIC are those of logLik, as sums and as means", {
  set.seed(2)
  d <- data.frame(x = seq(-1, 1, length.out = 80))
  d$y <- sin(3 * d$x) + rnorm(80, sd = 0.3)
  fits <- lapply(1:12, function(k) lm(y ~ poly(x, k), d))
  nll <- -vapply(fits, logLik, 0)
  df <- 3:14
  sums <- without_warnings(slope_heuristic(nll, df, n = 80))
  means <- without_warnings(slope_heuristic(nll / 80, df, n = 80,
                                            average = TRUE))
  expected <- c(which.min(vapply(fits, AIC, 0)),
                which.min(vapply(fits, BIC, 0)))
  expect_equal(sums$selected$row[3:4], expected)
  expect_equal(means$selected$row, sums$selected$row)
  expect_input_error(slope_heuristic(nll, df, average = TRUE), "`n`")
})

test_that("fewer than ten models are refused, with the reason", {
  expect_error(slope_heuristic(9:1, 1:9),
               "at least 10 models.*found 9.*clearly too large",
               class = "gatemix_error_slope")
  expect_error(slope_heuristic(c(12:4, NA, Inf), 1:11), "found 9",
               class = "gatemix_error_slope")
  expect_error(slope_heuristic(12:1, rep(1:2, 6)), "only 2",
               class = "gatemix_error_slope")
  # in pairs of equal shape: accepted with a warning
  expect_warning(slope_heuristic(c(exact$contrast[1:6], exact$contrast[1:6]),
                                 rep(exact$dimension[1:6], 2)),
                 "Only 6 models of different shape",
                 class = "gatemix_warning_slope")
})

test_that("models without a contrast are left out, by name", {
  more <- c(a = NA, b = -Inf, exact$contrast)
  expect_warning(s <- slope_heuristic(more, c(3, 5, exact$dimension)),
                 "2 of 32 models.*`a`, `b`", class = "gatemix_warning_slope")
  plain <- slope_heuristic(exact$contrast, exact$dimension)
  expect_equal(s$selected$row, plain$selected$row + 2)
})

test_that("doubtful choices carry warnings", {
  # the contrast never falls
  expect_warning(expect_warning(
    s <- slope_heuristic(1:12, 1:12, window = 0.1), "never jumps",
    class = "gatemix_warning_slope"), "not positive",
    class = "gatemix_warning_slope")
  expect_identical(s$selected$model[2:3], c("1", "1"))
  expect_identical(s$selected$kappa[2:3], c(NA_real_, NA_real_))
  # no plateau is long enough
  expect_warning(s <- example_slope(pct = 0.99), "No plateau holds 99 %",
                 class = "gatemix_warning_slope")
  expect_identical(s$selected$model, c(NA, "K=21"))
  expect_output(print(s), "do not agree")
  expect_warning(example_slope(point = 48), "`point` = 48",
                 class = "gatemix_warning_slope")
})

test_that("arguments are checked", {
  D <- exact$dimension
  y <- exact$contrast
  expect_input_error(slope_heuristic(letters, D), "`contrast` must be")
  expect_input_error(slope_heuristic(y, D[-1]), "`dimension` must be.*30")
  expect_input_error(slope_heuristic(y, -D), "not negative")
  expect_input_error(slope_heuristic(y, D, rev(D)),
                     "`shape` must not decrease in `dimension`")
  expect_input_error(slope_heuristic(y, D, model = "a"), "`model`")
  expect_input_error(slope_heuristic(y, D, scoef = 0.5), "`scoef`")
  expect_input_error(slope_heuristic(y, D, pct = 2), "`pct`")
  expect_input_error(slope_heuristic(y, D, point = 30), "`point`.*less than")
  expect_input_error(slope_heuristic(y, D, window = 1), "`window`.*less than 1")
  expect_input_error(slope_heuristic(y, D, regression = "mm"), "`regression`")
  expect_input_error(slope_heuristic(y, D, Ctresh = 1), "Unknown argument")
})

test_that("the result prints, survives saveRDS and becomes a table", {
  s <- example_slope(window = 0.05)
  expect_output(print(s), "Slope heuristic over 50 models \\(dimension 4 to")
  expect_output(print(s), "plateau of 43 of 49 regressions \\(88 %\\)")
  expect_output(print(summary(s)), "Models selected as the constant grows")
  expect_equal(as.data.frame(tidy(s)), s$selected)
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  saveRDS(s, file)
  expect_equal(readRDS(file), s)
})
