# The oracle: slow, obvious R for every stage of the engine, on the same
# standardised matrices, and the registry of all gates and experts.

# ---- The registry -------------------------------------------------------------

all_gates <- function() {
  kinds <- expand.grid(covariance = c("full", "diagonal", "spherical"),
                       shared = c(FALSE, TRUE),
                       likelihood = c("joint", "conditional"),
                       stringsAsFactors = FALSE)
  gaussian <- lapply(seq_len(nrow(kinds)), function(i) do.call(gate_gaussian, kinds[i, ]))
  c(list(gate_softmax(), gate_constant()), gaussian)
}

all_experts <- function() {
  kinds <- expand.grid(covariance = c("full", "diagonal", "spherical"),
                       shared = c(FALSE, TRUE), stringsAsFactors = FALSE)
  lapply(seq_len(nrow(kinds)), function(i) do.call(expert_gaussian, kinds[i, ]))
}

# Calls use(gate, expert, q, label) for gates and experts and one or two
# responses, so that `together` of all options meet (helper-full.R).
for_all_models <- function(use, together = 2L) {
  models <- all_cases(gate = all_gates(), expert = all_experts(), q = 1:2)
  for (model in covering(models, together)) {
    use(model$gate, model$expert, model$q,
        paste0(model$gate$label, " x ", model$expert$label, ", q = ", model$q))
  }
}

# ---- Data and problems --------------------------------------------------------

# K lines in (x1, x2), gates by z1 and z2; every group has some rows everywhere.
toy_data <- function(n = 60, K = 3, seed = 1) {
  set.seed(seed)
  group <- rep_len(seq_len(K), n)
  x <- matrix(rnorm(2 * n), n)
  z <- matrix(rnorm(2 * n), n) + 0.8 * cbind(group - (K + 1) / 2, sin(group))
  line <- 2.5 * (group - (K + 1) / 2)
  data.frame(
    y1 = line * (1 + 0.4 * x[, 1]) + 0.3 * x[, 2] + 0.5 * rnorm(n) * (0.7 + 0.2 * group),
    y2 = 10 + 3 * (-line + x[, 2] * (group - 2) + 0.6 * rnorm(n)),
    x1 = 100 + 7 * x[, 1], x2 = x[, 2], z1 = 0.01 * z[, 1], z2 = z[, 2] - 40,
    o = rnorm(n), w = runif(n, 0.2, 3), group = group
  )
}

toy_formula <- function(q, offset = FALSE) {
  stats::as.formula(paste0(if (q == 1) "y1" else "cbind(y1, y2)", " ~ x1 + x2",
                           if (offset) " + offset(o)", " | z1 + z2"))
}

toy_problem <- function(gate, expert, q, data = toy_data(), K = 3, weights = data$w, offset = TRUE, ...) {
  em_problem(toy_formula(q, offset), data, K = K, gate = gate, expert = expert, weights = weights, ...)
}

# A point in general position, from labels and one step.
toy_theta <- function(problem, labels, push = 0.1, seed = 2) {
  theta <- em_start(problem, labels)
  set.seed(seed)
  theta + push * rnorm(length(theta))
}

# One fit without its warnings: the tests look at what it says itself.
quiet <- function(expr) {
  withCallingHandlers(expr, gatemix_warning = function(w) invokeRestart("muffleWarning"))
}

toy_fit <- function(gate, expert, q, data = toy_data(150), K = 3, weights = NULL, control = moe_control(),
                    formula = toy_formula(q)) {
  data$.weight <- weights
  if (is.null(weights)) {
    return(quiet(moe(formula, data = data, K = K, gate = gate, expert = expert, start = data$group,
                     control = control)))
  }
  quiet(moe(formula, data = data, K = K, gate = gate, expert = expert, start = data$group,
            weights = .weight, control = control))
}

# ---- What the engine sees -----------------------------------------------------

oracle_matrices <- function(problem) {
  standard <- function(m, columns, center, scale) {
    m <- as.matrix(m)[, columns, drop = FALSE]
    unname(sweep(sweep(m, 2, center), 2, scale, "/"))
  }
  x <- standard(problem$x, problem$x_columns, problem$x_center, problem$x_scale)
  z <- if (is.null(problem$z)) x
    else standard(problem$z, problem$z_columns, problem$z_center, problem$z_scale)
  y <- problem$y - if (is.null(problem$offset)) 0 else problem$offset
  list(x = x, z = z, y = unname(sweep(sweep(y, 2, problem$y_center), 2, problem$y_scale, "/")),
       w = if (is.null(problem$weights)) rep(1, nrow(x)) else problem$weights)
}

oracle_features <- function(z, covariance) {
  v <- z[, -1, drop = FALSE]
  r <- ncol(v)
  extra <- switch(covariance,
    spherical = rowSums(v^2),
    diagonal = v^2,
    full = do.call(cbind, lapply(seq_len(r), function(j) v[, seq_len(j), drop = FALSE] * v[, j])))
  cbind(z, extra)
}

