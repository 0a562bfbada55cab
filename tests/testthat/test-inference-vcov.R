# Covariance matrices of the estimates.

test_that("one expert has the covariance of lm() with the divisor n", {
  d <- old_faithful()
  for (w in list(rep(1, 272), rep(1:4, 68))) {
    d$w <- w
    fit <- moe(eruptions ~ waiting + site, d, K = 1, weights = w)
    n <- sum(w)
    wide <- d[rep(1:272, w), ]
    reference <- lm(eruptions ~ waiting + site, wide)
    expect_equal(unname(vcov(fit)),
                 unname(vcov(reference) * reference$df.residual / n),
                 tolerance = 1e-8)
    s2 <- sum(residuals(reference)^2) / n
    expect_equal(vcov(fit, component = "dispersion")[1, 1], 2 * s2^2 / n,
                 tolerance = 1e-8)
  }
})

test_that("one expert's sandwich is White's", {
  d <- old_faithful()
  fit <- moe(eruptions ~ waiting, d, K = 1)
  x <- model.matrix(fit)
  bread <- solve(crossprod(x))
  expect_equal(unname(vcov(fit, type = "sandwich")),
               unname(bread %*% crossprod(x * residuals(fit)) %*% bread),
               tolerance = 1e-7)
})

test_that("rows and columns are those of coef(), dropped terms are NA", {
  d <- old_faithful()
  d$twice <- 2 * d$waiting
  fit <- suppressWarnings(moe(eruptions ~ waiting + twice | 1, d, K = 2,
                              start = d$label))
  v <- vcov(fit)
  expect_identical(rownames(v), names(coef(fit)))
  expect_identical(colnames(v), names(coef(fit)))
  expect_identical(unname(is.na(diag(v))), unname(is.na(coef(fit))))
  small <- vcov(fit, complete = FALSE)
  expect_identical(rownames(small), names(coef(fit))[!is.na(coef(fit))])
  expect_false(anyNA(small))
  plain <- moe(eruptions ~ waiting | 1, d, K = 2, start = d$label)
  expect_equal(unname(small), unname(vcov(plain)), tolerance = 1e-6)
})

test_that("components are blocks of one matrix", {
  fit <- two_response_fit()
  parts <- c("gate", "expert", "dispersion")
  all <- vcov(fit, component = parts)
  expect_identical(vcov(fit), all[seq_along(coef(fit)), seq_along(coef(fit))])
  for (part in parts) {
    names <- rownames(vcov(fit, component = part))
    expect_identical(vcov(fit, component = part), all[names, names])
  }
  expect_true(isSymmetric(all))
  expect_gt(min(eigen(all, TRUE, only.values = TRUE)$values), 0)
})

test_that("doubling the weights equals doubling the rows, and halves vcov", {
  d <- old_faithful()
  d$two_w <- 2
  doubled <- d[rep(1:272, 2), ]
  for (type in c("information", "sandwich")) {
    once <- vcov(moe(eruptions ~ waiting | 1, d, K = 2, start = d$label),
                 type = type)
    heavy <- vcov(moe(eruptions ~ waiting | 1, d, K = 2, start = d$label,
                      weights = two_w), type = type)
    rows <- vcov(moe(eruptions ~ waiting | 1, doubled, K = 2,
                     start = doubled$label), type = type)
    expect_equal(heavy, rows, tolerance = 1e-6)
    expect_equal(heavy, once / 2, tolerance = 1e-6)
  }
})

test_that("units of predictors and response only change the units of vcov", {
  d <- old_faithful()
  d$minutes <- d$waiting / 60 - 3
  d$seconds <- 60 * d$eruptions + 1000
  fit <- faithful_fit()
  other <- moe(seconds ~ minutes, d, K = 2, start = d$label)
  a <- confint(fit, "expert1:waiting") * 60 * 60
  b <- confint(other, "expert1:minutes")
  expect_equal(unname(a), unname(b), tolerance = 1e-6)
  a <- confint(fit, "gate1:waiting") * 60
  b <- confint(other, "gate1:minutes")
  expect_equal(unname(a), unname(b), tolerance = 1e-5)
})

