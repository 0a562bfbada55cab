#' Compare nested mixtures of experts
#'
#' Likelihood ratio tests between fits each of which contains the one before it
#' or, for one fit, Wald tests of each term over all experts.
#'
#' Twice the gain in log-likelihood is compared with a chi-squared distribution
#' with as many degrees of freedom as the fits differ in parameters. That needs
#' the same rows, the same response and the same number of experts, and that
#' the smaller model is a special case of the larger one: fewer terms for
#' experts or gate, a constant gate instead of a softmax gate, shared or simpler
#' covariances. Gaussian gates with the joint likelihood must have the same
#' terms, because it is also the likelihood of the gate's predictors.
#'
#' The number of experts cannot be tested in this way. Without its superfluous
#' expert the smaller model lies on the boundary of the larger one, where the
#' parameters of that expert mean nothing, and twice the gain in log-likelihood
#' does not follow a chi-squared distribution. `anova()` refuses to test it.
#' Compare [BIC()] instead, or simulate the distribution: draw responses from
#' the smaller fit with [simulate()][simulate.moe], fit both models to each, and
#' compare the gains.
#'
#' @param object A fit from [moe()].
#' @param ... Further fits; they are sorted by their number of parameters. None:
#'   Wald tests of the terms of `object`.
#' @param type For one fit: the covariance of the estimates, see
#'   [vcov()][vcov.moe].
#' @return A data frame of class `anova`. For several fits a row each: number of
#'   parameters, log-likelihood, twice its gain, degrees of freedom, p-value.
#'   For one fit a row per term of the experts and of the gate (of a softmax
#'   gate): the Wald statistic of the hypothesis that all its coefficients in
#'   all experts are zero.
#' @section Errors: of class `gatemix_error_input` where fits cannot be
#'   compared, and why; of class `gatemix_error_inference` where a fit is not at
#'   a regular maximum.
#' @references McLachlan, G. J. and Peel, D. (2000). *Finite Mixture Models*.
#'   Wiley, section 6.4-6.5.
#' @export
#' @examples
#' set.seed(1)
#' big <- moe(waiting ~ eruptions, data = faithful, K = 2)
#' small <- update(big, . ~ . | 1)
#' anova(small, big)
#' anova(big)
anova.moe <- function(object, ..., type = c("information", "sandwich")) {
  type <- check_choice(type, "type", c("information", "sandwich"))
  fits <- c(list(object), list(...))
  bad <- !vapply(fits, inherits, TRUE, what = "moe")
  if (any(bad)) {
    abort_input("anova() compares fits from moe(); argument ",
                which(bad)[1L], " is ", describe(fits[[which(bad)[1L]]]), ".")
  }
  if (length(fits) == 1L) return(anova_terms(object, type))
  if (type == "sandwich") {
    abort_input("`type` is for the Wald tests of one fit; likelihood ratio ",
                "tests of several have no sandwich.")
  }
  fits <- fits[order(vapply(fits, function(fit) fit$df[["maximised"]], 0))]
  for (i in seq_along(fits)[-1L]) check_nested(fits[[i - 1L]], fits[[i]])
  for (fit in fits) refuse_irregular(fit)
  for (i in seq_along(fits)) warn_model(fits[[i]], i)
  anova_table(fits)
}

# Warns where twice the gain does not follow a chi-squared distribution.
warn_model <- function(fit, number) {
  doubt <- function(...) {
    warn("inference", "Model ", number, " of the table: ", ...)
  }
  if (fit$separated) {
    doubt("the gate switches abruptly, and its slopes have no finite ",
          "estimate. Tests of its terms mislead; those of the experts take ",
          "the place of the switch as given.")
  }
  few <- small_experts(fit)
  if (length(few)) {
    doubt(with_few_rows(few), "; the test takes it as real.")
  }
  if (!fit$converged) {
    doubt("it did not converge, and its log-likelihood is not the maximum. ",
          "Raise `max_iter` in moe_control().")
  }
}

anova_table <- function(fits) {
  loglik <- vapply(fits, function(fit) fit$loglik[["maximised"]], 0)
  df <- vapply(fits, function(fit) fit$df[["maximised"]], 0)
  gain <- c(NA, pmax(2 * diff(loglik), 0))
  more <- c(NA, diff(df))
  out <- data.frame(Parameters = df, logLik = loglik, Df = more, Chisq = gain,
                    p = stats::pchisq(gain, more, lower.tail = FALSE))
  names(out)[5L] <- "Pr(>Chisq)"
  models <- vapply(fits, function(fit) model_words(fit), "")
  structure(out, class = c("anova", "data.frame"),
            heading = c("Likelihood ratio tests of mixtures of experts\n",
                        paste0("Model ", seq_along(fits), ": ", models,
                               c(rep("", length(fits) - 1L), "\n"))))
}

model_words <- function(fit) {
  formula <- if (is.null(fit$blueprint)) "matrices"
    else deparse_one(formula(fit$blueprint$formula))
  paste0(formula, ", K = ", fit$K, ", ", fit$gate$label, ", ",
         fit$expert$label)
}

# ---- Wald tests of the terms of one fit --------------------------------------

anova_terms <- function(object, type) {
  table <- parameter_table(object)
  covariance <- parameter_covariance(object, table, type)
  groups <- c(term_groups(object, table, "expert"),
              if (!inherits(object$gate, "gate_gaussian"))
                term_groups(object, table, "gate"))
  if (!length(groups)) {
    abort_input("The model has no terms to test.")
  }
  tests <- vapply(groups, function(rows) {
    wald_statistic(table$estimate[rows], covariance[rows, rows, drop = FALSE])
  }, numeric(2L))
  out <- data.frame(Df = tests[2L, ], Chisq = tests[1L, ],
                    p = stats::pchisq(tests[1L, ], tests[2L, ],
                                      lower.tail = FALSE),
                    row.names = names(groups))
  names(out)[3L] <- "Pr(>Chisq)"
  structure(out, class = c("anova", "data.frame"),
            heading = c("Wald tests of the terms, over all experts\n",
                        paste0(model_words(object), "\n")))
}

# Returns the rows of the parameter table that belong to each term of a part.
term_groups <- function(object, table, part) {
  rows <- which(table$component == part & !is.na(table$estimate))
  columns <- object$problem$units[[part]]$all_terms
  label <- column_labels(object, part, columns)[
    match(table$term[rows], columns)]
  tested <- label != "(Intercept)"
  groups <- split(rows[tested], factor(label[tested],
                                       unique(label[tested])))
  if (length(groups)) names(groups) <- paste0(part, ": ", names(groups))
  groups
}

# Returns the term of the formula that each column of a design belongs to.
column_labels <- function(object, part, columns) {
  if (is.null(object$blueprint)) return(columns)
  tt <- object$blueprint[[paste0(part, "_terms")]]
  design <- model.matrix(tt, frame_rows(object, 1L),
                         contrasts.arg = part_contrasts(object, tt))
  assign <- attr(design, "assign")
  c("(Intercept)", attr(tt, "term.labels"))[assign + 1L]
}

part_contrasts <- function(object, tt) {
  contrasts <- object$blueprint$contrasts
  contrasts <- contrasts[names(contrasts) %in% all_variables(tt)]
  if (length(contrasts)) contrasts
}

wald_statistic <- function(estimate, covariance) {
  if (anyNA(covariance)) return(c(NA, length(estimate)))
  factor <- chol(covariance)
  c(sum(backsolve(factor, estimate, transpose = TRUE)^2), length(estimate))
}
