# What must not matter to a penalised fit does not matter, and what is computed
# from one means what it says.

fit_both <- function(d, penalty, gate = penalty, shared = FALSE, ...) {
  data <- data.frame(y = d$y, d$x)
  data$w <- if (is.null(d$w)) rep(1, length(d$y)) else d$w
  quiet(moe(stats::reformulate(colnames(d$x), "y"), data, K = max(d$label), weights = w,
            gate = gate_softmax(penalty = gate),
            expert = expert_gaussian(shared = shared, penalty = penalty), start = d$label,
            control = moe_control(tol = 1e-10, ...)))
}

coefficients_of <- function(fit) c(coef(fit), coef(fit, "dispersion"))

expect_same <- function(a, b, tolerance = 1e-6) {
  expect_near(a$objective / sum(a$sizes), b$objective / sum(b$sizes), 1e-9)
  expect_near(coefficients_of(a), coefficients_of(b), tolerance)
}

convex <- function() all_penalties(0.06)[1:4]

test_that("the order of the rows and of the columns does not matter", {
  d <- lasso_data3()
  set.seed(5)
  rows <- sample(length(d$y))
  columns <- c(3, 1, 5, 2, 4)
  mixed <- list(x = d$x[rows, ], y = d$y[rows], label = d$label[rows], w = d$w[rows])
  turned <- utils::modifyList(d, list(x = d$x[, columns]))
  for (penalty in convex()) {
    fit <- fit_both(d, penalty)
    expect_same(fit, fit_both(mixed, penalty))
    again <- fit_both(turned, penalty)
    expect_near(coef(again, "expert"), coef(fit, "expert")[c(1, 1 + columns), ], 1e-6)
    expect_near(coef(again, "gate"), coef(fit, "gate")[c(1, 1 + columns), ], 1e-5)
  }
})

test_that("a weight of 2 is two rows and a weight of 0 none, and the units of all weights do not matter", {
  d <- lasso_data3()
  times <- rep_len(c(2, 1, 0, 1, 3), length(d$y))
  rows <- rep(seq_along(d$y), times)
  repeated <- list(x = d$x[rows, ], y = d$y[rows], label = d$label[rows])
  weighted <- utils::modifyList(d, list(w = times))
  for (penalty in convex()) {
    a <- fit_both(repeated, penalty)
    expect_same(a, fit_both(weighted, penalty))
    expect_same(a, fit_both(utils::modifyList(d, list(w = 7 * times)), penalty))
  }
})

test_that("units of predictors and response do not matter on standardised predictors, and do otherwise", {
  d <- lasso_data3()
  other <- d
  other$x <- sweep(sweep(d$x, 2, c(10, 1e-3, 1, 300, 0.2), "*"), 2, c(0, 5, -1e3, 1, 2), "+")
  other$y <- 100 + 50 * d$y
  moved <- utils::modifyList(d, list(x = sweep(d$x, 2, 1:5, "+"), y = d$y - 3))
  for (i in 1:6) {
    penalty <- all_penalties(0.06)[[i]]
    a <- fit_both(d, penalty)
    b <- fit_both(other, penalty)
    expect_near(predict(b, data.frame(other$x)), 100 + 50 * predict(a, data.frame(d$x)), 1e-6)
    expect_near(coef(a, "expert")[-1, ] * 50 / c(10, 1e-3, 1, 300, 0.2), coef(b, "expert")[-1, ], 1e-5)
    raw <- all_penalties(0.02, standardize = FALSE)[[i]]
    a <- fit_both(d, raw)
    expect_gt(max(abs(predict(fit_both(other, raw), data.frame(other$x)) -
                        100 - 50 * predict(a, data.frame(d$x)))), 0.5)
    # shifts never matter
    expect_near(predict(fit_both(moved, raw), data.frame(moved$x)), predict(a, data.frame(d$x)) - 3, 1e-5)
  }
})

test_that("sparse is dense, any number of threads gives the same bits", {
  d <- lasso_data(200, 80)
  d$x[abs(d$x) < 0.7] <- 0
  for (penalty in all_penalties(0.5)[c(1, 4, 6)]) {
    fit <- function(x, threads = 1) {
      quiet(moe(x, d$y, K = 2, start = d$label, gate = gate_softmax(penalty = penalty),
                expert = expert_gaussian(penalty = penalty),
                control = moe_control(tol = 1e-10, threads = threads)))
    }
    dense <- fit(d$x)
    sparse <- fit(Matrix::Matrix(d$x, sparse = TRUE))
    expect_same(dense, sparse)
    expect_near(predict(sparse, Matrix::Matrix(d$x[1:9, ], sparse = TRUE)), predict(dense, d$x[1:9, ]), 1e-7)
    expect_identical(fit(d$x, 2)$theta, dense$theta)
    expect_identical(fit(Matrix::Matrix(d$x, sparse = TRUE), 2)$theta, sparse$theta)
  }
})