test_that("vcov is the same from matrices, and after saveRDS()", {
  d <- old_faithful()
  fit <- faithful_fit()
  matrices <- moe(cbind(waiting = d$waiting), d$eruptions, K = 2,
                  start = d$label)
  sparse <- moe(Matrix::Matrix(cbind(waiting = d$waiting), sparse = TRUE),
                d$eruptions, K = 2, start = d$label)
  expect_equal(vcov(matrices), vcov(fit), tolerance = 1e-8)
  expect_equal(vcov(sparse), vcov(fit), tolerance = 1e-8)
  expect_identical(vcov(unserialize(serialize(fit, NULL))), vcov(fit))
})

test_that("every model has a covariance matrix", {
  for_all_models(function(gate, expert, q, label) {
    fit <- toy_fit(gate, expert, q, toy_data(400))
    v <- quiet(vcov(fit, component = c("gate", "expert", "dispersion")))
    # a Gaussian gate's parameters are not free
    ok <- eigen(v / max(abs(v)), TRUE, only.values = TRUE)$values
    expect_gt(min(ok), -1e-8)
    expect_true(all(diag(vcov(fit, component = "expert")) > 0), info = label)
  })
})

test_that("the gate makes no difference to one expert", {
  d <- old_faithful()
  wanted <- vcov(moe(eruptions ~ waiting, d, K = 1))
  for (gate in all_gates()) {
    fit <- moe(eruptions ~ waiting, d, K = 1, gate = gate)
    v <- vcov(fit)
    expect_equal(v[rownames(wanted), rownames(wanted)], wanted,
                 tolerance = 1e-8, info = gate$label)
    expect_true(all(is.finite(coef(summary(fit))[, "Std. Error"])))
  }
})

test_that("an intercept alone, no predictor and offsets have one too", {
  d <- old_faithful()
  none <- moe(eruptions ~ 1, d, K = 2, start = d$label)
  expect_identical(dim(vcov(none)), c(3L, 3L))
  shifted <- moe(eruptions ~ waiting + offset(waiting / 100) | 1, d, K = 2,
                 start = d$label)
  plain <- moe(eruptions ~ waiting | 1, d, K = 2, start = d$label)
  expect_equal(vcov(shifted), vcov(plain), tolerance = 1e-6)
})

test_that("a variance at its floor has no standard errors, and vcov says why", {
  d <- data.frame(x = 1:20, y = c(1:10, rnorm(10)))
  d$y[1:10] <- d$x[1:10]
  fit <- without_warnings(moe(y ~ x | 1, d, K = 2, start = rep(1:2, each = 10)))
  expect_true(any(fit$floored))
  expect_error(vcov(fit), "at its floor", class = "gatemix_error_inference")
  s <- summary(fit)
  expect_true(all(is.na(coef(s)[, "Std. Error"])))
  expect_output(print(s), "at its floor")
})

test_that("separated experts have standard errors given the gate", {
  d <- data.frame(x = c(seq(0, 1, 0.05), seq(2, 3, 0.05)))
  set.seed(1)
  d$label <- 1L + (d$x > 1.5)
  d$y <- 5 * d$label - d$x + 0.1 * rnorm(42)
  fit <- without_warnings(moe(y ~ x, d, K = 2, start = d$label))
  expect_true(fit$separated)
  expect_warning(v <- vcov(fit), "no finite estimate",
                 class = "gatemix_warning_inference")
  expect_true(all(is.na(v[1:2, ])))
  for (k in 1:2) {
    ml <- lm(y ~ x, d, subset = label == k)
    expect_equal(unname(v[2 * k + 1:2, 2 * k + 1:2]),
                 unname(vcov(ml) * ml$df.residual / 21), tolerance = 1e-5)
  }
})

test_that("redundant gate terms are named as what is not determined", {
  d <- toy_data(300)
  d$binary <- as.numeric(d$z2 > -40)
  fit <- quiet(moe(y1 ~ x1 | binary, d, K = 2,
                   gate = gate_gaussian(likelihood = "conditional"),
                   start = 1 + (d$group > 1)))
  expect_error(vcov(fit), "singular.*gate", class = "gatemix_error_inference")
})

