test_that("the regressions are those of MASS::rlm()", {
  skip_if_not_installed("MASS")
  psi <- list(bisquare = MASS::psi.bisquare, huber = MASS::psi.huber,
              hampel = MASS::psi.hampel)
  for (kind in slope_kinds) for (name in names(psi)) {
    collection <- random_collection(kind, 3)
    x <- collection$dimension
    y <- -collection$contrast
    reference <- suppressWarnings(MASS::rlm(y ~ x, psi = psi[[name]]))
    expect_near(gatemix:::fit_line(x, y, name), coef(reference), 1e-8)
  }
})

test_that("least squares are those of lm()", {
  line <- gatemix:::fit_line(cars$speed, cars$dist, "lm")
  expect_near(line, coef(lm(dist ~ speed, cars)))
})

test_that("lines through two points and exact lines are exact", {
  for (name in c("bisquare", "huber", "hampel", "lm")) {
    expect_near(gatemix:::fit_line(c(1, 3), c(2, 8), name), c(-1, 3))
    expect_near(gatemix:::fit_line(1:20, 5 - 2 * (1:20), name), c(5, -2))
  }
  # robust: one wild point among twenty does not count
  y <- replace(5 - 2 * (1:20), 7, 1000)
  expect_near(gatemix:::fit_line(1:20, y, "bisquare"), c(5, -2), 1e-6)
})

test_that("the plateau is the last that is long enough", {
  collection <- random_collection("noise", 2)
  choose <- function(...) {
    without_warnings(slope_heuristic(collection$contrast,
                                     collection$dimension, ...))
  }
  s <- choose()
  slopes <- s$slope$slopes
  m <- nrow(s$models)
  expect_equal(slopes$points, m:2)
  for (p in c(1, m %/% 2, m - 1)) {
    rows <- p:m
    line <- gatemix:::fit_line(s$models$shape[rows], -s$models$contrast[rows])
    expect_equal(slopes$slope[p], line[["slope"]])
    value <- s$models$contrast + 2 * line[["slope"]] * s$models$shape
    expect_equal(slopes$dimension[p], s$models$dimension[which.min(value)])
  }
  runs <- rle(slopes$dimension)
  expect_equal(s$slope$plateaus$size, runs$lengths)
  expect_equal(s$slope$chosen, max(which(runs$lengths >= 0.15 * (m - 1))))
  own <- slopes$slope[slopes$plateau == s$slope$chosen]
  expect_equal(unname(s$slope$interval), range(own))
  expect_true(s$selected$kappa[1] %in% own)
  s <- choose(point = 1)
  expect_equal(s$slope$chosen, length(runs$lengths))
})

test_that("the slope of a line is found", {
  D <- 5 * (1:40)
  set.seed(1)
  contrast <- 40 * exp(-D / 12) - 0.5 * D + rnorm(40, sd = 0.05)
  s <- slope_heuristic(contrast, D)
  expect_equal(s$selected$kappa[1], 0.5, tolerance = 0.01)
  expect_lt(s$slope$interval[["lower"]], s$slope$interval[["upper"]])
})
