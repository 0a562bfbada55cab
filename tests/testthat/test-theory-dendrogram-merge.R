# What merges conserve.

# first two moments of (z, y) under a Gaussian gate
joint_law <- function(parameters) {
  gate <- parameters$gate
  expert <- parameters$expert
  K <- length(gate$weights)
  r <- nrow(gate$means)
  q <- dim(expert$covariances)[1]
  mean <- numeric(r + q)
  second <- matrix(0, r + q, r + q)
  for (k in seq_len(K)) {
    b <- matrix(expert$coefficients[, , k], r + 1)
    center <- gate$means[, k]
    within <- matrix(gate$covariances[, , k], r)
    m <- c(center, b[1, ] + drop(center %*% b[-1, , drop = FALSE]))
    a <- t(b[-1, , drop = FALSE])
    v <- rbind(cbind(within, within %*% t(a)),
               cbind(a %*% within,
                     matrix(expert$covariances[, , k], q) +
                       a %*% within %*% t(a)))
    mean <- mean + gate$weights[k] * m
    second <- second + gate$weights[k] * (v + outer(m, m))
  }
  list(mean = unname(mean), cov = unname(second - outer(mean, mean)))
}

test_that("Gaussian gates: merges conserve the moments of z and y", {
  d <- flowers()
  fit <- without_warnings(
    moe(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length + Petal.Width, d,
        K = 3, gate = gate_gaussian(), start = rep_len(1:3, nrow(d))))
  for (standardise in c(TRUE, FALSE)) {
    tree <- without_warnings(moe_dendrogram(fit, standardise = standardise))
    for (k in 1:2) {
      expect_equal(joint_law(merged(tree, k)$parameters),
                   joint_law(fit$parameters), tolerance = 1e-8)
    }
  }
})

test_that("softmax gates: merges conserve the published moments", {
  d <- flowers()
  fit <- without_warnings(
    moe(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length + Petal.Width, d,
        K = 2, start = d$label))
  raw <- atoms_and_layout(fit, FALSE)$atoms
  tree <- moe_dendrogram(fit, standardise = FALSE)
  new <- merged(tree, 1)$parameters$expert
  w <- exp(raw$log_weight)
  expect_near(sum(w), 1)
  b <- raw$coefficients
  mean <- function(x) w[1] * x[[1]] + w[2] * x[[2]]
  both <- function(f) mean(lapply(1:2, f))
  intercept <- both(function(k) b[1, , k])
  slope <- both(function(k) raw$slopes[, k])
  expect_near(new$coefficients[1, , 1], intercept)
  expect_near(new$coefficients[-1, , 1], both(function(k) {
    b[-1, , k] + outer(raw$slopes[, k] - slope, b[1, , k] - intercept)
  }))
  expect_near(new$covariances[, , 1], both(function(k) {
    raw$covariances[, , k] + tcrossprod(b[1, , k] - intercept)
  }))
  # and the height is the formula's
  d1 <- c(raw$slopes[, 1] - raw$slopes[, 2], b[1, , 1] - b[1, , 2])
  d2 <- c(b[-1, , 1] - b[-1, , 2],
          raw$covariances[, , 1] - raw$covariances[, , 2])
  expect_near(tree$height, w[1] * w[2] * (sum(d1^2) + sqrt(sum(d2^2))))
  squared <- moe_dendrogram(fit, standardise = FALSE,
                            dissimilarity = "squared")
  apart <- raw$covariances[, , 1] - raw$covariances[, , 2]
  expect_near(squared$height, w[1] * w[2] * (
    sum(d1^2) + sum((b[-1, , 1] - b[-1, , 2])^2) + sqrt(sum(apart^2))))
})

