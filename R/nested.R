# Is one model a special case of another, on the same data?

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
  same_rows <- identical(unname(a$y), unname(b$y)) &&
    isTRUE(all.equal(small$weights, large$weights)) &&
    isTRUE(all.equal(as.vector(a$offset), as.vector(b$offset)))
  if (!same_rows) {
    differ("these differ in rows, response, weights or offset.")
  }
  if (!gate_nested(small, large)) {
    differ("a ", small$gate$label, " is not a special case of a ",
           large$gate$label, ".")
  }
  if (!covariance_nested(small$expert, large$expert)) {
    differ(small$expert$label, " are not a special case of ",
           large$expert$label, ".")
  }
  check_spans(a, b, small, large, differ)
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

check_spans <- function(a, b, small, large, differ) {
  if (!spans(b$x, a$x)) {
    differ("the experts' terms of one are not among those of the other.")
  }
  if (gate_kind(small) == "constant") return(invisible())
  z <- function(m) if (is.null(m$z)) m$x else m$z
  within <- if (gate_is_generative(small$gate)) {
    spans(z(b), z(a)) && spans(z(a), z(b))
  } else {
    spans(z(b), z(a))
  }
  if (!within) {
    differ("the gate's terms of one are not among those of the other.")
  }
}

# Are the columns of `part` combinations of those of `whole`?
spans <- function(whole, part) {
  if (ncol(whole) == ncol(part) && identical(unname(whole), unname(part))) {
    return(TRUE)
  }
  whole <- as.matrix(whole)
  part <- as.matrix(part)
  scale <- sqrt(colSums(whole^2))
  scale[scale == 0] <- 1
  rest <- qr.resid(qr(whole / rep(scale, each = nrow(whole))), part)
  all(sqrt(colSums(rest^2)) <= 1e-7 * sqrt(colSums(part^2)))
}

# Gates that are special cases of each other, from small to large.
gate_kind <- function(fit) {
  if (gate_is_generative(fit$gate)) return("joint")
  engine <- fit$engine$spec$gate$engine
  if (engine != "quadratic") engine else fit$gate$covariance
}

gate_nested <- function(small, large) {
  kinds <- c(gate_kind(small), gate_kind(large))
  if ("joint" %in% kinds) {
    return(all(kinds == "joint") && covariance_nested(small$gate, large$gate))
  }
  order <- match(kinds, c("constant", "softmax", "spherical", "diagonal",
                          "full"))
  order[1L] <= order[2L]
}

covariance_nested <- function(small, large) {
  kinds <- c("spherical", "diagonal", "full")
  match(small$covariance, kinds) <= match(large$covariance, kinds) &&
    small$shared >= large$shared
}
