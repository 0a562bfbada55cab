#' Penalties for many predictors
#'
#' A penalty on the coefficients of a gate or of the experts. The objective is
#' \deqn{-\frac{1}{n} \sum_{i=1}^n \log s(y_i \mid x_i) +
#'   \sum_{j,k} p_{\lambda_j}(|b_{jk}|),}
#' the sum being over all coefficients of the block except intercepts, with
#' \eqn{\lambda_j = } `factor` \eqn{\times \lambda}. Variances, mixing weights
#' and intercepts are never penalised.
#' \describe{
#'   \item{`penalty_lasso()`}{\eqn{p_\lambda(t) = \lambda t}}
#'   \item{`penalty_elastic_net()`}{\eqn{p_\lambda(t) = \lambda (\alpha t +
#'     (1 - \alpha) t^2 / 2)}}
#'   \item{`penalty_ridge()`}{\eqn{p_\lambda(t) = \lambda t^2 / 2}}
#'   \item{`penalty_group_lasso()`}{\eqn{\lambda \sqrt{m_g}} times the
#'     Euclidean norm of all coefficients of a term in all experts (in all
#'     classes of a gate): a predictor enters or leaves everywhere at once.
#'     \eqn{m_g} is the number of columns of the term, more than 1 for
#'     factors.}
#'   \item{`penalty_scad()`}{smoothly clipped absolute deviation: the lasso near
#'     0, constant beyond \eqn{a \lambda}, so that large coefficients are not
#'     shrunk.}
#'   \item{`penalty_mcp()`}{minimax concave penalty: the slope falls from
#'     \eqn{\lambda} at 0 to 0 at \eqn{\gamma \lambda}.}
#' }
#'
#' @section Scale:
#' By default the penalty is on the coefficients of standardised predictors
#' (standard deviation with divisor n, weighted) and of a standardised
#' response, as if all had been divided by their standard deviations before:
#' then the same \eqn{\lambda} means the same for all predictors, and for gate
#' and experts. Coefficients are returned on the user's scale. With
#' `standardize = FALSE` the penalty is on the coefficients as they are
#' returned. For `K = 1` and a lasso the estimate is that of \pkg{glmnet} with
#' the penalty \eqn{\lambda \hat\sigma^2 / s_y}, where \eqn{s_y} is the standard
#' deviation of the response.
#'
#' @section Gates:
#' The coefficients of a softmax gate are known up to a translation. A penalty
#' is taken at the translation that makes it smallest, as in the multinomial
#' models of \pkg{glmnet}: so it does not depend on which expert is the
#' reference. For two experts and a lasso this is the penalty on the
#' coefficients against the reference; for a ridge it is half of that.
#'
#' @section Degrees of freedom:
#' `df`, and with it AIC and BIC, counts the coefficients that are not 0. A
#' ridge sets none to 0; its degrees of freedom are (Gray 1992)
#' \deqn{\mathrm{tr}\{H (H + P)^{-1}\}}{tr(H (H + P)^-1)} with the information
#' \eqn{H} of all coefficients of an expert, or of the gate, given the
#' responsibilities, and the second derivative \eqn{P} of the penalty times n.
#' For `K = 1` this is the familiar
#' \eqn{1 + \sum_j d_j^2 / (d_j^2 + n \lambda \hat\sigma^2)} with the singular
#' values \eqn{d_j} of the standardised predictors and \eqn{\hat\sigma^2} that
#' of the standardised response. The cost of estimating the responsibilities is
#' not included. Where there are more than 1,000 rows (for a gate times `K`) and
#' more than 1,000 penalised coefficients of an expert, or of the gate, or where
#' the product of the two is above 20 million, these all count. An elastic net
#' with `alpha > 0` counts those that are not 0, without regard to its share of
#' ridge.
#'
#' @param lambda Strength of the penalty, not negative. 0 is no penalty. `NULL`:
#'   to be set by [moe_path()].
#' @param alpha Share of the lasso in the elastic net, from 0 (ridge) to 1
#'   (lasso).
#' @param a Where SCAD becomes constant, in units of lambda; above 2.
#' @param gamma Where MCP becomes constant, in units of lambda; above 1.
#' @param exclude Names of terms that are not penalised: terms of the formula
#'   (`"sex"`, `"a:b"`), or columns of the design (`"sexmale"`; not with a
#'   group lasso, whose groups are terms).
#' @param factor Multiplies lambda for some terms: a named vector, as in
#'   `c(age = 2)`. Others have 1; 0 is the same as `exclude`.
#' @param standardize See the section on scale.
#' @return An object of class `moe_penalty` for the argument `penalty` of
#'   [gate_softmax()], [gate_gaussian()] or [expert_gaussian()].
#' @references Nguyen, T. T., Nguyen, H. D., Chamroukhi, F. and McLachlan, G. J.
#'   (2020). Non-asymptotic oracle inequalities for the Lasso in
#'   high-dimensional mixture of experts. arXiv:2009.10622. Chamroukhi, F. and
#'   Huynh, B.-T. (2019). Regularized maximum likelihood estimation and feature
#'   selection in mixtures-of-experts models. *Journal de la Societe Francaise
#'   de Statistique* 160, 57-85. Gray, R. J. (1992). Flexible methods for
#'   analyzing survival data using splines, with applications to breast cancer
#'   prognosis. *JASA* 87, 942-951. Fan, J. and Li, R. (2001). Variable
#'   selection via nonconcave penalized likelihood and its oracle properties.
#'   *JASA* 96, 1348-1360. Zhang, C.-H. (2010). Nearly unbiased variable
#'   selection under minimax concave penalty. *Annals of Statistics* 38,
#'   894-942.
#' @seealso [moe_path()] for all values of lambda.
#' @name penalties
#' @examples
#' fit <- moe(medv ~ ., data = MASS::Boston, K = 2,
#'            gate = gate_softmax(penalty = penalty_lasso(0.02)),
#'            expert = expert_gaussian(penalty = penalty_lasso(0.08)),
#'            control = moe_control(starts = 3, moves = 0))
#' coef(fit, "expert")
#' penalty_scad(0.1, exclude = "age")
NULL

