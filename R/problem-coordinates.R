# The coordinates of a problem: which belong to the experts' coefficients, and
# the order of the experts in them.

# Returns the experts' coefficients among the coordinates, terms x (responses x
# K).
expert_slopes <- function(problem, theta) {
  spec <- problem$spec
  q <- length(problem$y_scale)
  p <- length(spec$expert_terms)
  covariances <- covariance_size(spec$expert$covariance, q) *
    if (spec$expert$shared) 1L else spec$K
  first <- length(theta) - covariances - p * q * spec$K
  matrix(theta[first + seq_len(p * q * spec$K)], p)
}

# Returns the coordinates with the experts in the documented order: by the first
# response's mean at the average of the predictors, ties by the coefficients.
sort_experts <- function(problem, theta, expert) {
  if (problem$spec$K == 1L) return(theta)
  engine_permute(problem, theta, expert_order(problem, theta, expert))
}

expert_order <- function(problem, theta, expert) {
  K <- problem$spec$K
  p <- length(problem$spec$expert_terms)
  q <- length(problem$y_scale)
  size <- expert_size(problem, expert)
  b <- unname(theta)[length(theta) - size + seq_len(p * q * K)]
  design <- problem$design$expert
  order_experts(array(b, c(p, q, K)),
                (design$mean - design$center) / design$scale)
}

# Returns that order for coefficients, terms x responses x experts, and the
# average of the predictors in the same units.
order_experts <- function(b, average) {
  flat <- matrix(b, ncol = dim(b)[3L])
  first <- flat[seq_along(average), , drop = FALSE]
  do.call(order, c(list(colSums(first * average)),
                   lapply(seq_len(nrow(flat)), function(j) flat[j, ])))
}
