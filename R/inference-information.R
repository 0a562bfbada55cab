# The information of a fit by Louis' formula, which is additive over rows, in
# the engine's coordinates, and whether it supports standard errors.

# Returns the problem that was fitted, or some of its rows, from the stored
# data.
stored_problem <- function(object, rows = NULL) {
  parts <- stored_matrices(object, rows)
  offset <- parts$offset
  if (!is.null(offset)) offset <- offset_matrix(offset, parts$y)
  problem <- replace_rows(object$problem, parts$x, parts$z, parts$y, offset)
  w <- object$weights
  if (!is.null(w)) problem$weights <- if (is.null(rows)) w else w[rows]
  problem
}

# Returns sums over all rows: the `complete` and the `missing` information, and
# the products of the `scores`. A design that must be made from the model frame
# again is made for some rows at a time, so that memory does not grow with their
# number.
fit_information <- function(object) {
  total <- NULL
  chunks <- row_chunks(object)
  for (i in seq_along(chunks)) {
    problem <- stored_problem(object, chunks[[i]])
    part <- engine_information(problem, object$theta, object$control$threads)
    total <- if (i == 1L) part else Map(`+`, total, part)
    # with a large data set in memory, R would let used chunks pile up
    if (i %% 4L == 0L) gc(full = FALSE)
  }
  total
}

row_chunks <- function(object, numbers = 5e5) {
  if (is.null(object$blueprint) || is.null(object$model)) return(list(NULL))
  n <- nrow(object$model)
  width <- length(object$problem$x_columns) + length(object$problem$z_columns)
  size <- max(1000, floor(numbers / width))
  if (n <= size) return(list(NULL))
  first <- seq(1, n, by = size)
  lapply(first, function(i) i:min(i + size - 1, n))
}

# Returns the covariance of the coordinates theta: the inverse of the observed
# information, or the sandwich around the products of the scores. For separated
# experts it covers the experts' coordinates only, given the gate: where the
# gate switches, there are no rows, and the likelihood hardly depends on it.
theta_covariance <- function(object, type) {
  refuse_irregular(object)
  warn_irregular(object)
  information <- fit_information(object)
  if (object$separated) {
    experts <- block_positions(object$problem, "expert")
    information <- lapply(information, function(m) {
      m[experts, experts, drop = FALSE]
    })
  }
  observed <- information$complete - information$missing
  bread <- invert_information(object, observed, information$complete)
  if (type == "information") return(bread)
  bread %*% information$scores %*% bread
}

# Refuses fits at which the likelihood is not regular, so that standard errors
# and tests mean nothing.
refuse_irregular <- function(object) {
  refuse <- function(...) abort("inference", "No inference: ", ...)
  refuse_penalised(object, "No inference", "which biases them towards 0 by ",
                   "an unknown amount")
  if (any(object$floored)) {
    refuse("a variance of ", quote_all(names(which(object$floored))),
           " is at its floor (`min_variance`), where the likelihood has no ",
           "maximum. ",
           if (object$K > 1L) "Try fewer experts or shared = TRUE."
           else "The expert fits its rows perfectly.")
  }
  if (any(object$sizes < 1e-3 * sum(object$sizes) / object$n)) {
    refuse("an expert has no rows, so that nothing is known of its ",
           "parameters. Try fewer experts.")
  }
}

# Refuses penalised fits for methods that hold for maximum likelihood only.
refuse_penalised <- function(object, what, ...) {
  if (!is_penalised(object$gate) && !is_penalised(object$expert)) return()
  kinds <- c(object$gate$penalty$key, object$expert$penalty$key)
  if (all(kinds == "support")) {
    abort("inference", what, ": a penalty has chosen the terms on the same ",
          "rows, which the refit does not know. Fit the terms on other rows.")
  }
  abort("inference", what, ": coefficients are penalised, ", ..., ". Refit ",
        "the terms that were chosen without a penalty, best on other rows ",
        "than those that chose them.")
}

