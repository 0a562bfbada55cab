#' Gaussian gate
#'
#' The probability of expert \eqn{k} is proportional to a weighted Gaussian
#' density of the gate's predictors,
#' \deqn{g_k(z) = \frac{\pi_k N(z; c_k, \Gamma_k)}
#'   {\sum_{l=1}^K \pi_l N(z; c_l, \Gamma_l)}.}
#'
#' With `likelihood = "joint"` the likelihood of \eqn{(z, y)} is maximised,
#' with closed-form M-steps (a Gaussian locally-linear map). With
#' `likelihood = "conditional"` it is the likelihood of \eqn{y} given the
#' predictors, which the gate enters only through the ratios of its densities:
#' \eqn{\log g_k / g_K} is quadratic in \eqn{z}. The parameters that are
#' reported are then one representative of all that give the same ratios, with
#' weights, means and covariances chosen so that the average precision over
#' the experts is a multiple of the inverse covariance of \eqn{z} (of its
#' variances, for the diagonal and spherical structures).
#'
#' @param covariance `"full"`, `"diagonal"` or `"spherical"`: the shape of
#'   \eqn{\Gamma_k}. `"spherical"` is one variance for all standardised
#'   predictors.
#' @param shared `TRUE`: one \eqn{\Gamma} for all experts.
#' @param likelihood `"joint"` or `"conditional"`, see above.
#' @param penalty `NULL`, or one of the [penalties] on the means \eqn{c_k},
#'   measured from the average of the predictors. For the joint likelihood
#'   only: the conditional one does not identify the means.
#' @return An object of class `moe_gate` for the argument `gate` of [moe()].
#' @references Xu, L., Jordan, M. I. and Hinton, G. E. (1995). An alternative
#'   model for mixtures of experts. *NIPS* 7. Deleforge, A., Forbes, F. and
#'   Horaud, R. (2015). High-dimensional regression with Gaussian mixtures and
#'   partially-latent response variables. *Statistics and Computing* 25.
#' @family gates
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2,
#'            gate = gate_gaussian())
#' coef(fit, "gate")
#' # the same gate, fitted to what the predictors say about the response
#' fit2 <- update(fit, gate = gate_gaussian(likelihood = "conditional"))
#' c(logLik(fit, type = "conditional"), logLik(fit2, type = "conditional"))
gate_gaussian <- function(covariance = c("full", "diagonal", "spherical"),
                          shared = FALSE,
                          likelihood = c("joint", "conditional"),
                          penalty = NULL) {
  covariance <- check_choice(covariance, "covariance",
                             c("full", "diagonal", "spherical"))
  likelihood <- check_choice(likelihood, "likelihood",
                             c("joint", "conditional"))
  shared <- check_flag(shared, "shared")
  label <- paste0("Gaussian gate (", covariance, if (shared) " shared",
                  " covariance, ", likelihood, " likelihood)")
  if (!is.null(penalty) && likelihood == "conditional") {
    abort_input("`penalty`: the conditional likelihood does not identify the ",
                "means of a Gaussian gate, so they cannot be penalised; use ",
                "likelihood = \"joint\", or gate_softmax().")
  }
  new_gate("gaussian", label, covariance = covariance, shared = shared,
           likelihood = likelihood, penalty = penalty)
}

#' @export
gate_key.gate_gaussian <- function(gate, gate_terms, K) {
  if (identical(gate_terms, "(Intercept)")) {
    abort_input("`gate`: a Gaussian gate needs at least one predictor; the ",
                "gate's part of the formula has none. Add one after `|`, or ",
                "use gate_constant().")
  }
  if (!"(Intercept)" %in% gate_terms) {
    abort_input("`gate`: a Gaussian gate has means, and removing the ",
                "intercept from its part of the formula means nothing; ",
                "write `| z`, not `| 0 + z`.")
  }
  if (gate$likelihood == "joint") return("gaussian")
  if (K == 1L) "constant" else "softmax"
}

# The ratio of two Gaussian densities is the exponential of a quadratic: the
# conditional gate is a softmax of z and of the products of its coordinates that
# the covariance structure leaves free.
#' @export
gate_features.gate_gaussian <- function(gate, gate_terms, K) {
  if (gate$likelihood == "joint" || gate$shared || K == 1L) return(NULL)
  list(key = "products", covariance = gate$covariance)
}

#' @export
gate_parameters.gate_gaussian <- function(gate, at, units, K) {
  r <- length(units$terms) - 1L
  standard <- if (gate$likelihood == "joint") {
    gaussian_from_joint(gate, at, r, K)
  } else {
    gaussian_from_quadratic(gate, unlist(at), r, K, units$correlation)
  }
  unscale_gaussian(standard, units, K)
}

# Returns named parameters in the user's units from those for standardised
# predictors.
unscale_gaussian <- function(standard, units, K) {
  own <- -units$intercept
  terms <- units$terms[own]
  scale <- units$scale[own]
  r <- length(terms)
  labels <- expert_names(K)
  list(
    weights = stats::setNames(exp(standard$log_weights), labels),
    # the weight of a sharp gate can be less than the smallest number
    log_weights = stats::setNames(standard$log_weights, labels),
    means = matrix(standard$means * scale + units$center[own], r, K,
                   dimnames = list(terms, labels)),
    covariances = array(unscale_covariances(standard$covariances, scale),
                        c(r, r, K), list(terms, terms, labels))
  )
}

# Returns the parameters for standardised predictors, without names.
rescale_gaussian <- function(parameters, units) {
  own <- -units$intercept
  scale <- units$scale[own]
  list(
    log_weights = unname(parameters$log_weights),
    means = unname((parameters$means - units$center[own]) / scale),
    covariances = unname(rescale_covariances(parameters$covariances, scale))
  )
}

