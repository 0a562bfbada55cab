# moe_dendrogram(): heights, merges and what they do not depend on.

quietly_merged <- function(...) without_warnings(moe_dendrogram(...))

test_that("a mixture of constants has the published height", {
  set.seed(1)
  d <- data.frame(y = rnorm(60, rep(c(-2, -1, 5), 20)))
  fit <- without_warnings(moe(y ~ 1 | 1, d, K = 3,
                              start = rep(1:3, 20)))
  parameters <- fit$parameters
  parameters$gate$coefficients[] <- log(c(0.05, 0.30) / 0.65)
  parameters$expert$coefficients[] <- c(-2.1, -1.9, 5)
  parameters$expert$covariances[] <- 1
  tree <- moe_dendrogram(with_parameters(fit, parameters),
                         standardise = FALSE)
  expect_equal(tree$height[1], 0.0017142857, tolerance = 1e-8)
  expect_equal(tree$merge[1, ], c(-1, -2))
  # moments of the two: mean, and variance within plus between
  mean <- (0.05 * -2.1 + 0.3 * -1.9) / 0.35
  expect_near(merged(tree, 2)$parameters$expert$coefficients[1], mean)
  expect_near(merged(tree, 2)$parameters$expert$covariances[1],
              1 + 0.05 * 0.3 / 0.35^2 * 0.2^2)
  expect_near(tree$height[2], 0.35 * 0.65 * (5 - mean)^2 +
                0.35 * 0.65 * 0.05 * 0.3 / 0.35^2 * 0.2^2)
})

test_that("an expert split in two merges at height 0 into itself", {
  gates <- list(gate_softmax(), gate_constant(), gate_gaussian(),
                gate_gaussian("diagonal", shared = TRUE),
                gate_gaussian(likelihood = "conditional"))
  for (gate in gates) for (k in 1:2) {
    fit <- without_warnings(faithful_fit(gate = gate))
    split <- split_expert(fit, k)
    for (standardise in c(TRUE, FALSE)) {
      tree <- quietly_merged(split, standardise = standardise)
      expect_lt(tree$height[1], 1e-12)
      expect_equal(sort(tree$merge[1, ]), c(-3, -2))
      model <- merged(tree, 2)
      expect_near(model$parameters$expert$coefficients,
                  fit$parameters$expert$coefficients)
      expect_near(model$parameters$expert$covariances,
                  fit$parameters$expert$covariances)
      expect_near(gatemix:::evaluate_fit(model, faithful)$gate,
                  predict(fit, type = "gate"), 1e-8)
      expect_near(tree$loglik[2:3], rep(fit$loglik[["maximised"]], 2))
    }
  }
  fit <- two_response_fit()
  tree <- moe_dendrogram(split_expert(fit, 1))
  expect_lt(tree$height[1], 1e-12)
  expect_near(merged(tree, 2)$theta, fit$theta, 1e-8)
})

test_that("the order of the experts changes nothing", {
  fit <- overfitted(400)
  tree <- quietly_merged(fit)
  for (order in list(4:1, c(2, 4, 1, 3))) {
    other <- quietly_merged(permuted(fit, order))
    expect_near(other$height, tree$height)
    expect_near(other$loglik, tree$loglik)
    expect_near(merged(other, 2)$theta, merged(tree, 2)$theta, 1e-8)
    # the same experts are together
    for (k in 1:3) {
      expect_equal(other$membership[, k], tree$membership[order, k])
    }
  }
})

test_that("adding to all linear predictors of the gate changes nothing", {
  parts <- atoms_and_layout(overfitted(400))
  moved <- parts$atoms
  moved$log_weight <- moved$log_weight + 3
  moved$slopes <- moved$slopes + 5
  for (type in c("rate", "squared")) {
    a <- gatemix:::merge_all(parts$atoms, parts$layout, type)
    b <- gatemix:::merge_all(moved, parts$layout, type)
    expect_near(b$height, a$height)
    expect_near(b$atoms[[2]]$coefficients, a$atoms[[2]]$coefficients)
  }
})

