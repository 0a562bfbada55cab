#' How far apart two conditional densities are
#'
#' Divergences and distances between the conditional densities \eqn{s(y | x)}
#' of two fits or models, averaged over rows of the predictors.
#'
#' @details
#' With \eqn{s} the density of `p` and \eqn{t} that of `q` at a row \eqn{x},
#' \deqn{\mathrm{KL}(s, t) = \int s \log(s / t), \qquad
#'   \mathrm{JKL}_\rho(s, t) =
#'     \tfrac{1}{\rho} \mathrm{KL}(s, (1 - \rho) s + \rho t),}{%
#'   KL(s, t) = int s log(s / t),
#'   JKL_rho(s, t) = KL(s, (1 - rho) s + rho t) / rho,}
#' \deqn{H(s, t)^2 = \tfrac12 \int (\sqrt{s} - \sqrt{t})^2, \quad
#'   \mathrm{TV}(s, t) = \tfrac12 \int |s - t|, \quad
#'   L_2(s, t)^2 = \int (s - t)^2.}{%
#'   H(s, t)^2 = 1/2 int (sqrt(s) - sqrt(t))^2,
#'   TV(s, t) = 1/2 int |s - t|, L2(s, t)^2 = int (s - t)^2.}
#' JKL is at most KL and never above \eqn{-\log(1 - \rho) / \rho}, whereas KL
#' is large wherever `q` has hardly any mass and `p` has some.
#'
#' The tensorised value is the mean over the rows of KL, JKL and TV, and the
#' root of the mean square of H and L2, which are distances then as well.
#'
#' The quadrature divides the range of the response, for each row, until no
#' panel is wide compared with an expert that lies in it, and then wherever the
#' difference between Kronrod's rule with 15 nodes and Gauss's with 7 is still
#' too large; the densities are evaluated on the log scale. For the total
#' variation, whose integrand has kinks, panels are divided where the densities
#' cross; a pair of crossings between two nodes can be missed, which costs
#' little because the densities are almost the same there.
#'
#' The Monte Carlo method draws `draws` responses per row, from `p` for KL and
#' JKL, from `p` and `q` with equal probabilities for the others.
#'
#' @param p,q Fits from [moe()] or models from [moe_model()] or [moe_truth()],
#'   of the same response. For `"kl"` and `"jkl"` the mass is that of `p`:
#'   the truth, if there is one.
#' @param x The rows of the predictors: a data frame (for fits from matrices as
#'   in [predict.moe()]), or their number, to be drawn by the law of the
#'   predictors of `p` or, if it has none, of `q` (see [simulate.moe_model()]).
#' @param type `"kl"`, `"jkl"`, `"hellinger"`, `"tv"` (total variation) or
#'   `"l2"`.
#' @param method `"quadrature"`, for one response; `"monte_carlo"`, for any
#'   number. Default: quadrature where it is possible.
#' @param rho Weight of `q` in the mixture that JKL compares with, between 0
#'   and 1.
#' @param tol Accuracy of the quadrature: a panel is divided while its estimated
#'   error exceeds `tol` times the integral of the absolute integrand of its
#'   row. The estimate is cautious: smooth cases are much more accurate.
#' @param draws Number of responses that the Monte Carlo method draws per row,
#'   at least 2.
#' @param seed Seed for draws of rows and of responses, as in
#'   [stats::simulate()].
#' @param ... Not used.
#' @return An object of class `moe_divergence`, a list with `value`;
#'   `std_error`, the standard error of the Monte Carlo method given the rows
#'   (`NA` for the quadrature); `error`, the quadrature's cautious estimate of
#'   its error, averaged too (`NA` for Monte Carlo); `rows`, the divergence or
#'   distance at each row; `x`, the rows; `type`, `method`, `rho`.
#'   `as.numeric()` gives the value. It is `Inf` where `p` has mass and the
#'   density of `q` is zero.
#' @section Errors: models of different responses, rows with missing values,
#'   quadrature for several responses are errors of class
#'   `gatemix_error_input`.
#' @references Nguyen, T. T., Nguyen, H. D., Chamroukhi, F. and Forbes, F.
#'   (2022). A non-asymptotic approach for model selection via penalization in
#'   high-dimensional mixture of experts models. *Electronic Journal of
#'   Statistics* 16, 4742-4822 (tensorised KL and JKL). Piessens, R. et al.
#'   (1983). *QUADPACK*. Springer (the quadrature rules and their error).
#' @export
#' @examples
#' truth <- moe_truth("glome_ws")
#' d <- simulate(truth, n = 500, seed = 1)
#' fit <- moe(y ~ x, data = d, K = 2, gate = gate_gaussian(), start = truth)
#' moe_divergence(truth, fit, d)
#' moe_divergence(truth, fit, d, type = "hellinger")
#' moe_divergence(truth, fit, d, method = "monte_carlo", seed = 1)
#' # where the two differ
#' at <- data.frame(x = seq(-0.5, 1.5, by = 0.25))
#' moe_divergence(truth, fit, at, type = "tv")$rows
moe_divergence <- function(p, q, x,
                           type = c("kl", "jkl", "hellinger", "tv", "l2"),
                           method = NULL, rho = 0.5, tol = 1e-7, draws = 30,
                           seed = NULL, ...) {
  type <- check_choice(type, "type", c("kl", "jkl", "hellinger", "tv", "l2"))
  if (...length()) check_dots(..., help = "?moe_divergence")
  p <- check_side(p, "p")
  q <- check_side(q, "q")
  check_same_response(p, q)
  several <- length(p$problem$y_scale) > 1L
  method <- check_divergence_method(method, several)
  rho <- check_divergence_option(rho, "rho", 0.5, type == "jkl",
                                 "type \"jkl\"", 1)
  tol <- check_divergence_option(tol, "tol", 1e-7, method == "quadrature",
                                 "method \"quadrature\"", 1)
  if (method == "quadrature" && !missing(draws)) {
    abort_input("`draws` goes with method \"monte_carlo\".")
  }
  draws <- check_count(draws, "draws", min = 2L)
  local_seed(seed)
  x <- divergence_rows(p, q, x)
  contrast <- contrast_function(type, rho)
  out <- if (method == "quadrature") by_quadrature(p, q, x, contrast, tol)
    else by_monte_carlo(p, q, x, contrast, draws)
  new_divergence(out, x, type, method, rho)
}

