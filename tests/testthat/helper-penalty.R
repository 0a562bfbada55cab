# The oracle of penalised models: EM with coordinate descent in plain R, and
# the optimality conditions of a fit, recomputed from its coefficients.

lasso_data <- function(n = 120, p = 6, seed = 1) {
  set.seed(seed)
  x <- matrix(stats::rnorm(n * p), n, dimnames = list(NULL, paste0("v", 1:p)))
  label <- 1 + (stats::runif(n) > stats::plogis(1 + 2 * x[, 1]))
  y <- ifelse(label == 1, 1.5 * x[, 2], 1 - 2 * x[, 3]) + stats::rnorm(n) / 2
  list(x = x, y = y, label = label)
}

# Three experts, correlated predictors in odd units, weights.
lasso_data3 <- function(n = 150, p = 5, seed = 2) {
  set.seed(seed)
  x <- matrix(stats::rnorm(n * p), n)
  x[, 2] <- x[, 2] + x[, 1] / 2
  label <- max.col(cbind(2 * x[, 1], 0.5 - x[, 2], x[, 3]) -
                     log(-log(matrix(stats::runif(3 * n), n))))
  mean <- cbind(-3 + x[, 1], 2 * x[, 4], 4 - x[, 1] + x[, 2])
  y <- 20 + 5 * (mean[cbind(seq_len(n), label)] + stats::rnorm(n) / 2)
  x <- sweep(sweep(x, 2, c(1, 10, 0.1, 3, 1)[seq_len(p)], "*"), 2, seq_len(p), "+")
  colnames(x) <- paste0("v", seq_len(p))
  list(x = x, y = y, label = label, w = stats::runif(n, 0.3, 2))
}

all_penalties <- function(lambda, ...) {
  list(penalty_lasso(lambda, ...), penalty_elastic_net(lambda, 0.4, ...),
       penalty_ridge(lambda, ...), penalty_group_lasso(lambda, ...),
       penalty_scad(lambda, ...), penalty_mcp(lambda, ...))
}

# ---- What a penalty is -------------------------------------------------------

# The derivative for t > 0 as pieces `from, to, level, slope`, from ?penalties.
penalty_pieces <- function(penalty, lambda = penalty$lambda) {
  a <- penalty$shape
  out <- switch(penalty$label,
    lasso = , "group lasso" = c(0, Inf, lambda, 0),
    "elastic net" = , ridge =
      c(0, Inf, lambda * penalty$alpha, lambda * (1 - penalty$alpha)),
    SCAD = c(0, lambda, lambda, 0,
             lambda, a * lambda, a * lambda / (a - 1), -1 / (a - 1),
             a * lambda, Inf, 0, 0),
    MCP = c(0, a * lambda, lambda, -1 / a, a * lambda, Inf, 0, 0))
  matrix(out, ncol = 4, byrow = TRUE)
}

penalty_slope <- function(penalty, t, lambda = penalty$lambda) {
  pieces <- penalty_pieces(penalty, lambda)
  at <- findInterval(abs(t), pieces[, 1])
  pieces[at, 3] + pieces[at, 4] * abs(t)
}

# The integral of the derivative, piece by piece.
penalty_value <- function(penalty, t, lambda = penalty$lambda) {
  pieces <- penalty_pieces(penalty, lambda)
  total <- 0 * t
  for (i in seq_len(nrow(pieces))) {
    from <- pieces[i, 1]
    to <- abs(t)
    to[to > pieces[i, 2]] <- pieces[i, 2]
    to[to < from] <- from
    total <- total + pieces[i, 3] * (to - from) + pieces[i, 4] * (to^2 - from^2) / 2
  }
  total
}

# argmin over t of h (t - z)^2 / 2 + penalty(t): the best of the stationary
# points and ends of all pieces.
penalty_shrink <- function(penalty, z, h, lambda = penalty$lambda) {
  if (lambda == 0) return(z)
  pieces <- penalty_pieces(penalty, lambda)
  stationary <- (h * abs(z) - pieces[, 3]) / (h + pieces[, 4])
  if (nrow(pieces) == 1) return(sign(z) * max(0, stationary))
  candidates <- c(0, pieces[-1, 1], pmin(pmax(stationary, pieces[, 1]), pieces[, 2]))
  candidates <- candidates[is.finite(candidates)]
  cost <- h * (candidates - abs(z))^2 / 2 + penalty_value(penalty, candidates, lambda)
  sign(z) * candidates[which.min(cost)]
}

# The penalty of a matrix with a row for each term; `factor` as in ?penalties.
penalty_total <- function(penalty, t, factor = rep(1, nrow(t)), group = seq_len(nrow(t))) {
  if (is.null(penalty)) return(0)
  if (penalty$label == "group lasso") {
    return(sum(vapply(unique(group), function(g) {
      penalty$lambda * factor[group == g][1] * sqrt(sum(group == g)) *
        sqrt(sum(t[group == g, ]^2))
    }, 0)))
  }
  sum(vapply(seq_len(nrow(t)), function(j) {
    sum(penalty_value(penalty, t[j, ], factor[j] * penalty$lambda))
  }, 0))
}

