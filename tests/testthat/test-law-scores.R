d <- old_faithful()
fit <- faithful_fit()

gaussian_law <- function(sd) {
  covariances <- array(sd^2, c(1L, 1L, length(sd)))
  gatemix:::expert_law(expert_gaussian(), list(covariances = covariances), 1L)
}

# the integral of (F(t) - 1{y <= t})^2, split where the integrand bends
integrated_crps <- function(y, gate, mean, sd) {
  cdf <- function(t, lower = TRUE) {
    colSums(gate * pnorm(outer(mean, t, function(m, t) (t - m) / sd),
                         lower.tail = lower))
  }
  at <- unique(sort(c(y, outer(c(-12, -3, 0, 3, 12), seq_along(sd),
                               function(z, k) mean[k] + z * sd[k]))))
  piece <- function(a, b) {
    integrate(function(t) cdf(t, b <= y)^2, a, b, rel.tol = 1e-10)$value
  }
  sum(mapply(piece, at[-length(at)], at[-1L]))
}

test_that("crps is the integral of the squared error of F", {
  set.seed(5)
  for (i in 1:40) {
    K <- sample(4L, 1L)
    mean <- rnorm(K) * sample(c(1, 20), 1L)
    sd <- exp(rnorm(K, 0, 0.7))
    gate <- rexp(K)^sample(c(1, 6), 1L)
    gate <- gate / sum(gate)
    y <- rnorm(1L, 0, 10)
    expect_near(gatemix:::mixture_crps(y, t(gate), t(mean), gaussian_law(sd)),
                integrated_crps(y, gate, mean, sd), 1e-8)
  }
})

test_that("crps agrees with scoringRules::crps_mixnorm", {
  # its values in version 1.1.3, experts and sds by row
  mean <- rbind(c(0, 3, -1), c(0, 100, 1e4), c(2, 2, 2))
  sd <- rbind(c(1, 0.5, 2), c(1, 0.1, 10), c(1, 2, 3))
  gate <- rbind(c(0.2, 0.5, 0.3), c(0.6, 0.399, 0.001), c(0.1, 0.2, 0.7))
  known <- c(0.77049163351895400, 35.59780415343793436, 0.57930843146587252)
  for (i in 1:3) {
    ours <- gatemix:::mixture_crps(c(0.7, 99, 2)[i], gate[i, , drop = FALSE],
                                   mean[i, , drop = FALSE],
                                   gaussian_law(sd[i, ]))
    expect_near(ours, known[i], 1e-13)
  }
})

test_that("crps of one expert is the closed form of the normal law", {
  one <- moe(eruptions ~ waiting, d, K = 1)
  z <- residuals(one) / sigma(one)
  expect_near(crps(one), sigma(one) * (z * (2 * pnorm(z) - 1) + 2 * dnorm(z) -
                                         1 / sqrt(pi)), 1e-12)
})

test_that("far from all experts crps is the absolute error", {
  far <- data.frame(waiting = 60, eruptions = c(-1e9, 1e9))
  expect_near(crps(fit, far), abs(far$eruptions - predict(fit, far)), 1e-8)
})

test_that("log_score is minus the log density", {
  expect_identical(log_score(fit),
                   -predict(fit, type = "density", log = TRUE))
  expect_near(sum(log_score(fit)), -c(logLik(fit)), 1e-12)
  new <- d[c(3, 9), ]
  expect_identical(log_score(fit, new),
                   -predict(fit, new, type = "density", log = TRUE))
})

test_that("several responses: crps of each, log_score of all together", {
  two <- two_response_fit()
  scores <- crps(two)
  expect_equal(dim(scores), c(100L, 2L))
  expect_equal(colnames(scores), c("Sepal.Length", "Sepal.Width"))
  gate <- predict(two, type = "gate")
  mean <- predict(two, type = "expert")
  for (j in 1:2) for (i in c(1, 50)) {
    sd <- sqrt(two$parameters$expert$covariances[j, j, ])
    expect_near(scores[i, j],
                integrated_crps(flowers()[i, j], gate[i, ], mean[i, j, ], sd),
                1e-8)
  }
  expect_length(log_score(two), 100L)
  expect_near(sum(log_score(two)), -c(logLik(two)), 1e-12)
})

test_that("both scores are proper: the true model scores best", {
  big <- d[rep(seq_len(nrow(d)), 20), c("waiting", "eruptions")]
  big$eruptions <- simulate(fit, seed = 6, newdata = big)$sim_1
  others <- list(moe(eruptions ~ waiting, d, K = 1),
                 moe(eruptions ~ 1, d, K = 2, start = d$label))
  for (score in list(crps, log_score)) {
    for (other in others) {
      expect_lt(mean(score(fit, big)), mean(score(other, big)))
    }
  }
})

test_that("the average score of a weighted fit is that of repeated rows", {
  w <- rep(c(1, 3), length.out = nrow(d))
  weighted <- moe(eruptions ~ waiting, d, K = 2, start = d$label, weights = w)
  rows <- rep(seq_len(nrow(d)), w)
  repeated <- moe(eruptions ~ waiting, d[rows, ], K = 2, start = d$label[rows])
  for (score in list(crps, log_score)) {
    expect_near(weighted.mean(score(weighted), weights(weighted)),
                mean(score(repeated)), 1e-7)
  }
})

test_that("rows with missing values give NA, no rows give no scores", {
  holes <- data.frame(waiting = c(60, NA, 70), eruptions = c(2, 3, NA))
  for (score in list(crps, log_score)) {
    expect_equal(is.na(score(fit, holes)), c(FALSE, TRUE, TRUE))
    expect_length(score(fit, holes[0, ]), 0L)
  }
})

test_that("scores need the response, and nothing else", {
  new <- data.frame(waiting = 60)
  expect_input_error(crps(fit, new), "hold the response \\(`eruptions`\\).*crps")
  expect_input_error(log_score(fit, new), "hold the response.*log_score")
  expect_input_error(crps(fit, d, weights = 1), "`weights`")
  expect_input_error(log_score(fit, d, foo = 1), "`foo`")
  lean <- faithful_fit(model = FALSE)
  expect_input_error(crps(lean), "model = FALSE")
  expect_identical(crps(lean, d), crps(fit))
})
