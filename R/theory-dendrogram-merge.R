# How far apart two atoms are, and what they become when they merge.

# Returns the dissimilarities of all pairs, Inf on and below the diagonal.
atom_dissimilarities <- function(atoms, layout, type) {
  K <- length(atoms$mass)
  out <- matrix(Inf, K, K)
  for (i in seq_len(K - 1L)) for (j in (i + 1L):K) {
    pair <- take_atoms(atoms, c(i, j))
    out[i, j] <- pair_weight(pair$mass) * pair_distance(pair, layout, type)
  }
  out
}

# Returns m1 m2 / (m1 + m2), also where both are nearly 0.
pair_weight <- function(mass) {
  total <- sum(mass)
  if (total > 0) mass[1L] * (mass[2L] / total) else 0
}

# Returns the dissimilarity of two atoms without their weights. First-level
# parameters count by their squares, second-level ones by their norm, because of
# the rates at which an over-fitted model finds them.
pair_distance <- function(pair, layout, type) {
  local <- local_pair(pair, layout)
  b <- local$coefficients[, , 1L] - local$coefficients[, , 2L]
  b <- matrix(b, dim(pair$coefficients)[1L])
  second <- if (type == "rate") layout$common$expert else integer()
  square <- function(x) sum(x^2)
  first <- square(b[setdiff(seq_len(nrow(b)), second), ])
  slow <- square(b[second, ]) +
    square(pair$covariances[, , 1L] - pair$covariances[, , 2L])
  if (layout$kind == "gaussian") {
    first <- first + square(pair$means[, 1L] - pair$means[, 2L])
    slow <- slow + square(pair$spreads[, , 1L] - pair$spreads[, , 2L])
  } else {
    first <- first + square(pair$slopes[, 1L] - pair$slopes[, 2L])
  }
  first + sqrt(slow)
}

# Returns where a pair lives: the mean of the predictors over the rows of both.
pair_origin <- function(pair) {
  share <- if (sum(pair$mass) > 0) pair$mass / sum(pair$mass) else c(0.5, 0.5)
  list(gate = drop(pair$gate_at %*% share),
       expert = drop(pair$expert_at %*% share))
}

# Returns the same two atoms with the origin of the predictors moved to the
# pair's. Only intercepts change: those of the experts and of the gate (its
# weights).
local_pair <- function(pair, layout, origin = pair_origin(pair), sign = 1) {
  at <- layout$expert$intercept
  if (at > 0L) {
    shift <- origin$expert
    shift[at] <- 0
    for (k in seq_along(pair$mass)) {
      b <- slice(pair$coefficients, k)
      pair$coefficients[at, , k] <- b[at, ] + sign * drop(shift %*% b)
    }
  }
  if (layout$kind == "softmax") {
    pair$log_weight <- pair$log_weight +
      sign * drop(origin$gate %*% pair$slopes)
  }
  pair
}

# Returns one atom for two, with the moments that over-fitted cells conserve.
merge_pair <- function(pair, layout) {
  merged <- if (layout$kind == "gaussian") merge_gaussian(pair, layout)
    else merge_softmax(pair, layout)
  share <- if (sum(pair$mass) > 0) pair$mass / sum(pair$mass) else c(0.5, 0.5)
  merged$mass <- sum(pair$mass)
  merged$gate_at <- pair$gate_at %*% share
  merged$expert_at <- pair$expert_at %*% share
  merged[names(pair)]
}

# Returns sum_i share_i x_i over the last dimension.
weighted_mean <- function(x, share) {
  d <- dim(x)
  array(matrix(x, ncol = length(share)) %*% share, c(d[-length(d)], 1L))
}

merge_softmax <- function(pair, layout) {
  origin <- pair_origin(pair)
  local <- local_pair(pair, layout, origin)
  total <- log_sum(local$log_weight)
  share <- exp(local$log_weight - total)
  merged <- list(log_weight = total,
                 slopes = weighted_mean(local$slopes, share),
                 coefficients = weighted_mean(local$coefficients, share),
                 covariances = weighted_mean(local$covariances, share),
                 mass = 1)
  at <- layout$expert$intercept
  if (at > 0L) {
    for (i in seq_along(share)) {
      slopes <- local$slopes[, i] - merged$slopes[, 1L]
      b <- local$coefficients[at, , i] - merged$coefficients[at, , 1L]
      rows <- layout$common$expert
      merged$coefficients[rows, , 1L] <- merged$coefficients[rows, , 1L] +
        share[i] * outer(slopes[layout$common$gate], b)
      merged$covariances[, , 1L] <- merged$covariances[, , 1L] +
        share[i] * outer(b, b)
    }
  }
  local_pair(merged, layout, origin, sign = -1)
}