# How far a gradient (of the log-likelihood per row, in the units of t) is from
# the subdifferential of the penalty at t.
penalty_violation <- function(penalty, gradient, t, factor = rep(1, nrow(t)),
                              group = seq_len(nrow(t))) {
  worst <- function(g, slope, at) {
    zero <- abs(at) < 1e-10
    max(ifelse(zero, pmax(0, abs(g) - slope), abs(g - sign(at) * slope)))
  }
  if (is.null(penalty)) return(max(abs(gradient)))
  if (penalty$label != "group lasso") {
    return(max(vapply(seq_len(nrow(t)), function(j) {
      lambda <- factor[j] * penalty$lambda
      worst(gradient[j, ], if (lambda == 0) 0 else penalty_slope(penalty, t[j, ], lambda),
            t[j, ])
    }, 0)))
  }
  max(vapply(unique(group), function(k) {
    own <- group == k
    bound <- penalty$lambda * factor[own][1] * sqrt(sum(own))
    size <- sqrt(sum(t[own, ]^2))
    if (size < 1e-10) max(0, sqrt(sum(gradient[own, ]^2)) - bound)
    else max(abs(gradient[own, ] - bound * t[own, ] / size))
  }, 0))
}

# A translation that makes the penalty of the numbers t smallest.
penalty_centre <- function(penalty, t, lambda = penalty$lambda) {
  if (penalty$label == "group lasso") return(mean(t))
  cost <- function(c) sum(penalty_value(penalty, t - c, lambda))
  candidates <- t
  slope <- function(c) sum(sign(t - c) * penalty_slope(penalty, t - c, lambda))
  if (penalty$label %in% c("ridge", "elastic net") && diff(range(t)) > 0) {
    end <- range(t) + c(-1, 1)
    candidates <- c(t, stats::uniroot(slope, end, tol = 1e-15, maxiter = 1e4)$root)
  }
  candidates[which.min(vapply(candidates, cost, 0))]
}

centred_rows <- function(penalty, t, factor = rep(1, nrow(t))) {
  for (j in seq_len(nrow(t))) {
    if (factor[j] > 0) t[j, ] <- t[j, ] - penalty_centre(penalty, t[j, ], factor[j] * penalty$lambda)
  }
  t
}

# ---- The optimality conditions of a fit --------------------------------------

weighted_sd <- function(v, w) sqrt(sum(w * (v - sum(w * v) / sum(w))^2) / sum(w))

# What one unit of a coefficient is in the units of its penalty.
penalty_units <- function(x, y, w, penalty, standardize = !isFALSE(penalty$standardize)) {
  spread <- apply(x, 2, weighted_sd, w)
  if (!standardize) spread[] <- 1
  list(gate = spread, expert = spread / if (standardize) weighted_sd(y, w) else 1)
}

# Responsibilities and gate probabilities from the coefficients of a softmax
# fit with one response.
fit_densities <- function(fit, x, y) {
  X <- cbind(1, x)
  b <- coef(fit, "expert")
  eta <- if (fit$K == 1) matrix(0, nrow(x), 1) else cbind(X %*% coef(fit, "gate"), 0)
  gate <- exp(eta - log_sum_exp(eta))
  sd <- rep_len(sqrt(unname(coef(fit, "dispersion"))), fit$K)
  log_joint <- vapply(seq_len(fit$K), function(k) {
    log(gate[, k]) + stats::dnorm(y, X %*% b[, k], sd[k], log = TRUE)
  }, y)
  log_density <- log_sum_exp(log_joint)
  list(gate = gate, tau = exp(log_joint - log_density), mean = X %*% b, sd = sd,
       log_density = log_density)
}

# The largest violations, by block; softmax gate, Gaussian experts.
fit_violation <- function(fit, x, y, w = rep(1, nrow(x)), factor = NULL, group = NULL) {
  at <- fit_densities(fit, x, y)
  X <- cbind(1, x)
  n <- sum(w)
  p <- ncol(x)
  one <- function(penalty, gradient, t, unit, which) {
    f <- if (is.null(factor[[which]])) rep(1, p) else factor[[which]]
    g <- if (is.null(group)) seq_len(p) else group
    slopes <- gradient[-1, , drop = FALSE] / unit
    t <- t[-1, , drop = FALSE] * unit
    if (which == "gate" && !is.null(penalty)) t <- centred_rows(penalty, t, f)
    max(abs(gradient[1, ]), penalty_violation(penalty, slopes, t, f, g))
  }
  residual <- sweep((y - at$mean), 2, at$sd^2, "/")
  expert <- crossprod(X, w * at$tau * residual) / n
  unit <- penalty_units(x, y, w, fit$expert$penalty)$expert
  out <- c(expert = one(fit$expert$penalty, expert, coef(fit, "expert"), unit, "expert"))
  if (fit$K == 1) return(out)
  gate <- crossprod(X, w * (at$tau - at$gate)) / n
  unit <- penalty_units(x, y, w, fit$gate$penalty)$gate
  c(out, gate = one(fit$gate$penalty, gate, cbind(coef(fit, "gate"), 0), unit, "gate"))
}

