#' Gaussian experts
#'
#' Each expert is a linear regression with Gaussian errors,
#' \deqn{y \mid x, k \sim N(B_k' x, \Sigma_k),}
#' for one response or, with `cbind(y1, y2) ~ ...`, for several.
#'
#' @param covariance `"full"`, `"diagonal"` or `"spherical"`: the shape of
#'   \eqn{\Sigma_k} for several responses (all the same for one). `"spherical"`
#'   is one variance for all responses, each measured in units of the residual
#'   standard deviation of its linear regression on all rows.
#' @param shared `TRUE`: one \eqn{\Sigma} for all experts.
#' @return An object of class `moe_expert` for the argument `expert` of
#'   [moe()].
#' @family experts
#' @export
#' @examples
#' fit <- moe(NOx ~ E, data = lattice::ethanol, K = 3,
#'            expert = expert_gaussian(shared = TRUE))
#' coef(fit, "dispersion")
expert_gaussian <- function(covariance = c("full", "diagonal", "spherical"),
                            shared = FALSE) {
  covariance <- check_choice(covariance, "covariance",
                             c("full", "diagonal", "spherical"))
  shared <- check_flag(shared, "shared")
  label <- paste0("Gaussian experts (", covariance,
                  if (shared) " shared", " covariance)")
  new_expert("gaussian", label, covariance, shared)
}

#' @export
expert_parameters.expert_gaussian <- function(expert, theta, design, response,
                                              K) {
  p <- length(design$terms)
  q <- length(response$scale)
  b <- matrix(theta[seq_len(p * q * K)], p, q * K)
  b <- unscale_scores(b, design) * rep(rep(response$scale, K), each = p)
  if (design$intercept > 0L) {
    b[design$intercept, ] <- b[design$intercept, ] + rep(response$center, K)
  }
  covariances <- covariances_from_coordinates(
    theta[-seq_len(p * q * K)], expert$covariance, expert$shared, q, K)
  labels <- list(response$names, response$names, expert_names(K))
  list(
    coefficients = array(b, c(p, q, K), list(design$terms, response$names,
                                             expert_names(K))),
    covariances = array(
      covariances * as.vector(outer(response$scale, response$scale)),
      c(q, q, K), labels)
  )
}

#' @export
expert_coordinates.expert_gaussian <- function(expert, parameters, design,
                                               response, K) {
  p <- length(design$terms)
  q <- length(response$scale)
  b <- matrix(parameters$coefficients, p, q * K)
  if (design$intercept > 0L) {
    b[design$intercept, ] <- b[design$intercept, ] - rep(response$center, K)
  }
  b <- rescale_scores(b / rep(rep(response$scale, K), each = p), design)
  covariances <- parameters$covariances /
    as.vector(outer(response$scale, response$scale))
  c(b, coordinates_from_covariances(covariances, expert$covariance,
                                    expert$shared))
}
