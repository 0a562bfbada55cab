#' Summary of a mixture of experts
#'
#' Coefficients with standard errors, z statistics and p-values for each expert
#' and the gate; sizes, spread, criteria and convergence.
#'
#' The z statistic is the estimate divided by its standard error, and its
#' p-value that of a standard normal distribution: the hypothesis is that this
#' coefficient of this expert is zero while all others are free. Weights, means
#' and covariances of a Gaussian gate have standard errors, but such a
#' hypothesis would make no sense for them. To test a term in all experts at
#' once, use [anova()][anova.moe].
#'
#' @param object A fit from [moe()].
#' @param vcov Where standard errors come from: `"information"` or `"sandwich"`
#'   (see [vcov()][vcov.moe]), the result of [bootstrap_moe()], a covariance
#'   matrix named as `coef(object)`, or `"none"`. If there are none, the summary
#'   says why and shows the estimates alone.
#' @param ... Not used.
#' @return A list of class `summary.moe`: `coefficients` (a matrix with a row
#'   per coefficient), `table` (the same as a data frame with component, expert,
#'   response and term), `experts` (a data frame with the size, the share of
#'   rows and the residual standard deviation of each expert), criteria,
#'   convergence, how many starts were tried and run to the end, and `notes` on
#'   the standard errors.
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(waiting ~ eruptions, data = faithful, K = 2)
#' summary(fit)
#' coef(summary(fit, vcov = "sandwich"))
summary.moe <- function(object, vcov = "information", ...) {
  if (...length()) check_dots(..., help = "?summary.moe")
  inference <- coefficient_inference(object, vcov)
  sd <- matrix(sigma(object), ncol = object$K)
  experts <- data.frame(size = object$sizes,
                        share = object$sizes / sum(object$sizes), t(sd))
  names(experts)[-(1:2)] <- if (nrow(sd) == 1L) "sd" else
    paste0("sd(", object$problem$units$response$names, ")")
  finished <- sum(!object$starts$status %in% c("screened out", "failed"))
  structure(
    list(fit = object, experts = experts, table = inference$table,
         coefficients = coefficient_matrix(inference$table),
         notes = inference$notes, loglik = object$loglik,
         aic = stats::AIC(object), bic = stats::BIC(object),
         starts = c(tried = nrow(object$starts), finished = finished)),
    class = "summary.moe"
  )
}

# Returns the parameter table with std.error, statistic and p.value, and `notes`
# on why they are missing or doubtful.
coefficient_inference <- function(object, vcov,
                                  component = c("gate", "expert")) {
  table <- parameter_table(object)
  table <- table[table$component %in% component, ]
  notes <- character()
  note <- function(c) notes <<- c(notes, conditionMessage(c))
  se <- if (!identical(vcov, "none")) tryCatch(
    withCallingHandlers(
      resolve_standard_errors(object, vcov, component)[table$name],
      gatemix_warning_inference = function(w) {
        note(w)
        tryInvokeRestart("muffleWarning")
      }),
    gatemix_error_inference = function(e) {
      note(e)
      NULL
    })
  table$std.error <- if (is.null(se)) NA_real_ else unname(se)
  tested <- is_tested(object, table)
  table$statistic <- ifelse(tested, table$estimate / table$std.error, NA)
  table$p.value <- 2 * stats::pnorm(-abs(table$statistic))
  rownames(table) <- NULL
  list(table = table, notes = notes)
}

# Returns for which coefficients the hypothesis of zero makes sense.
is_tested <- function(object, table) {
  table$component == "expert" |
    (table$component == "gate" & !inherits(object$gate, "gate_gaussian"))
}

resolve_standard_errors <- function(object, vcov, component) {
  if (identical(vcov, "information") || identical(vcov, "sandwich")) {
    if (is.null(object$model)) {
      abort("inference", "No standard errors: the fit was made with model = ",
            "FALSE and holds no data.")
    }
    return(standard_errors(vcov(object, type = vcov, component = component)))
  }
  if (inherits(vcov, "moe_bootstrap")) {
    covariance <- vcov(object, type = "bootstrap", component = component,
                       bootstrap = vcov)
    return(standard_errors(covariance))
  }
  names <- check_covariance(object, vcov, component)
  standard_errors(vcov[names, names, drop = FALSE])
}

check_covariance <- function(object, vcov, component) {
  table <- parameter_table(object)
  needed <- table$name[table$component %in% component &
                         !is.na(table$estimate)]
  if (!is.matrix(vcov) || !is.numeric(vcov) || nrow(vcov) != ncol(vcov)) {
    abort_input("`vcov` must be \"information\", \"sandwich\", \"none\", the ",
                "result of bootstrap_moe() or a covariance matrix; found ",
                describe(vcov), ".")
  }
  absent <- setdiff(needed, intersect(rownames(vcov), colnames(vcov)))
  if (length(absent)) {
    abort_input("`vcov` has no row or no column named ",
                quote_all(utils::head(absent, 3L)),
                "; its rows and columns must be named as coef(object).")
  }
  needed
}

coefficient_matrix <- function(table) {
  out <- as.matrix(table[c("estimate", "std.error", "statistic", "p.value")])
  dimnames(out) <- list(table$name, c("Estimate", "Std. Error", "z value",
                                      "Pr(>|z|)"))
  out
}

#' @export
print.summary.moe <- function(x, digits = max(3L, getOption("digits") - 3L),
                              ...) {
  cat_header(x$fit)
  cat("\nExperts:\n")
  print(x$experts, digits = digits)
  for (k in seq_len(x$fit$K)) {
    cat("\nExpert ", k, ":\n", sep = "")
    print_part(x, "expert", k, digits)
  }
  if (x$fit$K > 1L) print_gate(x, digits)
  for (note in x$notes) {
    cat("\n", paste(strwrap(note, 78L), collapse = "\n"), "\n", sep = "")
  }
  cat_footer(x$fit, digits)
  print_likelihoods(x, digits)
  if (x$starts[["tried"]] > 1L) {
    cat("Starts: ", x$starts[["tried"]], " tried, ",
        x$starts[["finished"]], " run to the end\n", sep = "")
  }
  invisible(x)
}

print_gate <- function(x, digits) {
  gaussian <- inherits(x$fit$gate, "gate_gaussian")
  for (k in seq_len(x$fit$K - !gaussian)) {
    cat("\nGate, expert ", k, if (!gaussian)
      paste0(" (log odds against expert ", x$fit$K, ")"), ":\n", sep = "")
    print_part(x, "gate", k, digits)
  }
}

print_part <- function(x, component, k, digits) {
  at <- x$table$component == component & x$table$expert == k
  m <- x$coefficients[at, , drop = FALSE]
  table <- x$table[at, ]
  rownames(m) <- if (anyNA(table$response)) table$term
    else paste0(table$response, ":", table$term)
  if (all(is.na(m[, 2L]))) {
    return(print_used(m[, 1L, drop = FALSE], x$fit[[component]], digits))
  }
  if (all(is.na(m[, 3L]))) return(print(m[, 1:2, drop = FALSE],
                                        digits = digits))
  stats::printCoefmat(m, digits = digits, signif.legend = FALSE,
                      na.print = "")
}

print_likelihoods <- function(x, digits) {
  other <- setdiff(names(x$loglik), "maximised")
  if (length(other) > 1L) {
    cat("This is the ", x$fit$gate$likelihood, " log-likelihood; ",
        paste(other, vapply(x$loglik[other], format, "",
                            digits = digits + 3L), collapse = ", "),
        "\n", sep = "")
  }
}
