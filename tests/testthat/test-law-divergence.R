normal <- function(mean, variance) {
  moe_model(y ~ 1, expert_coef = mean, variance = variance)
}

anywhere <- data.frame(z = 1)

between <- function(p, q, type, x = anywhere, ...) {
  as.numeric(moe_divergence(p, q, x, type, ...))
}

divergence_types <- c("kl", "jkl", "hellinger", "tv", "l2")

# two fits of different size, which overlap
overlapping <- function() {
  d <- old_faithful()
  set.seed(4)
  list(p = faithful_fit(gate = gate_gaussian()),
       q = without_warnings(moe(eruptions ~ waiting, d, K = 3)), x = d)
}

test_that("two Gaussians are as far apart as their formulas say", {
  cases <- list(c(0, 1, 1, 2), c(0, 1, 0.01, 1), c(0, 1, 30, 1),
                c(0, 1, 0, 0.01), c(5, 1e-6, 5.001, 1e-6), c(2e4, 1, 2e4, 2))
  for (a in cases) {
    p <- normal(a[1], a[2])
    q <- normal(a[3], a[4])
    v <- a[2] + a[4]
    gap <- (a[1] - a[3])^2
    kl <- log(a[4] / a[2]) / 2 + (a[2] + gap) / (2 * a[4]) - 1 / 2
    h2 <- 1 - sqrt(2 * sqrt(a[2] * a[4]) / v) * exp(-gap / (4 * v))
    l2 <- 1 / sqrt(4 * pi * a[2]) + 1 / sqrt(4 * pi * a[4]) -
      2 * dnorm(sqrt(gap), 0, sqrt(v))
    expect_equal(between(p, q, "kl"), kl, tolerance = 1e-8)
    expect_equal(between(p, q, "hellinger"), sqrt(h2), tolerance = 1e-8)
    expect_equal(between(p, q, "l2"), sqrt(l2), tolerance = 1e-8)
    if (a[2] == a[4]) {
      expect_equal(between(p, q, "tv"),
                   2 * pnorm(sqrt(gap / a[2]) / 2) - 1, tolerance = 1e-8)
    }
  }
  # unequal variances: the densities cross twice
  cross <- sqrt(2 * log(2) / (1 - 1 / 4))
  expect_equal(between(normal(0, 1), normal(0, 4), "tv"),
               2 * (pnorm(cross) - pnorm(cross / 2)), tolerance = 1e-8)
})

test_that("a narrow expert is not overlooked", {
  spike <- function(w) {
    moe_model(y ~ 1, gate = gate_constant(), gate_coef = c(1 - w, w),
              expert_coef = c(0, 0.7512), variance = c(1, 1e-8))
  }
  kl <- function(w, spikes) {
    p <- function(y) w * dnorm(y, 0.7512, 1e-4) + (1 - w) * dnorm(y)
    f <- function(y) p(y) * (log(p(y)) - dnorm(y, log = TRUE))
    at <- 0.7512 + 1e-4 * seq(-12, 12, by = 2)
    at <- c(-10, -5, 0, at, 5, 10)
    sum(vapply(seq_along(at)[-1], function(i) {
      integrate(f, at[i - 1], at[i], rel.tol = 1e-10)$value
    }, 0))
  }
  for (w in c(0.3, 1e-3)) {
    expect_equal(between(spike(w), normal(0, 1), "kl"), kl(w),
                 tolerance = 1e-8)
  }
})

test_that("divergences from itself are zero, and none is negative", {
  both <- overlapping()
  for (type in divergence_types) {
    expect_identical(between(both$p, both$p, type, both$x), 0)
    expect_lt(between(both$p, as_moe_model(both$p), type, both$x), 1e-7)
    r <- moe_divergence(both$p, both$q, both$x, type)
    expect_true(all(r$rows >= 0))
    expect_gt(r$value, 0)
  }
})

test_that("distances are symmetric, KL is not", {
  both <- overlapping()
  for (type in c("hellinger", "tv", "l2")) {
    expect_equal(between(both$p, both$q, type, both$x),
                 between(both$q, both$p, type, both$x), tolerance = 1e-9)
  }
  expect_false(isTRUE(all.equal(between(both$p, both$q, "kl", both$x),
                                between(both$q, both$p, "kl", both$x))))
})

test_that("the inequalities between divergences hold in every row", {
  both <- overlapping()
  rows <- lapply(divergence_types, function(type) {
    moe_divergence(both$p, both$q, both$x, type)$rows
  })
  names(rows) <- divergence_types
  expect_true(all(rows$jkl <= rows$kl + 1e-9))
  expect_true(all(rows$jkl <= 2 * log(2)))
  expect_true(all(rows$hellinger^2 <= rows$tv + 1e-6))
  expect_true(all(rows$tv <= sqrt(2) * rows$hellinger + 1e-6))
  expect_true(all(2 * rows$tv^2 <= rows$kl + 1e-6))
  for (rho in c(0.1, 0.9)) {
    jkl <- moe_divergence(both$p, both$q, both$x, "jkl", rho = rho)$rows
    expect_true(all(jkl <= pmin(rows$kl, -log(1 - rho) / rho) + 1e-9))
  }
  far <- between(normal(0, 1), normal(60, 1), "jkl", rho = 0.3)
  expect_equal(far, -log(0.7) / 0.3, tolerance = 1e-10)
})

