#' @export
print.moe_model <- function(x, digits = max(3L, getOption("digits") - 3L),
                            ...) {
  cat_title(x)
  if (!is.null(x$blueprint)) {
    cat("Formula: ", deparse_one(formula(formula(x))), "\n", sep = "")
  }
  cat("\nExperts:\n")
  print(expert_coef(x), digits = digits)
  cat("\nVariances:\n")
  print(dispersion_coef(x), digits = digits)
  if (has_gate_coef(x)) {
    cat(gate_title(x))
    print(gate_coef(x), digits = digits)
  }
  cat("\nLaw of the predictors: ", law_in_words(x), "\n", sep = "")
  invisible(x)
}

law_in_words <- function(x) {
  if (!is.null(x$design_label)) return(x$design_label)
  if (!is.null(x$design)) return("given as `design`")
  if (gate_knows_predictors(x)) return("the gate's mixture")
  "none"
}

# Prints coefficients without the rows in which a penalty has set all to 0.
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

cat_title <- function(x) {
  cat("Mixture of ", x$K, " Gaussian expert", if (x$K > 1L) "s",
      if (x$K > 1L) paste0(", ", x$gate$label), "\n", sep = "")
}

# Returns whether there are parameters of the gate to show. A Gaussian gate has
# some even for one expert: the law of its predictors.
has_gate_coef <- function(x) x$K > 1L || inherits(x$gate, "gate_gaussian")

gate_title <- function(x) {
  if (inherits(x$gate, "gate_gaussian")) return("\nGate:\n")
  paste0("\nGate (log odds against expert", x$K, "):\n")
}
