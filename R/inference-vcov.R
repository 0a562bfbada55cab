#' Covariance matrix of the estimates
#'
#' The asymptotic covariance of a fit's parameters, from the curvature of its
#' log-likelihood or from a bootstrap.
#'
#' With \eqn{s_{ik}} the score of row \eqn{i} if it were known to belong to
#' expert \eqn{k}, and \eqn{\tau_{ik}} its posterior probability, the observed
#' information is that of the complete data minus what the unknown labels take
#' from it (Louis 1982),
#' \deqn{I = I_c - \sum_i w_i \Big\{\sum_k \tau_{ik} s_{ik} s_{ik}' -
#'   \bar s_i \bar s_i'\Big\}, \qquad \bar s_i = \sum_k \tau_{ik} s_{ik}.}
#' `"information"` is \eqn{I^{-1}}. `"sandwich"` is
#' \eqn{I^{-1} (\sum_i w_i \bar s_i \bar s_i') I^{-1}}, which stays valid, for
#' the best approximating mixture, if the experts' densities are not exactly
#' right. Both are sums over rows; they are computed in a few passes over the
#' data, in memory that does not grow with the number of rows, and carried from
#' the engine's coordinates to the parameters by their derivatives. Weights
#' count rows: a weight of 2 is a row that is there twice.
#'
#' @section When standard errors would mislead: an error of class
#'   `gatemix_error_inference` says why there are none: a variance at its
#'   floor, an expert without rows, a gate whose slopes have no finite
#'   estimate, or parameters that the data do not determine. A warning of class
#'   `gatemix_warning_inference` says that a fit did not converge, or that it
#'   is nearly undetermined, as with too many experts. In both cases normal
#'   approximations are poor; more rows or fewer experts help, and
#'   [bootstrap_moe()] shows what the estimates do.
#'
#'   Standard errors describe this optimum and this number of experts. They do
#'   not know that `K` was chosen, nor that experts have no natural order.
#'
#' @param object A fit from [moe()], or the result of [bootstrap_moe()].
#' @param type `"information"`, `"sandwich"` or `"bootstrap"`.
#' @param component `"all"`: the coefficients of gate and experts, as `coef()`
#'   gives them. Or one or several of `"gate"`, `"expert"` and `"dispersion"`
#'   (variances and covariances of the experts).
#' @param bootstrap For `type = "bootstrap"`: the result of [bootstrap_moe()].
#'   `NULL`: it is called, with the arguments in `...`.
#' @param complete Give dropped coefficients (`NA` in `coef()`) rows and
#'   columns of `NA`?
#' @param ... Arguments of [bootstrap_moe()].
#' @return A symmetric matrix with a row and a column per parameter, named as
#'   `coef(object)`; those of the dispersion are named
#'   `dispersion1:var(y)`. For `K = 1` it is the matrix of `vcov(lm())` times
#'   (n - p) / n: variances are maximum likelihood estimates throughout. The
#'   parameters of a Gaussian gate are not free (its weights sum to 1), so
#'   their matrix is singular.
#' @references Louis, T. A. (1982). Finding the observed information matrix when
#'   using the EM algorithm. *JRSS B* 44, 226-233. White, H. (1982). Maximum
#'   likelihood estimation of misspecified models. *Econometrica* 50, 1-25.
#' @seealso [confint()][confint.moe], [bootstrap_moe()]
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(waiting ~ eruptions, data = faithful, K = 2)
#' sqrt(diag(vcov(fit)))
#' sqrt(diag(vcov(fit, type = "sandwich")))
#' sqrt(diag(vcov(fit, component = "dispersion")))
vcov.moe <- function(object, type = c("information", "sandwich", "bootstrap"),
                     component = "all", bootstrap = NULL, complete = TRUE,
                     ...) {
  type <- check_choice(type, "type", c("information", "sandwich", "bootstrap"))
  complete <- check_flag(complete, "complete")
  if (type == "bootstrap") {
    bootstrap <- bootstrap_of(object, bootstrap, ...)
    return(vcov(bootstrap, component = component, complete = complete))
  }
  check_dots(..., help = "?vcov.moe")
  refuse_bootstrap(bootstrap, type)
  table <- parameter_table(object)
  rows <- component_rows(table, component)
  all <- parameter_covariance(object, table, type)
  complete_rows_of(all[rows, rows, drop = FALSE], complete)
}

#' @rdname vcov.moe
#' @export
vcov.moe_bootstrap <- function(object, component = "all", complete = TRUE,
                               ...) {
  check_dots(..., help = "?vcov.moe")
  rows <- component_rows(object$table, component)
  # a dropped coefficient is NA in every replicate
  kept <- !is.na(object$table$estimate)
  all <- matrix(NA_real_, length(kept), length(kept),
                dimnames = list(object$table$name, object$table$name))
  all[kept, kept] <- stats::cov(object$estimates[, kept, drop = FALSE],
                                use = "na.or.complete")
  complete_rows_of(all[rows, rows, drop = FALSE],
                   check_flag(complete, "complete"))
}

# Returns the covariance matrix of all parameters, with NA for those that were
# dropped.
parameter_covariance <- function(object, table, type) {
  need_model(object)
  inner <- theta_covariance(object, type)
  jacobian <- parameter_jacobian(object)
  kept <- !is.na(table$estimate)
  if (object$separated) {
    known <- block_positions(object$problem, "expert")
    jacobian <- jacobian[table$component[kept] != "gate", known]
    kept <- kept & table$component != "gate"
  }
  covariance <- jacobian %*% tcrossprod(inner, jacobian)
  out <- matrix(NA_real_, nrow(table), nrow(table),
                dimnames = list(table$name, table$name))
  out[kept, kept] <- (covariance + t(covariance)) / 2
  out
}

complete_rows_of <- function(m, complete) {
  if (complete) return(m)
  kept <- !is.na(diag(m))
  m[kept, kept, drop = FALSE]
}

refuse_bootstrap <- function(bootstrap, type) {
  if (is.null(bootstrap)) return(invisible())
  abort_input("`bootstrap` goes with type = \"bootstrap\", not with \"", type,
              "\".")
}
