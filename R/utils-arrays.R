# Arrays, matrices and data frames: taking them apart and putting them together.

# Returns x[, , k] as a matrix, also where a dimension is 1.
slice <- function(x, k) matrix(x[, , k], dim(x)[1L], dim(x)[2L])

# Returns the columns of a matrix as a list.
columns <- function(m) lapply(seq_len(ncol(m)), function(k) m[, k])

# Returns the matrix with `a` and `b` on its diagonal and zeros elsewhere.
block_diagonal <- function(a, b) {
  out <- matrix(0, nrow(a) + nrow(b), ncol(a) + ncol(b))
  out[seq_len(nrow(a)), seq_len(ncol(a))] <- a
  out[nrow(a) + seq_len(nrow(b)), ncol(a) + seq_len(ncol(b))] <- b
  out
}

# Returns a data frame with n rows whose columns may be matrices.
variables_frame <- function(values, names, n) {
  out <- structure(list(), class = "data.frame", row.names = seq_len(n))
  for (i in seq_along(names)) out[[names[i]]] <- values[[i]]
  out
}

# Returns a tibble where tibble is installed, otherwise a data frame.
tidy_table <- function(x) {
  rownames(x) <- NULL
  if (requireNamespace("tibble", quietly = TRUE)) tibble::as_tibble(x) else x
}

# Returns a matrix with one column as a vector, others as they are.
drop_response <- function(m) if (ncol(m) == 1L) as.vector(m) else m

# Returns arrays of the same names and shapes with other values, in order.
refill <- function(arrays, values) {
  last <- 0L
  for (i in seq_along(arrays)) {
    n <- length(arrays[[i]])
    arrays[[i]][] <- values[last + seq_len(n)]
    last <- last + n
  }
  arrays
}
