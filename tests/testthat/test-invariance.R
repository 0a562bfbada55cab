# What must not matter does not matter.

representative_gates <- function() {
  list(gate_softmax(), gate_constant(), gate_gaussian(), gate_gaussian("diagonal", shared = TRUE),
       gate_gaussian("full", likelihood = "conditional"), gate_gaussian("spherical", likelihood = "conditional"),
       gate_gaussian("full", shared = TRUE, likelihood = "conditional"))
}

# Each gate and each expert; what must not matter has no need of their pairs.
for_each_part <- function(use) for_all_models(use, together = 1L)

tight <- function(...) moe_control(tol = 1e-10, ...)

expect_same_fit <- function(a, b, label, tolerance = 1e-8) {
  expect_equal(a$loglik[["maximised"]], b$loglik[["maximised"]], tolerance = tolerance, info = label)
  expect_equal(a$parameters$expert, b$parameters$expert, tolerance = 1e-5, info = label)
  expect_equal(a$sizes, b$sizes, tolerance = 1e-5, info = label)
}

test_that("the order of the rows does not matter", {
  data <- toy_data(150)
  set.seed(4)
  mixed <- data[sample(nrow(data)), ]
  for_each_part(function(gate, expert, q, label) {
    a <- toy_fit(gate, expert, q, data, control = tight())
    b <- toy_fit(gate, expert, q, mixed, control = tight())
    expect_same_fit(a, b, label)
  })
})

test_that("the order of the experts in the start does not matter", {
  data <- toy_data(150)
  turned <- data
  turned$group <- c(3L, 1L, 2L)[data$group]
  for_each_part(function(gate, expert, q, label) {
    a <- toy_fit(gate, expert, q, data, control = tight())
    b <- toy_fit(gate, expert, q, turned, control = tight())
    expect_same_fit(a, b, label)
    expect_equal(a$parameters$gate, b$parameters$gate, tolerance = 1e-4, info = label)
  })
})

test_that("a weight of 2 is two rows, a weight of 0 is none", {
  data <- toy_data(150)
  times <- rep_len(c(2, 1, 0, 1, 3), nrow(data))
  repeated <- data[rep(seq_len(nrow(data)), times), ]
  for_each_part(function(gate, expert, q, label) {
    a <- toy_fit(gate, expert, q, data, weights = rep_len(c(2, 1, 0, 1, 3), nrow(data)), control = tight())
    b <- toy_fit(gate, expert, q, repeated, control = tight())
    expect_same_fit(a, b, label)
  })
})

test_that("doubling all weights doubles the log-likelihood and moves nothing", {
  data <- toy_data(150)
  for_each_part(function(gate, expert, q, label) {
    a <- toy_fit(gate, expert, q, data, weights = data$w, control = tight())
    b <- toy_fit(gate, expert, q, data, weights = 2 * data$w, control = tight())
    expect_equal(2 * a$loglik, b$loglik, tolerance = 1e-7, info = label)
    expect_equal(a$parameters$expert, b$parameters$expert, tolerance = 1e-5, info = label)
  })
})

test_that("units of predictors and responses do not matter", {
  data <- toy_data(150)
  other <- transform(data, x1 = 1e4 * x1 - 7, x2 = 1e-3 * x2 + 5, z1 = 1900 + 30 * z1, z2 = -1e3 * z2,
                     y1 = 50 - 1e3 * y1, y2 = y2 / 8)
  for_each_part(function(gate, expert, q, label) {
    a <- toy_fit(gate, expert, q, data, control = tight())
    b <- toy_fit(gate, expert, q, other, control = tight())
    n <- nrow(data)
    shift <- -n * (log(1e3) - (q == 2) * log(8))
    expect_equal(b$loglik[["conditional"]] - shift, a$loglik[["conditional"]], tolerance = 1e-7, info = label)
    if (identical(gate$likelihood, "joint")) {
      expect_equal(b$loglik[["joint"]] - shift + n * log(30 * 1e3), a$loglik[["joint"]], tolerance = 1e-7,
                   info = label)
    }
    # the first response turned round: experts come in the other order
    expect_equal(predict(b, other), sweep(sweep(as.matrix(predict(a, data)), 2, c(-1e3, 1 / 8)[seq_len(q)], "*"),
                                          2, c(50, 0)[seq_len(q)], "+"),
                 tolerance = 1e-5, ignore_attr = TRUE, info = label)
    slope <- function(fit, term) fit$parameters$expert$coefficients[term, 1, ]
    expect_equal(unname(slope(b, "x1")), unname(rev(-1e3 * slope(a, "x1") / 1e4)), tolerance = 1e-5, info = label)
    expect_equal(unname(slope(b, "x2")), unname(rev(-1e3 * slope(a, "x2") / 1e-3)), tolerance = 1e-5,
                 info = label)
  })
})

