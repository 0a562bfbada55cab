# Values of a fit or a model at rows of data, on the user's scale. Predictions,
# residuals, simulation and plots are made of these.

# Refuses to go on without data that the object should hold; `argument` is the
# one that takes them for a model.
need_model <- function(object, argument = "newdata") {
  if (!is.null(object$model)) return(invisible())
  if (!inherits(object, "moe")) {
    abort_input("A model given by its parameters holds no data; give `",
                argument, "`.")
  }
  abort_input("The fit was made with model = FALSE and holds no data. Fit ",
              "with model = TRUE, or give `newdata` where a function takes ",
              "it.")
}

# Returns the matrices that a fit was made from, or some of their rows.
stored_matrices <- function(object, rows = NULL) {
  need_model(object)
  if (is.null(object$blueprint)) {
    parts <- object$model[c("x", "z", "y")]
    names(parts) <- c("x", "z", "y")
    if (!is.null(rows)) {
      parts <- lapply(parts, function(m) {
        if (!is.null(m)) m[rows, , drop = FALSE]
      })
    }
    return(c(parts, list(offset = NULL)))
  }
  frame <- object$model
  if (!is.null(rows)) frame <- frame_rows(object, rows)
  parts <- frame_matrices(object$blueprint, frame)
  parts <- parts[c("x", "z", "offset", "groups")]
  parts$y <- response_matrix(stats::model.response(frame),
                             object$problem$units$response$names)
  parts
}

# Returns rows of the model frame, numbered anew: otherwise the design's row
# names would be as many strings as there are rows. Strings get the levels of
# all rows.
frame_rows <- function(object, rows) {
  frame <- object$model
  xlevels <- object$blueprint$xlevels
  out <- lapply(names(frame), function(name) {
    v <- frame[[name]]
    if (is.matrix(v)) return(v[rows, , drop = FALSE])
    if (is.character(v) && !is.null(xlevels[[name]])) {
      return(factor(v[rows], xlevels[[name]]))
    }
    v[rows]
  })
  structure(out, names = names(frame), class = "data.frame",
            row.names = .set_row_names(length(rows)),
            terms = attr(frame, "terms"))
}

# Returns the matrices of new data without the rows that hold NA; `complete`
# says which rows are left.
new_matrices <- function(object, newdata, response) {
  if (is.null(object$blueprint)) {
    parts <- matrices_of_list(object, newdata, response)
  } else {
    frame <- new_frame(object$blueprint, newdata, response)
    parts <- frame_matrices(object$blueprint, frame)
    parts <- parts[c("x", "z", "offset")]
    if (response) {
      parts$y <- response_matrix(stats::model.response(frame),
                                 object$problem$units$response$names)
    }
  }
  complete <- Reduce(`&`, lapply(parts[!vapply(parts, is.null, TRUE)],
                                 complete_rows))
  keep_rows(parts, complete)
}

# Returns which rows have neither missing nor infinite values; only these can be
# evaluated.
complete_rows <- function(m) {
  if (is.null(dim(m))) return(is.finite(m))
  is.finite(if (is(m, "dgCMatrix")) Matrix::rowSums(m) else rowSums(m))
}

keep_rows <- function(parts, complete) {
  if (!all(complete)) {
    parts <- lapply(parts, function(m) {
      if (is.null(m)) NULL
      else if (is.null(dim(m))) m[complete]
      else m[complete, , drop = FALSE]
    })
  }
  parts$complete <- complete
  parts
}

# Returns the matrices of new data for fits from matrices, where `newdata` is a
# matrix x or a list of x, z and y.
matrices_of_list <- function(object, newdata, response) {
  if (!is.list(newdata) || is.data.frame(newdata)) {
    newdata <- list(x = newdata)
  }
  if (is.null(newdata$x)) {
    abort_input("`newdata` must be a matrix x or list(x = , z = , y = ); ",
                "found a list of ", quote_all(names(newdata)), ".")
  }
  if (response && is.null(newdata$y)) {
    abort_input("`newdata` must hold the response for this type: give ",
                "list(x = , y = ).")
  }
  newdata <- newdata[!vapply(newdata, is.null, TRUE)]
  unknown <- setdiff(names(newdata), c("x", "y",
                                       if (has_own_gate_design(object)) "z"))
  if (length(unknown)) {
    abort_input("`newdata` has entries that this fit does not use: ",
                quote_all(unknown), ".")
  }
  x <- design_matrix(newdata$x, "x")
  z <- if (has_own_gate_design(object)) {
    if (is.null(newdata$z)) {
      abort_input("`newdata` must be list(x = , z = ): the gate of this fit ",
                  "has its own predictors.")
    }
    design_matrix(newdata$z, "z")
  }
  x <- match_columns(x, object$problem$units$expert$all_terms, "x")
  if (!is.null(z)) {
    z <- match_columns(z, object$problem$units$gate$all_terms, "z")
  }
  y <- if (response) new_response(object, newdata$y)
  for (part in list(z, y)) {
    if (!is.null(part) && nrow(part) != nrow(x)) {
      abort_input("`newdata`: x has ", nrow(x), " rows, z or y has ",
                  nrow(part), ".")
    }
  }
  list(x = x, z = z, offset = NULL, y = y)
}

# Returns whether the gate has a design of its own; otherwise it has no dropped
# columns of its own either.
has_own_gate_design <- function(object) !is.null(object$dropped$gate)

