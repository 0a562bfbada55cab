# Checks whether one fit is a special case of another, on the same data.

check_nested <- function(small, large) {
  differ <- function(...) {
    abort_input("anova() needs fits of which each contains the one before: ",
                ...)
  }
  if (small$K != large$K) {
    differ("these have K = ", small$K, " and K = ", large$K, ". The number of ",
           "experts has no chi-squared test, since the smaller model lies on ",
           "the boundary of the larger one. Compare BIC(), or simulate the ",
           "distribution of the gain from the smaller fit (see ?anova.moe).")
  }
  a <- stored_matrices(small)
  b <- stored_matrices(large)
  if (!same_data(a, b, small, large)) {
    differ("these differ in rows, response, weights or offset.")
  }
  check_gates(a, b, small, large, differ)
  check_experts(a, b, small, large, differ)
  if (small$df[["maximised"]] == large$df[["maximised"]]) {
    differ("two of these are the same model.")
  }
  if (small$loglik[["maximised"]] > large$loglik[["maximised"]] + 1e-6) {
    abort_input("The larger model has the smaller log-likelihood: it ended in ",
                "another optimum. Refit it with `start = ` the smaller fit's ",
                "posterior, predict(fit, type = \"posterior\"), or with more ",
                "starts.")
  }
}

same_data <- function(a, b, small, large) {
  if (!identical(unname(a$y), unname(b$y))) return(FALSE)
  # no weights mean weights of 1, no offset an offset of 0
  weights <- function(fit) {
    if (is.null(fit$weights)) rep(1, nrow(a$y)) else fit$weights
  }
  offset <- function(parts) {
    if (is.null(parts$offset)) 0 * a$y else offset_matrix(parts$offset, a$y)
  }
  isTRUE(all.equal(weights(small), weights(large))) &&
    isTRUE(all.equal(offset(a), offset(b), check.attributes = FALSE))
}

# Refuses gates that are not nested. Conditional gates are softmax gates on
# features of their predictors, so the spaces of these features are compared. A
# joint likelihood is also that of the predictors, which must then be the same.
check_gates <- function(a, b, small, large, differ) {
  unlike <- function() {
    differ("a ", small$gate$label, " is not a special case of a ",
           large$gate$label, if (!any(joint)) " with these terms", ".")
  }
  joint <- c(gate_is_generative(small$gate), gate_is_generative(large$gate))
  if (any(joint)) {
    several <- length(small$problem$z_columns) > 2L
    if (!all(joint) || !covariance_nested(small$gate, large$gate, several,
                                          small$K > 1L)) unlike()
    if (!same_columns(gate_matrix(small, a), gate_matrix(large, b))) {
      differ("the joint likelihood of a Gaussian gate is also that of its ",
             "predictors, and the gate's terms of these are not the same.")
    }
    return(invisible())
  }
  if (spans(gate_columns(large, b), gate_columns(small, a))) {
    return(invisible())
  }
  features <- large$problem$spec$gate$features
  free <- is.null(features) || features$covariance == "full"
  if (small$gate$label != large$gate$label || !free) unlike()
  differ("the gate's terms of one are not among those of the other.")
}

check_experts <- function(a, b, small, large, differ) {
  several <- ncol(a$y) > 1L
  if (!covariance_nested(small$expert, large$expert, several, small$K > 1L)) {
    differ(small$expert$label, " are not a special case of ",
           large$expert$label, ".")
  }
  if (!spans(expert_columns(large, b), expert_columns(small, a))) {
    differ("the experts' terms of one are not among those of the other.")
  }
  units <- small$problem$y_scale / large$problem$y_scale
  if (several && large$expert$covariance == "spherical" &&
      max(units) - min(units) > 1e-8 * max(units)) {
    differ("spherical covariances measure each response by its spread about ",
           "a regression on the experts' terms, which differ. Use covariance ",
           "= \"diagonal\".")
  }
}

# Returns whether one covariance structure is a special case of another. For a
# single variable all structures are the same, and one expert has nothing to
# share.
covariance_nested <- function(small, large, several, shared) {
  kinds <- c("spherical", "diagonal", "full")
  at <- match(c(small$covariance, large$covariance), kinds)
  (!several || at[1L] <= at[2L]) && (!shared || small$shared >= large$shared)
}

# ---- Spaces of columns -------------------------------------------------------

expert_columns <- function(object, parts) {
  problem <- object$problem
  standard_columns(parts$x, problem$x_columns, problem$x_center,
                   problem$x_scale)
}

gate_matrix <- function(object, parts) {
  z <- if (is.null(parts$z)) parts$x else parts$z
  as.matrix(z[, object$problem$z_columns, drop = FALSE])
}

# Returns the columns of which the linear predictors of a conditional gate are
# combinations.
gate_columns <- function(object, parts) {
  problem <- object$problem
  if (problem$spec$gate$key == "constant") return(matrix(1, nrow(parts$x), 1L))
  engine_gate_design(replace_rows(problem, parts$x, parts$z))
}

standard_columns <- function(m, columns, center, scale) {
  m <- unname(as.matrix(m[, columns, drop = FALSE]))
  (m - rep(center, each = nrow(m))) / rep(scale, each = nrow(m))
}

# Returns whether the columns of `part` are combinations of those of `whole`.
spans <- function(whole, part) {
  if (identical(whole, part)) return(TRUE)
  rest <- qr.resid(qr(whole), part)
  all(sqrt(colSums(rest^2)) <= 1e-7 * sqrt(colSums(part^2)))
}

same_columns <- function(a, b) {
  among <- function(m, others) {
    all(vapply(seq_len(ncol(m)), function(j) {
      any(vapply(seq_len(ncol(others)), function(l) {
        identical(unname(m[, j]), unname(others[, l]))
      }, TRUE))
    }, TRUE))
  }
  among(a, b) && among(b, a)
}