test_that("the numbers of the experts do not matter", {
  d <- lasso_data3()
  for (penalty in convex()) {
    fit <- fit_both(d, penalty)
    for (order in list(c(3, 1, 2), c(2, 1, 3))) {
      expect_same(fit, fit_both(utils::modifyList(d, list(label = order[d$label])), penalty), 1e-5)
    }
  }
})

test_that("lambda = 0 is no penalty, for each kind", {
  d <- lasso_data3()
  free <- fit_both(d, NULL)
  for (penalty in all_penalties(0)) {
    fit <- fit_both(d, penalty)
    expect_equal(coef(fit), coef(free))
    expect_equal(logLik(fit), logLik(free))
    expect_equal(fit$penalty, 0)
  }
  expect_near(vcov(fit), vcov(free), 1e-6)
})

test_that("saveRDS(), update() and prediction for new rows work with many predictors", {
  d <- lasso_data(200, 90)
  data <- data.frame(d$x, y = d$y)
  penalty <- penalty_lasso(0.5)
  fit <- moe(y ~ ., data, K = 2, start = d$label, gate = gate_softmax(penalty = penalty),
             expert = expert_gaussian(penalty = penalty))
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  saveRDS(fit, file)
  new <- data[c(5, 1, 8), ]
  again <- readRDS(file)
  for (type in c("response", "gate", "expert", "posterior", "density", "quantile")) {
    expect_identical(predict(again, new, type = type), predict(fit, new, type = type))
  }
  X <- cbind(1, d$x)[c(5, 1, 8), ]
  gate <- stats::plogis(X %*% coef(fit, "gate"))
  expect_near(predict(fit, new), drop(gate * X %*% coef(fit, "expert")[, 1] +
                                        (1 - gate) * X %*% coef(fit, "expert")[, 2]), 1e-10)
  smaller <- update(fit, expert = expert_gaussian(penalty = penalty_lasso(0.8)), start = fit)
  expect_lt(sum(coef(smaller, "expert") != 0), sum(coef(fit, "expert") != 0) + 1)
  expect_identical(stats::formula(fit), stats::formula(smaller))
  same <- update(fit, start = fit)
  expect_lte(same$iterations, 1)
  expect_near(coef(same), coef(fit), 1e-6)
})

test_that("degrees of freedom count coefficients that are not 0", {
  d <- lasso_data3()
  fit <- fit_both(d, penalty_lasso(0.1))
  used <- sum(coef(fit, "expert") != 0)
  gate <- cbind(coef(fit, "gate"), 0)[-1, ]
  distinct <- sum(apply(gate, 1, function(b) 3 - max(table(b))))
  expect_equal(attr(logLik(fit), "df"), used + 2 + distinct + 3)
})

test_that("one predictor, none, one expert and no intercept are fitted and certified", {
  d <- lasso_data(150, 4)
  data <- data.frame(d$x, y = d$y)
  for (penalty in all_penalties(0.05)) {
    parts <- list(gate = gate_softmax(penalty = penalty), expert = expert_gaussian(penalty = penalty))
    fit <- function(formula, K) {
      quiet(moe(formula, data, K = K, gate = parts$gate, expert = parts$expert,
                start = if (K > 1) d$label))
    }
    one <- fit(y ~ v3, 2)
    expect_true(one$converged)
    expect_lt(max(fit_violation(one, d$x[, 3, drop = FALSE], d$y)), 1e-6)
    none <- fit(y ~ 1, 2)
    expect_near(none$objective, as.numeric(logLik(none)), 1e-12)
    alone <- fit(y ~ ., 1)
    expect_true(alone$converged)
    expect_lt(fit_violation(alone, d$x, d$y), 1e-6)
    through <- fit(y ~ 0 + v2 + v3 | v1, 2)
    expect_true(through$converged)
    expect_false("(Intercept)" %in% rownames(coef(through, "expert")))
    expect_identical(nrow(predict(through, data[1:3, ], type = "gate")), 3L)
  }
})

test_that("an offset is taken from the response", {
  d <- lasso_data3()
  data <- data.frame(d$x, y = d$y, o = sin(seq_along(d$y)), shifted = d$y - sin(seq_along(d$y)))
  expert <- expert_gaussian(penalty = penalty_lasso(0.05))
  a <- moe(y ~ v1 + v2 + offset(o), data, K = 3, expert = expert, start = d$label)
  b <- moe(shifted ~ v1 + v2, data, K = 3, expert = expert, start = d$label)
  expect_near(coef(a), coef(b), 1e-6)
})