# Returns the columns in the fit's order: matched by name, or by position if the
# new matrix has no names of its own.
match_columns <- function(m, expected, name) {
  if (ncol(m) != length(expected)) {
    abort_input("`newdata`: ", name, " must have ", length(expected) - 1L,
                " columns; found ", ncol(m) - 1L, ".")
  }
  if (identical(colnames(m), expected)) return(m)
  unnamed <- c("(Intercept)", paste0(name, seq_len(ncol(m) - 1L)))
  if (identical(colnames(m), unnamed)) return(m)
  if (!setequal(colnames(m), expected)) {
    abort_input("`newdata`: ", name, " must have the columns ",
                quote_all(expected[-1L]), "; found ",
                quote_all(colnames(m)[-1L]), ".")
  }
  m[, expected, drop = FALSE]
}

new_response <- function(object, y) {
  y <- response_matrix(y)
  q <- length(object$problem$y_scale)
  if (ncol(y) != q) {
    abort_input("`newdata`: y must have ", q, " column(s); found ", ncol(y),
                ".")
  }
  names <- object$problem$units$response$names
  # several responses are matched by name if the names are the same
  if (q > 1L && setequal(colnames(y), names)) y <- y[, names, drop = FALSE]
  colnames(y) <- names
  y
}

# Returns gate (n x K), mean (n x q x K) and, with the response, y (n x q),
# log_expert and posterior (n x K), log_density (n) and, if the gate is a law of
# its predictors, log_marginal (n). Rows that are not complete are NA.
evaluate_fit <- function(object, newdata = NULL, response = FALSE) {
  parts <- if (is.null(newdata)) {
    keep_rows(stored_matrices(object), TRUE)
  } else {
    new_matrices(object, newdata, response)
  }
  values <- evaluate_parts(object, parts, response)
  pad <- if (is.null(newdata)) object$na.action
    else omitted_rows(parts$complete)
  lapply(values, pad_rows, pad = pad)
}

# Returns these values for given matrices: `parts` has x, z (NULL: as x), y and
# offset.
evaluate_parts <- function(object, parts, response) {
  if (!response) parts["y"] <- list(NULL)
  offset <- parts$offset
  n <- nrow(parts$x)
  q <- length(object$problem$y_scale)
  if (!is.null(offset)) offset <- matrix(as.double(offset), n, q)
  problem <- replace_rows(object$problem, parts$x, parts$z, parts$y, offset)
  values <- engine_evaluate(problem, object$theta)
  values <- unscale_values(values, object, offset, n, q, response)
  values$y <- parts$y
  values
}

unscale_values <- function(values, object, offset, n, q, response) {
  K <- object$K
  problem <- object$problem
  mean <- array(values$mean, c(n, q, K)) * rep(problem$y_scale, each = n) +
    rep(problem$y_center, each = n)
  if (!is.null(offset)) mean <- mean + as.vector(offset)
  dimnames(mean) <- list(NULL, problem$units$response$names, expert_names(K))
  named <- function(m) {
    colnames(m) <- expert_names(K)
    m
  }
  out <- list(gate = named(values$gate), mean = mean)
  if (response) {
    shift <- log_jacobian(problem, joint = FALSE)
    out$log_expert <- named(values$log_expert) + shift
    # so far from all experts that every density is 0, the response says nothing
    # and the gate decides
    nowhere <- is.nan(values$posterior[, 1L])
    values$posterior[nowhere, ] <- values$gate[nowhere, ]
    values$log_density[nowhere] <- -Inf
    out$posterior <- named(values$posterior)
    # the conditional density is the joint one without the gate's own
    out$log_density <- values$log_density - values$log_gate + shift
    if (gate_is_generative(object$gate)) {
      out$log_marginal <- values$log_gate - shift +
        log_jacobian(problem, joint = TRUE)
    }
  }
  out
}

omitted_rows <- function(complete) {
  if (all(complete)) return(NULL)
  structure(which(!complete), class = "exclude")
}

# Puts rows that were left out back as NA, for na.exclude and new data.
pad_rows <- function(values, pad) {
  if (!inherits(pad, "exclude")) return(values)
  if (is.null(dim(values))) return(stats::naresid(pad, values))
  n <- dim(values)[1L] + length(pad)
  flat <- matrix(values, dim(values)[1L])
  full <- matrix(NA_real_, n, ncol(flat))
  full[-pad, ] <- flat
  array(full, c(n, dim(values)[-1L]),
        if (!is.null(dimnames(values))) c(list(NULL), dimnames(values)[-1L]))
}

# Returns sum_k gate_k mean_k, n x q.
mixture_mean <- function(values) {
  d <- dim(values$mean)
  out <- matrix(0, d[1L], d[2L],
                dimnames = list(NULL, dimnames(values$mean)[[2L]]))
  for (k in seq_len(d[3L])) {
    out <- out + values$gate[, k] * matrix(values$mean[, , k], d[1L], d[2L])
  }
  out
}

# Returns the variances of the mixture, within plus between experts, n x q.
mixture_variance <- function(object, values) {
  d <- dim(values$mean)
  center <- mixture_mean(values)
  out <- 0 * center
  for (k in seq_len(d[3L])) {
    mean <- matrix(values$mean[, , k], d[1L], d[2L])
    within <- expert_variance(object$expert, object$parameters$expert, mean, k)
    out <- out + values$gate[, k] * (within + (mean - center)^2)
  }
  out
}
