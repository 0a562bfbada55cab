#' Simulate responses from a mixture of experts
#'
#' Draws an expert for each row from the gate, then the response from the
#' expert.
#'
#' @param object A fit from [moe()].
#' @param nsim Number of response vectors.
#' @param seed As in [stats::simulate()].
#' @param newdata Rows to simulate at; `NULL`: the rows of the fit.
#' @param ... Not used.
#' @return A data frame with columns `sim_1`, `sim_2`, ... (matrices for
#'   several responses) and the attribute `seed`. The experts drawn are the
#'   attribute `expert`, an n x nsim matrix.
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' head(simulate(fit, nsim = 2, seed = 1))
simulate.moe <- function(object, nsim = 1, seed = NULL, newdata = NULL, ...) {
  nsim <- check_count(nsim, "nsim")
  if (...length()) check_dots(...)
  used <- local_seed(seed)
  structure(simulate_rows(object, nsim, newdata), seed = used)
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
