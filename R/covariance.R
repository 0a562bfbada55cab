# Covariance matrices and the engine's coordinates of them: the lower Cholesky
# factor by columns with its diagonal on the log scale ("full"), log standard
# deviations ("diagonal"), one log standard deviation ("spherical").

covariance_size <- function(structure, q) {
  switch(structure, full = q * (q + 1L) / 2L, diagonal = q, spherical = 1L)
}

covariances_from_coordinates <- function(coordinates, structure, shared, q, K) {
  size <- covariance_size(structure, q)
  out <- array(0, c(q, q, K))
  for (k in seq_len(K)) {
    first <- if (shared) 0L else (k - 1L) * size
    values <- coordinates[first + seq_len(size)]
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
