# The user's rows: response and predictors of a fit or of new data, as variables
# rather than as columns of a design. Plots, augment() and insight show them.

# Returns the response, n x q, with NA in rows that cannot be evaluated.
row_response <- function(object, newdata) {
  if (is.null(newdata)) return(stored_matrices(object)$y)
  parts <- new_matrices(object, newdata, TRUE)
  y <- matrix(NA_real_, length(parts$complete), ncol(parts$y),
              dimnames = list(NULL, colnames(parts$y)))
  y[parts$complete, ] <- parts$y
  y
}

# Returns the variables of the fit themselves, even if the frame holds only
# terms such as poly(x, 2).
stored_predictors <- function(object) {
  if (is.null(object$blueprint)) {
    return(matrix_predictors(object$model$x, object$model$z))
  }
  names <- all.vars(stats::delete.response(object$blueprint$terms))
  found <- lapply(names, stored_variable, object = object)
  keep <- !vapply(found, is.null, TRUE)
  variables_frame(found[keep], names[keep], nrow(object$model))
}

# Returns one variable, or NULL for a name in the formula that is not a
# variable, such as d in bs(x, df = d).
stored_variable <- function(name, object) {
  frame <- object$model
  if (name %in% names(frame)) return(frame[[name]])
  env <- environment(object$blueprint$formula)
  data <- tryCatch(eval(object$call$data, env), error = function(e) NULL)
  if (is.data.frame(data) && name %in% names(data)) {
    rows <- match(rownames(frame), rownames(data))
    if (!anyNA(rows)) return(data[[name]][rows])
  }
  value <- get0(name, env)
  if (is.null(value)) {
    abort_input("The fit holds the terms of `", name, "`, not the variable ",
                "itself, and its data are gone; give them as `newdata`.")
  }
  if (NROW(value) == nrow(frame)) value
}

given_predictors <- function(object, newdata) {
  if (!is.null(object$blueprint)) {
    names <- all.vars(stats::delete.response(object$blueprint$terms))
    return(newdata[intersect(names, names(newdata))])
  }
  z <- if (!is.null(newdata$z)) design_matrix(newdata$z, "z")
  matrix_predictors(design_matrix(newdata$x, "x"), z)
}

# Returns the columns of both designs without the intercept.
matrix_predictors <- function(x, z) {
  x <- as.matrix(x[, -1L, drop = FALSE])
  if (!is.null(z)) {
    z <- as.matrix(z[, -1L, drop = FALSE])
    x <- cbind(x, z[, setdiff(colnames(z), colnames(x)), drop = FALSE])
  }
  as.data.frame(x, optional = TRUE)
}
