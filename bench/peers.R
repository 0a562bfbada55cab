# Thin adapters around the peers. Each fit_<peer>(data, K, labels, ...) returns
#   list(loglik, seconds, elapsed, iterations, peer, note)
# where loglik is recomputed by one common function from the peer's own parameters (log-likelihood of
# y given x for softmax gates, of (x, y) for Gaussian gates), and seconds is CPU time (user + system)
# of the peer's call alone. loglik is NA, and note says why, where a peer fails.

peer_available <- function(package) requireNamespace(package, quietly = TRUE)

# --- the common log-likelihoods ---------------------------------------------------------------

log_sum_exp_rows <- function(a) {
  shift <- do.call(pmax, lapply(seq_len(ncol(a)), function(k) a[, k]))
  shift + log(rowSums(exp(a - shift)))
}

predictors <- function(data) as.matrix(data[names(data) != "y"])

# gate, beta: (p + 1) x K on the scale of the data, intercept first; sigma: K standard deviations
softmax_loglik <- function(data, par) {
  z <- cbind(1, predictors(data))
  eta <- z %*% par$gate
  mean <- z %*% par$beta
  logf <- vapply(seq_along(par$sigma), function(k) {
    stats::dnorm(data$y, mean[, k], par$sigma[k], log = TRUE)
  }, numeric(nrow(data)))
  sum(log_sum_exp_rows(eta + logf) - log_sum_exp_rows(eta))
}

# a mixture of K Gaussians on (x, y): mean d x K, covariance list of d x d
mixture_loglik <- function(v, weight, mean, covariance) {
  logf <- vapply(seq_along(weight), function(k) {
    root <- chol(covariance[[k]])
    q <- backsolve(root, t(v) - mean[, k], transpose = TRUE)
    log(weight[k]) - sum(log(diag(root))) - ncol(v) / 2 * log(2 * pi) - colSums(q^2) / 2
  }, numeric(nrow(v)))
  sum(log_sum_exp_rows(logf))
}

# the Gaussian-gated mixture of experts: weight K, centre D x K, covariance list, beta (D + 1) x K, sigma K
gaussian_loglik <- function(data, par) {
  x <- predictors(data)
  joint_mean <- rbind(par$centre, colSums(rbind(1, par$centre) * par$beta))
  joint_cov <- lapply(seq_along(par$weight), function(k) {
    S <- par$covariance[[k]]
    b <- par$beta[-1L, k]
    Sb <- drop(S %*% b)
    rbind(cbind(S, Sb), c(Sb, sum(b * Sb) + par$sigma[k]^2))
  })
  mixture_loglik(cbind(x, data$y), par$weight, joint_mean, lapply(joint_cov, unname))
}

# --- running one ---------------------------------------------------------------------------------

cpu <- function() {
  t <- proc.time()
  c(cpu = unname(t[1L] + t[2L]), elapsed = unname(t[3L]))
}

# call() does the fit; read(fit) gives list(loglik, iterations)
run_peer <- function(peer, call, read) {
  begin <- cpu()
  fit <- tryCatch(suppressWarnings(suppressMessages(call())), error = function(e) e)
  used <- cpu() - begin
  out <- list(peer = peer, loglik = NA_real_, iterations = NA_integer_,
              seconds = used[["cpu"]], elapsed = used[["elapsed"]], note = "")
  if (inherits(fit, "error")) {
    out$note <- paste("error:", conditionMessage(fit))
    return(out)
  }
  got <- tryCatch(read(fit), error = function(e) list(note = paste("reading:", conditionMessage(e))))
  utils::modifyList(out, got)
}

right_side <- function(data) paste(names(data)[names(data) != "y"], collapse = " + ")
one_hot <- function(labels, K) 1 * outer(labels, seq_len(K), `==`)

# --- softmax gates -------------------------------------------------------------------------------

# minprior = 0: the default 0.05 drops components without a word
fit_flexmix <- function(data, K, labels, minprior = 0, tolerance = 1e-6, iter.max = 200) {
  rhs <- right_side(data)
  run_peer("flexmix", function() {
    flexmix::flexmix(stats::as.formula(paste("y ~", rhs)), data = data, k = K, cluster = labels,
      model = flexmix::FLXMRglm(),
      concomitant = flexmix::FLXPmultinom(stats::as.formula(paste("~", rhs))),
      control = list(minprior = minprior, tolerance = tolerance, iter.max = iter.max))
  }, function(fit) {
    expert <- flexmix::parameters(fit)
    gate <- flexmix::parameters(fit, which = "concomitant")
    p1 <- nrow(expert) - 1L
    note <- ""
    if (ncol(expert) < K) note <- paste("dropped to", ncol(expert), "components")
    if (!isTRUE(fit@converged)) note <- paste(note, "not converged")
    list(loglik = softmax_loglik(data, list(gate = gate, beta = expert[seq_len(p1), , drop = FALSE],
                                            sigma = expert[p1 + 1L, ])),
         iterations = fit@iter, note = trimws(note))
  })
}