test_that("simulation and quadrature agree", {
  both <- overlapping()
  for (type in divergence_types) {
    exact <- moe_divergence(both$p, both$q, both$x, type)
    drawn <- moe_divergence(both$p, both$q, both$x, type,
                            method = "monte_carlo", seed = 1)
    expect_lt(abs(drawn$value - exact$value), 4 * drawn$std_error)
    expect_identical(drawn$value,
                     between(both$p, both$q, type, both$x,
                             method = "monte_carlo", seed = 1))
    expect_lt(exact$error, 1e-6)
    expect_true(is.na(exact$std_error) && is.na(drawn$error))
  }
})

test_that("several responses are simulated", {
  two <- function(mean) {
    moe_model(cbind(a, b) ~ 1, expert_coef = cbind(mean), variance =
                matrix(c(1, 0.5, 0.5, 2), 2))
  }
  p <- two(c(0, 0))
  q <- two(c(1, -1))
  kl <- drop(c(1, -1) %*% solve(matrix(c(1, 0.5, 0.5, 2), 2), c(1, -1))) / 2
  r <- moe_divergence(p, q, data.frame(z = 1:200), draws = 50, seed = 2)
  expect_identical(r$method, "monte_carlo")
  expect_lt(abs(r$value - kl), 4 * r$std_error)
  expect_input_error(moe_divergence(p, q, anywhere, method = "quadrature"),
                     "one response")
  expect_input_error(moe_divergence(p, normal(0, 1), anywhere), "2 response")
})

test_that("the value is an average over rows, of squares for H and L2", {
  both <- overlapping()
  for (type in divergence_types) {
    r <- moe_divergence(both$p, both$q, both$x[1:20, ], type)
    expect_length(r$rows, 20L)
    root <- type %in% c("hellinger", "l2")
    expect_equal(r$value, if (root) sqrt(mean(r$rows^2)) else mean(r$rows))
    one <- moe_divergence(both$p, both$q, both$x[7, ], type)
    expect_equal(one$value, r$rows[7], tolerance = 1e-6)
  }
})

test_that("rows may be drawn by the law of a model", {
  truth <- moe_truth("glome_ws")
  d <- simulate(truth, n = 200, seed = 1)
  fit <- moe(y ~ x, d, K = 2, gate = gate_gaussian(), start = truth)
  r <- moe_divergence(truth, fit, 50, seed = 3)
  expect_equal(dim(r$x), c(50L, 1L))
  expect_identical(between(truth, fit, "kl", 50, seed = 3), r$value)
  expect_identical(between(truth, fit, "kl", r$x), r$value)
  expect_equal(between(fit, truth, "kl", r$x),
               between(as_moe_model(fit), truth, "kl", r$x))
  expect_length(moe_divergence(fit, truth, 5)$rows, 5L)
  expect_input_error(moe_divergence(fit, fit, 5), "neither `p` nor `q`")
})

test_that("fits from matrices and fits that left rows out are compared", {
  kind <- kinds_of_fits()[["matrices"]]
  fit <- kind[[1L]]
  x <- list(x = kind[[2L]]$x)
  one <- moe(fit$model$x[, -1], fit$model$y, K = 1)
  expect_gt(between(fit, one, "kl", x), 0)
  expect_gt(between(fit, one, "kl", x, method = "monte_carlo", seed = 1), 0)
  left_out <- kinds_of_fits()[["na.exclude"]][[1L]]
  expect_length(moe_divergence(left_out, left_out, old_faithful()[1:3, ])$rows,
                3L)
})

test_that("what cannot be compared is an error", {
  truth <- moe_truth("sgmoe")
  d <- data.frame(x = c(0.5, NA))
  expect_input_error(moe_divergence(truth, truth, d), "missing or infinite")
  expect_input_error(moe_divergence(truth, truth, d, method = "monte_carlo"),
                     "missing or infinite")
  expect_input_error(moe_divergence(truth, truth), "`x` is missing")
  expect_input_error(moe_divergence(truth, truth, d[0, , drop = FALSE]),
                     "no rows")
  expect_input_error(moe_divergence(truth, 1, d), "`q` must be a fit")
  expect_input_error(moe_divergence(truth, faithful_fit(), d),
                     "same response")
  expect_input_error(moe_divergence(truth, truth, d, rho = 0.3), "`rho` goes")
  expect_input_error(moe_divergence(truth, truth, d, draws = 3), "`draws` goes")
  expect_input_error(moe_divergence(truth, truth, 5, tol = 1e-3,
                                    method = "monte_carlo"), "`tol` goes")
  expect_input_error(moe_divergence(truth, truth, d, typ = "kl", z = 1), "`z`")
})

test_that("a density of zero gives Inf, and both are printed", {
  r <- moe_divergence(normal(0, 1), normal(1e9, 1e-300), anywhere)
  expect_identical(r$value, Inf)
  expect_output(print(r), "Kullback-Leibler divergence: Inf")
  expect_output(print(moe_divergence(normal(0, 1), normal(1, 1), anywhere,
                                     "jkl", method = "monte_carlo", seed = 1)),
                "rho = 0.5.*standard error.*Monte Carlo")
})
