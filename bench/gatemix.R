# gatemix behind the same calls as the peers, and the fits that several scripts need.

gatemix_available <- function() requireNamespace("gatemix", quietly = TRUE)

gatemix_gate <- function(gate) {
  switch(gate, softmax = gatemix::gate_softmax(), gaussian = gatemix::gate_gaussian())
}

gatemix_formula <- function(data) stats::as.formula(paste("y ~", right_side(data)))

# passes over the data that a fit made
passes <- function(fit) if (is.null(fit$passes)) fit$iterations else fit$passes

# The whole call, as a user makes it: formula in, certified optimum out. labels = NULL: the default starts.
# Same return value as the peers' adapters; the log-likelihood is the fit's own.
# ... goes to moe_control().
fit_gatemix <- function(data, K, labels = NULL, gate = "softmax", keep = FALSE, ...) {
  formula <- gatemix_formula(data)
  control <- gatemix::moe_control(...)
  kept <- NULL
  out <- run_peer("gatemix", function() {
    if (is.null(labels)) {
      gatemix::moe(formula, data = data, K = K, gate = gatemix_gate(gate), control = control)
    } else {
      gatemix::moe(formula, data = data, K = K, gate = gatemix_gate(gate), control = control, start = labels)
    }
  }, function(fit) {
    kept <<- fit
    list(loglik = as.numeric(stats::logLik(fit)), iterations = passes(fit),
         note = if (isTRUE(fit$converged)) "" else "not converged")
  })
  if (keep) out$fit <- kept
  out
}

# The control of a fit of max_iter passes, whatever the tolerance says: the one place to change it.
# Plain EM: an accelerated run may take second-order steps, which cost more than a pass.
pass_control <- function(max_iter, threads = 1L) {
  list(max_iter = as.integer(max_iter), tol = 0, accelerate = FALSE, threads = as.integer(threads))
}

fixed_passes <- function(data, K, labels, gate, max_iter, threads = 1L) {
  do.call(fit_gatemix, c(list(data, K, labels, gate, keep = TRUE), pass_control(max_iter, threads)))
}

# Seconds of one pass: a long fit minus a short one, so that the call's own costs (formula, design, start,
# result) cancel. Returns CPU and elapsed seconds (medians over `rounds`) and the passes between the two.
# The two fits take turns; short problems are repeated until the long fits have used min_seconds.
time_per_pass <- function(data, K, labels, gate = "softmax", threads = 1L, few = 3L, many = 23L, rounds = 3L) {
  pass_difference(function(max_iter) {
    got <- fixed_passes(data, K, labels, gate, max_iter, threads)
    if (is.null(got$fit)) stop("gatemix failed: ", got$note)
    got
  }, few, many, rounds)
}

# A fit of all columns but y by the default search.
gatemix_any <- function(data, K, ...) gatemix::moe(y ~ ., data = data, K = K, ...)

# central prediction intervals, n x 2
gatemix_interval <- function(fit, newdata, level) {
  stats::predict(fit, newdata, type = "interval", level = level)
}

# mean scores of the predicted distributions: smaller is better
gatemix_scores <- function(fit, newdata) {
  c(crps = mean(gatemix::crps(fit, newdata)), log_score = mean(gatemix::log_score(fit, newdata)))
}

# HDME's model: penalties of sums on the coefficients as they are, one variance.
hdme_fit <- function(d, lambda, gamma, ...) {
  n <- length(d$y)
  penalty <- function(value) gatemix::penalty_lasso(gatemix::lambda_from_sum(value, n), standardize = FALSE)
  suppressWarnings(gatemix::moe(d$x, d$y, K = 2, gate = gatemix::gate_softmax(penalty = penalty(gamma)),
                                expert = gatemix::expert_gaussian(shared = TRUE, penalty = penalty(lambda)), ...))
}

# Softmax gate; the experts' slopes differ in every predictor, the gate's in the first two.
three_experts <- function(p) {
  names <- paste0("x", seq_len(p))
  rows <- function(intercept, slopes) unname(rbind(intercept, matrix(slopes, p, length(intercept))))
  first_two <- rbind(c(2, -1), c(0, 2), matrix(0, p, 2))[seq_len(p), ]
  gatemix::moe_model(
    stats::reformulate(names, "y"), gate_coef = rbind(c(0, 0.5), first_two),
    expert_coef = rows(c(0, 3, -2), rep(c(1, -1, 0.3), each = p)), variance = c(0.25, 0.5, 0.16),
    design = function(n) as.data.frame(matrix(stats::rnorm(n * p), n, p, dimnames = list(NULL, names))))
}
