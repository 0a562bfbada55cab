# Covariance matrices and the engine's coordinates of them: the lower Cholesky
# factor by columns with its diagonal on the log scale ("full"), log standard
# deviations ("diagonal"), or a single log standard deviation ("spherical").

# Returns the number of coordinates of one q x q covariance matrix.
covariance_size <- function(structure, q) {
  switch(structure, full = q * (q + 1L) / 2L, diagonal = q, spherical = 1L)
}

# Returns the K covariance matrices, q x q x K, that belong to coordinates.
covariances_from_coordinates <- function(coordinates, structure, shared, q, K) {
  coordinates <- matrix(coordinates, covariance_size(structure, q))
  out <- array(0, c(q, q, K))
  for (k in seq_len(K)) {
    values <- coordinates[, if (shared) 1L else k]
    out[, , k] <- switch(structure,
      full = {
        factor <- matrix(0, q, q)
        factor[lower.tri(factor, diag = TRUE)] <- values
        diag(factor) <- exp(diag(factor))
        tcrossprod(factor)
      },
      diagonal = diag(exp(2 * values), q),
      spherical = diag(exp(2 * values), q))
  }
  out
}

# Returns the coordinates of K covariance matrices, which must have the
# structure.
coordinates_from_covariances <- function(covariances, structure, shared) {
  K <- dim(covariances)[3L]
  distinct <- if (shared) 1L else seq_len(K)
  unlist(lapply(distinct, function(k) {
    sigma <- slice(covariances, k)
    switch(structure,
      full = {
        factor <- t(chol(sigma))
        diag(factor) <- log(diag(factor))
        factor[lower.tri(factor, diag = TRUE)]
      },
      diagonal = log(diag(sigma)) / 2,
      spherical = log(mean(diag(sigma))) / 2)
  }))
}

# Returns the derivatives of the upper triangles of all K matrices with respect
# to the coordinates.
covariance_jacobian <- function(coordinates, structure, shared, q, K) {
  coordinates <- matrix(coordinates, covariance_size(structure, q))
  upper <- which(upper.tri(diag(q), diag = TRUE))
  each <- lapply(seq_len(K), function(k) {
    values <- coordinates[, if (shared) 1L else k]
    one_covariance_jacobian(values, structure, q)[upper, , drop = FALSE]
  })
  if (shared) do.call(rbind, each) else Reduce(block_diagonal, each)
}

# Returns the derivatives of one matrix, as a vector of q^2 elements.
one_covariance_jacobian <- function(values, structure, q) {
  if (structure == "spherical") {
    return(matrix(2 * exp(2 * values) * diag(q), q * q, 1L))
  }
  if (structure == "diagonal") {
    out <- matrix(0, q * q, q)
    out[cbind(1L + (seq_len(q) - 1L) * (q + 1L), seq_len(q))] <-
      2 * exp(2 * values)
    return(out)
  }
  at <- which(lower.tri(diag(q), diag = TRUE), arr.ind = TRUE)
  factor <- matrix(0, q, q)
  factor[at] <- values
  diag(factor) <- exp(diag(factor))
  columns <- lapply(seq_len(nrow(at)), function(j) {
    a <- at[j, 1L]
    b <- at[j, 2L]
    # d(LL') for a change of L[a, b], whose logarithm is the coordinate if a = b
    change <- matrix(0, q, q)
    change[a, ] <- factor[, b] * if (a == b) factor[a, a] else 1
    as.vector(change + t(change))
  })
  matrix(unlist(columns), q * q)
}
