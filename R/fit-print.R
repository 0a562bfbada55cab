#' @export
print.moe <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat_header(x)
  cat("\nExperts:\n")
  print_used(expert_coef(x), x$expert, digits)
  if (has_gate_coef(x)) {
    cat(gate_title(x))
    print_used(gate_coef(x), x$gate, digits)
  }
  cat_footer(x, digits)
  invisible(x)
}

cat_header <- function(x) {
  cat_title(x)
  cat("Call: ", paste(deparse(x$call, width.cutoff = 70L),
                      collapse = "\n      "), "\n", sep = "")
}

cat_footer <- function(x, digits) {
  l <- logLik(x)
  cat("\nLog-likelihood ", format(as.numeric(l), digits = digits + 3L), " (",
      format(attr(l, "df"), digits = 4L), " parameters, ", x$n, " rows), AIC ",
      format(stats::AIC(x), digits = digits + 2L), ", BIC ",
      format(stats::BIC(x), digits = digits + 2L), "\n", sep = "")
  if (isTRUE(x$penalty > 0)) {
    cat("Penalised log-likelihood ", format(x$objective, digits = digits + 3L),
        "\n", sep = "")
  }
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
