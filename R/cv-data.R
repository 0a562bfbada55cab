# The rows that cross-validation divides. A source is a plain list, so that it
# can be sent to workers:
#   n, row      number of rows used, and their numbers among all `n_all`
#   weights     one per row used, or NULL
#   formula, data, contrasts    for models from a formula: the variables
#   x, z, y                     for models from matrices

# Returns moe_frame() with row numbers as an additional column, which goes
# through `subset` and `na.action` like any variable.
numbered_frame <- function(formula, call, data, env, contrasts) {
  call$data <- data
  formula <- check_formula(formula)
  if (!is.null(data) && !is.list(data)) {
    abort_input("`data` must be a data frame; found ", describe(data), ".")
  }
  n <- if (is.data.frame(data)) nrow(data)
    else input_error(NROW(eval(formula[[2L]], data, environment(formula))),
                     "`formula`")
  built <- moe_frame(formula, call, env, contrasts, list(row = seq_len(n)))
  built$n_all <- n
  built
}

# Returns the source of a call with a formula, from its numbered frame.
formula_source <- function(built, data, contrasts) {
  frame <- built$frame
  formula <- built$blueprint$formula
  response_matrix(stats::model.response(frame))
  row <- as.integer(frame[["(row)"]])
  names <- built$blueprint$variables
  list(n = length(row), row = row, n_all = built$n_all,
       weights = case_weights(stats::model.weights(frame), length(row)),
       formula = formula,
       data = variables_of(names, data, environment(formula), row),
       contrasts = contrasts)
}

# Returns the variables themselves, before any transformation.
variables_of <- function(names, data, env, row) {
  values <- lapply(names, function(name) {
    v <- if (name %in% names(data)) data[[name]] else get(name, env)
    if (length(dim(v)) == 2L) v[row, , drop = FALSE] else v[row]
  })
  structure(values, names = names, class = "data.frame",
            row.names = .set_row_names(length(row)))
}

# Returns the source of a fit: from its model frame if that holds the variables
# themselves (and not only, say, their logarithms), otherwise by evaluating its
# call again.
fit_source <- function(fit, env) {
  if (is.null(fit$blueprint)) return(matrix_source(fit))
  names <- fit$blueprint$variables
  variables <- frame_variables(fit)
  if (!all(names %in% names(variables))) return(call_source(fit, env))
  n <- nrow(fit$model)
  row <- rows_before_omission(n, fit$na.action)
  formula <- fit$blueprint$formula
  list(n = n, row = row, n_all = n + length(fit$na.action),
       weights = fit$weights, formula = formula,
       data = variables_of(names, variables, environment(formula), seq_len(n)),
       contrasts = fit$blueprint$contrasts)
}

# Returns the columns of a fit's model frame; the response cbind(a, b) is taken
# apart into a and b.
frame_variables <- function(fit) {
  if (is.null(fit$model)) return(NULL)
  out <- as.list(fit$model)
  response <- as.list(fit$blueprint$formula[[2L]])
  y <- out[[1L]]
  bound <- is.matrix(y) && identical(response[[1L]], quote(cbind)) &&
    ncol(y) == length(response) - 1L &&
    all(vapply(response[-1L], is.name, NA))
  if (bound) {
    names <- vapply(response[-1L], as.character, "")
    out[names] <- lapply(seq_along(names), function(j) unname(y[, j]))
  }
  out
}

rows_before_omission <- function(n, omitted) {
  all <- seq_len(n + length(omitted))
  if (length(omitted)) all[-omitted] else all
}

call_source <- function(fit, env) {
  formula <- fit$blueprint$formula
  data <- call_data(fit, env)
  contrasts <- fit$blueprint$contrasts
  built <- numbered_frame(formula, fit$call, data, env, contrasts)
  same <- is.null(fit$model) ||
    isTRUE(all.equal(as.list(built$frame[names(fit$model)]),
                     as.list(fit$model), check.attributes = FALSE))
  if (!same) lost_data("have changed since")
  formula_source(built, data, contrasts)
}

# Returns the data of a fit's call, looked up in `env` and then where the
# formula was written.
call_data <- function(fit, env) {
  call <- fit$call$data
  tryCatch(eval(call, env), error = function(e) {
    tryCatch(eval(call, environment(fit$blueprint$formula)),
             error = function(e) {
      lost_data("(`", deparse_one(call), "`) are not found")
    })
  })
}

lost_data <- function(...) {
  abort_input("The data of the fit ", ..., ". Use cv_moe(formula, data, K).")
}

matrix_source <- function(fit) {
  if (is.null(fit$model)) {
    abort_input("The fit was made with model = FALSE and holds no data; fit ",
                "with model = TRUE.")
  }
  bare <- function(m) if (!is.null(m)) m[, -1L, drop = FALSE]
  n <- nrow(fit$model$y)
  list(n = n, row = seq_len(n), n_all = n, weights = fit$weights,
       x = bare(fit$model$x), z = bare(fit$model$z), y = fit$model$y)
}

# Fits a model to rows of the source.
source_fit <- function(source, rows, model, control) {
  fit <- if (is.null(source$formula)) moe.default else moe.formula
  do.call(fit, c(source_arguments(source, rows), model,
                 list(control = control, model = FALSE)))
}

# Returns the arguments of moe() that give it rows of the source.
source_arguments <- function(source, rows) {
  weights <- list(weights = source$weights[rows])
  if (is.null(source$formula)) return(c(source_rows(source, rows), weights))
  c(list(formula = source$formula, data = source_rows(source, rows),
         contrasts = source$contrasts, na.action = stats::na.omit), weights)
}

# Returns rows of the source in the form of data to fit to or of new data.
source_rows <- function(source, rows) {
  if (!is.null(source$formula)) {
    return(variables_of(names(source$data), source$data, NULL, rows))
  }
  parts <- source[c("x", "z", "y")]
  parts <- parts[!vapply(parts, is.null, TRUE)]
  lapply(parts, function(m) m[rows, , drop = FALSE])
}

# Returns which rows of new data a fit can predict: those without a factor level
# that it has not seen.
known_rows <- function(fit, newdata) {
  xlevels <- fit$blueprint$xlevels
  if (!length(xlevels)) return(TRUE)
  tt <- stats::delete.response(fit$blueprint$terms)
  frame <- model.frame(tt, newdata, na.action = stats::na.pass)
  known <- lapply(names(xlevels), function(name) {
    as.character(frame[[name]]) %in% c(xlevels[[name]], NA)
  })
  Reduce(`&`, known)
}
