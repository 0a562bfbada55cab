#' Simulate from a model given by its parameters
#'
#' Draws responses at given rows, or predictors and responses together.
#'
#' With `newdata` the responses are drawn at its rows, as
#' [simulate()][simulate.moe] does for fits. With `n` the predictors are drawn
#' first: by the model's `design` or, if it has none, from the mixture of a
#' Gaussian gate with joint likelihood, provided that the gate's predictors are
#' variables and the experts use no others.
#'
#' @param object A model from [moe_model()], [as_moe_model()] or [moe_truth()].
#' @param nsim Number of response vectors, or of data sets.
#' @param seed As in [stats::simulate()].
#' @param newdata Rows to simulate at: a data frame with the predictors (for
#'   models of fits from matrices: a matrix `x` or a list of `x` and `z`).
#' @param n Number of rows to draw, predictors included. Give either `newdata`
#'   or `n`.
#' @param ... Not used.
#' @return With `newdata` a data frame with columns `sim_1`, `sim_2`, ...
#'   (matrices for several responses) and the experts drawn as the attribute
#'   `expert`, n x nsim. With `n` a data frame with the predictors and the
#'   response (a column each for several, named as in the formula: of
#'   `log(y) ~ x` the column is `log(y)`), ready for [moe()], and the experts
#'   drawn as the attribute `expert`; for `nsim > 1` a list of them. Models of
#'   fits from matrices give `list(x = , y = )` instead of a data frame. The
#'   attribute `seed` is as in [stats::simulate()].
#' @section Errors: a model without a law of the predictors cannot draw `n`
#'   rows: an error of class `gatemix_error_input`.
#' @references Jordan, M. I. and Jacobs, R. A. (1994). Hierarchical mixtures of
#'   experts and the EM algorithm. *Neural Computation* 6, 181-214 (the model as
#'   a way to generate data).
#' @export
#' @examples
#' truth <- moe_truth("glome_ws")
#' d <- simulate(truth, n = 2000, seed = 1)
#' head(d)
#' table(attr(d, "expert"))
#' # two response vectors at the same x
#' head(simulate(truth, nsim = 2, seed = 1, newdata = d))
simulate.moe_model <- function(object, nsim = 1, seed = NULL, newdata = NULL,
                               n = NULL, ...) {
  nsim <- check_count(nsim, "nsim")
  if (!is.null(n)) n <- check_count(n, "n")
  if (...length()) check_dots(..., help = "?simulate.moe_model")
  if (is.null(newdata) == is.null(n)) {
    abort_input("Give either `newdata`, the rows to simulate at, or `n`, the ",
                "number of rows to draw.")
  }
  used <- local_seed(seed)
  out <- if (!is.null(newdata)) simulate_rows(object, nsim, newdata)
    else if (nsim == 1L) simulate_data(object, n)
    else lapply(seq_len(nsim), function(i) simulate_data(object, n))
  attr(out, "seed") <- used
  out
}

# Draws predictors and response together.
simulate_data <- function(object, n) {
  rows <- design_rows(object, n)
  draw <- simulate_rows(object, 1L, rows)
  y <- draw$sim_1
  if (is.null(object$blueprint)) {
    out <- c(if (is.list(rows)) rows else list(x = rows), list(y = y))
  } else {
    names <- object$problem$units$response$names
    out <- rows[setdiff(names(rows), names)]
    out[names] <- if (is.matrix(y)) columns(y) else list(y)
    out <- as.data.frame(out, optional = TRUE)
  }
  attr(out, "expert") <- as.vector(attr(draw, "expert"))
  out
}

# Draws n rows of predictors from the law that the model brings.
design_rows <- function(object, n) {
  if (!is.null(object$design)) return(drawn_design(object, n))
  if (gate_knows_predictors(object)) return(gate_rows(object, n))
  abort_input("The model has no law of the predictors to draw `n` rows from. ",
              "Give rows, or give the model a `design` (see ?moe_model",
              if (inherits(object$gate, "gate_gaussian"))
                ": a Gaussian gate is one only with joint likelihood and if ",
              if (inherits(object$gate, "gate_gaussian"))
                "its predictors are variables and all there are", ").")
}

drawn_design <- function(object, n) {
  rows <- object$design(n)
  count <- if (is.list(rows) && !is.data.frame(rows)) NROW(rows$x)
    else NROW(rows)
  kind <- if (is.null(object$blueprint)) TRUE else is.data.frame(rows)
  if (!kind || count != n) {
    abort_input("`design` must return a data frame with n rows; for n = ", n,
                " it gave ", describe(rows), if (length(dim(rows)))
                  paste0(" (", count, " row(s))"), ".")
  }
  rows
}

# Returns whether the gate is a law of all predictors.
gate_knows_predictors <- function(object) {
  if (!gate_is_generative(object$gate)) return(FALSE)
  known <- rownames(object$parameters$gate$means)
  if (length(object$dropped$gate)) return(FALSE)
  if (is.null(object$blueprint)) {
    return(setequal(known, object$problem$units$expert$all_terms[-1L]))
  }
  all(all.vars(stats::delete.response(object$blueprint$terms)) %in% known)
}

gate_rows <- function(object, n) {
  gate <- object$parameters$gate
  k <- sample.int(object$K, n, replace = TRUE, prob = gate$weights)
  z <- matrix(stats::rnorm(n * nrow(gate$means)), n,
              dimnames = list(NULL, rownames(gate$means)))
  for (j in seq_len(object$K)) {
    rows <- which(k == j)
    z[rows, ] <- z[rows, , drop = FALSE] %*%
      chol(slice(gate$covariances, j)) +
      rep(gate$means[, j], each = length(rows))
  }
  if (!is.null(object$blueprint)) return(as.data.frame(z, optional = TRUE))
  x <- z[, object$problem$units$expert$all_terms[-1L], drop = FALSE]
  if (has_own_gate_design(object)) list(x = x, z = z) else list(x = x)
}

simulate_rows <- function(object, nsim, newdata) {
  values <- evaluate_fit(object, newdata)
  draws <- lapply(seq_len(nsim), function(i) draw_response(object, values))
  out <- lapply(draws, `[[`, "y")
  names(out) <- paste0("sim_", seq_len(nsim))
  out <- structure(out, class = "data.frame",
                   row.names = seq_len(nrow(values$gate)))
  attr(out, "expert") <- vapply(draws, `[[`, integer(nrow(values$gate)),
                                "expert")
  out
}

draw_response <- function(object, values) {
  d <- dim(values$mean)
  cumulated <- values$gate %*% upper.tri(diag(d[3L]), diag = TRUE)
  above <- stats::runif(d[1L]) > cumulated[, -d[3L], drop = FALSE]
  expert <- 1L + rowSums(above)
  y <- matrix(NA_real_, d[1L], d[2L],
              dimnames = list(NULL, dimnames(values$mean)[[2L]]))
  for (k in seq_len(d[3L])) {
    rows <- which(expert == k)
    mean <- matrix(values$mean[rows, , k], length(rows), d[2L])
    y[rows, ] <- expert_draw(object$expert, object$parameters$expert, mean, k)
  }
  list(y = drop_response(y), expert = as.integer(expert))
}
