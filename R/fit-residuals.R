#' @export
fitted.moe <- function(object, ...) {
  check_dots(..., help = "?predict.moe")
  drop_response(mixture_mean(evaluate_fit(object)))
}

#' Residuals of a mixture of experts
#'
#' @details
#' `"response"` is \eqn{y - \hat\mu}{y - mu} and `"pearson"` is
#' \eqn{(y - \hat\mu) / \hat\sigma}{(y - mu) / sigma}, with the mean and the
#' standard deviation of the fitted mixture. A mixture may be skewed or have
#' several modes; then even the true model's Pearson residuals are not normal.
#' The other two types use the whole distribution. The probability integral
#' transform,
#' \deqn{u = F(y \mid x) = \sum_k g_k(x) F_k(y \mid x),}{u = F(y | x),}
#' is uniform on (0, 1) under the true model, and the quantile residual
#' \eqn{\Phi^{-1}(u)}, its normal score, is standard normal. The score is
#' computed from the smaller tail on the log scale, so that it is accurate far
#' out in both tails, where `u` itself rounds to 0 or 1.
#'
#' For responses with atoms, such as counts, `u` is drawn uniformly between
#' \eqn{P(Y < y)} and \eqn{P(Y \le y)}, which makes it uniform again. Gaussian
#' experts give continuous responses: nothing needs to be drawn, and no random
#' numbers are used.
#'
#' @param object A fit from [moe()], or a model from [moe_model()],
#'   [as_moe_model()] or [moe_truth()].
#' @param newdata A data frame with predictors and response (for fits from
#'   matrices and their models: a list of `x`, `z` and `y`). `NULL`: the rows of
#'   the fit.
#' @param type One of `"response"`, `"pearson"`, `"quantile"` (quantile
#'   residuals) and `"pit"` (probability integral transform).
#' @param ... Not used.
#' @return A vector with an element per row of the fit (of `newdata`), or a
#'   matrix with a column per response, each response alone. With
#'   `na.action = na.exclude`, rows left out are `NA`. Elements have no names;
#'   `case.names()` gives the names of the rows that the fit used.
#' @section Errors: a fit made with `model = FALSE` holds no response, which is
#'   an error of class `gatemix_error_input`. So is a model without `newdata`,
#'   or with one that lacks the response.
#' @references Dunn, P. K. and Smyth, G. K. (1996). Randomized quantile
#'   residuals. *Journal of Computational and Graphical Statistics* 5, 236-244.
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' head(residuals(fit, type = "pearson"))
#' qqnorm(residuals(fit, type = "quantile"))
#' abline(0, 1)
#' hist(residuals(fit, type = "pit"), breaks = 10)
#'
#' # under a model whose parameters are known
#' truth <- moe_truth("glome_ws")
#' d <- simulate(truth, n = 5, seed = 1)
#' residuals(truth, d, type = "quantile")
residuals.moe <- function(object,
                          type = c("response", "pearson", "quantile", "pit"),
                          newdata = NULL, ...) {
  if (...length()) check_dots(..., help = "?residuals.moe")
  model_residuals(object, newdata, type)
}
