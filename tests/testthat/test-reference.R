# Other programs on the same data. Their parameters are judged by one common
# likelihood, written out in helper-oracle.R.

# ---- K = 1: linear models ----------------------------------------------------

test_that("K = 1 is lm(), on Longley too", {
  fit <- moe(Employed ~ ., data = longley, K = 1)
  reference <- lm(Employed ~ ., longley)
  expect_lt(max(abs(fit$parameters$expert$coefficients[, 1, 1] / coef(reference) - 1)), 1e-10)
  expect_equal(as.numeric(logLik(fit)), as.numeric(logLik(reference)), tolerance = 1e-10)
  expect_equal(unname(sigma(fit)), sqrt(mean(residuals(reference)^2)), tolerance = 1e-10, ignore_attr = TRUE)
  expect_equal(fitted(fit), fitted(reference), tolerance = 1e-10, ignore_attr = TRUE)
})

test_that("K = 1 is lm() with weights, factors, interactions, polynomials and several responses", {
  cars <- transform(mtcars, cyl = factor(cyl), w = rep_len(c(1, 2, 0.5), 32))
  for (formula in list(mpg ~ wt, mpg ~ wt * cyl, mpg ~ poly(hp, 3) + cyl, mpg ~ 0 + wt + cyl, mpg ~ 1,
                       cbind(mpg, qsec) ~ wt + hp, log(mpg) ~ offset(-0.2 * wt) + hp)) {
    fit <- moe(formula, data = cars, K = 1, weights = w)
    reference <- lm(formula, cars, weights = w)
    expect_equal(as.vector(fit$parameters$expert$coefficients), as.vector(coef(reference)), tolerance = 1e-10,
                 info = deparse(formula))
  }
})

# ---- Gaussian gates: mclust --------------------------------------------------

compare_mclust <- function(d, K, seed) {
  set.seed(seed)
  n <- 300
  group <- sample(rep_len(seq_len(K), n))
  x <- matrix(rnorm(n * d), n) + 1.5 * outer(group, seq_len(d), function(g, j) cos(2 * g + j))
  y <- 2 * (group - 2) * x[, 1] + group + rnorm(n)
  z <- prop.table(matrix(runif(n * K), n) + 2 * outer(group, seq_len(K), `==`), 1)
  reference <- mclust::meVVV(cbind(x, y), z, control = mclust::emControl(tol = c(1e-14, 1e-14), itmax = 20000))
  colnames(x) <- paste0("x", seq_len(d))
  fit <- quiet(moe(x, y, K = K, gate = gate_gaussian(), start = z, control = moe_control(tol = 1e-11)))
  expect_true(fit$converged)
  expect_lt(abs(fit$loglik[["joint"]] - reference$loglik) / n, 1e-8,
            label = paste("d =", d, "seed", seed, "difference"))
  # the same means of x and of y
  order <- match(round(fit$parameters$gate$means[1, ], 3), round(reference$parameters$mean[1, ], 3))
  expect_false(anyNA(order))
  expect_equal(unname(fit$parameters$gate$means), unname(reference$parameters$mean[seq_len(d), order, drop = FALSE]),
               tolerance = 1e-4)
  expect_equal(unname(fit$parameters$gate$weights), unname(reference$parameters$pro[order]), tolerance = 1e-4)
}

test_that("a full Gaussian gate with the joint likelihood is mclust's VVV mixture of (x, y)", {
  skip_if_not_installed("mclust")
  for (case in covering(all_cases(d = c(1, 3), K = 2:3, seed = 1:3))) {
    compare_mclust(case$d, case$K, case$seed)
  }
})

# ---- Softmax and constant gates: flexmix, mixtools ---------------------------

# Log-likelihood of univariate lines with a softmax or constant gate.
common_log_likelihood <- function(x, z, y, b, sd, gate) {
  K <- ncol(b)
  log_expert <- vapply(seq_len(K), function(k) dnorm(y, x %*% b[, k], sd[k], log = TRUE), numeric(length(y)))
  eta <- z %*% gate
  sum(log_sum_exp(eta - log_sum_exp(eta) + log_expert))
}