gaussian_from_joint <- function(gate, at, r, K) {
  ratios <- c(at$log_ratios, 0)
  list(log_weights = ratios - log_sum(ratios), means = at$means,
       covariances = covariances_from_coordinates(
         at$covariances, gate$covariance, gate$shared, r, K))
}

# Returns one Gaussian gate with the given quadratic predictors (see
# ?gate_gaussian). Its precisions are P_k = s S^-1 - 2 (C_k - mean C), where S
# is the correlation of z (or the identity) and s is as small as positive
# definiteness with a margin of one half allows.
gaussian_from_quadratic <- function(gate, theta, r, K, correlation) {
  parts <- quadratic_parts(gate, theta, r, K)
  centred <- parts$quadratic -
    as.vector(apply(parts$quadratic, c(1L, 2L), mean))
  root <- chol(correlation)
  spread <- vapply(seq_len(K), function(k) {
    max(eigen(2 * root %*% slice(centred, k) %*% t(root), symmetric = TRUE,
              only.values = TRUE)$values)
  }, 0)
  base <- max(1, 2 * spread) * solve(correlation)
  linear <- parts$linear - rowMeans(parts$linear)
  covariances <- array(0, c(r, r, K))
  means <- matrix(0, r, K)
  log_weight <- parts$constant
  for (k in seq_len(K)) {
    covariances[, , k] <- solve(base - 2 * slice(centred, k))
    means[, k] <- slice(covariances, k) %*% linear[, k]
    log_weight[k] <- log_weight[k] + sum(means[, k] * linear[, k]) / 2 +
      as.numeric(determinant(slice(covariances, k))$modulus) / 2
  }
  list(log_weights = log_weight - log_sum(log_weight), means = means,
       covariances = covariances)
}

# Returns the constant (K), linear (r x K) and quadratic (r x r x K) parts of
# the log odds.
quadratic_parts <- function(gate, theta, r, K) {
  b <- if (K == 1L) matrix(0, 1L + r, 1L)
    else cbind(matrix(theta, ncol = K - 1L), 0)
  quadratic <- array(0, c(r, r, K))
  rest <- b[-seq_len(1L + r), , drop = FALSE]
  for (k in seq_len(K)) {
    if (nrow(rest) == 0L) next
    m <- matrix(0, r, r)
    if (gate$covariance == "full") {
      m[upper.tri(m, diag = TRUE)] <- rest[, k]
      m <- (m + t(m)) / 2
    } else {
      diag(m) <- rest[, k]
    }
    quadratic[, , k] <- m
  }
  list(constant = b[1L, ], linear = b[1L + seq_len(r), , drop = FALSE],
       quadratic = quadratic)
}

#' @export
gate_coordinates.gate_gaussian <- function(gate, parameters, units, K) {
  if (gate$likelihood == "conditional") {
    return(list(conditional_coordinates(gate, parameters, units, K)))
  }
  standard <- rescale_gaussian(parameters, units)
  log_weight <- standard$log_weights
  list(log_ratios = log_weight[-K] - log_weight[K], means = standard$means,
       covariances = coordinates_from_covariances(
         standard$covariances, gate$covariance, gate$shared))
}

# Returns the coefficients of z under the reported Gaussians, against the last
# expert.
conditional_coordinates <- function(gate, parameters, units, K) {
  standard <- rescale_gaussian(parameters, units)
  r <- nrow(standard$means)
  b <- vapply(seq_len(K), function(k) {
    precision <- solve(slice(standard$covariances, k))
    center <- standard$means[, k]
    quadratic <- -precision / 2
    full <- 2 * quadratic - diag(diag(quadratic), r)
    features <- switch(gate$covariance,
      full = full[upper.tri(full, diag = TRUE)],
      diagonal = diag(quadratic),
      spherical = mean(diag(quadratic)))
    c(standard$log_weights[k] - sum(center * (precision %*% center)) / 2 +
        as.numeric(determinant(precision)$modulus) / 2,
      precision %*% center, if (!gate$shared) features)
  }, numeric(1L + r + quadratic_size(gate, r)))
  as.vector(b[, -K, drop = FALSE] - b[, K])
}

#' @export
gate_coefficients.gate_gaussian <- function(gate, parameters, K) {
  r <- nrow(parameters$means)
  terms <- rownames(parameters$means)
  pairs <- which(upper.tri(diag(r), diag = TRUE), arr.ind = TRUE)
  covariances <- vapply(seq_len(K), function(k) {
    slice(parameters$covariances, k)[pairs]
  }, numeric(nrow(pairs)))
  covariances <- matrix(covariances, ncol = K)
  rownames(covariances) <- paste0("cov(", terms[pairs[, 1L]], ",",
                                  terms[pairs[, 2L]], ")")
  means <- parameters$means
  rownames(means) <- paste0("mean(", terms, ")")
  out <- rbind(weight = parameters$weights, means, covariances)
  colnames(out) <- expert_names(K)
  out
}

#' @export
gate_jacobian.gate_gaussian <- function(gate, at, units, K) {
  numeric_jacobian(function(values) {
    parameters <- gate_parameters(gate, refill(at, values), units, K)
    as.vector(gate_coefficients(gate, parameters, K))
  }, as.double(unlist(at)))
}

#' @export
gate_conditional_df.gate_gaussian <- function(gate, n_terms, K) {
  r <- n_terms - 1L
  (K - 1L) * (1L + r + quadratic_size(gate, r))
}

# Returns the number of products of r predictors that a conditional gate has
# for each expert: one covariance for all leaves none.
quadratic_size <- function(gate, r) {
  if (gate$shared) 0L else covariance_size(gate$covariance, r)
}
