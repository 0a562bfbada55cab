# Data given as matrices rather than by a formula.

# Checks the data of the matrix method and returns them like frame_data().
matrix_data <- function(x, y, z, weights) {
  if (is.null(y)) {
    abort_input("`y` is missing: give the response, a vector or a matrix.")
  }
  same <- is.null(z) || identical(z, x)
  x <- design_matrix(x, "x")
  z <- if (!same) design_matrix(z, "z")
  if (is.data.frame(y)) y <- as.matrix(y)
  y <- response_matrix(y, "y")
  check_no_missing(list(x = x, z = z, y = y))
  list(x = x, z = z, y = y, weights = case_weights(weights, nrow(y)))
}

# Returns the design of given predictors: a column of ones in front, and a name
# for each column.
design_matrix <- function(x, name) {
  if (is.data.frame(x)) x <- as.matrix(x)
  if (is(x, "sparseMatrix") && !is(x, "dgCMatrix")) {
    x <- methods::as(methods::as(methods::as(x, "dMatrix"), "generalMatrix"),
                     "CsparseMatrix")
  }
  sparse <- is(x, "dgCMatrix")
  if (!sparse) {
    if (is.null(dim(x)) && is.numeric(x)) x <- matrix(x, ncol = 1L)
    if (!is.matrix(x) || !(is.numeric(x) || is.logical(x))) {
      abort_input("`", name, "` must be a numeric matrix or a dgCMatrix (or ",
                  "a formula, for the formula method); found ", describe(x),
                  ".")
    }
  }
  if (is.null(colnames(x)) && ncol(x) > 0L) {
    colnames(x) <- paste0(name, seq_len(ncol(x)))
  }
  out <- cbind(`(Intercept)` = rep(1, nrow(x)), x)
  # coefficients are known by their names
  names <- make.unique(colnames(out))
  if (!sparse) dimnames(out) <- list(NULL, names)
  else colnames(out) <- names
  out
}

# Refuses matrices with missing values.
check_no_missing <- function(parts) {
  for (name in names(parts)) {
    part <- parts[[name]]
    values <- if (is(part, "dgCMatrix")) part@x else part
    if (anyNA(values)) {
      abort_input("`", name, "` has ", sum(is.na(values)), " missing ",
                  "value(s); remove or impute them (the formula method has ",
                  "`na.action`).")
    }
  }
}
