# Starts near the truth, drawn by the law of the papers.

# Returns the standard deviations of the noise for data sets of n rows, by the
# kind of gate of the truth. Variances get the absolute value of noise.
near_noise <- function(gate, n) {
  slow <- n^-0.083
  if (identical(gate$name, "gaussian")) {
    list(gate = 0.005 * slow, expert = 0.005 * slow,
         variance = 0.0005 * n^-0.25)
  } else {
    list(gate = 0.005 * slow, expert = 0.05 * slow,
         variance = 0.005 * n^-0.25)
  }
}

# Returns a model with K experts, each near a true one. All true ones are used.
near_start <- function(truth, K, n) {
  true <- seq_len(truth$K)
  from <- sort(c(true, sample.int(truth$K, K - truth$K, replace = TRUE)))
  share <- 1 / tabulate(from, truth$K)[from]
  noise <- near_noise(truth$gate, n)
  expert <- truth$parameters$expert
  b <- expert$coefficients[, , from, drop = FALSE]
  moe_model(truth$blueprint$formula, truth$gate, truth$expert,
            near_gate(truth, from, share, noise),
            unname(b + stats::rnorm(length(b), sd = noise$expert)),
            near_covariances(expert$covariances, from, noise$variance,
                             truth$expert),
            levels = truth$blueprint$xlevels)
}

near_gate <- function(truth, from, share, noise) {
  gate <- truth$parameters$gate
  if (truth$gate$name == "gaussian") {
    weights <- gate$weights[from] * share
    means <- gate$means[, from, drop = FALSE]
    return(list(
      weights = weights / sum(weights),
      means = unname(means + stats::rnorm(length(means), sd = noise$gate)),
      covariances = near_covariances(gate$covariances, from, noise$variance,
                                     truth$gate)))
  }
  if (truth$gate$name == "constant") {
    weights <- exp(c(gate$coefficients, 0))[from] * share
    return(weights / sum(weights))
  }
  b <- cbind(gate$coefficients, 0)[, from, drop = FALSE]
  b[1L, ] <- b[1L, ] + log(share)
  unname(b + stats::rnorm(length(b), sd = noise$gate))
}

# Returns larger covariances. If the family shares one covariance, or makes it
# spherical, the noise is shared or spherical, too.
near_covariances <- function(covariances, from, sd, kind) {
  out <- covariances[, , from, drop = FALSE]
  q <- dim(out)[1L]
  K <- length(from)
  grow <- matrix(abs(stats::rnorm(q * K, sd = sd)), q, K)
  if (identical(kind$covariance, "spherical")) {
    grow[] <- rep(grow[1L, ], each = q)
  }
  if (isTRUE(kind$shared)) grow[] <- grow[, 1L]
  for (k in seq_len(K)) {
    out[, , k] <- out[, , k] + diag(grow[, k], q)
  }
  unname(out)
}
