# Simulated data for the benchmarks.
#
# Each design is a function(n, seed) that returns a list:
#   data    a data.frame: response y, predictors x (or x1, x2, ...)
#   labels  the expert that generated each row (1..K)
#   K       number of experts
#   gate    "softmax" or "gaussian"
#   name    the design's name
#   truth   the true parameters, in the form softmax_loglik() / gaussian_loglik() take (peers.R)
# The true parameters are fixed; only the sample depends on the seed.

draw_rows <- function(prob) {
  # one draw of 1..ncol(prob) per row, by inversion
  u <- stats::runif(nrow(prob))
  below <- prob[, 1L]
  label <- rep.int(1L, nrow(prob))
  for (k in seq_len(ncol(prob) - 1L)) {
    label <- label + (u > below)
    below <- below + prob[, k + 1L]
  }
  label
}

softmax_rows <- function(eta) {
  shift <- do.call(pmax, lapply(seq_len(ncol(eta)), function(k) eta[, k]))
  e <- exp(eta - shift)
  e / rowSums(e)
}

simulate_softmax <- function(name, x, gate, beta, sigma) {
  z <- cbind(1, x)
  label <- draw_rows(softmax_rows(z %*% gate))
  mean <- rowSums(z * t(beta)[label, , drop = FALSE])
  y <- mean + sigma[label] * stats::rnorm(nrow(x))
  data <- data.frame(y = y, x)
  names(data)[-1L] <- if (ncol(x) == 1L) "x" else paste0("x", seq_len(ncol(x)))
  list(data = data, labels = label, K = length(sigma), gate = "softmax", name = name,
       truth = list(gate = gate, beta = beta, sigma = sigma))
}

# (a) one predictor, two experts that cross
softmax_k2 <- function(n, seed) {
  set.seed(seed)
  simulate_softmax("softmax p=1 K=2", matrix(stats::runif(n, -1, 1)),
    gate = cbind(c(0.3, 3), 0),
    beta = cbind(c(0, 1.5), c(0.5, -1.5)),
    sigma = c(0.35, 0.5))
}

# (a) one predictor, three experts
softmax_k3 <- function(n, seed) {
  set.seed(seed)
  simulate_softmax("softmax p=1 K=3", matrix(stats::runif(n, -1, 1)),
    gate = cbind(c(-1, -5), c(-1, 5), 0),
    beta = cbind(c(-1, -2.5), c(0.5, 2), c(0.8, 0)),
    sigma = c(0.35, 0.3, 0.4))
}

# five overlapping local lines: zigzag pieces whose gates overlap their neighbours
five_lines <- function(n = 1000, seed) {
  set.seed(seed)
  centre <- c(0.1, 0.3, 0.5, 0.7, 0.9)
  width <- 0.06
  gate <- rbind(-centre^2, 2 * centre) / (2 * width^2)
  gate <- gate - gate[, 5L]
  slope <- c(8, -6, 8, -8, 6)
  height <- c(0, 1, 0, 1, 0)
  simulate_softmax("five lines", matrix(stats::runif(n)), gate = gate,
    beta = rbind(height - slope * centre, slope),
    sigma = c(0.2, 0.3, 0.2, 0.25, 0.3))
}

# (b) ten predictors, four experts
softmax_p10 <- function(n = 10000, seed) {
  gate <- cbind(c(0.2,  1.0, -0.8, 0.5, 0, 0, 0.3, 0, -0.4, 0.2, 0),
                c(0.0, -0.9,  0.7, 0, 0.6, 0, 0, -0.5, 0.3, 0, 0.2),
                c(-0.3, 0.2,  0.9, -0.6, 0, 0.8, -0.2, 0, 0, 0.4, -0.3),
                0)
  beta <- cbind(c( 1.0,  1.2, -0.6,  0.0,  0.5, -0.3,  0.8,  0.0, 0.2, -0.9, 0.4),
                c(-1.0, -0.8,  0.9,  0.4,  0.0,  0.7, -0.5,  0.6, 0.0,  0.3, -0.2),
                c( 0.5,  0.0,  0.5, -1.1, -0.7,  0.0,  0.3, -0.4, 0.8,  0.0,  0.6),
                c( 0.0,  0.6,  0.0,  0.7, -0.2,  0.9, -1.0,  0.3, -0.5, 0.5,  0.0))
  set.seed(seed)
  simulate_softmax("softmax p=10 K=4", matrix(stats::rnorm(10 * n), n),
    gate = gate, beta = beta, sigma = c(0.6, 0.8, 0.5, 0.7))
}