flexmix_log_likelihood <- function(formula, gate, data, K, seed) {
  set.seed(seed)
  driver <- flexmix::FLXMRglm(formula)
  concomitant <- if (is.null(gate)) flexmix::FLXPconstant() else flexmix::FLXPmultinom(gate)
  fit <- try(flexmix::flexmix(formula, data = data, k = K, model = driver, concomitant = concomitant,
                              control = list(minprior = 0, iter.max = 500)), silent = TRUE)
  if (inherits(fit, "try-error") || fit@k < K) return(-Inf)
  parameters <- flexmix::parameters(fit)
  p <- nrow(parameters) - 1
  frame <- model.frame(formula, data)
  x <- model.matrix(formula, data)
  b <- if (is.null(gate)) matrix(log(fit@prior), 1) else fit@concomitant@coef
  z <- if (is.null(gate)) matrix(1, nrow(x), 1) else model.matrix(gate, data)
  common_log_likelihood(x, z, model.response(frame), parameters[seq_len(p), , drop = FALSE],
                        parameters[p + 1, ], b)
}

peer_problems <- function() {
  lines <- toy_data(200, K = 2, seed = 5)
  list(
    list(y = eruptions ~ waiting, gate = ~waiting, data = faithful, K = 2),
    list(y = NOx ~ E, gate = ~E, data = lattice::ethanol, K = 2),
    list(y = accel ~ times, gate = ~times, data = MASS::mcycle, K = 2),
    list(y = accel ~ times, gate = ~times, data = MASS::mcycle, K = 3),
    list(y = y1 ~ x2, gate = ~z2, data = lines, K = 2)
  )
}

with_gate <- function(y, gate) {
  stats::as.formula(paste(deparse(y), "|", deparse(gate[[2]])), env = globalenv())
}

test_that("softmax gates reach at least what flexmix reaches", {
  skip_if_not_installed("flexmix")
  for (p in peer_problems()[some_cases(3, full = 5)]) {
    set.seed(1)
    ours <- quiet(moe(with_gate(p$y, p$gate), data = p$data, K = p$K))
    theirs <- max(vapply(some_cases(1, full = 3), function(seed) {
      flexmix_log_likelihood(p$y, p$gate, p$data, p$K, seed)
    }, 0))
    expect_gte(ours$loglik[["maximised"]], theirs - 1e-6)
  }
})

test_that("constant gates reach at least what flexmix and mixtools reach", {
  skip_if_not_installed("flexmix")
  skip_if_not_installed("mixtools")
  for (p in peer_problems()[some_cases(3, full = 5)]) {
    set.seed(1)
    ours <- quiet(moe(p$y, data = p$data, K = p$K, gate = gate_constant()))
    theirs <- max(vapply(some_cases(1, full = 3), function(seed) {
      flexmix_log_likelihood(p$y, NULL, p$data, p$K, seed)
    }, 0))
    frame <- model.frame(p$y, p$data)
    set.seed(2)
    utils::capture.output(peer <- try(suppressWarnings(mixtools::regmixEM(
      frame[[1]], frame[[2]], k = p$K, maxit = 300)), silent = TRUE))
    if (!inherits(peer, "try-error")) {
      theirs <- max(theirs, common_log_likelihood(
        cbind(1, frame[[2]]), matrix(1, nrow(frame), 1), frame[[1]], peer$beta, rep_len(peer$sigma, p$K),
        matrix(log(peer$lambda), 1)))
    }
    # the constant gate's likelihood is unbounded: spikes are not maxima
    if (!any(ours$floored)) expect_gte(ours$loglik[["maximised"]], theirs - 1e-6)
  }
})

test_that("from the same labels the constant gate reaches mixtools' maximum", {
  skip_if_not_installed("mixtools")
  data <- toy_data(200, K = 2, seed = 5)
  ours <- quiet(moe(y1 ~ x2, data = data, K = 2, gate = gate_constant(), start = data$group))
  lines <- vapply(1:2, function(k) coef(lm(y1 ~ x2, data, subset = group == k)), numeric(2))
  utils::capture.output(peer <- mixtools::regmixEM(
    data$y1, data$x2, beta = lines, sigma = c(1, 1), lambda = c(0.5, 0.5), epsilon = 1e-13, maxit = 20000))
  expect_equal(ours$loglik[["maximised"]], peer$loglik, tolerance = 1e-8)
})