test_that("predictors that gate and experts do not share are averaged", {
  fit <- two_response_fit()
  raw <- atoms_and_layout(fit, FALSE)$atoms
  tree <- moe_dendrogram(fit, standardise = FALSE)
  w <- exp(raw$log_weight)
  b <- raw$coefficients
  expect_near(merged(tree, 1)$parameters$expert$coefficients[, , 1],
              w[1] * b[, , 1] + w[2] * b[, , 2])
  d1 <- c(raw$slopes[, 1] - raw$slopes[, 2], b[, , 1] - b[, , 2])
  d2 <- raw$covariances[, , 1] - raw$covariances[, , 2]
  expect_near(tree$height, w[1] * w[2] * (sum(d1^2) + sqrt(sum(d2^2))))
  gaussian <- without_warnings(two_response_fit(gate = gate_gaussian()))
  p <- gaussian$parameters
  one <- merged(moe_dendrogram(gaussian, standardise = FALSE), 1)$parameters
  w <- p$gate$weights
  mean <- sum(w * p$gate$means)
  expect_near(as.vector(one$gate$means), mean)
  expect_near(as.vector(one$gate$covariances),
              sum(w * (as.vector(p$gate$covariances) +
                         (as.vector(p$gate$means) - mean)^2)))
  expect_near(one$expert$coefficients[, , 1], w[1] * p$expert$coefficients[, , 1] +
                w[2] * p$expert$coefficients[, , 2])
})

test_that("merges do not depend on where the zero of a predictor lies", {
  for (gate in list(gate_softmax(), gate_gaussian())) {
    parts <- atoms_and_layout(without_warnings(two_response_fit(gate = gate)))
    # two experts of several: their place is not the average of the data
    parts$atoms$expert_at <- parts$atoms$expert_at + 1:2
    moved <- function(atoms, by) {
      at <- parts$layout$expert$intercept
      atoms$expert_at[-at, ] <- atoms$expert_at[-at, ] + by
      b <- atoms$coefficients
      atoms$coefficients[at, , ] <- b[at, , ] -
        by * apply(b[-at, , , drop = FALSE], 2:3, sum)
      atoms
    }
    merge <- function(atoms) gatemix:::merge_pair(atoms, parts$layout)
    expect_equal(merge(moved(parts$atoms, 5)), moved(merge(parts$atoms), 5))
  }
})

test_that("covariances keep their structure", {
  d <- flowers()
  start <- rep_len(1:3, nrow(d))
  for (shape in c("full", "diagonal", "spherical")) {
    for (shared in c(FALSE, TRUE)) {
      fit <- without_warnings(moe(
        cbind(Sepal.Length, Sepal.Width) ~ Petal.Length + Petal.Width, d,
        K = 3, gate = gate_gaussian(shape, shared),
        expert = expert_gaussian(shape, shared), start = start))
      for (standardise in c(TRUE, FALSE)) {
        model <- merged(without_warnings(
          moe_dendrogram(fit, standardise = standardise)), 2)
        # coordinates hold what the structure leaves free, and no more
        expect_equal(model$parameters,
                     gatemix:::problem_parameters(model$problem, model$theta,
                                                  fit$gate, fit$expert),
                     tolerance = 1e-8)
      }
    }
  }
})

test_that("experts without intercept are averaged", {
  d <- old_faithful()
  for (gate in list(gate_softmax(), gate_gaussian())) {
    fit <- without_warnings(moe(eruptions ~ 0 + waiting | waiting, d, K = 2,
                                start = d$label, gate = gate))
    raw <- atoms_and_layout(fit, FALSE)$atoms
    w <- exp(raw$log_weight)
    one <- merged(without_warnings(moe_dendrogram(fit, FALSE)), 1)
    expect_near(as.vector(one$parameters$expert$coefficients),
                sum(w * raw$coefficients))
    expect_near(as.vector(one$parameters$expert$covariances),
                sum(w * raw$covariances))
  }
})

test_that("weights that vanish do no harm", {
  expect_equal(gatemix:::pair_weight(c(0, 0)), 0)
  expect_equal(gatemix:::pair_weight(c(0, 0.3)), 0)
  parts <- atoms_and_layout(faithful_fit())
  parts$atoms$mass[] <- 0
  one <- gatemix:::merge_pair(parts$atoms, parts$layout)
  expect_true(all(is.finite(unlist(one))))
})