oracle_covariances <- function(values, structure, shared, q, K) {
  size <- switch(structure, full = q * (q + 1) / 2, diagonal = q, spherical = 1)
  lapply(seq_len(K), function(k) {
    v <- values[(if (shared) 0 else (k - 1) * size) + seq_len(size)]
    if (structure == "spherical") return(diag(exp(2 * v), q))
    if (structure == "diagonal") return(diag(exp(2 * v), q))
    l <- matrix(0, q, q)
    l[lower.tri(l, diag = TRUE)] <- v
    diag(l) <- exp(diag(l))
    l %*% t(l)
  })
}

# The parameters behind a vector of coordinates.
oracle_parameters <- function(problem, theta) {
  theta <- unname(theta)
  K <- problem$spec$K
  q <- length(problem$y_scale)
  p <- length(problem$spec$expert_terms)
  r <- length(problem$spec$gate_terms)
  take <- function(count) {
    out <- theta[seq_len(count)]
    theta <<- theta[-seq_len(count)]
    out
  }
  spec <- problem$spec$gate
  covariance_count <- function(structure, shared, d) {
    (if (shared) 1 else K) * switch(structure, full = d * (d + 1) / 2, diagonal = d, spherical = 1)
  }
  gate <- list(key = spec$key, products = spec$features$covariance)
  if (spec$key == "gaussian") {
    d <- r - 1
    ratio <- c(take(K - 1), 0)
    gate$log_weight <- ratio - log(sum(exp(ratio - max(ratio)))) - max(ratio)
    gate$mean <- matrix(take(d * K), d, K)
    gate$covariances <- oracle_covariances(take(covariance_count(spec$options$covariance, spec$options$shared, d)),
                                           spec$options$covariance, spec$options$shared, d, K)
  } else {
    features <- ncol(oracle_gate_features(gate, matrix(0, 1, r)))
    gate$b <- matrix(take(features * (K - 1)), features, K - 1)
  }
  b <- array(take(p * q * K), c(p, q, K))
  expert <- problem$spec$expert
  list(gate = gate, b = b, covariances = oracle_covariances(theta, expert$options$covariance, expert$options$shared, q, K))
}

log_normal <- function(e, sigma) {
  root <- chol(sigma)
  -0.5 * rowSums((e %*% solve(root))^2) - sum(log(diag(root))) - ncol(e) / 2 * log(2 * pi)
}

log_sum_exp <- function(m) {
  top <- apply(m, 1, max)
  top + log(rowSums(exp(m - top)))
}

# ---- E-step -------------------------------------------------------------------

oracle_gate_features <- function(gate, z) {
  if (gate$key == "constant") return(matrix(1, nrow(z), 1))
  if (is.null(gate$products)) z else oracle_features(z, gate$products)
}

oracle_log_gate <- function(gate, z, K) {
  if (gate$key == "gaussian") {
    v <- z[, -1, drop = FALSE]
    return(vapply(seq_len(K), function(k) {
      gate$log_weight[k] + log_normal(sweep(v, 2, gate$mean[, k]), gate$covariances[[k]])
    }, numeric(nrow(z))))
  }
  eta <- cbind(oracle_gate_features(gate, z) %*% gate$b, 0)
  eta - log_sum_exp(eta)
}

oracle_e_step <- function(problem, theta) {
  m <- oracle_matrices(problem)
  at <- oracle_parameters(problem, theta)
  K <- problem$spec$K
  n <- nrow(m$x)
  log_gate <- matrix(oracle_log_gate(at$gate, m$z, K), n, K)
  log_expert <- matrix(vapply(seq_len(K), function(k) {
    log_normal(m$y - m$x %*% matrix(at$b[, , k], ncol(m$x)), at$covariances[[k]])
  }, numeric(n)), n, K)
  joint <- log_gate + log_expert
  density <- log_sum_exp(joint)
  list(log_gate = log_gate, log_expert = log_expert, log_density = density,
       posterior = exp(joint - density), objective = sum(m$w * density))
}

# ---- M-step -------------------------------------------------------------------

oracle_estimate <- function(scatters, weight, structure, shared) {
  q <- ncol(scatters[[1]])
  if (shared) {
    scatters <- list(Reduce(`+`, scatters))
    weight <- sum(weight)
  }
  unlist(Map(function(s, w) {
    sigma <- s / w
    switch(structure,
      full = {
        l <- t(chol(sigma))
        diag(l) <- log(diag(l))
        l[lower.tri(l, diag = TRUE)]
      },
      diagonal = log(diag(sigma)) / 2,
      spherical = log(sum(diag(sigma)) / q) / 2)
  }, scatters, weight), use.names = FALSE)
}

