log_cdf <- gatemix:::mixture_log_cdf
quantile_of <- gatemix:::mixture_quantile

gaussian_law <- function(sd) {
  covariances <- array(sd^2, c(1L, 1L, length(sd)))
  gatemix:::expert_law(expert_gaussian(), list(covariances = covariances), 1L)
}

# gates near zero and near one, experts close and far apart
random_mixture <- function(n = 10L) {
  K <- sample(5L, 1L)
  gate <- matrix(rexp(n * K)^sample(c(1, 5, 40), 1L), n, K)
  sd <- exp(rnorm(K))
  list(gate = gate / rowSums(gate), sd = sd, law = gaussian_law(sd),
       mean = matrix(rnorm(n * K) * 10^sample(0:3, 1L), n, K))
}

poisson_law <- function() {
  means <- function(y, mean) y + 0 * mean
  list(discrete = TRUE,
       cdf = function(y, mean, lower_tail = TRUE, log = FALSE) {
         matrix(ppois(means(y, mean), mean, lower_tail, log), nrow(mean),
                ncol(mean))
       })
}

test_that("quantiles invert the distribution function in both tails", {
  set.seed(1)
  probs <- c(1e-300, 1e-12, 1e-5, 0.2, 0.5, 0.7, 1 - 1e-5, 1 - 1e-12)
  for (i in some_cases(20, full = 60)) {
    m <- random_mixture()
    for (p in probs) for (lower in c(TRUE, FALSE)) {
      q <- quantile_of(p, m$gate, m$mean, m$law, lower)
      # the tail that is smaller, relative to its size
      reached <- log_cdf(q, m$gate, m$mean, m$law, if (p > 0.5) !lower
                         else lower)
      error <- expm1(reached - log(min(p, 1 - p)))
      slope <- rowSums(m$gate * m$law$density(q, m$mean)) / min(p, 1 - p)
      # not closer than the next number to q
      expect_lt(max(abs(error) / (1e-12 + 1e-15 * abs(q) * slope)), 1)
      expect_lt(max(abs(error)) * min(p, 1 - p), 1e-10)
    }
  }
})

test_that("quantiles are found where Newton's method goes in circles", {
  gate <- t(c(0.1619879, 0.02576674, 0.6286634, 0.01963969, 0.16394227))
  mean <- t(c(-1.293809, 0.1351309, -0.5187823, -0.8000161, -0.4676961))
  law <- gaussian_law(c(8.326704, 59.64354, 0.2196703, 0.01765085,
                        0.004486399))
  gate <- gate / sum(gate)
  q <- quantile_of(0.5, gate, mean, law)
  expect_near(log_cdf(q, gate, mean, law), log(0.5), 1e-12)
})

test_that("the median between two far experts is next to the heavier one", {
  law <- gaussian_law(c(1, 1))
  mean <- cbind(0, c(1e3, 1e8, 1e100))
  gate <- cbind(rep(0.4, 3), 0.6)
  q <- quantile_of(0.5, gate, mean, law)
  expect_near(q - mean[, 2], c(qnorm(1 / 6), qnorm(1 / 6), 0), 1e-7)
  # exactly on the plateau any point between is right, none is NA
  expect_false(anyNA(quantile_of(0.4, gate, mean, law)))
})

test_that("an expert whose gate is zero has no say", {
  law <- gaussian_law(c(1, 2))
  gate <- cbind(1, 0)
  q <- quantile_of(1e-3, gate, cbind(0, -1e6), law)
  expect_equal(q, qnorm(1e-3))
  expect_equal(log_cdf(q, gate, cbind(0, -1e6), law), log(1e-3))
})

test_that("an expert that the gate rules out does not hold up the tail", {
  fit <- faithful_fit()
  # expert 1 lies far below, its probability beyond all numbers
  at <- data.frame(waiting = 1e4, eruptions = predict(
    fit, data.frame(waiting = 1e4), type = "expert")[, 2] - 50 * sigma(fit)[2])
  expect_near(predict(fit, at, type = "cdf", log = TRUE),
              pnorm(-50, log.p = TRUE), 1e-10)
})

test_that("one expert has the quantiles and tails of its law", {
  law <- gaussian_law(2)
  gate <- matrix(1, 3, 1)
  mean <- matrix(c(0, -5, 1e5))
  for (p in c(1e-300, 1e-12, 0.3, 0.5, 1 - 1e-12)) {
    expect_equal(quantile_of(p, gate, mean, law), mean[, 1] + 2 * qnorm(p))
  }
  y <- mean[, 1] + c(-50, 0, 50)
  expect_equal(log_cdf(y, gate, mean, law), pnorm(c(-25, 0, 25), log.p = TRUE))
  expect_equal(log_cdf(y, gate, mean, law, FALSE),
               pnorm(c(25, 0, -25), log.p = TRUE))
})

test_that("logarithms of probabilities near one are accurate and not positive", {
  set.seed(2)
  for (i in 1:20) {
    m <- random_mixture()
    y <- apply(m$mean, 1, max) + 9 * max(m$sd)
    below <- log_cdf(y, m$gate, m$mean, m$law)
    above <- log_cdf(y, m$gate, m$mean, m$law, FALSE)
    expect_true(all(below <= 0))
    # what a number can hold
    seen <- above > -700
    expect_near(log(-below[seen]), above[seen], 1e-10)
  }
})

test_that("tails beyond all numbers are minus infinity, not NaN", {
  law <- gaussian_law(c(1, 1))
  gate <- cbind(0.5, 0.5)
  expect_identical(log_cdf(-1e200, gate, cbind(0, 1), law), -Inf)
  expect_identical(log_cdf(-1e200, gate, cbind(0, 1), law, FALSE), 0)
})

test_that("the transform of a law with atoms is uniform", {
  set.seed(3)
  n <- 2e4
  gate <- cbind(rep(0.3, n), 0.7)
  mean <- cbind(rep(2, n), 9)
  y <- rpois(n, mean[cbind(seq_len(n), 1L + (runif(n) > 0.3))])
  p <- gatemix:::log_pit(y, gate, mean, poisson_law())
  expect_lt(max(abs(sort(exp(p$below)) - ppoints(n))), 1.63 / sqrt(n))
  at <- cbind(ppois(y - 1, mean[, 1]), ppois(y - 1, mean[, 2]))
  upto <- cbind(ppois(y, mean[, 1]), ppois(y, mean[, 2]))
  expect_true(all(exp(p$below) >= rowSums(gate * at) - 1e-12))
  expect_true(all(exp(p$below) <= rowSums(gate * upto) + 1e-12))
})

test_that("both tails of a law with atoms use the same draw", {
  n <- 50
  gate <- matrix(1, n, 1)
  set.seed(4)
  p <- gatemix:::log_pit(rep(0:4, 10), gate, matrix(2, n, 1), poisson_law())
  expect_near(exp(p$below) + exp(p$above), rep(1, n), 1e-12)
  far <- gatemix:::normal_score(rep(300, n), gate, matrix(2, n, 1),
                                poisson_law())
  expect_true(all(is.finite(far) & far > 30))
})