# random start only: the seed stands for the start; one predictor only
fit_meteorits <- function(data, K, labels = NULL, seed = 1, threshold = 1e-6) {
  if (ncol(data) != 2L) stop("meteorits takes one predictor")
  run_peer("meteorits", function() {
    set.seed(seed)
    meteorits::emNMoE(X = data$x, Y = data$y, K = K, p = 1, q = 1, n_tries = 1, threshold = threshold)
  }, function(fit) {
    list(loglik = softmax_loglik(data, list(gate = cbind(fit$param$alpha, 0), beta = fit$param$beta,
                                            sigma = sqrt(drop(fit$param$sigma2)))),
         iterations = length(fit$stat$stored_loglik), note = "random start")
  })
}

# init = "list": from the given labels, experts not re-initialised; or "random.hard", "kmeans", "hc"
fit_moeclust <- function(data, K, labels = NULL, init = if (is.null(labels)) "random.hard" else "list",
                         seed = 1, tol = NULL) {
  rhs <- stats::as.formula(paste("~", right_side(data)))
  run_peer("MoEClust", function() {
    set.seed(seed)
    args <- list(data = data$y, G = K, modelNames = "V", gating = rhs, expert = rhs,
                 network.data = data, verbose = FALSE, init.z = init)
    if (init == "list") {
      args$z.list <- list(one_hot(labels, K))
      args$exp.init <- list(mahalanobis = FALSE)
    }
    if (!is.null(tol)) args$tol <- tol
    do.call(MoEClust::MoE_clust, args)
  }, function(fit) {
    gate <- stats::coef(fit$gating)
    gate <- cbind(0, t(if (is.matrix(gate)) gate else rbind(gate)))
    beta <- vapply(fit$expert, stats::coef, numeric(nrow(gate)))
    list(loglik = softmax_loglik(data, list(gate = gate, beta = beta,
                                            sigma = sqrt(fit$parameters$variance$sigmasq))),
         iterations = as.integer(fit$iters)[1L])
  })
}

# hmeEM: two experts, one predictor; starts at the regressions that the labels give
fit_mixtools <- function(data, K, labels, maxit = 10000) {
  if (K != 2L || ncol(data) != 2L) stop("mixtools::hmeEM takes K = 2 and one predictor")
  run_peer("mixtools", function() {
    start <- lapply(1:2, function(k) stats::lm(y ~ x, data[labels == k, ]))
    out <- NULL
    utils::capture.output(out <- mixtools::hmeEM(data$y, data$x,
      beta = vapply(start, stats::coef, numeric(2)), sigma = vapply(start, stats::sigma, 0),
      w = c(0, 0), maxit = maxit))
    out
  }, function(fit) {
    list(loglik = softmax_loglik(data, list(gate = cbind(drop(fit$w), 0), beta = fit$beta, sigma = fit$sigma)),
         iterations = length(fit$all.loglik) - 1L)
  })
}

# --- Gaussian gates ------------------------------------------------------------------------------

# meVVV is what me(modelName = "VVV") calls, but me() finds it only when mclust is attached.
# labels: a vector, or an n x K matrix of responsibilities. tol is relative on the total log-likelihood.
fit_mclust <- function(data, K, labels, tol = 1e-5, itmax = .Machine$integer.max) {
  v <- cbind(predictors(data), y = data$y)
  z <- if (is.matrix(labels)) labels else one_hot(labels, K)
  run_peer("mclust", function() {
    mclust::meVVV(v, z = z, control = mclust::emControl(tol = tol, itmax = itmax))
  }, function(fit) {
    par <- fit$parameters
    S <- lapply(seq_len(K), function(k) par$variance$sigma[, , k])
    # a negative count is mclust's mark for "stopped at itmax"
    iterations <- as.integer(attr(fit, "info")[["iterations"]])
    list(loglik = mixture_loglik(v, par$pro, par$mean, S), iterations = abs(iterations),
         note = if (iterations < 0L) "not converged" else "")
  })
}

# soft random responsibilities, a usual start for a Gaussian mixture (Dirichlet(1/2); the flat
# Dirichlet(1) is so near to equal shares that mclust stops at once in the D = 1 design)
soft_random <- function(n, K, seed) {
  set.seed(seed + 20000)
  z <- matrix(stats::rgamma(n * K, 0.5), n)
  z / rowSums(z)
}
