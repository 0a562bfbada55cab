# The rows of data with what a model says about them.

#' @rdname augment.moe
#' @export
augment.moe_model <- function(x, data = NULL, newdata = NULL, ...) {
  check_dots(..., help = "?augment.moe")
  if (is.null(newdata)) newdata <- data
  if (is.null(newdata)) need_model(x)
  # only the rows that a fit keeps, without those that it left out
  x$na.action <- NULL
  base <- augmented_base(x, newdata)
  with_y <- has_response(x, newdata)
  values <- evaluate_fit(x, newdata)
  seen <- if (with_y) evaluate_fit(x, newdata, response = TRUE)
  y <- if (with_y) row_response(x, newdata)
  added <- augmented_columns(x, values, seen, y)
  base[names(added)] <- added
  tidy_table(base)
}

augmented_columns <- function(x, values, seen, y) {
  fitted <- mixture_mean(values)
  best <- most_probable(values$gate)
  if (!is.null(seen)) {
    known <- !is.na(seen$posterior[, 1L])
    best[known] <- most_probable(seen$posterior)[known]
  }
  suffix <- function(m, stem) {
    colnames(m) <- if (ncol(m) == 1L) stem
      else paste0(stem, "_", colnames(fitted))
    m
  }
  numbered <- function(m, stem) {
    colnames(m) <- paste0(stem, seq_len(x$K))
    m
  }
  out <- list(suffix(fitted, ".fitted"))
  if (!is.null(y)) out <- c(out, list(suffix(y - fitted, ".resid")))
  out <- c(out, list(data.frame(.expert = factor(best, seq_len(x$K))),
                     numbered(values$gate, ".gate_")))
  if (!is.null(seen)) {
    out <- c(out, list(numbered(seen$posterior, ".post_")))
  }
  do.call(data.frame, c(out, check.names = FALSE))
}

# Returns the columns that come first: the user's own.
augmented_base <- function(x, newdata) {
  if (is.null(x$blueprint)) return(matrix_base(x, newdata))
  base <- if (is.null(newdata)) x$model else newdata
  if (!is.data.frame(base)) {
    abort_input("`data` and `newdata` must be data frames; found ",
                describe(base), ".")
  }
  names <- attr(base, "row.names")
  base <- as.data.frame(base)
  attr(base, "terms") <- NULL
  attr(base, "na.action") <- NULL
  if (is.null(newdata)) base <- single_responses(base, x)
  automatic <- identical(as.character(names),
                         as.character(seq_len(nrow(base))))
  rownames(base) <- NULL
  if (automatic) return(base)
  base$.rownames <- as.character(names)
  base[c(length(base), seq_len(length(base) - 1L))]
}

# Returns a model frame in which a response such as cbind(a, b) is a column for
# each of its parts.
single_responses <- function(frame, x) {
  if (!is.matrix(frame[[1L]])) return(frame)
  y <- row_response(x, NULL)
  taken <- colnames(y) %in% names(frame)
  data.frame(y[, !taken, drop = FALSE], frame[-1L], check.names = FALSE)
}

# Returns the response and the predictors of both parts, for fits from matrices.
matrix_base <- function(x, newdata) {
  rows <- if (is.null(newdata)) {
    matrix_predictors(x$model$x, x$model$z)
  } else {
    if (!is.list(newdata) || is.data.frame(newdata)) {
      newdata <- list(x = newdata)
    }
    given_predictors(x, newdata)
  }
  y <- if (has_response(x, newdata)) row_response(x, newdata)
  if (is.null(y)) return(rows)
  colnames(y) <- x$problem$units$response$names
  data.frame(y, rows, check.names = FALSE)
}