# Newton's step of multinomial regression, row by row.
oracle_newton <- function(b, z, tau, w) {
  last <- ncol(tau) - 1
  g <- exp(cbind(z %*% b, 0) - log_sum_exp(cbind(z %*% b, 0)))
  score <- rep(0, length(b))
  h <- diag(1e-10 * sum(w), length(b))
  for (i in seq_len(nrow(z))) {
    gi <- g[i, seq_len(last)]
    score <- score + kronecker(tau[i, seq_len(last)] - w[i] * gi, z[i, ])
    h <- h + w[i] * kronecker(diag(gi, last) - outer(gi, gi), outer(z[i, ], z[i, ]))
  }
  solve(h, score)
}

# The coordinates after one M-step from theta.
oracle_m_step <- function(problem, theta, posterior = oracle_e_step(problem, theta)$posterior, fraction = 1) {
  m <- oracle_matrices(problem)
  at <- oracle_parameters(problem, theta)
  tau <- posterior * m$w
  K <- problem$spec$K
  spec <- problem$spec$gate
  gate <- if (spec$key == "gaussian") {
    v <- m$z[, -1, drop = FALSE]
    means <- vapply(seq_len(K), function(k) colSums(tau[, k] * v) / sum(tau[, k]), numeric(ncol(v)))
    means <- matrix(means, ncol(v), K)
    scatters <- lapply(seq_len(K), function(k) {
      e <- sweep(v, 2, means[, k])
      t(e) %*% (tau[, k] * e)
    })
    size <- log(colSums(tau))
    c(size[-K] - size[K], means, oracle_estimate(scatters, colSums(tau), spec$options$covariance, spec$options$shared))
  } else if (K == 1) {
    numeric(0)
  } else if (spec$key == "constant") {
    log(colSums(tau)[-K] / sum(tau[, K]))
  } else {
    as.vector(at$gate$b) +
      fraction * oracle_newton(at$gate$b, oracle_gate_features(at$gate, m$z), tau, m$w)
  }
  fits <- lapply(seq_len(K), function(k) stats::lm.wfit(m$x, m$y, tau[, k], tol = 1e-12))
  b <- unlist(lapply(fits, function(f) f$coefficients), use.names = FALSE)
  scatters <- lapply(seq_len(K), function(k) {
    e <- m$y - m$x %*% matrix(fits[[k]]$coefficients, ncol(m$x))
    t(e) %*% (tau[, k] * e)
  })
  spec <- problem$spec$expert
  c(gate, b, oracle_estimate(scatters, colSums(tau), spec$options$covariance, spec$options$shared))
}

# Fourth-order central differences.
numeric_gradient <- function(f, at, h = 1e-3) {
  vapply(seq_along(at), function(j) {
    value <- function(step) {
      moved <- at
      moved[j] <- moved[j] + step * h
      f(moved)
    }
    (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * h)
  }, 0)
}

numeric_score <- function(problem, theta, h = 1e-3) {
  numeric_gradient(function(at) em_accumulate(problem, at)[["objective"]], theta, h)
}

# ---- The fitted model on the user's scale ------------------------------------

# Log densities of a fit at data, from fit$parameters alone: conditional of y
# given z, and for Gaussian gates joint of (y, z).
user_log_likelihood <- function(fit, x, z, y, w = rep(1, nrow(x)), offset = 0) {
  K <- fit$K
  gate <- fit$parameters$gate
  expert <- fit$parameters$expert
  y <- as.matrix(y) - offset
  log_gate <- if (is.null(gate$means)) {
    cbind(z[, rownames(gate$coefficients), drop = FALSE] %*% gate$coefficients, 0)
  } else {
    vapply(seq_len(K), function(k) {
      v <- z[, rownames(gate$means), drop = FALSE]
      log(gate$weights[k]) +
        log_normal(sweep(v, 2, gate$means[, k]), matrix(gate$covariances[, , k], ncol(v)))
    }, numeric(nrow(x)))
  }
  terms <- dimnames(expert$coefficients)[[1]]
  log_expert <- vapply(seq_len(K), function(k) {
    b <- matrix(expert$coefficients[, , k], length(terms))
    log_normal(y - x[, terms, drop = FALSE] %*% b, matrix(expert$covariances[, , k], ncol(y)))
  }, numeric(nrow(x)))
  log_gate <- matrix(log_gate, nrow(x), K)
  joint <- log_sum_exp(log_gate + matrix(log_expert, nrow(x), K))
  out <- c(conditional = sum(w * (joint - log_sum_exp(log_gate))))
  if (!is.null(gate$means)) out <- c(out, joint = sum(w * joint))
  out
}

toy_design <- function(data, columns) {
  cbind(`(Intercept)` = 1, as.matrix(data[columns]))
}