# a wide problem of any size for the memory and scaling runs
softmax_any <- function(n, seed, p, K) {
  j <- outer(seq_len(p + 1), seq_len(K))
  gate <- round(1.2 * sin(1.7 * j), 2)
  gate[, K] <- 0
  beta <- round(1.5 * cos(2.3 * j), 2)
  set.seed(seed)
  simulate_softmax(sprintf("softmax p=%d K=%d", p, K), matrix(stats::rnorm(p * n), n),
    gate = gate, beta = beta, sigma = seq(0.4, 0.8, length.out = K))
}

simulate_gaussian <- function(name, n, weight, centre, root, beta, sigma) {
  # centre: D x K; root: list of K upper Cholesky factors; beta: (D + 1) x K
  D <- nrow(centre)
  label <- sample.int(length(weight), n, replace = TRUE, prob = weight)
  x <- matrix(stats::rnorm(n * D), n)
  for (k in seq_along(weight)) {
    i <- label == k
    x[i, ] <- x[i, , drop = FALSE] %*% root[[k]] + rep(centre[, k], each = sum(i))
  }
  y <- rowSums(cbind(1, x) * t(beta)[label, , drop = FALSE]) + sigma[label] * stats::rnorm(n)
  data <- data.frame(y = y, x)
  names(data)[-1L] <- if (D == 1L) "x" else paste0("x", seq_len(D))
  list(data = data, labels = label, K = length(weight), gate = "gaussian", name = name,
       truth = list(weight = weight, centre = centre, covariance = lapply(root, crossprod),
                    beta = beta, sigma = sigma))
}

# (c) Gaussian gates, five experts, one predictor
gaussian_d1 <- function(n = 10000, seed) {
  set.seed(seed)
  sd <- c(0.7, 0.6, 0.8, 0.6, 0.7)
  centre <- matrix(c(-4, -2, 0, 2, 4), 1L)
  slope <- c(1.5, -2, 1, 2, -1.5)
  height <- c(0, 2, -1, 1.5, -0.5)
  simulate_gaussian("gaussian D=1 K=5", n, weight = c(0.25, 0.15, 0.2, 0.15, 0.25), centre = centre,
    root = lapply(sd, matrix), beta = rbind(height - slope * centre[1L, ], slope),
    sigma = c(0.6, 0.8, 0.5, 0.7, 0.9))
}

# (c) Gaussian gates, five experts, ten predictors
gaussian_d10 <- function(n = 10000, seed) {
  D <- 10L
  K <- 5L
  centre <- round(0.7 * sin(2.1 * outer(seq_len(D), seq_len(K)) + 0.7), 2)
  root <- lapply(seq_len(K), function(k) {
    r <- diag(seq(0.7, 1.2, length.out = D))
    r[upper.tri(r)] <- round(0.3 * cos(k * seq_len(D * (D - 1) / 2)), 2)
    r
  })
  beta <- round(1.2 * cos(1.9 * outer(seq_len(D + 1L), seq_len(K))), 2)
  set.seed(seed)
  simulate_gaussian("gaussian D=10 K=5", n, weight = c(0.15, 0.2, 0.3, 0.2, 0.15), centre = centre,
    root = root, beta = beta, sigma = c(0.5, 0.7, 0.6, 0.8, 0.5))
}

