#' A fit in one row
#'
#' @param x A fit from [moe()].
#' @param ... Not used; anything here is an error.
#' @return A tibble (without package tibble: a data frame) with one row and the
#'   columns
#'   \item{K}{number of experts}
#'   \item{gate}{`"softmax"`, `"gaussian"` or `"constant"`}
#'   \item{logLik, AIC, BIC, df, nobs}{the maximised log-likelihood, as
#'     [logLik.moe()]; `nobs` counts the rows with positive weight}
#'   \item{ICL}{the integrated completed likelihood criterion, on the scale of
#'     `BIC` (smaller is better):
#'     \deqn{ICL = BIC + 2 E, \qquad
#'       E = -\sum_i w_i \sum_k \tau_{ik} \log \tau_{ik},}
#'     with the posterior probabilities \eqn{\tau_{ik}} of the experts and the
#'     case weights \eqn{w_i}. `NA` for a fit made with `model = FALSE`, which
#'     holds no rows to compute them for}
#'   \item{converged, iterations}{as in the fit}
#' @references Biernacki, C., Celeux, G. and Govaert, G. (2000). Assessing a
#'   mixture model for clustering with the integrated completed likelihood.
#'   *IEEE Transactions on Pattern Analysis and Machine Intelligence* 22,
#'   719-725.
#' @family tidy methods
#' @export
#' @examples
#' fits <- lapply(1:3, function(K) moe(eruptions ~ waiting, faithful, K = K))
#' do.call(rbind, lapply(fits, glance))
glance.moe <- function(x, ...) {
  check_dots(..., help = "?glance.moe")
  likelihood <- logLik(x)
  bic <- stats::BIC(likelihood)
  tidy_table(data.frame(
    K = x$K, gate = x$gate$name, logLik = as.numeric(likelihood),
    AIC = stats::AIC(likelihood), BIC = bic,
    ICL = bic + 2 * posterior_entropy(x), df = attr(likelihood, "df"),
    nobs = attr(likelihood, "nobs"), converged = x$converged,
    iterations = x$iterations))
}

# -sum_i w_i sum_k tau_ik log tau_ik
posterior_entropy <- function(fit) {
  if (is.null(fit$model)) return(NA_real_)
  fit$na.action <- NULL
  tau <- evaluate_fit(fit, response = TRUE)$posterior
  w <- if (is.null(fit$weights)) 1 else fit$weights
  -sum(w * ifelse(tau > 0, tau * log(tau), 0))
}