# ---- The oracle --------------------------------------------------------------

# min over t of the quadratic (1/2) (t - t0)' H (t - t0) - g'(t - t0) plus the
# penalty of rows 2, ... of t; H: array over (row, column) pairs as a matrix.
oracle_descent <- function(penalty, g, H, t0) {
  t <- t0
  p <- nrow(t)
  gradient <- function() g - matrix(H %*% as.vector(t - t0), p)
  for (sweep in 1:2000) {
    old <- t
    if (penalty$label == "group lasso") {
      for (i in seq_along(t)[row(t) == 1]) t[i] <- t[i] + gradient()[i] / H[i, i]
      for (j in 2:p) {
        own <- which(row(t) == j)
        h <- max(eigen(H[own, own], TRUE, only.values = TRUE)$values)
        z <- t[own] + gradient()[own] / h
        t[own] <- z * max(0, 1 - penalty$lambda / (h * sqrt(sum(z^2))))
      }
    } else {
      for (i in seq_along(t)) {
        z <- t[i] + (g[i] - sum(H[i, ] * (t - t0))) / H[i, i]
        t[i] <- if (row(t)[i] == 1) z else penalty_shrink(penalty, z, H[i, i])
      }
    }
    if (max(abs(t - old)) < 1e-12) break
  }
  t
}

# The penalised mixture by EM, on predictors and response as they are given
# (standardise them before).
oracle_penalised <- function(x, y, label, penalty, shared = FALSE, w = rep(1, length(y)),
                             tol = 1e-12, max_iter = 3000) {
  X <- cbind(1, unname(x))
  n <- sum(w)
  K <- max(label)
  p <- ncol(X)
  b <- v <- matrix(0, p, K)
  sd <- rep(weighted_sd(y, w), K)
  tau <- outer(label, seq_len(K), `==`) + 0
  objective <- function(v) {
    eta <- X %*% v
    joint <- eta - log_sum_exp(eta) +
      vapply(1:K, function(k) stats::dnorm(y, X %*% b[, k], sd[k], log = TRUE), y)
    list(value = sum(w * log_sum_exp(joint)) / n -
           penalty_total(penalty, b[-1, ]) - penalty_total(penalty, v[-1, ]),
         tau = exp(joint - log_sum_exp(joint)))
  }
  gate_part <- function(v, tau) {
    eta <- X %*% v
    sum(w * tau * (eta - log_sum_exp(eta))) / n - penalty_total(penalty, v[-1, ])
  }
  value <- -Inf
  for (iteration in seq_len(max_iter)) {
    # experts: a block of H for each
    H <- matrix(0, p * K, p * K)
    for (k in 1:K) {
      own <- (k - 1) * p + 1:p
      H[own, own] <- crossprod(X, w * tau[, k] * X) / (n * sd[k]^2)
    }
    g <- crossprod(X, w * tau * sweep(y - X %*% b, 2, sd^2, "/")) / n
    b <- oracle_descent(penalty, g, H, b)
    squares <- colSums(w * tau * (y - X %*% b)^2)
    sd <- sqrt(if (shared) rep(sum(squares) / n, K) else squares / colSums(w * tau))
    # gate: one Newton step of the multinomial model, halved while it is worse
    eta <- X %*% v
    prob <- exp(eta - log_sum_exp(eta))
    for (k in 1:K) for (l in 1:K) {
      H[(k - 1) * p + 1:p, (l - 1) * p + 1:p] <-
        crossprod(X, w * prob[, k] * ((k == l) - prob[, l]) * X) / n
    }
    step <- oracle_descent(penalty, crossprod(X, w * (tau - prob)) / n, H, v) - v
    size <- 1
    while (gate_part(v + size * step, tau) < gate_part(v, tau) && size > 1e-8) size <- size / 2
    v <- v + size * step
    v[1, ] <- v[1, ] - mean(v[1, ])
    v[-1, ] <- centred_rows(penalty, v[-1, , drop = FALSE])
    now <- objective(v)
    tau <- now$tau
    gain <- now$value - value
    value <- now$value
    if (abs(gain) < tol) break
  }
  list(expert = b, gate = v - v[, K], sd = sd, value = value, iterations = iteration)
}
