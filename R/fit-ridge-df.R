# The effective degrees of freedom of a ridge. Given the responsibilities, each
# expert is a weighted ridge regression and the gate a multinomial one. With the
# information H and the second derivative P of the penalty they use
# tr(H (H + P)^-1) parameters: the sum of a_j / (1 + a_j) over the eigenvalues
# a_j of P^-1/2 H P^-1/2, plus one for each coefficient that is not penalised.

# All coefficients count where a block has both more rows and more coefficients
# than `ridge_limit`, and where it has fewer rows than coefficients but more
# than `ridge_cells` cells.
ridge_limit <- 1000L
ridge_cells <- 2e7

# Returns how many parameters the ridges of a fit save, counted as in
# zero_counts().
ridge_savings <- function(problem, theta) {
  spec <- problem$spec
  expert <- is_ridge(spec$expert$penalty)
  gate <- is_ridge(spec$gate$penalty) && block_size(problem, "gate") > 0L
  if (!expert && !gate) return(0L)
  values <- engine_evaluate(problem, theta)
  w <- if (is.null(problem$weights)) 1 else problem$weights
  saved <- if (expert) expert_savings(problem, theta, w * values$posterior)
    else 0
  if (!gate) return(saved)
  if (spec$gate$key != "gaussian") {
    return(saved + softmax_savings(problem, values$gate, w))
  }
  means <- mean_savings(problem, theta, colSums(w * values$posterior))
  saved + c(maximised = means, conditional = 0, joint = means)
}

expert_savings <- function(problem, theta, tau) {
  block <- ridge_block(problem, "expert")
  options <- problem$spec$expert$options
  covariances <- covariances_from_coordinates(
    unpack_coordinates(problem, theta)$expert$covariances, options$covariance,
    options$shared, length(problem$y_scale), ncol(tau))
  sum(vapply(seq_len(ncol(tau)), function(k) {
    variance <- eigen(slice(covariances, k), TRUE, only.values = TRUE)$values
    block_savings(block, list(sqrt(tau[, k, drop = FALSE])), 1 / variance)
  }, 0))
}

# Returns the savings of a softmax gate. The information is the sum over rows
# and experts of w g_k (e_k - g) (e_k - g)' times x x'. The penalty is on K
# vectors less their mean, which gives I - 11' / K for the K - 1 against the
# last.
softmax_savings <- function(problem, g, w) {
  K <- ncol(g)
  shape <- solve(chol(diag(K - 1L) - 1 / K))
  roots <- lapply(seq_len(K), function(k) {
    e <- matrix(seq_len(K - 1L) == k, nrow(g), K - 1L, byrow = TRUE)
    sqrt(w * g[, k]) * (e - g[, -K, drop = FALSE]) %*% shape
  })
  block_savings(ridge_block(problem, "gate"), roots)
}

# Returns the savings of a Gaussian gate's means, given its covariances.
mean_savings <- function(problem, theta, sizes) {
  options <- problem$spec$gate$options
  block <- ridge_block(problem, "gate")
  own <- -problem$units$gate$intercept
  d <- length(block$root) - 1L
  K <- length(sizes)
  if (d > ridge_limit) return(0)
  covariances <- covariances_from_coordinates(
    unpack_coordinates(problem, theta)$gate$covariances, options$covariance,
    options$shared, d, K)
  sum(vapply(seq_len(K), function(k) {
    h <- sizes[k] * solve(slice(covariances, k)) / tcrossprod(block$root[own])
    shrinkage(penalised_part(h, block$free[own]), sum(!block$free[own]))
  }, 0))
}

# Returns the columns of a block's design, and the factors by which they must be
# divided for P to be 1.
ridge_block <- function(problem, block) {
  own <- if (block == "gate" && !is.null(problem$z)) "z" else "x"
  penalty <- problem$spec[[block]]$penalty
  strength <- total_weight(problem) * penalty$lambda * penalty$factor *
    penalty$unit^2
  list(m = problem[[own]], columns = problem[[paste0(own, "_columns")]],
       center = problem[[paste0(own, "_center")]],
       scale = problem[[paste0(own, "_scale")]],
       free = strength == 0, root = sqrt(ifelse(strength == 0, 1, strength)))
}

# Returns the savings of a block with the information
#   H = sum over rows and roots of a a', a = root (x) x,
# times each of `times`; (x) is the Kronecker product. Each element of `roots`
# is a matrix with a row per row of the data.
block_savings <- function(block, roots, times = 1) {
  n <- nrow(roots[[1L]])
  free <- rep(block$free, ncol(roots[[1L]]))
  size <- c(rows = n * length(roots), columns = sum(!free))
  if (min(size) > ridge_limit || size[["columns"]] == 0L) return(0)
  if (size[["rows"]] <= size[["columns"]]) {
    if (prod(size) > ridge_cells) return(0)
    m <- root_rows(block, roots, seq_len(n))
    rest <- m[, !free, drop = FALSE]
    if (any(free)) rest <- qr.resid(qr(m[, free, drop = FALSE]), rest)
    h <- tcrossprod(rest)
  } else {
    step <- ceiling(5e6 / (length(free) * length(roots)))
    h <- 0
    for (first in seq(1, n, by = step)) {
      rows <- first:min(n, first + step - 1)
      h <- h + crossprod(root_rows(block, roots, rows))
    }
    h <- penalised_part(h, free)
  }
  shrinkage(h, size[["columns"]], times)
}

root_rows <- function(block, roots, rows) {
  x <- as.matrix(block$m[rows, block$columns, drop = FALSE])
  x <- sweep(sweep(x, 2L, block$center), 2L, block$scale * block$root, `/`)
  parts <- lapply(roots, function(root) {
    do.call(cbind, lapply(seq_len(ncol(root)), function(j) {
      x * root[rows, j]
    }))
  })
  do.call(rbind, parts)
}

# Returns the information about the penalised coefficients if the others are
# free.
penalised_part <- function(h, free) {
  if (!any(free)) return(h)
  taken <- qr.coef(qr(h[free, free, drop = FALSE]),
                   h[free, !free, drop = FALSE])
  taken[is.na(taken)] <- 0
  h[!free, !free, drop = FALSE] - h[!free, free, drop = FALSE] %*% taken
}

# Returns how many effective parameters the shrinkage removes.
shrinkage <- function(h, coefficients, times = 1) {
  a <- pmax(0, eigen(h, TRUE, only.values = TRUE)$values)
  sum(coefficients - vapply(times, function(s) sum(s * a / (1 + s * a)), 0))
}