# Merges by the first two moments of (z, y). Only the predictors that gate and
# experts share enter y here; the others are at the pair's place, and their
# coefficients are averaged.
merge_gaussian <- function(pair, layout) {
  origin <- pair_origin(pair)
  origin$expert[layout$common$expert] <- 0
  pair <- local_pair(pair, layout, origin)
  total <- log_sum(pair$log_weight)
  share <- exp(pair$log_weight - total)
  gate <- mixed_moments(pair$means, pair$spreads, share)
  merged <- list(log_weight = total, means = gate$mean, spreads = gate$spread,
                 coefficients = weighted_mean(pair$coefficients, share),
                 covariances = weighted_mean(pair$covariances, share),
                 mass = 1)
  if (layout$expert$intercept == 0L) return(merged)
  s <- layout$common$gate
  rows <- layout$common$expert
  joint <- lapply(seq_along(share), joint_moments, pair = pair,
                  layout = layout)
  joint <- mixed_moments(vapply(joint, `[[`, joint[[1L]]$mean, "mean"),
                         vapply(joint, `[[`, joint[[1L]]$spread, "spread"),
                         share)
  x <- seq_along(s)
  y <- length(s) + seq_len(dim(pair$covariances)[1L])
  spread <- slice(joint$spread, 1L)
  b <- spread[x, y, drop = FALSE]
  if (length(x)) b <- solve(spread[x, x, drop = FALSE], b)
  merged$coefficients[rows, , 1L] <- b
  merged$coefficients[layout$expert$intercept, , 1L] <-
    joint$mean[y, 1L] - drop(joint$mean[x, 1L] %*% b)
  merged$covariances[, , 1L] <- spread[y, y] -
    spread[y, x, drop = FALSE] %*% b
  local_pair(merged, layout, origin, sign = -1)
}

joint_moments <- function(k, pair, layout) {
  s <- layout$common$gate
  b <- slice(pair$coefficients, k)[layout$common$expert, , drop = FALSE]
  center <- pair$means[s, k]
  within <- slice(pair$spreads, k)[s, s, drop = FALSE]
  cross <- within %*% b
  response <- slice(pair$covariances, k) + t(b) %*% cross
  list(mean = c(center, pair$coefficients[layout$expert$intercept, , k] +
                  drop(center %*% b)),
       spread = rbind(cbind(within, cross), cbind(t(cross), response)))
}

# Returns mean and covariance of a mixture; the covariance is that within plus
# that between.
mixed_moments <- function(means, spreads, share) {
  means <- matrix(means, ncol = length(share))
  mean <- weighted_mean(means, share)
  spread <- weighted_mean(array(spreads, c(nrow(means), nrow(means),
                                           length(share))), share)
  for (i in seq_along(share)) {
    d <- means[, i] - mean[, 1L]
    spread[, , 1L] <- spread[, , 1L] + share[i] * outer(d, d)
  }
  list(mean = mean, spread = spread)
}

# Returns covariances of the shape that the model has, the nearest in the
# Kullback-Leibler sense. Shared ones are pooled over all atoms.
restore_structure <- function(atoms, layout) {
  joint <- layout$kind == "gaussian" &&
    layout$gate_model$likelihood == "joint"
  weights <- if (joint) exp(atoms$log_weight) else atoms$mass
  weights <- weights / sum(weights)
  atoms$covariances <- shaped(atoms$covariances, layout$expert_model,
                              layout$response_unit, weights)
  if (layout$kind == "gaussian") {
    atoms$spreads <- shaped(atoms$spreads, layout$gate_model,
                            layout$gate_unit, weights)
  }
  atoms
}

shaped <- function(covariances, model, unit, weights) {
  K <- length(weights)
  q <- dim(covariances)[1L]
  for (k in seq_len(K)) {
    v <- diag(slice(covariances, k))
    covariances[, , k] <- switch(model$covariance,
      full = covariances[, , k],
      diagonal = diag(v, q),
      spherical = diag(mean(v / unit^2) * unit^2, q))
  }
  if (model$shared) covariances[] <- weighted_mean(covariances, weights)
  covariances
}