test_that("softmax gates reach at least what mixtools::hmeEM reaches", {
  skip_if_not_installed("mixtools")
  data <- toy_data(100, K = 2, seed = 7)
  ours <- quiet(moe(y1 ~ x2, data = data, K = 2, start = data$group))
  set.seed(1)
  utils::capture.output(peer <- try(mixtools::hmeEM(data$y1, cbind(data$x2), k = 2, maxit = 60), silent = TRUE))
  skip_if(inherits(peer, "try-error"), "mixtools::hmeEM failed")
  # mixtools reports the first expert's probability, expert by expert
  x <- cbind(1, data$x2)
  log_gate <- cbind(-log1p(exp(-x %*% peer$w)), -log1p(exp(x %*% peer$w)))
  log_expert <- vapply(1:2, function(k) dnorm(data$y1, x %*% peer$beta[, k], peer$sigma[k], log = TRUE), numeric(100))
  expect_gte(ours$loglik[["maximised"]], sum(log_sum_exp(log_gate + log_expert)) - 1e-6)
})

# ---- Where the peers went wrong ----------------------------------------------

test_that("faithful: the default call finds the best optimum, not the trap at -190.6", {
  for (seed in some_cases(3, full = 10)) {
    set.seed(seed)
    fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
    expect_equal(fit$loglik[["maximised"]], -96.0515815, tolerance = 1e-8)
  }
})

test_that("ethanol: the default call reaches the supremum, with C too", {
  for (seed in some_cases(2, full = 5)) {
    set.seed(seed)
    fit <- quiet(moe(NOx ~ E, data = lattice::ethanol, K = 2))
    expect_gte(fit$loglik[["maximised"]], -31.11)
    fit <- quiet(moe(NOx ~ E + C, data = lattice::ethanol, K = 2))
    expect_gte(fit$loglik[["maximised"]], -2.99)
  }
})

test_that("a constant column does not stop the fit", {
  data <- transform(faithful, one = 1)
  expect_warning(fit <- moe(eruptions ~ waiting + one | waiting, data = data, K = 2,
                            start = 1L + (faithful$waiting > 67)), class = "gatemix_warning_rank")
  plain <- moe(eruptions ~ waiting, data = data, K = 2, start = 1L + (faithful$waiting > 67))
  expect_equal(fit$loglik, plain$loglik, tolerance = 1e-10)
})

test_that("real weights are accepted and are the weights of the likelihood", {
  data <- toy_data(150)
  fit <- toy_fit(gate_softmax(), expert_gaussian(), 1, data, weights = data$w)
  got <- user_log_likelihood(fit, toy_design(data, c("x1", "x2")), toy_design(data, c("z1", "z2")), data$y1, data$w)
  expect_equal(fit$loglik[["conditional"]], got[["conditional"]], tolerance = 1e-9)
})

test_that("x around 1900 with powers up to three is not singular", {
  set.seed(3)
  data <- data.frame(year = 1850:2000)
  data$since <- (data$year - 1925) / 75
  data$y <- sin(3 * data$since) + 0.1 * rnorm(151)
  data$start <- 1L + (data$since > 0)
  raw <- quiet(moe(y ~ poly(year, 3) | year, data = data, K = 2, start = data$start))
  centred <- quiet(moe(y ~ since + I(since^2) + I(since^3) | since, data = data, K = 2, start = data$start))
  expect_equal(raw$loglik[["maximised"]], centred$loglik[["maximised"]], tolerance = 1e-7)
})

test_that("six rows and three experts give a fit or a classed condition, never a crash", {
  set.seed(2)
  data <- data.frame(x = rnorm(6), y = rnorm(6))
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian(), gate_gaussian(likelihood = "conditional"))) {
    result <- tryCatch(quiet(moe(y ~ x, data = data, K = 3, gate = gate)), gatemix_error = identity)
    expect_true(inherits(result, c("moe", "gatemix_error")), info = gate$label)
    if (inherits(result, "moe")) expect_true(all(is.finite(c(result$theta, result$loglik))), info = gate$label)
  }
})

test_that("the default call finds five local lines", {
  set.seed(10)
  n <- 1000
  centre <- seq(-2, 2, length.out = 5)
  x <- runif(n, -2.5, 2.5)
  group <- max.col(-abs(outer(x, centre, `-`)) + 0.2 * matrix(rnorm(5 * n), n))
  y <- c(1, -2, 3, -1, 2)[group] * (x - centre[group]) + c(0, 1, -1, 2, 0)[group] + 0.3 * rnorm(n)
  data <- data.frame(x, y)
  best <- quiet(moe(y ~ x, data = data, K = 5, start = group))
  for (seed in some_cases(1, full = 3)) {
    set.seed(seed)
    fit <- quiet(moe(y ~ x, data = data, K = 5))
    expect_gte(fit$loglik[["maximised"]], best$loglik[["maximised"]] - 0.01)
  }
})