#' @rdname penalties
#' @export
penalty_lasso <- function(lambda = NULL, exclude = NULL, factor = NULL,
                          standardize = TRUE) {
  new_penalty("lasso", "elastic_net", lambda, exclude, factor, standardize)
}

#' @rdname penalties
#' @export
penalty_elastic_net <- function(lambda = NULL, alpha = 0.5, exclude = NULL,
                                factor = NULL, standardize = TRUE) {
  alpha <- check_number(alpha, "alpha", 0, 1)
  new_penalty("elastic net", "elastic_net", lambda, exclude, factor,
              standardize, alpha = alpha)
}

#' @rdname penalties
#' @export
penalty_ridge <- function(lambda = NULL, exclude = NULL, factor = NULL,
                          standardize = TRUE) {
  new_penalty("ridge", "elastic_net", lambda, exclude, factor, standardize,
              alpha = 0)
}

#' @rdname penalties
#' @export
penalty_group_lasso <- function(lambda = NULL, exclude = NULL, factor = NULL,
                                standardize = TRUE) {
  new_penalty("group lasso", "group_lasso", lambda, exclude, factor,
              standardize)
}

#' @rdname penalties
#' @export
penalty_scad <- function(lambda = NULL, a = 3.7, exclude = NULL,
                         factor = NULL, standardize = TRUE) {
  a <- check_number(a, "a", 2, Inf, open = TRUE)
  new_penalty("SCAD", "scad", lambda, exclude, factor, standardize, shape = a)
}

#' @rdname penalties
#' @export
penalty_mcp <- function(lambda = NULL, gamma = 3, exclude = NULL,
                        factor = NULL, standardize = TRUE) {
  gamma <- check_number(gamma, "gamma", 1, Inf, open = TRUE)
  new_penalty("MCP", "mcp", lambda, exclude, factor, standardize,
              shape = gamma)
}

