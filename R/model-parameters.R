# Checks parameters that the user of moe_model() gives, and brings them into the
# shape that fits have.

# The questions that a gate and a family of experts must answer for moe_model():
# the parameters that the user's arguments stand for.
given_gate <- function(gate, coef, terms, K) UseMethod("given_gate")

given_expert <- function(expert, coefficients, variance) {
  UseMethod("given_expert")
}

#' @export
given_gate.gate_softmax <- function(gate, coef, terms, K) {
  labels <- list(terms, expert_names(K)[-K])
  if (is.null(coef) && K == 1L) {
    return(list(coefficients = matrix(0, length(terms), 0L, dimnames = labels)))
  }
  r <- length(terms)
  shape <- paste0(r, " x ", K, " matrix of coefficients (or ", r, " x ", K - 1L,
                  ", against the last expert)")
  if (is.numeric(coef) && is.null(dim(coef)) && length(coef)) {
    # the coefficients of one expert, or one intercept of each expert
    coef <- if (r == 1L) matrix(coef, 1L) else cbind(coef)
  }
  check_numbers(coef, "gate_coef", paste0("a ", shape))
  coef <- ordered_rows(coef, terms, "gate_coef")
  if (nrow(coef) != r || !ncol(coef) %in% c(K - 1L, K)) {
    abort_input("`gate_coef` must be a ", shape, " with the rows ",
                quote_all(terms), "; found ", nrow(coef), " x ", ncol(coef),
                ".")
  }
  if (ncol(coef) == K) {
    coef <- coef[, -K, drop = FALSE] - coef[, K]
  }
  list(coefficients = matrix(as.double(coef), r, K - 1L, dimnames = labels))
}

#' @export
given_gate.gate_constant <- function(gate, coef, terms, K) {
  if (is.null(coef) && K == 1L) coef <- 1
  log_weights <- log(check_weights(coef, "gate_coef", K))
  list(coefficients = matrix(log_weights[-K] - log_weights[K], 1L, K - 1L,
                       dimnames = list("(Intercept)", expert_names(K)[-K])))
}

#' @export
given_gate.gate_gaussian <- function(gate, coef, terms, K) {
  needed <- c("weights", "means", "covariances")
  if (!is.list(coef) || !all(needed %in% names(coef))) {
    abort_input("`gate_coef` of a Gaussian gate must be list(weights = , ",
                "means = , covariances = ); found ", describe(coef), ".")
  }
  unknown <- setdiff(names(coef), c(needed, "log_weights"))
  if (length(unknown)) {
    abort_input("`gate_coef`: no entry ", quote_all(unknown), " is known.")
  }
  terms <- terms[-1L]
  r <- length(terms)
  weights <- check_weights(coef$weights, "gate_coef$weights", K)
  means <- coef$means
  if (is.numeric(means) && is.null(dim(means)) && length(means)) {
    means <- if (r == 1L) matrix(means, 1L) else cbind(means)
  }
  shape <- paste0("a ", r, " x ", K, " matrix")
  check_numbers(means, "gate_coef$means", shape)
  means <- ordered_rows(means, terms, "gate_coef$means")
  if (!identical(dim(means), c(r, K))) {
    abort_input("`gate_coef$means` must be ", shape, " with the rows ",
                quote_all(terms), "; found ", nrow(means), " x ", ncol(means),
                ".")
  }
  labels <- expert_names(K)
  list(weights = stats::setNames(weights, labels),
       log_weights = stats::setNames(log(weights), labels),
       means = matrix(as.double(means), r, K, dimnames = list(terms, labels)),
       covariances = given_covariances(coef$covariances,
                                       "gate_coef$covariances", terms, K,
                                       gate))
}

#' @export
given_expert.expert_gaussian <- function(expert, coefficients, variance) {
  responses <- dimnames(coefficients)[[2L]]
  list(coefficients = coefficients,
       covariances = given_covariances(variance, "variance", responses,
                                       dim(coefficients)[3L], expert))
}

# Returns the experts' coefficients as an array, terms x responses x experts.
# The number of experts is taken from it.
coefficient_array <- function(b, terms, responses) {
  p <- length(terms)
  q <- length(responses)
  shape <- if (q == 1L) paste0("a ", p, " x K matrix")
    else paste0("a ", p, " x ", q, " x K array")
  check_numbers(b, "expert_coef", shape)
  if (is.null(dim(b))) b <- if (p * q == 1L) matrix(b, 1L) else cbind(b)
  if (is.data.frame(b)) b <- as.matrix(b)
  if (length(dim(b)) == 2L && q > 1L && identical(dim(b), c(p, q))) {
    dim(b) <- c(p, q, 1L)
  }
  if (length(dim(b)) == 2L) {
    rows <- if (q == 1L) terms else
      paste0(rep(responses, each = p), ":", terms)
    b <- ordered_rows(b, rows, "expert_coef")
    if (nrow(b) == p * q) dim(b) <- c(p, q, ncol(b))
  } else if (identical(dim(b)[1:2], c(p, q))) {
    b <- ordered_rows(b, terms, "expert_coef")
  }
  if (length(dim(b)) != 3L || !identical(dim(b)[1:2], c(p, q)) ||
      dim(b)[3L] == 0L) {
    abort_input("`expert_coef` must be ", shape, " with the rows ",
                quote_all(terms), " and a column per expert; found ",
                paste(dim(b), collapse = " x "), ".")
  }
  array(as.double(b), dim(b),
        list(terms, responses, expert_names(dim(b)[3L])))
}

