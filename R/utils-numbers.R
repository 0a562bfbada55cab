# Sums of exponentials without overflow, and numerical derivatives.

# Returns log(sum(exp(x))).
log_sum <- function(x) max(x) + log(sum(exp(x - max(x))))

# Returns log(sum(exp(m))) of each row.
log_sum_exp <- function(m) {
  top <- do.call(pmax, columns(m))
  top[is.infinite(top)] <- 0
  top + log(rowSums(exp(m - top)))
}

# Returns the derivatives of f, a row per value and a column per coordinate, by
# central differences of the fourth order.
numeric_jacobian <- function(f, at) {
  columns <- lapply(seq_along(at), function(j) {
    h <- 1e-4 * max(1, abs(at[j]))
    value <- function(step) f(replace(at, j, at[j] + step * h))
    (8 * (value(1) - value(-1)) - value(2) + value(-2)) / (12 * h)
  })
  matrix(as.numeric(unlist(columns)), length(f(at)), length(at))
}
