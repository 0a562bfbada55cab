# What plots are made of: the rows to draw with their predictors and experts,
# and grids of new rows over one or two predictors.

# predictors (data frame), y (n x q), expert (by the posterior), values
plot_rows <- function(object, newdata) {
  if (is.null(newdata) && is.null(object$model)) {
    abort_input("The fit was made with model = FALSE and holds no data to ",
                "plot; give `newdata`, or fit with model = TRUE.")
  }
  object$na.action <- NULL
  if (!is.null(newdata)) require_response(object, newdata, "plot()")
  values <- evaluate_fit(object, newdata, response = TRUE)
  list(predictors = if (is.null(newdata)) stored_predictors(object)
         else given_predictors(object, newdata),
       y = plot_response(object, newdata),
       weights = if (is.null(newdata)) object$weights,
       expert = most_probable(values$posterior), values = values)
}

plot_response <- function(object, newdata) {
  if (is.null(newdata)) return(stored_matrices(object)$y)
  parts <- new_matrices(object, newdata, TRUE)
  y <- matrix(NA_real_, length(parts$complete), ncol(parts$y),
              dimnames = list(NULL, colnames(parts$y)))
  y[parts$complete, ] <- parts$y
  y
}

# The variables of the fit themselves, where the frame holds only poly(x, 2).
stored_predictors <- function(object) {
  if (is.null(object$blueprint)) {
    return(matrix_predictors(object$model$x, object$model$z))
  }
  names <- all.vars(stats::delete.response(object$blueprint$terms))
  found <- lapply(names, stored_variable, object = object)
  keep <- !vapply(found, is.null, TRUE)
  variables_frame(found[keep], names[keep], nrow(object$model))
}

variables_frame <- function(values, names, n) {
  out <- structure(list(), class = "data.frame", row.names = seq_len(n))
  for (i in seq_along(names)) out[[names[i]]] <- values[[i]]
  out
}

# NULL for a name in the formula that is not a variable, as in bs(x, df = d)
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

# Columns of both designs, the intercept aside.
matrix_predictors <- function(x, z) {
  x <- as.matrix(x[, -1L, drop = FALSE])
  if (!is.null(z)) {
    z <- as.matrix(z[, -1L, drop = FALSE])
    x <- cbind(x, z[, setdiff(colnames(z), colnames(x)), drop = FALSE])
  }
  as.data.frame(x, optional = TRUE)
}

# The variables that a part of the model uses.
part_variables <- function(object, rows, part) {
  if (part == "gate" && object$engine$spec$gate$engine == "constant") {
    return(character())
  }
  blueprint <- object$blueprint
  names <- if (is.null(blueprint)) object$engine$design[[part]]$all_terms
    else all.vars(blueprint[[paste0(part, "_terms")]])
  intersect(names, names(rows$predictors))
}

model_variables <- function(object, rows) {
  union(part_variables(object, rows, "expert"),
        part_variables(object, rows, "gate"))
}

check_term <- function(term, variables, rows, most = 1L) {
  if (!is.character(term) || !length(term) || length(term) > most ||
      anyDuplicated(term)) {
    abort_input("`term` must be the name of ",
                if (most == 1L) "one predictor" else "one or two predictors",
                "; found ", describe(term), ".")
  }
  unknown <- setdiff(term, variables)
  if (length(unknown)) {
    abort_input("`term`: no predictor ", quote_all(unknown), " here; choose ",
                "from ", quote_all(variables), ".")
  }
  if (any(vapply(rows$predictors[term], function(v) NCOL(v) > 1L, TRUE))) {
    abort_input("`term`: ", quote_all(term), " is a matrix; plots need a ",
                "single variable.")
  }
  term
}

is_continuous <- function(v) {
  is.numeric(v) || inherits(v, c("Date", "POSIXct", "difftime"))
}

# One row with medians and first levels, or what `at` says.
reference_row <- function(predictors, at) {
  at <- as.list(at)
  unknown <- setdiff(names(at), names(predictors))
  if (length(unknown) || (length(at) && is.null(names(at)))) {
    abort_input("`at` must be a named list of predictors' values; the ",
                "predictors are ", quote_all(names(predictors)), ".")
  }
  values <- lapply(names(predictors), function(name) {
    usual <- usual_value(predictors[[name]])
    if (is.null(at[[name]])) usual else like(at[[name]], usual, name)
  })
  variables_frame(values, names(predictors), 1L)
}

usual_value <- function(v) {
  if (is.matrix(v)) return(t(apply(v, 2L, stats::median, na.rm = TRUE)))
  if (is_continuous(v)) return(stats::median(v, na.rm = TRUE))
  if (is.logical(v)) return(FALSE)
  levels <- sort(unique(v))
  levels[1L]
}

like <- function(value, usual, name) {
  if (length(value) != NCOL(usual)) {
    abort_input("`at`: give one value for `", name, "`.")
  }
  if (!is.factor(usual)) return(value)
  if (!as.character(value) %in% levels(usual)) {
    abort_input("`at`: `", name, "` has no level ", describe(value),
                "; choose from ",
                paste0('"', levels(usual), '"', collapse = ", "), ".")
  }
  factor(as.character(value), levels(usual), ordered = is.ordered(usual))
}

grid_values <- function(v, points) {
  if (!is_continuous(v)) return(sort(unique(v)))
  range <- range(v, na.rm = TRUE)
  seq(range[1L], range[2L], length.out = points)
}

# Rows over the grid of one or two terms, the others at their reference.
term_grid <- function(rows, term, points) {
  axes <- lapply(rows$predictors[term], grid_values, points = points)
  cells <- expand.grid(axes, KEEP.OUT.ATTRS = FALSE)
  grid <- rows$reference[rep(1L, nrow(cells)), , drop = FALSE]
  grid[term] <- cells
  rownames(grid) <- NULL
  grid
}

evaluate_grid <- function(object, grid) {
  if (is.null(object$blueprint)) {
    design <- object$engine$design
    pick <- function(part) as.matrix(grid[part$all_terms[-1L]])
    grid <- list(x = pick(design$expert),
                 z = if (!identical(design$gate$all_terms,
                                    design$expert$all_terms))
                   pick(design$gate))
  }
  object$na.action <- NULL
  evaluate_fit(object, grid)
}

# "held at: wt = 3.3, sex = female"
held_remark <- function(rows, variables, term) {
  others <- setdiff(variables, term)
  if (!length(others)) return(NULL)
  shown <- vapply(rows$reference[others], function(v) {
    if (is.matrix(v)) "median"
    else if (is.numeric(v)) format(v, digits = 3L) else as.character(v)
  }, "")
  text <- paste(others, shown, sep = " = ")
  if (length(text) > 4L) text <- c(text[1:3], paste(length(text) - 3L, "more"))
  paste0("held at: ", paste(text, collapse = ", "))
}

# Rows that share the held levels of all factors (numbers are let off).
held_rows <- function(rows, others) {
  factors <- others[!vapply(rows$predictors[others], function(v) {
    is_continuous(v) || is.matrix(v)
  }, TRUE)]
  same <- lapply(factors, function(name) {
    as.character(rows$predictors[[name]]) ==
      as.character(rows$reference[[name]])
  })
  Reduce(`&`, same, rep(TRUE, nrow(rows$y)))
}
