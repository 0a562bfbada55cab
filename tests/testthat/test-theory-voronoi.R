# voronoi_loss(): values computed by hand, and what they do not depend on.

line_model <- function(gate, expert, variance, ...) {
  moe_model(y ~ x, gate_coef = gate, expert_coef = expert, variance = variance,
            ...)
}

# two experts, weights 0.4 and 0.6
true_lines <- line_model(rbind(log(c(0.4, 0.6)), c(1, -1)),
                         rbind(c(2, -2), c(1, -1)), c(0.5, 0.8))

# two of three experts near the first, the third at the second
near_lines <- function(weight, shift = c(0, 0)) {
  gate <- rbind(log(weight), c(1.1, 0.9, -1)) + shift
  line_model(gate, rbind(c(2.2, 1.8, -2), c(1.1, 1, -1)), c(0.55, 0.6, 0.8))
}

test_that("three experts against two: the values computed by hand", {
  # cell 1: errors (gate, intercept, slope, variance) (0.1, 0.2, 0.1, 0.05)
  # and (-0.1, -0.2, 0, 0.1); cell 2 exact
  loss <- voronoi_loss(near_lines(c(0.25, 0.25, 0.5)), true_lines)
  weights <- abs(0.5 - 0.4 * 0.5 / 0.6)
  expect_equal(loss$type, "D2")
  expect_near(loss$loss, 0.25 * 0.0275 + weights)
  expect_near(loss$translation$t1, log(0.5 / 0.6))
  expect_equal(loss$cells$size, c(2, 1))
  expect_equal(loss$cells$exponent, c(4, 1))
  expect_near(loss$cells$weight, c(0.5, 0.5))
  expect_near(loss$cells$loss, c(0.25 * 0.0275 + weights, 0), 1e-8)
  expect_near(loss$experts$intercept, c(0.2, 0.2, 0))
  exact <- voronoi_loss(near_lines(c(0.25, 0.25, 0.5)), true_lines, "D1")
  expect_near(exact$loss, 0.25 * (sqrt(0.0625) + sqrt(0.06)) + weights)
  # separate norms, exponents 4, 4, 2, 2
  separate <- voronoi_loss(near_lines(c(0.2, 0.2, 0.6)), true_lines,
                           norm = "separate")
  expect_near(separate$loss, 0.2 * (2 * (0.1^4 + 0.2^4) + 0.1^2 + 0.05^2 +
                                      0.1^2))
  # other exponents
  other <- voronoi_loss(near_lines(c(0.2, 0.2, 0.6)), true_lines,
                        exponents = c(1, 6))
  expect_near(other$loss, 0.2 * (2 * 0.05^3 + 0.0125^1.5 + 0.01^1.5))
})

test_that("without translation the gauge is that of the last true expert", {
  loss <- voronoi_loss(near_lines(c(0.2, 0.2, 0.6)), true_lines,
                       translate = FALSE)
  expect_near(loss$loss, 0.2 / 0.6 * 0.0275)
  expect_near(loss$loss, loss$untranslated)
  expect_equal(loss$translation, list(t1 = 0, t2 = 0))
  # two halves of the reference: all others seem twice as heavy
  halves <- line_model(rbind(log(c(0.4, 0.3, 0.3)), c(1, -1, -1)),
                       rbind(c(2, -2, -2), c(1, -1, -1)), c(0.5, 0.8, 0.8))
  loss <- voronoi_loss(halves, true_lines)
  expect_lt(loss$loss, 1e-12)
  expect_near(loss$untranslated, 1 + 0.4 / 0.6)
})

test_that("a model has no distance from itself, in any order", {
  for (kind in kinds_of_fits()) {
    fit <- kind[[1]]
    expect_lt(voronoi_loss(fit, fit)$loss, 1e-10)
    if (fit$K > 1) {
      expect_lt(voronoi_loss(permuted(fit, 2:1), fit)$loss, 1e-10)
      split <- voronoi_loss(split_expert(fit, 2), fit)
      expect_lt(split$loss, 1e-10)
      expect_equal(sort(split$cells$size), 1:2)
    }
  }
})