test_that("a factor enters or leaves a group lasso with all its columns", {
  d <- lasso_data(200, 4)
  data <- data.frame(d$x, y = d$y, f = factor(rep_len(letters[1:5], 200)), g = factor(d$label))
  fit <- moe(y ~ . | v1, data, K = 2, start = d$label,
             expert = expert_gaussian(penalty = penalty_group_lasso(0.08)))
  b <- coef(fit, "expert")
  own <- b[c("fb", "fc", "fd", "fe"), ]
  expect_true(all(own == 0) || all(own != 0))
  levels <- vapply(c(0.02, 0.3), function(lambda) {
    fit <- moe(y ~ . | v1, data, K = 2, start = d$label,
               expert = expert_gaussian(penalty = penalty_group_lasso(lambda)))
    mean(coef(fit, "expert")[c("fb", "fc", "fd", "fe"), ] == 0)
  }, 0)
  expect_identical(levels, c(0, 1))
})

test_that("a selection has penalised models in it", {
  d <- lasso_data(150, 4)
  data <- data.frame(d$x, y = d$y)
  set.seed(1)
  selection <- quiet(moe_select(
    y ~ ., data, K = 1:2, gate = gate_softmax(penalty = penalty_lasso(0.05)),
    expert = list(lasso = expert_gaussian(penalty = penalty_lasso(0.05)), free = expert_gaussian()),
    control = moe_control(starts = 3, moves = 0)))
  chosen <- best(selection)
  expect_identical(chosen$K, 2L)
  again <- update(chosen, start = chosen)
  expect_near(again$objective, chosen$objective, 1e-8)
  expect_identical(nrow(as.data.frame(selection)), 4L)
})

test_that("what has no penalty is not fitted to dependent columns", {
  d <- lasso_data(100, 4)
  data <- data.frame(d$x, y = d$y)
  data$v5 <- data$v1 + data$v2
  penalty <- penalty_lasso(0.1)
  expect_error(moe(y ~ ., data, K = 2, expert = expert_gaussian(penalty = penalty)),
               "`gate`.*`v5`", class = "gatemix_error_input")
  expect_error(moe(y ~ ., data, K = 2, gate = gate_softmax(penalty = penalty)),
               "`expert`.*`v5`", class = "gatemix_error_input")
  # one expert has no gate, a constant gate no coefficients
  expect_s3_class(moe(y ~ ., data, K = 1, expert = expert_gaussian(penalty = penalty)), "moe")
  expect_s3_class(moe(y ~ ., data, K = 2, gate = gate_constant(), start = d$label,
                      expert = expert_gaussian(penalty = penalty)), "moe")
  expect_warning(moe(y ~ v1 + v3 | v1 + v2 + v5, data, K = 2, start = d$label,
                     expert = expert_gaussian(penalty = penalty)), class = "gatemix_warning_rank")
})

test_that("inference from a penalised fit is an error that says what to do", {
  d <- lasso_data()
  fit <- fit_both(d, penalty_lasso(0.08))
  null <- fit_both(utils::modifyList(d, list(x = d$x[, 1:3])), penalty_lasso(0.08))
  for (use in list(vcov, confint, function(f) confint(f, type = "sandwich"), bootstrap_moe,
                   moe_dendrogram, function(f) anova(null, f))) {
    expect_error(use(fit), "Refit", class = "gatemix_error_inference")
  }
  expect_output(print(summary(fit)), "No inference")
  gaussian <- quiet(moe(d$x, d$y, K = 2, start = d$label, expert = expert_gaussian(),
                        gate = gate_gaussian(penalty = penalty_lasso(0.1))))
  expect_error(vcov(gaussian), class = "gatemix_error_inference")
  expect_error(bootstrap_moe(gaussian), class = "gatemix_error_inference")
})

test_that("estimates, tables, simulations and divergences of a penalised fit are those of its coefficients", {
  d <- lasso_data()
  fit <- fit_both(d, penalty_lasso(0.08))
  model <- as_moe_model(fit)
  data <- data.frame(d$x, y = d$y)
  expect_near(predict(model, data), predict(fit, data), 1e-10)
  expect_near(as.numeric(moe_divergence(fit, model, data)), 0, 1e-8)
  table <- suppressWarnings(tidy(fit))
  expect_near(table$estimate[seq_along(coef(fit))], coef(fit), 1e-12)
  expect_true(all(is.na(table$std.error)))
  expect_identical(dim(simulate(fit, 2, seed = 1)), c(120L, 2L))
})

test_that("print() leaves out the terms whose coefficients are 0", {
  d <- lasso_data(200, 60)
  fit <- moe(d$x, d$y, K = 2, gate = gate_softmax(penalty = penalty_lasso(0.6)),
             expert = expert_gaussian(penalty = penalty_lasso(0.6)), start = d$label)
  for (what in list(fit, summary(fit))) {
    text <- utils::capture.output(print(what))
    expect_lt(length(text), 60)
    expect_true(any(grepl("0 throughout: .* others", text)))
    expect_true(any(grepl("Penalised log-likelihood", text)))
  }
})
