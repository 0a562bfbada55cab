#' @export
print.moe <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat_header(x)
  cat("\nExperts:\n")
  print(expert_coef(x), digits = digits)
  if (x$K > 1L) {
    cat(gate_title(x))
    print(gate_coef(x), digits = digits)
  }
  cat_footer(x, digits)
  invisible(x)
}

cat_header <- function(x) {
  cat("Mixture of ", x$K, " Gaussian expert", if (x$K > 1L) "s",
      if (x$K > 1L) paste0(", ", x$gate$label), "\n", sep = "")
  cat("Call: ", paste(deparse(x$call, width.cutoff = 70L),
                      collapse = "\n      "), "\n", sep = "")
}

gate_title <- function(x) {
  if (inherits(x$gate, "gate_gaussian")) return("\nGate:\n")
  paste0("\nGate (log odds against expert", x$K, "):\n")
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
#'   starts were tried and run to the end.
#' @export
#' @examples
#' summary(moe(accel ~ times, data = MASS::mcycle, K = 3))
summary.moe <- function(object, ...) {
  sd <- matrix(sigma(object), ncol = object$K)
  experts <- data.frame(size = object$sizes,
                        share = object$sizes / sum(object$sizes), t(sd))
  names(experts)[-(1:2)] <- if (nrow(sd) == 1L) "sd" else
    paste0("sd(", object$engine$design$response$names, ")")
  finished <- sum(!object$starts$status %in% c("screened out", "failed"))
  structure(
    list(fit = object, experts = experts,
         coefficients = list(expert = expert_coef(object),
                             gate = gate_coef(object)),
         loglik = object$loglik, aic = stats::AIC(object),
         bic = stats::BIC(object),
         starts = c(tried = nrow(object$starts), finished = finished)),
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
    cat(gate_title(x$fit))
    print(x$coefficients$gate, digits = digits)
  }
  cat_footer(x$fit, digits)
  other <- setdiff(names(x$loglik), "maximised")
  if (length(other) > 1L) {
    cat("This is the ", x$fit$gate$likelihood, " log-likelihood; ",
        paste(other, format(x$loglik[other], digits = digits + 3L),
              collapse = ", "), "\n", sep = "")
  }
  if (x$starts[["tried"]] > 1L) {
    cat("Starts: ", x$starts[["tried"]], " tried, ",
        x$starts[["finished"]], " run to the end\n", sep = "")
  }
  invisible(x)
}