test_that("weights count rows in what is said about small experts", {
  set.seed(4)
  d <- data.frame(x = rep(seq(0, 1, length.out = 12), 2))
  d$label <- rep(1:2, each = 12)
  d$y <- c(0, 5)[d$label] + d$x + 0.3 * rnorm(24)
  rows <- d[rep(1:24, 10), ]
  d$ten <- 10
  heavy <- moe(y ~ x | 1, d, K = 2, weights = ten, start = d$label)
  long <- moe(y ~ x | 1, rows, K = 2, start = rows$label)
  expect_equal(expect_silent(vcov(heavy)), expect_silent(vcov(long)),
               tolerance = 1e-6)
  expect_warning(vcov(moe(y ~ x | 1, d, K = 2, start = d$label)),
                 "few rows", class = "gatemix_warning_inference")
})

test_that("ordinary fits to 100 rows raise no alarm", {
  for (seed in 1:20) {
    set.seed(seed)
    d <- data.frame(x = runif(100))
    d$label <- 1L + (runif(100) < plogis(4 * (d$x - 0.5)))
    d$y <- c(-1.2, 1.2)[d$label] + d$x + 0.6 * rnorm(100)
    fit <- moe(y ~ x, d, K = 2, start = d$label)
    expect_silent(vcov(fit))
  }
})

test_that("several experts have few rows, and one may fit perfectly", {
  set.seed(3)
  d <- data.frame(x = rnorm(20), label = rep(1:2, 10))
  d$y <- 6 * d$label + d$x + rnorm(20)
  expect_warning(vcov(moe(y ~ x | 1, d, K = 2, start = d$label)),
                 "`expert1`, `expert2` have few rows for their")
  d$y <- d$x
  expect_error(vcov(without_warnings(moe(y ~ x, d, K = 1))),
               "fits its rows perfectly", class = "gatemix_error_inference")
})

test_that("one expert is not suspected of being too many", {
  d <- data.frame(x = 1:6, y = c(1, 3, 2, 5, 4, 7))
  fit <- moe(y ~ x, d, K = 1)
  expect_equal(unname(expect_silent(vcov(fit))),
               unname(vcov(lm(y ~ x, d)) * 4 / 6), tolerance = 1e-8)
})

test_that("terms that one expert's rows do not tell apart are named", {
  d <- old_faithful()
  d$kind <- factor(rep(c("rare", "common"), c(2, 270)))
  d$kind[d$label == 2] <- "common"
  d$kind[which(d$label == 1)[1:9]] <- "rare"
  far <- transform(d, eruptions = eruptions + 100 * label)
  fit <- moe(eruptions ~ waiting + kind | 1, far, K = 2, start = d$label)
  expect_error(vcov(fit), "kindrare.*in the rows of one expert",
               class = "gatemix_error_inference")
})

# one line with normal errors, without random numbers
one_line <- function(n = 200) {
  d <- data.frame(x = (seq_len(n) * sqrt(2)) %% 1)
  order <- order((seq_len(n) * sqrt(5)) %% 1)
  d$label <- 1L + (d$x > 0.5)
  d$y <- d$x + qnorm((seq_len(n) - 0.5) / n)[order]
  d
}

two_lines <- function(d) {
  moe(y ~ x | 1, d, K = 2, expert = expert_gaussian(shared = TRUE),
      start = d$label)
}

# In the worst direction, how many rows with known experts the data are worth:
# the smallest u'Iu / u'Cu with the observed and the complete information.
rows_worth <- function(fit) {
  i <- gatemix:::fit_information(fit)
  half <- solve(chol(i$complete))
  share <- eigen(crossprod(half, (i$complete - i$missing) %*% half), TRUE)
  fit$n * min(share$values)
}

