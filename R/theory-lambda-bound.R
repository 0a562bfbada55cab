#' The theoretical lower bound on the penalty of a lasso
#'
#' The Lasso estimator of a mixture of experts with softmax gates and Gaussian
#' experts satisfies an \eqn{\ell_1}-oracle inequality for the Kullback-Leibler
#' divergence, whatever the number of predictors, if
#' \deqn{\lambda \ge \kappa \frac{K B_n}{\sqrt n}
#'   \left(q \log n \sqrt{\log(2 p + 1)} + 1\right), \quad \kappa \ge 148,}
#' \deqn{B_n = \max(A, 1 + K A_G)
#'   \left(1 + 2 q \sqrt q A (5 A_\beta^2 + 4 \log(n) / a)\right).}
#' The penalty is \eqn{\lambda} times the sum of the absolute values of all
#' slopes of gate and experts, for predictors between 0 and 1. The experts'
#' means are bounded by \eqn{A_\beta}, the eigenvalues of their precision
#' matrices lie between \eqn{a} and \eqn{A}, and \eqn{A_G} is the paper's upper
#' bound of the gate.
#'
#' The bound is for comparing rates: how \eqn{\lambda} has to change with
#' \eqn{n}, \eqn{p}, \eqn{q} and \eqn{K}. Its constants are far too large to
#' choose a penalty by, and nothing in this package uses it; see [moe_path()].
#'
#' @section What was not verified: the form of the bound, the value 148 and
#' \eqn{B_n} are as the authors of this package remember the paper; its text
#' was not at hand. The term \eqn{4 \log(n) / a} in particular was completed
#' from the units. Compare with the paper before citing a value.
#'
#' @param object A fit from [moe()], from which the other arguments are taken
#'   where they are missing; `NULL`: they are all given. A fit's bounds are
#'   those of its estimate, with the response in its standard deviations, as
#'   the [penalties] measure it: a description, not the bounds of a theorem,
#'   which are known before the data.
#' @param n,p,K,q Numbers of rows, predictors, experts and responses.
#' @param mean_bound \eqn{A_\beta}.
#' @param precision_bounds \eqn{(a, A)}.
#' @param gate_bound \eqn{A_G}; 1 is the least that any gate needs.
#' @param kappa \eqn{\kappa}.
#' @return A data frame with one row: `lambda` (the bound), `B` (\eqn{B_n}) and
#'   the numbers it was computed from; for a fit also `used`, the largest
#'   \eqn{\lambda} of its penalties (`NA` without one).
#' @section Errors: a number out of its range, or missing without a fit, is an
#'   error of class `gatemix_error_input`.
#' @references Nguyen, T. T., Nguyen, H. D., Chamroukhi, F. and McLachlan, G. J.
#'   (2020). Non-asymptotic oracle inequalities for the Lasso in
#'   high-dimensional mixture of experts. arXiv:2009.10622.
#' @seealso [penalties], [moe_path()], [support_recovery()]
#' @export
#' @examples
#' bound <- lambda_bound(n = 1e3, p = 100, K = 2, mean_bound = 1,
#'                       precision_bounds = c(1, 4))
#' bound
#' # a hundred times as many rows
#' lambda_bound(n = 1e5, p = 100, K = 2, mean_bound = 1,
#'              precision_bounds = c(1, 4))$lambda / bound$lambda
#'
#' fit <- moe(medv ~ ., data = MASS::Boston, K = 2,
#'            gate = gate_softmax(penalty = penalty_lasso(0.02)),
#'            expert = expert_gaussian(penalty = penalty_lasso(0.08)),
#'            control = moe_control(starts = 3, moves = 0))
#' lambda_bound(fit)
lambda_bound <- function(object = NULL, n, p, K, q = 1, mean_bound,
                         precision_bounds, gate_bound = 1, kappa = 148) {
  known <- if (!is.null(object)) bound_inputs(object)
  given <- list(
    n = if (missing(n)) known$n else n, p = if (missing(p)) known$p else p,
    K = if (missing(K)) known$K else K,
    q = if (missing(q) && !is.null(known)) known$q else q,
    mean_bound = if (missing(mean_bound)) known$mean_bound else mean_bound,
    gate_bound = gate_bound, kappa = kappa)
  for (name in names(given)) {
    if (is.null(given[[name]])) {
      abort_input("`", name, "` is missing: give it, or a fit from moe().")
    }
    given[[name]] <- if (name %in% c("n", "p", "K", "q"))
      check_count(given[[name]], name, min = 1L + (name == "n"))
      else check_number(given[[name]], name, open = name != "mean_bound")
  }
  precision <- check_precisions(
    if (missing(precision_bounds)) known$precision else precision_bounds)
  out <- do.call(bound_table, c(given, list(precision = precision)))
  if (!is.null(known)) out$used <- known$used
  out
}

check_precisions <- function(x) {
  ok <- is.numeric(x) && length(x) == 2L && all(is.finite(x)) &&
    x[1L] > 0 && x[1L] <= x[2L]
  if (!ok) {
    abort_input("`precision_bounds` must be two positive numbers, the smaller ",
                "first; found ", describe(x), ".")
  }
  as.numeric(x)
}

bound_table <- function(n, p, K, q, mean_bound, precision, gate_bound, kappa) {
  tail <- 5 * mean_bound^2 + 4 * log(n) / precision[1L]
  B <- max(precision[2L], 1 + K * gate_bound) *
    (1 + 2 * q * sqrt(q) * precision[2L] * tail)
  data.frame(
    lambda = kappa * K * B / sqrt(n) * (q * log(n) * sqrt(log(2 * p + 1)) + 1),
    B = B, n = n, p = p, K = K, q = q, mean_bound = mean_bound,
    precision_lower = precision[1L], precision_upper = precision[2L],
    gate_bound = gate_bound, kappa = kappa)
}

# Returns the numbers that the bound needs from a fit, with responses in
# standard deviations.
bound_inputs <- function(object) {
  if (!inherits(object, "moe")) {
    abort_input("`object` must be a fit from moe(); found ", describe(object),
                ".")
  }
  data <- stored_matrices(object)
  response <- data$y
  w <- if (is.null(object$weights)) rep(1, nrow(response)) else object$weights
  center <- colSums(w * response) / sum(w)
  scale <- sqrt(colSums(w * sweep(response, 2L, center)^2) / sum(w))
  b <- object$parameters$expert$coefficients
  x <- data$x[, dimnames(b)[[1L]], drop = FALSE]
  means <- vapply(seq_len(object$K), function(k) {
    mean <- as.matrix(x %*% matrix(b[, , k], nrow(b)))
    max(abs(sweep(sweep(mean, 2L, center), 2L, scale, "/"))[w > 0, ])
  }, 0)
  variances <- unlist(lapply(seq_len(object$K), function(k) {
    eigen(slice(object$parameters$expert$covariances, k) /
            outer(scale, scale), symmetric = TRUE, only.values = TRUE)$values
  }))
  used <- c(object$gate$penalty$lambda, object$expert$penalty$lambda)
  terms <- union(object$problem$units$expert$terms,
                 object$problem$units$gate$terms)
  list(n = object$n, p = max(1L, length(setdiff(terms, "(Intercept)"))),
       K = object$K, q = length(center),
       mean_bound = max(means),
       precision = range(1 / variances),
       used = if (is.null(used)) NA_real_ else max(used))
}
