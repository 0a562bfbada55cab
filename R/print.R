#' @export
print.moe <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat_header(x)
  cat("\nExperts:\n")
  print(expert_coef(x), digits = digits)
  if (x$K > 1L) {
    cat("\nGate:\n")
    print(gate_coef(x), digits = digits)
  }
  cat_footer(x, digits)
  invisible(x)
}

cat_header <- function(x) {
  cat("Mixture of ", x$K, " Gaussian expert", if (x$K > 1L) "s",
      if (x$K > 1L) paste0(", ", x$gate$label, " gate"), "\n", sep = "")
  cat("Call: ", paste(deparse(x$call, width.cutoff = 70L),
                      collapse = "\n      "), "\n", sep = "")
}

cat_footer <- function(x, digits) {
  l <- logLik(x)
  cat("\nLog-likelihood ", format(as.numeric(l), digits = digits + 3L), " (",
      attr(l, "df"), " parameters, ", x$n, " rows), AIC ",
      format(stats::AIC(x), digits = digits + 2L), ", BIC ",
      format(stats::BIC(x), digits = digits + 2L), "\n", sep = "")
  cat(convergence_line(x), "\n", sep = "")
}

convergence_line <- function(x) {
  if (!x$converged) {
    return(paste0("NOT converged: ", x$status, " after ", x$iterations,
                  " iterations"))
  }
  paste0("Converged in ", x$iterations, " iterations, gradient ",
         signif(x$gradient_norm, 2L), " per observation",
         if (x$separated) "; gate slopes diverge (separated experts)",
         if (any(x$floored)) "; a variance is at its floor")
}

#' Summary of a mixture of experts
#'
#' @param object A fit from [moe()].
#' @param ... Not used.
#' @return A list of class `summary.moe`: the coefficients of experts and gate,
#'   `experts` (a data frame with the size, the share of rows and the residual
#'   standard deviation of each expert), criteria, convergence, and how many
#'   starts reached the best log-likelihood.
#' @export
#' @examples
#' summary(moe(accel ~ times, data = MASS::mcycle, K = 3))
summary.moe <- function(object, ...) {
  sd <- matrix(sigma(object), ncol = object$K)
  experts <- data.frame(size = object$sizes,
                        share = object$sizes / sum(object$sizes), t(sd))
  names(experts)[-(1:2)] <- if (nrow(sd) == 1L) "sd" else
    paste0("sd(", object$engine$design$response$names, ")")
  finished <- object$starts$objective[object$starts$status == "converged"]
  structure(
    list(fit = object, experts = experts,
         coefficients = list(expert = expert_coef(object),
                             gate = gate_coef(object)),
         loglik = object$loglik, aic = stats::AIC(object),
         bic = stats::BIC(object),
         starts = c(tried = nrow(object$starts),
                    finished = length(finished),
                    best = sum(finished > max(finished, -Inf) - 0.01))),
    class = "summary.moe"
  )
}

#' @export
print.summary.moe <- function(x, digits = max(3L, getOption("digits") - 3L),
                              ...) {
  cat_header(x$fit)
  cat("\nExperts:\n")
  print(x$experts, digits = digits)
  cat("\nCoefficients of the experts:\n")
  print(x$coefficients$expert, digits = digits)
  if (x$fit$K > 1L) {
    cat(if (inherits(x$fit$gate, "gate_gaussian")) "\nGate:\n" else
      paste0("\nCoefficients of the gate (log odds against expert", x$fit$K,
             "):\n"))
    print(x$coefficients$gate, digits = digits)
  }
  if (length(unique(x$loglik)) > 1L) {
    cat("\nLog-likelihood: ",
        paste(names(x$loglik), format(x$loglik, digits = digits + 3L),
              collapse = ", "), sep = "")
  }
  cat_footer(x$fit, digits)
  if (x$starts[["tried"]] > 1L) {
    cat(x$starts[["tried"]], " starts, ", x$starts[["finished"]],
        " run to the end, ", x$starts[["best"]], " at the best\n", sep = "")
  }
  invisible(x)
}