test_that("two experts for one line are worth two rows, and vcov says so", {
  d <- one_line()
  fit <- two_lines(d)
  # neither stopped early nor small: what warns is the information alone
  expect_true(fit$converged)
  expect_gt(min(fit$sizes), 20)
  expect_lt(rows_worth(fit), 2)
  expect_warning(vcov(fit), paste("as much about it as",
                                  signif(rows_worth(fit), 2), "row\\(s\\)"),
                 class = "gatemix_warning_inference")
  # lines that are apart are worth nearly all rows
  d$y <- d$y + 8 * (d$label == 2)
  apart <- two_lines(d)
  expect_gt(rows_worth(apart), 190)
  expect_silent(vcov(apart))
})

test_that("fits that stopped early and saddles are told from maxima", {
  early <- without_warnings(faithful_fit(control = moe_control(max_iter = 1)))
  expect_false(early$converged)
  expect_warning(vcov(early), "did not converge",
                 class = "gatemix_warning_inference")
  # a saddle: both experts alike
  problem <- em_problem(eruptions ~ waiting | 1, old_faithful(), K = 2)
  alike <- em_start(problem, matrix(0.5, 272, 2))
  saddle <- without_warnings(em_finish(problem, alike))
  expect_error(vcov(saddle), "not at a maximum",
               class = "gatemix_error_inference")
})

test_that("wrong arguments are named", {
  fit <- faithful_fit()
  expect_input_error(vcov(fit, type = "hessian"), "`type`")
  expect_input_error(vcov(fit, component = "scale"), "`component`")
  expect_input_error(vcov(fit, complete = NA), "`complete`")
  expect_input_error(vcov(fit, whatever = 1), "whatever")
  expect_input_error(vcov(fit, bootstrap = 1), "`bootstrap` goes with")
  expect_input_error(vcov(fit, type = "bootstrap", bootstrap = 1),
                     "result of bootstrap_moe")
  expect_input_error(vcov(faithful_fit(model = FALSE)), "model = FALSE")
})

# minus the inverse of the second derivatives of the log-likelihood that
# helper-oracle.R computes on the user's scale; steps in standard errors
user_covariance <- function(fit, x, z, y, w, offset, se) {
  p <- fit$parameters
  at <- c(p$gate$coefficients, p$expert$coefficients, p$expert$covariances)
  value <- function(step) {
    moved <- at + step * se
    gate <- seq_along(p$gate$coefficients)
    b <- length(gate) + seq_along(p$expert$coefficients)
    fit$parameters$gate$coefficients[] <- moved[gate]
    fit$parameters$expert$coefficients[] <- moved[b]
    fit$parameters$expert$covariances[] <- moved[-c(gate, b)]
    user_log_likelihood(fit, x, z, y, w, offset)[["conditional"]]
  }
  size <- length(at)
  second <- function(i, j, h) {
    corner <- function(a, b) {
      step <- numeric(size)
      step[i] <- step[i] + a * h
      step[j] <- step[j] + b * h
      value(step)
    }
    (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / (4 * h^2)
  }
  hessian <- outer(seq_len(size), seq_len(size), Vectorize(function(i, j) {
    (4 * second(i, j, 0.02) - second(i, j, 0.04)) / 3
  }))
  outer(se, se) * solve(-hessian)
}

test_that("vcov is the inverse information on the user's scale", {
  d <- toy_data(400, 2)
  d$twice <- 2 * d$x1 + 1
  d$minus <- -d$z1
  models <- list(y1 ~ x1 + twice + x2 + offset(o) | z1 + minus + z2,
                 y1 ~ 0 + x1 + x2 | 0 + z1 + z2)
  for (formula in models) {
    fit <- quiet(moe(formula, d, K = 2, weights = w, start = d$group))
    v <- vcov(fit, component = c("gate", "expert", "dispersion"),
              complete = FALSE)
    b <- fit$parameters
    x <- toy_design(d, c("x1", "x2"))[, rownames(b$expert$coefficients)]
    z <- toy_design(d, c("z1", "z2"))[, rownames(b$gate$coefficients)]
    offset <- if (length(fit$dropped$expert)) d$o else 0
    se <- sqrt(diag(v))
    wanted <- user_covariance(fit, x, z, d$y1, d$w, offset, se)
    expect_lt(max(abs(v - wanted) / outer(se, se)), 1e-4)
  }
})
