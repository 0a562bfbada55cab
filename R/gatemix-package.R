#' gatemix: mixture-of-experts models
#'
#' A mixture of experts is a regression model for heterogeneous data: \eqn{K}
#' regression models, the *experts*, and a *gate* that says how much each of
#' them counts at each point of the predictor space,
#' \deqn{s(y \mid x) = \sum_{k=1}^K g_k(x) f_k(y \mid x).}
#'
#' Start with [moe()]. Gates: [gate_softmax()], [gate_gaussian()],
#' [gate_constant()]. Experts: [expert_gaussian()]. The stages of the
#' algorithm are exported too, see [em_problem()].
#'
#' @useDynLib gatemix, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom Formula Formula as.Formula
#' @importFrom methods is
#' @importFrom stats AIC BIC anova coef confint logLik nobs fitted residuals
#'   predict simulate update formula terms model.frame model.matrix vcov weights
#'   sigma
#' @importFrom graphics plot
#' @keywords internal
"_PACKAGE"