test_that("years as predictors fit as well as centred ones", {
  set.seed(6)
  year <- 1880 + seq(0, 140, length.out = 141)
  y <- ifelse(year < 1940, -0.3 + 0.004 * (year - 1880), -2 + 0.02 * (year - 1900)) + rnorm(141, 0, 0.1)
  data <- data.frame(year, since = year - 1950, y, start = 1L + (year >= 1940))
  for (gate in representative_gates()) {
    a <- quiet(moe(y ~ year, data = data, K = 2, gate = gate, start = data$start, control = tight()))
    b <- quiet(moe(y ~ since, data = data, K = 2, gate = gate, start = data$start, control = tight()))
    expect_equal(a$loglik[["maximised"]], b$loglik[["maximised"]], tolerance = 1e-6 / 100, info = gate$label)
    expect_equal(predict(a), predict(b), tolerance = 1e-5, info = gate$label)
  }
})

test_that("a start from the optimum stays there", {
  data <- toy_data(150)
  for_each_part(function(gate, expert, q, label) {
    fit <- toy_fit(gate, expert, q, data)
    again <- quiet(moe(toy_formula(q), data = data, K = 3, gate = gate, expert = expert, start = fit))
    expect_lte(again$iterations, 1)
    expect_equal(again$loglik, fit$loglik, tolerance = 1e-12, info = label)
    expect_equal(again$parameters, fit$parameters, tolerance = 1e-6, info = label)
  })
})

test_that("pieces of any size add up to the same statistics", {
  data <- toy_data(300)
  for (gate in representative_gates()) {
    problem <- toy_problem(gate, expert_gaussian(), 2, data)
    theta <- toy_theta(problem, data$group)
    whole <- em_accumulate(problem, theta)
    for (size in c(1, 7, 150)) {
      first <- seq(1, 300, by = size)
      parts <- lapply(first, function(i) em_accumulate(problem, theta, c(i, min(i + size - 1, 300))))
      expect_equal(do.call(em_merge, parts), whole, tolerance = 1e-12, info = gate$label)
    }
  }
})

test_that("sparse and dense matrices give the same fit", {
  data <- toy_data(150)
  x <- as.matrix(data[c("x1", "x2")])
  x[rep_len(c(TRUE, FALSE, FALSE), 150), 2] <- 0
  z <- as.matrix(data[c("z1", "z2")])
  z[rep_len(c(FALSE, TRUE), 150), 1] <- 0
  sparse <- function(m) Matrix::Matrix(m, sparse = TRUE)
  expect_s4_class(sparse(x), "dgCMatrix")
  for (gate in representative_gates()) {
    a <- quiet(moe(x, data$y1, K = 3, z = z, gate = gate, start = data$group, control = tight()))
    b <- quiet(moe(sparse(x), data$y1, K = 3, z = sparse(z), gate = gate, start = data$group, control = tight()))
    expect_same_fit(a, b, gate$label, tolerance = 1e-10)
  }
})

test_that("set.seed() makes the search repeatable, and different seeds agree", {
  fits <- lapply(c(1, 1, 2, 3), function(seed) {
    set.seed(seed)
    quiet(moe(eruptions ~ waiting, data = faithful, K = 2))
  })
  expect_identical(fits[[1]]$theta, fits[[2]]$theta)
  expect_identical(fits[[1]]$starts, fits[[2]]$starts)
  for (fit in fits[-1]) expect_equal(fit$loglik, fits[[1]]$loglik, tolerance = 1e-8)
})
