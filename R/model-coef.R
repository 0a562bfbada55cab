#' Coefficients of a mixture of experts
#'
#' @param object A fit from [moe()] or a model from [moe_model()].
#' @param component What to return: `"all"` coefficients as one named vector,
#'   or a matrix with a column per expert of the `"expert"` coefficients, the
#'   `"gate"` coefficients, or the `"dispersion"` (variances and covariances).
#' @param complete `FALSE`: leave out dropped terms, which are `NA` otherwise.
#' @param ... Not used; anything here is an error.
#' @return For `"all"` a named vector, gate first, then experts:
#'   `gate1:(Intercept)`, `expert1:E`. For the others a matrix; rows of several
#'   responses are named `response:term`. A softmax gate has K - 1 columns, for
#'   the log odds against the last expert; a Gaussian gate has the rows
#'   `weight`, `mean(z)` and `cov(z,z)`.
#' @name coef.moe
#' @aliases coef.moe_model
#' @export
#' @examples
#' fit <- moe(NOx ~ E, data = lattice::ethanol, K = 2)
#' coef(fit)
#' coef(fit, "expert")
#' coef(fit, "dispersion")
coef.moe_model <- function(object, component = c("all", "expert", "gate",
                                                 "dispersion"),
                           complete = TRUE, ...) {
  component <- check_choice(component, "component",
                            c("all", "expert", "gate", "dispersion"))
  check_dots(..., help = "?coef.moe")
  complete <- check_flag(complete, "complete")
  coefficients <- switch(component,
    expert = expert_coef(object),
    gate = gate_coef(object),
    dispersion = dispersion_coef(object),
    all = {
      gate <- gate_coef(object)
      expert <- expert_coef(object)
      c(flat_coef(gate, "gate"), flat_coef(expert, "expert"))
    })
  if (complete) coefficients else without_dropped(coefficients)
}

without_dropped <- function(coefficients) {
  if (is.matrix(coefficients)) {
    coefficients[!is.na(rowSums(coefficients)), , drop = FALSE]
  } else {
    coefficients[!is.na(coefficients)]
  }
}

flat_coef <- function(m, prefix) {
  if (!length(m)) return(numeric())
  names <- paste0(rep(paste0(prefix, seq_len(ncol(m))), each = nrow(m)), ":",
                  rep(rownames(m), ncol(m)))
  stats::setNames(as.vector(m), names)
}

expert_coef <- function(object) {
  b <- object$parameters$expert$coefficients
  terms <- object$problem$units$expert$all_terms
  full <- array(NA_real_, c(length(terms), dim(b)[-1L]),
                c(list(terms), dimnames(b)[-1L]))
  full[dimnames(b)[[1L]], , ] <- b
  q <- dim(b)[2L]
  rows <- if (q == 1L) terms else
    paste0(rep(dimnames(b)[[2L]], each = length(terms)), ":", terms)
  matrix(full, length(terms) * q, object$K,
         dimnames = list(rows, expert_names(object$K)))
}

gate_coef <- function(object) {
  m <- gate_coefficients(object$gate, object$parameters$gate, object$K)
  if (inherits(object$gate, "gate_gaussian")) return(m)
  terms <- object$problem$units$gate$all_terms
  if (inherits(object$gate, "gate_constant")) terms <- rownames(m)
  full <- matrix(NA_real_, length(terms), ncol(m),
                 dimnames = list(terms, colnames(m)))
  full[rownames(m), ] <- m
  full
}

dispersion_coef <- function(object) {
  dispersion_matrix(object$parameters$expert$covariances)
}

# Returns the upper triangles of covariance matrices, a column per expert.
dispersion_matrix <- function(sigma) {
  q <- dim(sigma)[1L]
  pairs <- which(upper.tri(diag(q), diag = TRUE), arr.ind = TRUE)
  names <- dimnames(sigma)[[1L]]
  labels <- ifelse(pairs[, 1L] == pairs[, 2L],
                   paste0("var(", names[pairs[, 1L]], ")"),
                   paste0("cov(", names[pairs[, 1L]], ",",
                          names[pairs[, 2L]], ")"))
  K <- dim(sigma)[3L]
  out <- vapply(seq_len(K), function(k) slice(sigma, k)[pairs],
                numeric(nrow(pairs)))
  matrix(out, nrow(pairs), K,
         dimnames = list(unname(labels), expert_names(K)))
}
