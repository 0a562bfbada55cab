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
  cat_title(x)
  cat("Call: ", paste(deparse(x$call, width.cutoff = 70L),
                      collapse = "\n      "), "\n", sep = "")
}

cat_title <- function(x) {
  cat("Mixture of ", x$K, " Gaussian expert", if (x$K > 1L) "s",
      if (x$K > 1L) paste0(", ", x$gate$label), "\n", sep = "")
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
