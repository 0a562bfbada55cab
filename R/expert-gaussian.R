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
#' @param penalty `NULL`, or one of the [penalties] on the experts'
#'   coefficients.
#' @return An object of class `moe_expert` for the argument `expert` of
#'   [moe()].
#' @family experts
#' @export
#' @examples
#' fit <- moe(NOx ~ E, data = lattice::ethanol, K = 3,
#'            expert = expert_gaussian(shared = TRUE))
#' coef(fit, "dispersion")
expert_gaussian <- function(covariance = c("full", "diagonal", "spherical"),
                            shared = FALSE, penalty = NULL) {
  covariance <- check_choice(covariance, "covariance",
                             c("full", "diagonal", "spherical"))
  shared <- check_flag(shared, "shared")
  label <- paste0("Gaussian experts (", covariance,
                  if (shared) " shared", " covariance)")
  new_expert("gaussian", label, covariance = covariance, shared = shared,
             penalty = penalty)
}

#' @export
expert_parameters.expert_gaussian <- function(expert, at, units, response,
                                              K) {
  coefficients <- unscale_coefficients(at$coefficients, units, response)
  covariances <- covariances_from_coordinates(
    at$covariances, expert$covariance, expert$shared, length(response$scale),
    K)
  covariances <- unscale_covariances(covariances, response$scale)
  labels <- list(response$names, expert_names(K))
  dimnames(coefficients) <- c(list(units$terms), labels)
  dimnames(covariances) <- c(list(response$names), labels)
  list(coefficients = coefficients, covariances = covariances)
}

#' @export
expert_coordinates.expert_gaussian <- function(expert, parameters, units,
                                               response, K) {
  b <- rescale_coefficients(parameters$coefficients, units, response)
  covariances <- rescale_covariances(parameters$covariances, response$scale)
  list(coefficients = b,
       covariances = coordinates_from_covariances(
         covariances, expert$covariance, expert$shared))
}

#' @export
expert_jacobian.expert_gaussian <- function(expert, at, units, response, K) {
  p <- length(units$terms)
  q <- length(response$scale)
  one <- diag(response$scale, q) %x% unscale_terms(diag(1, p), units)
  covariances <- covariance_jacobian(at$covariances, expert$covariance,
                                     expert$shared, q, K)
  units <- outer(response$scale, response$scale)
  triangle <- units[upper.tri(units, diag = TRUE)]
  block_diagonal(diag(1, K) %x% one, covariances * rep(triangle, K))
}

#' @export
expert_variance.expert_gaussian <- function(expert, parameters, mean, k) {
  variances <- diag(slice(parameters$covariances, k))
  matrix(variances, nrow(mean), length(variances), byrow = TRUE)
}

#' @export
expert_draw.expert_gaussian <- function(expert, parameters, mean, k) {
  noise <- matrix(stats::rnorm(length(mean)), nrow(mean), ncol(mean))
  mean + noise %*% chol(slice(parameters$covariances, k))
}

#' @export
expert_law.expert_gaussian <- function(expert, parameters, j) {
  sd <- sqrt(parameters$covariances[j, j, ])
  each <- function(mean) rep(sd, each = nrow(mean))
  list(
    discrete = FALSE,
    cdf = function(y, mean, lower_tail = TRUE, log = FALSE) {
      stats::pnorm((y - mean) / each(mean), lower.tail = lower_tail,
                   log.p = log)
    },
    density = function(y, mean, log = FALSE) {
      z <- (y - mean) / each(mean)
      if (log) stats::dnorm(z, log = TRUE) -
          rep(base::log(sd), each = nrow(mean))
      else stats::dnorm(z) / each(mean)
    },
    log_density_at = function(mean, plus) {
      scale <- 1 / (sqrt(2) * each(mean))
      constant <- plus + base::log(scale) - base::log(pi) / 2
      function(y) {
        z <- (y - mean) * scale
        constant - z * z
      }
    },
    quantile = function(p, mean, lower_tail = TRUE) {
      mean + each(mean) * stats::qnorm(p, lower.tail = lower_tail)
    },
    distance = function(y, mean) mean_absolute(y - mean, each(mean)),
    spread = function(mean, k, l) {
      mean_absolute(mean[, k] - mean[, l], sqrt(sd[k]^2 + sd[l]^2))
    }
  )
}

# Returns E|X| of normal variables.
mean_absolute <- function(mean, sd) {
  z <- mean / sd
  mean * (1 - 2 * stats::pnorm(-z)) + 2 * sd * stats::dnorm(z)
}