test_that("units and origins change nothing", {
  d <- old_faithful()
  d$x <- 1e3 + 60 * d$waiting
  d$y <- 50 + 7 * d$eruptions
  start <- 1L + d$label + (d$eruptions > 4.2) - (d$eruptions < 1.9)
  for (gate in list(gate_softmax(), gate_gaussian(), gate_constant())) {
    a <- without_warnings(moe(eruptions ~ waiting, d, K = 4, start = start,
                              gate = gate))
    b <- without_warnings(moe(y ~ x, d, K = 4, start = start, gate = gate))
    a <- quietly_merged(a)
    b <- quietly_merged(b)
    expect_near(b$height, a$height, 1e-5)
    expect_equal(b$membership, a$membership)
    jacobian <- nrow(d) * log(7) +
      if (inherits(gate, "gate_gaussian")) nrow(d) * log(60) else 0
    expect_near(b$loglik + jacobian, a$loglik, 1e-6)
  }
})

test_that("doubling the weights equals doubling the rows", {
  d <- old_faithful()
  twice <- rbind(d, d)
  a <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
           weights = rep(2, nrow(d)))
  b <- moe(eruptions ~ waiting, twice, K = 2, start = twice$label)
  a <- moe_dendrogram(split_expert(a, 2))
  b <- moe_dendrogram(split_expert(b, 2))
  expect_near(a$height[2], b$height[2], 1e-6)
  expect_near(a$loglik, b$loglik, 1e-6)
  expect_near(dsc(a, 5)$dsc, dsc(b, 5)$dsc, 1e-6)
})

test_that("an expert far from x = 0 counts by its rows", {
  # three lines along x; the gate at x = 0 knows the first only
  set.seed(2)
  x <- seq(0, 30, length.out = 600)
  label <- findInterval(x, c(0, 10, 20))
  y <- c(0, 8, 0)[label] + rnorm(600)
  fit <- without_warnings(moe(y ~ x, K = 3, data = data.frame(x, y),
                              start = label))
  raw <- atoms_and_layout(fit, standardise = FALSE)$atoms
  expect_lt(min(raw$mass), 1e-6)
  here <- atoms_and_layout(fit)$atoms
  expect_near(here$mass, colMeans(predict(fit, type = "gate")))
  expect_gt(min(here$mass), 0.2)
})

test_that("over-fitted models are merged to the truth", {
  for (seed in 3:5) {
    tree <- quietly_merged(overfitted(20000, seed))
    expect_equal(dsc(tree)$chosen, c(FALSE, TRUE, FALSE, FALSE))
    fit <- best(tree)
    expect_equal(fit$K, 2)
    expect_true(fit$converged)
    # the merged model is nearly the maximum of its size
    expect_lt(fit$loglik[["maximised"]] - tree$loglik[2], 0.01 * 20000)
    b <- merged(tree, 2)$parameters$expert$coefficients[, 1, ]
    expect_near(b[, order(b[1, ])], matrix(c(-5, 20, 15, -20), 2), 0.02)
  }
})

test_that("every kind of fit has a dendrogram", {
  kinds <- kinds_of_fits()
  for (kind in names(kinds)) {
    fit <- kinds[[kind]][[1]]
    tree <- quietly_merged(fit)
    expect_length(tree$height, fit$K - 1)
    expect_near(tree$loglik[fit$K], fit$loglik[["maximised"]])
    expect_near(merged(tree, fit$K)$theta, fit$theta, 1e-7)
    expect_output(print(tree), "Dendrogram of a mixture")
    one <- without_warnings(best(tree, K = 1))
    expect_s3_class(one, "moe")
    expect_equal(one$K, 1)
    expect_gte(one$loglik[["maximised"]], tree$loglik[1] - 1e-6)
  }
  f <- function(fit, new) suppressWarnings(gatemix::moe_dendrogram(fit)$height)
  expect_equal(in_new_process(kinds, f), lapply(kinds, function(kind) {
    f(kind[[1]], NULL)
  }))
})

test_that("what has no dendrogram is refused", {
  expect_input_error(moe_dendrogram(1), "must be a fit from moe\\(\\)")
  expect_input_error(moe_dendrogram(faithful_fit(), dissimilarity = "far"),
                     "`dissimilarity`")
  expect_input_error(moe_dendrogram(faithful_fit(), standardise = NA),
                     "`standardise`")
  expect_input_error(moe_dendrogram(faithful_fit(), K = 2), "Unknown argument")
  expect_input_error(moe_dendrogram(faithful_fit(model = FALSE)),
                     "model = FALSE")
  fit <- without_warnings(moe(eruptions ~ waiting | 0 + waiting,
                              old_faithful(), K = 2,
                              start = old_faithful()$label))
  expect_input_error(moe_dendrogram(fit), "no intercept")
})

test_that("separated experts are warned of", {
  fit <- faithful_fit()
  fit$separated <- TRUE
  expect_warning(moe_dendrogram(fit), class = "gatemix_warning_separation")
})