test_that("order and gauge of either model change nothing", {
  estimate <- overfitted(400)
  truth <- merged(without_warnings(moe_dendrogram(estimate)), 2)
  for (type in c("D1", "D2")) for (norm in c("joint", "separate")) {
    loss <- voronoi_loss(estimate, truth, type, norm = norm)
    other <- voronoi_loss(permuted(estimate, c(3, 1, 4, 2)), truth, type,
                          norm = norm)
    expect_near(other$loss, loss$loss, 1e-8)
    expect_equal(other$experts$cell, loss$experts$cell[c(3, 1, 4, 2)])
    expect_near(sum(loss$parts$loss), loss$loss)
    expect_lte(loss$loss, loss$untranslated * sum(loss$cells$weight) + 1e-8)
  }
  a <- voronoi_loss(near_lines(c(0.25, 0.25, 0.5)), true_lines)
  b <- voronoi_loss(near_lines(c(0.25, 0.25, 0.5), c(3, -2)), true_lines)
  expect_near(b$loss, a$loss)
})

test_that("Gaussian gates: types I and II", {
  gate <- function(weights, means, covariances) {
    list(weights = weights, means = means, covariances = covariances)
  }
  model <- function(gate, expert, variance) {
    moe_model(y ~ x, gate = gate_gaussian(), gate_coef = gate,
              expert_coef = expert, variance = variance)
  }
  expert <- rbind(c(1.1, 0.8, -1), c(2.1, 1.8, -2))
  estimate <- model(gate(c(0.3, 0.3, 0.4), c(0.1, -0.2, 3.1),
                         c(0.5, 0.6, 0.7)), expert, c(0.2, 0.35, 0.45))
  for (first in c(0, 1)) {
    moved <- model(gate(c(0.3, 0.3, 0.4), first + c(0.1, -0.2, 2.1),
                        c(0.5, 0.6, 0.7)), expert, c(0.2, 0.35, 0.45))
    truth <- model(gate(c(0.5, 0.5), first + c(0, 2), c(0.55, 0.65)),
                   rbind(c(1, -1), c(2, -2)), c(0.25, 0.4))
    rest <- 0.3 * (0.1^4 + 0.2^4 + 0.05^2 + 0.05^2 + 0.1^4 + 0.2^4 +
                     0.05^2 + 0.1^2) +
      0.4 * (0.1 + 0.05 + 0.05) + 0.1 + 0.1
    slopes <- 0.3 * (0.1^2 + 0.2^2)
    loss <- voronoi_loss(moved, truth)
    expect_equal(loss$type, if (first == 0) "Dtilde" else "Dbar")
    expect_near(loss$loss, rest + slopes)
    # with exponent 6 the types differ
    loss <- voronoi_loss(moved, truth, exponents = c(1, 6))
    rest <- 0.3 * (0.1^6 + 0.2^6 + 0.05^3 + 0.05^3 + 0.1^6 + 0.2^6 +
                     0.05^3 + 0.1^3) + 0.4 * 0.2 + 0.2
    slopes <- 0.3 * if (first == 0) 0.1^3 + 0.2^3 else 0.1^2 + 0.2^2
    expect_near(loss$loss, rest + slopes)
    one <- voronoi_loss(moved, truth, "Dbar", exponents = c(1, 6))
    expect_near(one$loss, rest + 0.3 * (0.1^2 + 0.2^2))
  }
  expect_output(print(voronoi_loss(estimate, estimate)), "Dbar")
})

test_that("a constant gate is a softmax gate without slopes", {
  constant <- function(weights, expert, variance) {
    moe_model(y ~ x | 1, gate = gate_constant(), gate_coef = weights,
              expert_coef = expert, variance = variance)
  }
  truth <- constant(c(0.4, 0.6), rbind(c(2, -2), c(1, -1)), c(0.5, 0.8))
  estimate <- constant(c(0.2, 0.2, 0.6), rbind(c(2.2, 1.8, -2),
                                               c(1.1, 1, -1)),
                       c(0.55, 0.6, 0.8))
  loss <- voronoi_loss(estimate, truth, exponents = c(1, 6))
  expect_near(loss$loss, 0.2 * (2 * 0.2^6 + 0.1^2 + 0.05^3 + 0.1^3))
  softmax <- line_model(rbind(log(c(0.4, 0.6)), 0), rbind(c(2, -2), c(1, -1)),
                        c(0.5, 0.8))
  expect_error(voronoi_loss(truth, softmax), NA)
  expect_lt(voronoi_loss(truth, softmax)$loss, 1e-12)
})

