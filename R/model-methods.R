# Accessors of models and of fits, which are models with data.

#' @importFrom stats family
#' @export
family.moe_model <- function(object, ...) stats::gaussian()

#' @export
formula.moe_model <- function(x, ...) {
  if (is.null(x$blueprint)) return(NULL)
  x$blueprint$formula
}

#' @export
terms.moe_model <- function(x, ...) x$blueprint$terms

#' @export
sigma.moe_model <- function(object, ...) {
  variances <- apply(object$parameters$expert$covariances, 3L, diag)
  out <- sqrt(matrix(variances, ncol = object$K))
  dimnames(out) <- dimnames(object$parameters$expert$covariances)[c(1L, 3L)]
  if (nrow(out) == 1L) out[1L, ] else out
}
