#' Confidence intervals of the parameters
#'
#' Wald intervals from the standard errors of [vcov()][vcov.moe], or percentiles
#' of a bootstrap.
#'
#' Wald intervals are estimate \eqn{\pm z} standard errors. Variances have
#' theirs on the log scale and the weights of a Gaussian gate on the logit
#' scale, so that the limits are possible values.
#'
#' @inheritParams vcov.moe
#' @param parm Names or numbers of the parameters; missing: all.
#' @param level Probability of the intervals.
#' @return A matrix with a row per parameter and the columns of lower and upper
#'   limits. Errors and warnings as in [vcov()][vcov.moe].
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(waiting ~ eruptions, data = faithful, K = 2)
#' confint(fit)
#' confint(fit, c("expert1:eruptions", "expert2:eruptions"), level = 0.9)
#' confint(fit, component = "dispersion", type = "sandwich")
confint.moe <- function(object, parm, level = 0.95,
                        type = c("information", "sandwich", "bootstrap"),
                        component = "all", bootstrap = NULL, ...) {
  type <- check_choice(type, "type", c("information", "sandwich", "bootstrap"))
  level <- check_number(level, "level", 0, 1, open = TRUE)
  if (type == "bootstrap") {
    bootstrap <- bootstrap_of(object, bootstrap, ...)
    return(confint(bootstrap, parm, level, component = component))
  }
  check_dots(..., help = "?confint.moe")
  refuse_bootstrap(bootstrap, type)
  table <- parameter_table(object)
  table <- chosen_parameters(table, component, if (!missing(parm)) parm)
  covariance <- parameter_covariance(object, parameter_table(object), type)
  se <- standard_errors(covariance)[table$name]
  limits(wald_limits(table, se, level), table$name, level)
}

#' @rdname confint.moe
#' @export
confint.moe_bootstrap <- function(object, parm, level = 0.95,
                                  component = "all", ...) {
  check_dots(..., help = "?confint.moe")
  level <- check_number(level, "level", 0, 1, open = TRUE)
  table <- chosen_parameters(object$table, component,
                             if (!missing(parm)) parm)
  # type 6: the (R + 1) p-th smallest of R replicates
  out <- vapply(table$name, function(name) {
    stats::quantile(object$estimates[, name], c(1 - level, 1 + level) / 2,
                    na.rm = TRUE, names = FALSE, type = 6L)
  }, numeric(2L))
  limits(t(matrix(out, 2L)), table$name, level)
}

standard_errors <- function(covariance) {
  # rounding can make the variance of a fixed parameter slightly negative
  out <- sqrt(pmax(diag(covariance), 0))
  stats::setNames(out, rownames(covariance))
}

chosen_parameters <- function(table, component, parm) {
  if (is.character(parm) && identical(component, "all")) {
    component <- c("gate", "expert", "dispersion")
  }
  table <- table[component_rows(table, component), ]
  if (is.null(parm)) return(table)
  at <- if (is.character(parm)) match(parm, table$name)
    else if (is.numeric(parm)) match(parm, seq_len(nrow(table)))
  if (is.null(at) || anyNA(at)) {
    abort_input("`parm` must be names or numbers of parameters, such as ",
                quote_all(utils::head(table$name, 2L)), "; found ",
                paste(utils::head(parm, 5L), collapse = ", "), ".")
  }
  table[at, ]
}

wald_limits <- function(table, se, level) {
  z <- stats::qnorm((1 + level) / 2)
  x <- table$estimate
  out <- cbind(x - z * se, x + z * se)
  log <- table$scale == "log" & x > 0
  out[log, ] <- x[log] * exp(z * (se / x)[log] %o% c(-1, 1))
  p <- table$scale == "logit" & x > 0 & x < 1
  out[p, ] <- stats::plogis(stats::qlogis(x[p]) +
                              z * (se / (x * (1 - x)))[p] %o% c(-1, 1))
  out
}

limits <- function(m, names, level) {
  tails <- paste(format(100 * c(1 - level, 1 + level) / 2, trim = TRUE,
                        digits = 3L, scientific = FALSE), "%")
  dimnames(m) <- list(names, tails)
  m
}