check_side <- function(object, name) {
  if (!inherits(object, "moe_model")) {
    abort_input("`", name, "` must be a fit from moe() or a model from ",
                "moe_model(); found ", describe(object), ".")
  }
  # rows that the fit left out are not among the rows of `x`
  object$na.action <- NULL
  object
}

check_same_response <- function(p, q) {
  if (length(p$problem$y_scale) != length(q$problem$y_scale)) {
    abort_input("`p` has ", length(p$problem$y_scale), " response(s) and `q` ",
                length(q$problem$y_scale), ".")
  }
  left <- lapply(list(p, q), function(m) {
    if (!is.null(m$blueprint)) deparse_one(formula(m)[[2L]])
  })
  if (!is.null(left[[1L]]) && !is.null(left[[2L]]) &&
      left[[1L]] != left[[2L]]) {
    abort_input("`p` and `q` must be of the same response; found `",
                left[[1L]], "` and `", left[[2L]], "`.")
  }
}

check_divergence_method <- function(method, several) {
  if (is.null(method)) {
    return(if (several) "monte_carlo" else "quadrature")
  }
  method <- check_choice(method, "method", c("quadrature", "monte_carlo"))
  if (several && method == "quadrature") {
    abort_input("`method`: the quadrature is for one response; use ",
                "\"monte_carlo\".")
  }
  method
}

# Checks an option between 0 and 1 that goes with one type or method only.
check_divergence_option <- function(value, name, default, used, what, max) {
  value <- check_number(value, name, 0, max, open = TRUE)
  if (!used && value != default) {
    abort_input("`", name, "` goes with ", what, " only.")
  }
  value
}

# Returns the given rows, or draws as many as were asked for.
divergence_rows <- function(p, q, x) {
  if (missing(x) || is.null(x)) {
    abort_input("`x` is missing: give the rows of the predictors, or their ",
                "number.")
  }
  if (!(is.numeric(x) && is.null(dim(x)) && length(x) == 1L)) return(x)
  n <- check_count(x, "x")
  lawful <- function(m) {
    !inherits(m, "moe") && (!is.null(m$design) || gate_knows_predictors(m))
  }
  for (side in list(p, q)) {
    if (lawful(side)) return(design_rows(side, n))
  }
  abort_input("`x`: neither `p` nor `q` is a model with a law of the ",
              "predictors; give the rows themselves.")
}

new_divergence <- function(out, x, type, method, rho) {
  root <- type %in% c("hellinger", "l2")
  value <- mean(out$rows)
  scale <- 1
  if (root) {
    value <- sqrt(value)
    scale <- if (value > 0) 1 / (2 * value) else 0
  }
  structure(
    list(value = value, std_error = out$std_error * scale,
         error = out$error * scale,
         rows = if (root) sqrt(out$rows) else out$rows, x = x, type = type,
         method = method, rho = if (type == "jkl") rho),
    class = "moe_divergence")
}

#' @export
as.double.moe_divergence <- function(x, ...) x$value

#' @export
print.moe_divergence <- function(x, digits = max(3L, getOption("digits") - 3L),
                                 ...) {
  name <- switch(x$type,
    kl = "Kullback-Leibler divergence",
    jkl = paste0("Jensen-Kullback-Leibler divergence (rho = ", x$rho, ")"),
    hellinger = "Hellinger distance", tv = "Total variation distance",
    l2 = "L2 distance")
  cat(name, ": ", format(x$value, digits = digits),
      if (!is.na(x$std_error))
        paste0(" (standard error ", signif(x$std_error, 2L), ")"),
      "\n", if (x$method == "quadrature") "Quadrature" else "Monte Carlo",
      ", average over ", length(x$rows), " row", if (length(x$rows) > 1L) "s",
      "\n", sep = "")
  invisible(x)
}