new_penalty <- function(label, key, lambda, exclude, factor, standardize,
                        alpha = 1, shape = 0) {
  if (!is.null(lambda)) lambda <- check_number(lambda, "lambda")
  ok <- is.null(exclude) || (is.character(exclude) && !anyNA(exclude))
  if (!ok) {
    abort_input("`exclude` must be names of terms; found ", describe(exclude),
                ".")
  }
  ok <- is.null(factor) || (is.numeric(factor) && all(is.finite(factor)) &&
                              all(factor >= 0) && !is.null(names(factor)) &&
                              all(nzchar(names(factor))))
  if (!ok) {
    abort_input("`factor` must be numbers, not negative and named by terms, ",
                "as in c(age = 2); found ", describe(factor), ".")
  }
  structure(
    list(label = label, key = key, lambda = lambda, alpha = alpha,
         shape = shape, exclude = exclude, factor = factor,
         standardize = check_flag(standardize, "standardize")),
    class = "moe_penalty"
  )
}

#' @export
print.moe_penalty <- function(x, ...) {
  cat(penalty_words(x), "\n", sep = "")
  if (length(x$exclude)) {
    cat("  not penalised: ", paste(x$exclude, collapse = ", "), "\n", sep = "")
  }
  if (length(x$factor)) {
    cat("  factors: ", paste(names(x$factor), x$factor, sep = " = ",
                             collapse = ", "), "\n", sep = "")
  }
  invisible(x)
}

penalty_words <- function(x) {
  if (x$key == "support") return("refitted support")
  shape <- switch(x$label, `elastic net` = paste0(", alpha = ", x$alpha),
                  SCAD = paste0(", a = ", x$shape),
                  MCP = paste0(", gamma = ", x$shape))
  paste0(x$label, " penalty",
         if (!is.null(x$lambda)) paste0(", lambda = ",
                                        format(x$lambda, digits = 4L)), shape,
         if (!x$standardize) ", not standardised")
}

# Returns the call that makes a penalty.
penalty_call <- function(penalty) {
  name <- paste0("penalty_", gsub(" ", "_", tolower(penalty$label)))
  arguments <- list(
    lambda = penalty$lambda,
    alpha = if (penalty$label == "elastic net") penalty$alpha,
    a = if (penalty$label == "SCAD") penalty$shape,
    gamma = if (penalty$label == "MCP") penalty$shape,
    exclude = penalty$exclude, factor = penalty$factor,
    standardize = if (!penalty$standardize) FALSE)
  as.call(c(as.name(name), Filter(Negate(is.null), arguments)))
}

check_penalty <- function(penalty) {
  if (is.function(penalty)) penalty <- penalty()
  if (!is.null(penalty) && !inherits(penalty, "moe_penalty")) {
    abort_input("`penalty` must be made by penalty_lasso(), ",
                "penalty_elastic_net(), penalty_ridge(), ",
                "penalty_group_lasso(), penalty_scad() or penalty_mcp(); ",
                "found ", describe(penalty), ".")
  }
  penalty
}

# Returns whether the coefficients of a gate or of experts are penalised at all.
is_penalised <- function(part) {
  !is.null(part$penalty) && !identical(part$penalty$lambda, 0)
}

# Returns the penalty as the engine takes it, or NULL. `units` are those of the
# block's design, see column_units(); `response_unit` is one unit of the
# engine's response in units of the penalty (1 for gates).
penalty_spec <- function(part, units, response_unit, name) {
  if (!is_penalised(part)) return(NULL)
  penalty <- part$penalty
  if (penalty$key == "support") {
    abort_input("`", name, "` is that of a refit of a path, whose terms are ",
                "those of that path's point; it cannot be fitted anew.")
  }
  if (is.null(penalty$lambda)) {
    abort_input("`", name, "`: its penalty has no `lambda`. Give one, or use ",
                "moe_path() for all values.")
  }
  factor <- penalty_factors(penalty, units, name)
  unit <- rep(response_unit, length(factor))
  if (!penalty$standardize) {
    # the means of a Gaussian gate have the units of the predictors
    means <- identical(part$likelihood, "joint")
    unit <- if (means) units$scale else unit / units$scale
  }
  list(key = penalty$key, lambda = penalty$lambda, alpha = penalty$alpha,
       shape = penalty$shape, factor = factor, unit = unit,
       group = if (penalty$key == "group_lasso")
         match(units$groups, unique(units$groups)) else seq_along(factor))
}

