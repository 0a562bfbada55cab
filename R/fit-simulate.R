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
#' @param n Not for fits, which have no law of the predictors to draw rows from:
#'   an error of class `gatemix_error_input`. See [simulate.moe_model()].
#' @return A data frame with columns `sim_1`, `sim_2`, ... (matrices for
#'   several responses) and the attribute `seed`. The experts drawn are the
#'   attribute `expert`, an n x nsim matrix.
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' head(simulate(fit, nsim = 2, seed = 1))
simulate.moe <- function(object, nsim = 1, seed = NULL, newdata = NULL, ...,
                         n = NULL) {
  if (!is.null(n)) {
    abort_input("`n`: a fit simulates at the rows of its data or of ",
                "`newdata`. The number of response vectors is `nsim`; to draw ",
                "rows, see ?as_moe_model and its `design`.")
  }
  nsim <- check_count(nsim, "nsim")
  if (...length()) check_dots(..., help = "?simulate.moe")
  used <- local_seed(seed)
  structure(simulate_rows(object, nsim, newdata), seed = used)
}
