test_that("all gate steps reach the same maximum", {
  set.seed(2)
  x <- matrix(stats::rnorm(600), 200)
  noise <- matrix(-log(stats::rexp(600)), 200)
  label <- max.col(cbind(2 * x[, 1], 1 - x[, 2], 0) + noise)
  y <- 3 * label + x[, 3] + stats::rnorm(200)
  fit <- function(penalty, step, ...) {
    moe(x, y, K = 3, gate = gate_softmax(penalty = penalty), start = label,
        control = moe_control(gate_step = step, ...))
  }
  for (penalty in list(NULL, penalty_lasso(0.03))) {
    newton <- fit(penalty, "newton")
    for (step in c("bound", "coordinate")) {
      expect_near(coef(fit(penalty, step)), coef(newton), 1e-5)
    }
  }
})

test_that("a conditional Gaussian gate takes all gate steps", {
  data <- toy_data(150)
  for (covariance in c("full", "diagonal", "spherical")) {
    fit <- function(step, ...) {
      quiet(moe(y1 ~ x1 | z1 + z2, data, K = 2, start = 1L + (data$group > 1),
                gate = gate_gaussian(covariance, likelihood = "conditional"),
                control = moe_control(gate_step = step, ...)))
    }
    newton <- fit("newton")
    for (step in c("bound", "coordinate")) {
      other <- fit(step)
      expect_identical(c(other$converged, newton$converged), c(TRUE, TRUE))
      expect_near(logLik(other), logLik(newton), 1e-6)
      # it is this step that was taken
      first <- lapply(c("newton", step), fit, accelerate = FALSE, max_iter = 3)
      expect_false(isTRUE(all.equal(first[[1L]]$theta, first[[2L]]$theta)))
      expect_gt(min(diff(first[[2L]]$trace)), -1e-9)
    }
  }
})

test_that("plain EM with the papers' steps never lowers the objective", {
  set.seed(3)
  x <- matrix(stats::rnorm(300), 100)
  y <- ifelse(x[, 1] > 0, x[, 2], -x[, 2]) + stats::rnorm(100) / 3
  for (step in c("bound", "coordinate")) {
    fit <- suppressWarnings(
      moe(x, y, K = 2, gate = gate_softmax(penalty = penalty_lasso(0.02)),
          start = 1L + (x[, 1] > 0),
          control = moe_control(gate_step = step, accelerate = FALSE,
                                max_iter = 200)))
    expect_gt(min(diff(fit$trace)), -1e-9)
    # no step had to be shortened: a pass each, one for the last look
    expect_lte(fit$passes, fit$iterations + 2L)
  }
})

test_that("the stages refuse coordinate ascent where the gate would take it", {
  ascent <- moe_control(gate_step = "coordinate")
  shared <- gate_gaussian(shared = TRUE, likelihood = "conditional")
  own <- gate_gaussian(likelihood = "conditional")
  for (gate in list(shared, own)) {
    expect_error(em_problem(eruptions ~ waiting, faithful, K = 2, gate = gate,
                            control = ascent), class = "gatemix_error_input")
  }
  # a gate without predictors needs no rows
  expect_s3_class(em_problem(eruptions ~ waiting | 1, faithful, K = 2,
                             control = ascent), "moe_problem")
})

test_that("the stages of EM, which see no rows, refuse coordinate ascent", {
  expect_error(em_problem(dist ~ speed, cars, K = 2,
                          control = moe_control(gate_step = "coordinate")),
               "gate_step", class = "gatemix_error_input")
  expect_s3_class(em_problem(dist ~ speed, cars, K = 2, gate = gate_constant(),
                             control = moe_control(gate_step = "coordinate")),
                  "moe_problem")
})

test_that("an unknown gate step is refused", {
  expect_error(moe_control(gate_step = "mm"), "gate_step",
               class = "gatemix_error_input")
})