warn_irregular <- function(object) {
  if (object$separated) {
    warn("inference", "Separated experts: the gate switches abruptly and its ",
         "slopes have no finite estimate, hence no standard errors. Those of ",
         "the experts take the gate as given.")
  }
  few <- small_experts(object)
  if (length(few)) {
    warn("inference", with_few_rows(few), ". A few rows that happen to lie ",
         "well together look like an expert; standard errors take it as real.")
  }
  if (!object$converged) {
    warn("inference", "The fit did not converge; the standard errors are ",
         "those of a point that is not the maximum.")
  }
}

# Returns the names of experts that may have formed by chance. Weights count
# rows.
small_experts <- function(object) {
  if (object$K == 1L) return(character())
  terms <- length(object$problem$spec$expert_terms)
  names(which(object$sizes < few_rows * (terms + 1)))
}

with_few_rows <- function(names) {
  paste0(quote_all(names), if (length(names) > 1L) " have few rows for their "
    else " has few rows for its ", "parameters")
}

# The share of the complete-data information that is observed, in its worst
# direction, decides whether there is any information (singular_share). That
# share times the number of rows decides whether there is enough for a normal
# approximation (thin_rows): fits with the right K to 100 rows have 12 or more,
# and intervals cover as well at 15 as at 30; with superfluous experts the
# median is about 7.
singular_share <- 1e-8
thin_rows <- 10
# An expert with fewer rows per parameter than this may have formed by chance.
few_rows <- 5

invert_information <- function(object, observed, complete) {
  unit <- 1 / sqrt(pmax(diag(complete), .Machine$double.xmin))
  scaled <- eigen(complete * outer(unit, unit), symmetric = TRUE)
  if (min(scaled$values) < singular_share) {
    refuse_singular(object, scaled$vectors, "some terms of a part of the ",
                    "model are nearly combinations of others, if only in the ",
                    "rows of one expert.")
  }
  inverse <- unit * scaled$vectors %*% diag(1 / sqrt(scaled$values),
                                            length(unit))
  shares <- eigen(crossprod(inverse, observed %*% inverse), symmetric = TRUE)
  check_shares(object, min(shares$values), inverse %*% shares$vectors / unit)
  tcrossprod(inverse %*% shares$vectors %*% diag(1 / sqrt(shares$values),
                                                 length(shares$values)))
}

# Refuses fits whose smallest share of information does not support standard
# errors, and warns of doubtful ones. The last of the `directions` is the one
# that the smallest share belongs to.
check_shares <- function(object, smallest, directions) {
  if (smallest < -1e-6) {
    abort("inference", "No standard errors: the fit is not at a maximum of ",
          "the likelihood, which still curves upwards. Raise `max_iter` in ",
          "moe_control(), or try other starts.")
  }
  if (smallest < singular_share) {
    refuse_singular(object, directions, "there may be too many experts, or ",
                    "redundant terms in the gate.")
  }
  rows <- smallest * sum(object$sizes)
  if (rows < thin_rows && object$K > 1L) {
    warn("inference", "Some combination of parameters is hardly determined: ",
         "the data say as much about it as ", signif(rows, 2L), " row(s) ",
         "whose experts were known. There may be too many experts (compare ",
         "BIC); standard errors then mislead. See bootstrap_moe().")
  }
}

# Refuses with the names of the parameters that make up the undetermined
# direction, the last column of `vectors` (in units of the information of each
# parameter).
refuse_singular <- function(object, vectors, ...) {
  direction <- abs(vectors[, ncol(vectors)])
  weight <- direction / max(direction)
  largest <- utils::head(order(-weight), 4L)
  names <- utils::tail(names(object$theta), length(direction))
  names <- names[largest[weight[largest] > 0.3]]
  abort("inference", "No standard errors: the information is singular. The ",
        "data do not determine some combination of parameters (mostly ",
        quote_all(names), "): ", ...)
}
