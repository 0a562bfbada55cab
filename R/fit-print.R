#' @export
print.moe <- function(x, digits = max(3L, getOption("digits") - 3L), ...) {
  cat_header(x)
  cat("\nExperts:\n")
  print_used(expert_coef(x), x$expert, digits)
  if (x$K > 1L) {
    cat(gate_title(x))
    print_used(gate_coef(x), x$gate, digits)
  }
  cat_footer(x, digits)
  invisible(x)
}

# Coefficients without the rows in which a penalty has set all to 0.
print_used <- function(m, part, digits) {
  zero <- is_penalised(part) & rowSums(m != 0 | is.na(m)) == 0
  print(m[!zero, , drop = FALSE], digits = digits)
  if (any(zero)) {
    terms <- rownames(m)[zero]
    cat(paste(strwrap(paste0(
      "0 throughout: ", paste(utils::head(terms, 10L), collapse = ", "),
      if (sum(zero) > 10L) paste(" and", sum(zero) - 10L, "others")),
      78L), collapse = "\n"), "\n", sep = "")
  }
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