# One given start: the true labels, a share of them replaced by random ones. Every method can take
# it, none begins at the solution, and all of them end in the same optimum, so times compare.
given_start <- function(design, seed, share = 0.5) {
  set.seed(seed + 10000)   # not the stream that drew the data
  label <- design$labels
  swap <- stats::runif(length(label)) < share
  label[swap] <- sample.int(design$K, sum(swap), replace = TRUE)
  label
}

# --- many predictors (lasso.R) -----------------------------------------------

# Returns columns with mean 0 and standard deviation 1 (divisor n).
sd_n <- function(v) sqrt(mean((v - mean(v))^2))
standardised <- function(x) apply(x, 2L, function(v) (v - mean(v)) / sd_n(v))

# Predictors with correlations 0.5^|i - j|; the first six are those of the published design.
lasso_design <- function(n, p, seed) {
  set.seed(seed)
  x <- matrix(stats::rnorm(n * p), n)
  for (j in seq_len(p)[-1L]) x[, j] <- x[, j - 1L] / 2 + sqrt(0.75) * x[, j]
  colnames(x) <- paste0("x", seq_len(p))
  gate <- stats::plogis(1 + 2 * x[, 1L] - x[, 4L])
  first <- stats::runif(n) < gate
  y <- ifelse(first, 1.5 * x[, 2L] + x[, 6L], x[, 1L] - 1.5 * x[, 2L] + 2 * x[, 5L]) + stats::rnorm(n)
  list(x = x, y = y)
}

# Three experts with five predictors each, the gate with four.
wide_design <- function(n, p, seed) {
  set.seed(seed)
  x <- matrix(stats::rnorm(n * p), n, dimnames = list(NULL, paste0("x", seq_len(p))))
  eta <- cbind(2 * x[, 1L] - x[, 2L], 2 * x[, 3L] + x[, 4L], 0)
  label <- draw_rows(softmax_rows(eta))
  mean <- cbind(-3 + x[, 1:5] %*% c(2, 0, -1, 0, 1), x[, 5:9] %*% c(-2, 1, 1, 0, 1), 3 + x[, 8:12] %*% c(1, -2, 0, 1, 1))
  list(x = x, y = mean[cbind(seq_len(n), label)] + stats::rnorm(n) / 2)
}

sparse_design <- function(n, p, fill, seed) {
  set.seed(seed)
  entries <- round(n * p * fill)
  x <- Matrix::sparseMatrix(i = sample.int(n, entries, TRUE), j = sample.int(p, entries, TRUE), x = stats::rnorm(entries),
                            dims = c(n, p), dimnames = list(NULL, paste0("x", seq_len(p))))
  # predictors that matter are not quite as rare
  common <- Matrix::sparseMatrix(i = sample.int(n, n, TRUE), j = sample.int(20L, n, TRUE), x = stats::rnorm(n),
                                 dims = c(n, 20L))
  x[, 1:20] <- x[, 1:20] + common
  first <- stats::runif(n) < stats::plogis(0.5 + as.vector(x[, 1:5] %*% c(2, -2, 2, 2, -2)))
  mean <- ifelse(first, 2 + as.vector(x[, 6:12] %*% rep(2, 7)), -2 + as.vector(x[, 10:20] %*% rep(-2, 11)))
  list(x = x, y = mean + stats::rnorm(n) / 2)
}

# Two experts that differ in three predictors and share many others.
shared_design <- function(n, p, shared, size) {
  set.seed(1)
  x <- matrix(stats::rnorm(n * p), n)
  label <- 1L + (x[, 1L] + stats::rlogis(n) > 0)
  common <- drop(x[, 3L + seq_len(shared)] %*% (stats::rnorm(shared) * size))
  own <- ifelse(label == 1L, x[, 2L] - x[, 3L], x[, 4L] - x[, 2L])
  list(x = x, y = own + common + stats::rnorm(n) / 2, label = label)
}
