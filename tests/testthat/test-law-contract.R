# What every family of experts promises of the law of one response given the
# predictors, over the registry of helper-oracle.R: density, distribution
# function, quantiles, scores, moments and draws are those of one law.

one_of_each <- function(parts) {
  parts[!duplicated(vapply(parts, `[[`, "", "name"))]
}

# Calls use(law) for a row under each gate and family, with one expert and with
# three.
for_all_laws <- function(use) {
  models <- all_cases(gate = one_of_each(all_gates()),
                      expert = one_of_each(all_experts()), K = c(1L, 3L))
  for (model in models) {
    data <- toy_data(150, model$K)
    fit <- toy_fit(model$gate, model$expert, 1, data, K = model$K,
                   control = moe_control(max_iter = 20))
    label <- paste0(model$gate$label, " x ", model$expert$label, ", K = ",
                    model$K)
    use(law_at(fit, data[2, ], label))
  }
}

# The law of y1 given the other variables of the row.
law_at <- function(fit, row, label) {
  rows <- function(y) transform(row[rep(1L, length(y)), ], y1 = y)
  of_type <- function(type) {
    function(y, ...) predict(fit, rows(y), type = type, ...)
  }
  list(density = of_type("density"), cdf = of_type("cdf"),
       crps = function(y) crps(fit, rows(y)),
       quantile = function(probs, ...) {
         drop(predict(fit, row, type = "quantile", probs = probs, ...))
       },
       mean = predict(fit, row)[[1L]],
       variance = predict(fit, row, type = "variance")[[1L]],
       draw = function(n) {
         simulate(fit, seed = 1, newdata = rows(numeric(n)))$sim_1
       },
       label = label)
}

# The integral of f from one end of the law to the other, piece by piece: the
# pieces end at quantiles and at the points `at`, where f may jump.
integral <- function(f, law, at = NULL) {
  lower <- c(1e-13, 1e-6, 0.01, 0.1, 0.3)
  ends <- sort(c(law$quantile(c(lower, 0.5, 1 - lower)), at))
  sum(vapply(seq_along(ends)[-1L], function(i) {
    stats::integrate(f, ends[i - 1L], ends[i], rel.tol = 1e-9,
                     subdivisions = 500L)$value
  }, 0))
}

test_that("the density is the derivative of the distribution function", {
  for_all_laws(function(law) {
    for (y in law$quantile(c(0.01, 0.2, 0.5, 0.8, 0.99))) {
      slope <- numeric_gradient(law$cdf, y, 1e-3 * sqrt(law$variance))
      expect_equal(law$density(y), slope, tolerance = 1e-6, info = law$label)
    }
    expect_equal(integral(law$density, law), 1, tolerance = 1e-8,
                 info = law$label)
  })
})

test_that("quantiles invert the distribution function, in both tails", {
  probs <- c(1e-9, 0.03, 0.5, 0.9, 1 - 1e-6)
  for_all_laws(function(law) {
    for (lower in c(TRUE, FALSE)) {
      y <- law$quantile(probs, lower_tail = lower)
      expect_equal(law$cdf(y, lower_tail = lower), probs, tolerance = 1e-8,
                   info = law$label)
    }
  })
})

test_that("crps is the integral of the squared error of the cdf", {
  for_all_laws(function(law) {
    for (y in law$quantile(c(1e-4, 0.3, 0.95))) {
      error <- function(t) (law$cdf(t) - (y <= t))^2
      expect_equal(law$crps(y), integral(error, law, y), tolerance = 1e-7,
                   info = law$label)
    }
  })
})

test_that("mean and variance are the moments of the density", {
  for_all_laws(function(law) {
    moment <- function(f) integral(function(y) f(y) * law$density(y), law)
    mean <- moment(identity)
    expect_equal(law$mean, mean, tolerance = 1e-7, info = law$label)
    expect_equal(law$variance, moment(function(y) (y - mean)^2),
                 tolerance = 1e-7, info = law$label)
  })
})

test_that("draws have the distribution function, as far as they can show", {
  n <- 5e4
  for_all_laws(function(law) {
    y <- law$draw(n)
    distance <- function(y) max(abs(sort(law$cdf(y)) - stats::ppoints(n)))
    # in one of a hundred samples the distance is larger
    bound <- 1.63 / sqrt(n)
    expect_lt(distance(y), bound, label = law$label)
    # draws with a variance of 10 % too much would be noticed
    wider <- law$mean + sqrt(1.1) * (y - law$mean)
    expect_gt(distance(wider), bound, label = law$label)
  })
})
