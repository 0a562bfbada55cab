#' Proper scores of predicted distributions
#'
#' `crps()` gives the continuous ranked probability score, `log_score()` the
#' logarithmic score of the distribution that a fit predicts for each row. Both
#' are proper: in expectation nothing scores better than the true
#' distribution. Both are negatively oriented: **smaller is better**.
#'
#' @details
#' The continuous ranked probability score of a distribution function \eqn{F}
#' at the response \eqn{y} is
#' \deqn{\mathrm{crps}(F, y) = \int (F(t) - 1\{y \le t\})^2 \, dt
#'   = E|Y - y| - \tfrac12 E|Y - Y'|,}{%
#'   crps(F, y) = int (F(t) - 1(y <= t))^2 dt = E|Y - y| - E|Y - Y'| / 2,}
#' with \eqn{Y} and \eqn{Y'} independent draws from \eqn{F}. It is in the unit
#' of the response and equals the absolute error for a prediction without
#' spread. For a mixture,
#' \deqn{\mathrm{crps}(F, y) = \sum_k g_k E|Y_k - y| -
#'   \tfrac12 \sum_k \sum_l g_k g_l E|Y_k - Y_l|,}{%
#'   crps(F, y) = sum_k g_k E|Y_k - y| - sum_kl g_k g_l E|Y_k - Y_l| / 2,}
#' and for Gaussian experts each expectation is that of the absolute value of a
#' normal variable,
#' \eqn{E|N(m, s^2)| = m (2 \Phi(m/s) - 1) + 2 s \varphi(m/s)}{%
#' E|N(m, s^2)| = m (2 Phi(m/s) - 1) + 2 s phi(m/s)}: the value is exact,
#' nothing is simulated or integrated.
#'
#' The logarithmic score is minus the log-density of the response given the
#' predictors, \eqn{-\log \sum_k g_k(x) f_k(y \mid x)}{-log s(y | x)}, of all
#' responses together where there are several.
#'
#' Scores of the rows that a model was fitted to flatter it; compare models on
#' rows that none of them has seen.
#'
#' @param object A fit from [moe()], or a model from [moe_model()],
#'   [as_moe_model()] or [moe_truth()].
#' @param newdata A data frame with the response and the predictors (for fits
#'   from matrices: a list of `x`, `y` and, where the fit has it, `z`).
#'   `NULL`: the rows of the fit; a model has none.
#' @param ... Not used.
#' @return One score per row: a vector; for `crps()` with several responses a
#'   matrix with a column per response, each response alone. Rows with missing
#'   values give `NA`. Weights play no part. For the average over the rows take
#'   `mean()`, or `weighted.mean(crps(fit), weights(fit))` for a weighted fit.
#' @section Errors: `newdata` without the response, and a model without
#'   `newdata`, are errors of class `gatemix_error_input`.
#' @references Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring
#'   rules, prediction, and estimation. *Journal of the American Statistical
#'   Association* 102, 359-378.
#'
#'   Grimit, E. P., Gneiting, T., Berrocal, V. J. and Johnson, N. A. (2006).
#'   The continuous ranked probability score for circular variables and its
#'   application to mesoscale forecast ensemble verification. *Quarterly
#'   Journal of the Royal Meteorological Society* 132, 2925-2942.
#' @aliases crps.moe log_score.moe
#' @export
#' @examples
#' # does a mixture predict eruptions better than one regression?
#' test <- seq(3, nrow(faithful), by = 3)
#' one <- moe(eruptions ~ waiting, data = faithful[-test, ], K = 1)
#' two <- moe(eruptions ~ waiting, data = faithful[-test, ], K = 2)
#' new <- faithful[test, ]
#' c(one = mean(crps(one, new)), two = mean(crps(two, new)))
#' c(one = mean(log_score(one, new)), two = mean(log_score(two, new)))
crps <- function(object, newdata = NULL, ...) UseMethod("crps")

#' @rdname crps
#' @export
log_score <- function(object, newdata = NULL, ...) UseMethod("log_score")

#' @rdname crps
#' @export
crps.moe_model <- function(object, newdata = NULL, ...) {
  if (...length()) check_dots(..., help = "?crps")
  require_response(object, newdata, "crps()")
  values <- evaluate_fit(object, newdata, response = TRUE)
  drop_response(each_response(object, values, mixture_crps))
}

#' @rdname crps
#' @export
log_score.moe_model <- function(object, newdata = NULL, ...) {
  if (...length()) check_dots(..., help = "?log_score")
  require_response(object, newdata, "log_score()")
  -evaluate_fit(object, newdata, response = TRUE)$log_density
}