check_numbers <- function(x, name, shape) {
  if (!(is.numeric(x) || is.data.frame(x)) || !length(x)) {
    abort_input("`", name, "` must be ", shape, ", all numbers; found ",
                describe(x), ".")
  }
  if (!is.numeric(unlist(x)) || any(!is.finite(unlist(x)))) {
    abort_input("`", name, "` holds values that are not finite numbers.")
  }
}

# Returns the rows in the order of the terms if they have names.
ordered_rows <- function(m, terms, name) {
  found <- rownames(m)
  if (is.null(found) || identical(found, terms)) return(m)
  if (is.data.frame(m)) {
    m <- as.matrix(m)
    if (identical(found, as.character(seq_len(nrow(m))))) return(unname(m))
  }
  if (!setequal(found, terms) || anyDuplicated(found)) {
    abort_input("`", name, "`: the rows must be named ", quote_all(terms),
                " (or not at all); found ", quote_all(found), ".")
  }
  at <- match(terms, found)
  if (length(dim(m)) == 3L) m[at, , , drop = FALSE] else m[at, , drop = FALSE]
}

# Does the same for covariances, whose rows and columns are the same variables.
ordered_covariances <- function(v, variables, name) {
  names <- dimnames(v)
  if (is.null(names[[1L]])) names[[1L]] <- names[[2L]]
  if (is.null(names[[1L]]) || length(variables) == 1L) return(v)
  if (!is.null(names[[2L]]) && !identical(names[[1L]], names[[2L]])) {
    abort_input("`", name, "`: rows and columns must have the same names.")
  }
  if (!setequal(names[[1L]], variables)) {
    abort_input("`", name, "`: rows and columns must be named ",
                quote_all(variables), " (or not at all); found ",
                quote_all(names[[1L]]), ".")
  }
  at <- match(variables, names[[1L]])
  if (length(dim(v)) == 3L) v[at, at, , drop = FALSE]
  else v[at, at, drop = FALSE]
}

check_weights <- function(w, name, K) {
  if (!is.numeric(w) || length(w) != K || any(!is.finite(w)) || any(w <= 0)) {
    abort_input("`", name, "` must be ", K, " positive weights, one per ",
                "expert; found ", describe(w), ".")
  }
  if (abs(sum(w) - 1) > 1e-6) {
    abort_input("`", name, "` must sum to 1; the sum is ", format(sum(w)),
                ".")
  }
  as.double(w) / sum(w)
}

# Returns K covariance matrices from K variances (times the identity) or an
# array of covariance matrices; with `shared`, one is enough.
given_covariances <- function(v, name, variables, K, block) {
  r <- length(variables)
  shape <- paste0(K, if (K == 1L) " variance" else " variances",
                  if (r > 1L) paste0(" or a ", r, " x ", r, " x ", K,
                                     " array of covariances"))
  check_numbers(v, name, shape)
  one <- block$shared && K > 1L
  if (length(dim(v)) < 2L && length(v) %in% c(K, if (one) 1L)) {
    v <- rep_len(as.vector(v), K)
    sigma <- array(diag(r), c(r, r, K)) * rep(v, each = r * r)
  } else if (identical(dim(v), c(r, r, K)) ||
             (identical(dim(v), c(r, r)) && (one || K == 1L))) {
    v <- ordered_covariances(v, variables, name)
    sigma <- array(as.double(v), c(r, r, K))
  } else {
    abort_input("`", name, "` must be ", shape, "; found ", describe(v),
                if (!is.null(dim(v)))
                  paste0(" (", paste(dim(v), collapse = " x "), ")"), ".")
  }
  check_covariances(sigma, name, block)
  dimnames(sigma) <- list(variables, variables, expert_names(K))
  sigma
}

check_covariances <- function(sigma, name, block) {
  for (k in seq_len(dim(sigma)[3L])) {
    m <- slice(sigma, k)
    ok <- isSymmetric(m) && all(diag(m) > 0) &&
      all(eigen(m, symmetric = TRUE, only.values = TRUE)$values > 0)
    if (!ok) {
      abort_input("`", name, "`: ", if (nrow(m) == 1L) "a variance must be ",
                  if (nrow(m) == 1L) "positive; that"
                  else "a covariance matrix must be positive definite; that",
                  " of expert ", k, " is not.")
    }
  }
  q <- dim(sigma)[1L]
  again <- covariances_from_coordinates(
    coordinates_from_covariances(sigma, block$covariance, block$shared),
    block$covariance, block$shared, q, dim(sigma)[3L])
  if (max(abs(again - sigma)) > 1e-8 * max(abs(sigma))) {
    abort_input("`", name, "` does not have the structure of the ",
                block$label, ".")
  }
}