test_that("experts that the estimate lacks count with their weight", {
  one <- line_model(NULL, cbind(c(-2, -1)), 0.8)
  loss <- voronoi_loss(one, true_lines)
  expect_equal(loss$cells$size, c(0, 1))
  expect_equal(loss$cells$exponent, c(NA, 1))
  # s w* is 1 for s = 1 / 0.6, and 0.4 s is left over
  expect_near(loss$loss, 0.4 / 0.6)
})

test_that("variances count as variances, not standard deviations", {
  estimate <- line_model(rbind(log(c(0.4, 0.6)), c(1, -1)),
                         rbind(c(2, -2), c(1, -1)), c(0.5, 0.8)^2)
  loss <- voronoi_loss(estimate, true_lines)
  expect_near(loss$loss, 0.4 * 0.25 + 0.6 * 0.16)
})

test_that("several responses and predictors: terms are matched by name", {
  fit <- two_response_fit()
  other <- without_warnings(
    moe(cbind(Sepal.Width, Sepal.Length) ~ Petal.Length | Petal.Width,
        flowers(), K = 2, start = flowers()$label))
  expect_lt(voronoi_loss(other, fit)$loss, 1e-4)
})

test_that("cells of four warn of their exponent", {
  one <- line_model(NULL, cbind(c(2, 1)), 0.5)
  four <- line_model(rbind(rep(log(1 / 4), 4), 0), rbind(rep(2.1, 4), 1),
                     rep(0.5, 4))
  expect_warning(loss <- voronoi_loss(four, one),
                 class = "gatemix_warning_exponent")
  expect_near(loss$loss, 0.1^8)
  expect_warning(loss <- voronoi_loss(four, one, exponents = c(1, 4, 6, 7)),
                 NA)
  expect_near(loss$loss, 0.1^7)
})

test_that("what cannot be compared is refused", {
  fit <- faithful_fit()
  gaussian <- faithful_fit(gate = gate_gaussian())
  expect_input_error(voronoi_loss(1, fit), "`estimate` must be a fit")
  expect_input_error(voronoi_loss(fit, "a"), "`truth` must be a fit")
  expect_input_error(voronoi_loss(fit, gaussian), "same kind of model")
  expect_input_error(voronoi_loss(fit, fit, "Dbar"), "for gaussian gates")
  expect_input_error(voronoi_loss(gaussian, gaussian, "D1"),
                     "for softmax gates")
  expect_input_error(voronoi_loss(fit, true_lines), "same terms")
  conditional <- without_warnings(
    faithful_fit(gate = gate_gaussian(likelihood = "conditional")))
  expect_input_error(voronoi_loss(conditional, gaussian), "not identified")
  expect_input_error(voronoi_loss(fit, fit, exponents = 0), "`exponents`")
  expect_input_error(voronoi_loss(fit, fit, translate = 1), "`translate`")
  expect_input_error(voronoi_loss(fit, fit, norm = "l1"), "`norm`")
  expect_input_error(voronoi_loss(fit, fit, power = 1), "Unknown argument")
})

test_that("arguments that a loss does not have are refused", {
  softmax <- moe_truth("sgmoe")
  gaussian <- moe_truth("ggmoe_1")
  expect_input_error(voronoi_loss(softmax, softmax, exponents = c(1, 6)),
                     "loss D1, .* has none")
  expect_input_error(voronoi_loss(softmax, softmax, "D1", exponents = c(1, 6)),
                     "`exponents`")
  expect_near(voronoi_loss(softmax, softmax, "D2", exponents = c(1, 6))$loss, 0)
  expect_input_error(voronoi_loss(gaussian, gaussian, norm = "joint"),
                     "the loss Dbar is a sum of \"separate\" norms")
  expect_equal(voronoi_loss(gaussian, gaussian, norm = "separate")$norm,
               "separate")
  expect_equal(voronoi_loss(gaussian, gaussian)$norm, "separate")
  expect_equal(voronoi_loss(softmax, softmax)$norm, "joint")
})
