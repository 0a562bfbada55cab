# The rows that pictures are made of, with their predictors and experts, and
# grids of new rows over one or two predictors.

# Returns the rows to draw: `predictors` (a data frame), `y` (n x q), `weights`,
# `expert` (by the posterior), `values` (of evaluate_fit()) and the `reference`
# row with the values that predictors are held at.
plot_rows <- function(object, newdata, at = NULL) {
  if (is.null(newdata) && is.null(object$model)) {
    abort_input("The fit was made with model = FALSE and holds no data to ",
                "plot; give `newdata`, or fit with model = TRUE.")
  }
  object$na.action <- NULL
  if (!is.null(newdata)) require_response(object, newdata, "plot()")
  values <- evaluate_fit(object, newdata, response = TRUE)
  predictors <- if (is.null(newdata)) stored_predictors(object)
    else given_predictors(object, newdata)
  list(predictors = predictors, y = row_response(object, newdata),
       weights = if (is.null(newdata)) object$weights,
       expert = most_probable(values$posterior), values = values,
       reference = reference_row(predictors, at))
}

# Returns the names of the predictors that the gate or the experts use.
part_variables <- function(object, rows, part) {
  if (part == "gate" && object$problem$spec$gate$key == "constant") {
    return(character())
  }
  blueprint <- object$blueprint
  names <- if (is.null(blueprint)) object$problem$units[[part]]$all_terms
    else all.vars(blueprint[[paste0(part, "_terms")]])
  intersect(names, names(rows$predictors))
}

model_variables <- function(object, rows) {
  union(part_variables(object, rows, "expert"),
        part_variables(object, rows, "gate"))
}

# Returns `term` if it names at most so many of the variables, each a vector.
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

# Says whether a predictor has an axis of numbers, rather than of levels.
is_continuous <- function(v) {
  is.numeric(v) || inherits(v, c("Date", "POSIXct", "difftime"))
}

# Returns a row with the median or the first level of each predictor, or the
# value that `at` has for it.
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

# Returns a value of `at` as a value of the predictor called `name`.
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

# Returns the values of an axis: evenly spaced numbers, or all levels.
grid_values <- function(v, points) {
  if (!is_continuous(v)) return(sort(unique(v)))
  range <- range(v, na.rm = TRUE)
  seq(range[1L], range[2L], length.out = points)
}

# Returns rows over the grid of one or two terms, the others held at the
# reference.
term_grid <- function(rows, term, points) {
  axes <- lapply(rows$predictors[term], grid_values, points = points)
  cells <- expand.grid(axes, KEEP.OUT.ATTRS = FALSE)
  grid <- rows$reference[rep(1L, nrow(cells)), , drop = FALSE]
  grid[term] <- cells
  rownames(grid) <- NULL
  grid
}

# Returns what evaluate_fit() has for the rows of a grid.
evaluate_grid <- function(object, grid) {
  if (is.null(object$blueprint)) {
    units <- object$problem$units
    pick <- function(part) as.matrix(grid[part$all_terms[-1L]])
    grid <- list(x = pick(units$expert),
                 z = if (!identical(units$gate$all_terms,
                                    units$expert$all_terms))
                   pick(units$gate))
  }
  object$na.action <- NULL
  evaluate_fit(object, grid)
}

# Returns the remark on the predictors that are not drawn, such as
# "held at: wt = 3.3, sex = female"; NULL where all are.
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

# Says which rows have the held level of every factor that is not drawn (numeric
# predictors are ignored).
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

# Returns the names of the columns for predictors: their own, with a dot where
# another column of the picture's data has that name.
term_columns <- function(term) {
  taken <- c("response", "observed", "fitted", "mean", "lower", "upper",
             "median", "y", "density", "expert", "gate", "probability", "held")
  ifelse(term %in% taken, paste0(term, "."), term)
}

# Returns the data over one or two predictors, a row per observation and
# response. `held` is FALSE where a factor has another level than the curves.
term_data <- function(rows, term, variables) {
  n <- nrow(rows$y)
  again <- rep(seq_len(n), ncol(rows$y))
  out <- variables_frame(lapply(rows$predictors[term], `[`, again),
                         term_columns(term), length(again))
  out$response <- rep(colnames(rows$y), each = n)
  out$observed <- as.vector(rows$y)
  out$expert <- rows$expert[again]
  out$held <- held_rows(rows, setdiff(variables, term))[again]
  out
}