# Returns whether a penalty sets nothing to 0.
is_ridge <- function(penalty) {
  identical(penalty$key, "elastic_net") && penalty$alpha == 0
}

# Returns whether a penalty is so close to a ridge that no useful lambda sets
# coefficients to 0.
is_nearly_ridge <- function(penalty) {
  penalty$key == "elastic_net" && penalty$alpha < nearly_ridge
}

nearly_ridge <- 1e-3

# Returns whether large coefficients cost no more than others.
is_bounded <- function(penalty) penalty$key %in% c("scad", "mcp")

# Returns a divisor per term: the gradient over it is the smallest lambda that
# keeps the term's coefficients at 0.
penalty_scale <- function(penalty) {
  switch(penalty$key,
    elastic_net = penalty$factor * max(penalty$alpha, nearly_ridge),
    group_lasso = penalty$factor *
      sqrt(tabulate(penalty$group)[penalty$group]),
    penalty$factor)
}

# Returns a factor for each column of a design.
penalty_factors <- function(penalty, units, name) {
  groups <- units$groups
  out <- rep(1, length(groups))
  chosen <- c(names(penalty$factor), penalty$exclude)
  unknown <- setdiff(chosen, c(groups, units$terms))
  if (length(unknown)) {
    abort_input("`", name, "`: its penalty names the term(s) ",
                quote_all(unknown), "; the design has ",
                quote_all(utils::head(unique(groups), 10L)),
                if (length(unique(groups)) > 10L) ", ...", ".")
  }
  for (term in names(penalty$factor)) {
    out[groups == term | units$terms == term] <- penalty$factor[[term]]
  }
  out[groups %in% penalty$exclude | units$terms %in% penalty$exclude] <- 0
  if (units$intercept > 0L) out[units$intercept] <- 0
  if (penalty$key == "group_lasso") refuse_split_groups(out, groups, name)
  out
}

# Refuses different factors within a group.
refuse_split_groups <- function(factor, groups, name) {
  split <- unique(groups[factor != factor[match(groups, groups)]])
  if (length(split)) {
    abort_input("`", name, "`: a group lasso has one factor for all columns ",
                "of a term; found several for ", quote_all(split),
                ". Name the term, not one of its columns.")
  }
}

#' Penalties as HDME and RMoE write them
#'
#' The programs of Chamroukhi and Huynh maximise the sum of the log-likelihood
#' less a penalty; here objectives are per row. So their lambda is divided by
#' the number of rows (the sum of the weights).
#'
#' @param lambda One or more penalties of a sum over rows.
#' @param n Number of rows, or the sum of their weights.
#' @return Penalties per row, for [penalty_lasso()] and its like. Their
#'   coefficients are those of the data as given, so use `standardize = FALSE`
#'   there (which makes no difference where all variables have standard
#'   deviation 1, with divisor n). Their experts have one variance: use
#'   `expert_gaussian(shared = TRUE)`.
#' @references Chamroukhi, F. and Huynh, B.-T. (2019). Regularized maximum
#'   likelihood estimation and feature selection in mixtures-of-experts models.
#'   *Journal de la Societe Francaise de Statistique* 160, 57-85, eq. (4).
#' @export
#' @examples
#' lambda_from_sum(c(expert = 42, gate = 10), n = 506)
lambda_from_sum <- function(lambda, n) {
  n <- check_number(n, "n", 0, Inf, open = TRUE)
  if (!is.numeric(lambda) || any(!is.finite(lambda)) || any(lambda < 0)) {
    abort_input("`lambda` must be finite numbers, not negative; found ",
                describe(lambda), ".")
  }
  lambda / n
}
