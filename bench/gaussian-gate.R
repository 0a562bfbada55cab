# Gaussian gates x Gaussian experts, K = 5, 1 and 10 predictors, against mclust's compiled EM on (x, y)
# (model "VVV": the same model) from the same start: whole fit, and time per pass.
#   Rscript bench/gaussian-gate.R [n=1e4] [rounds=5]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

n <- option_value("n", 1e4)
rounds <- option_value("rounds", 5)

mclust_per_pass <- function(d, start) {
  pass_difference(function(m) fit_mclust(d$data, d$K, start, tol = 0, itmax = m), 3L, 23L)[["seconds"]]
}

result <- per_pass <- NULL
for (simulate in list(gaussian_d1, gaussian_d10)) {
  d <- simulate(n, seed = 1)
  start <- given_start(d, seed = 1)
  say("%s, n = %g: log-likelihood at the truth %.3f", d$name, n, gaussian_loglik(d$data, d$truth))
  tasks <- list(
    gatemix = function() fit_gatemix(d$data, d$K, start, gate = "gaussian"),
    "mclust, tol 1e-5 (default)" = function() fit_mclust(d$data, d$K, start),
    "mclust, tol 1e-8" = function() fit_mclust(d$data, d$K, start, tol = 1e-8),
    "mclust, tol 1e-12" = function() fit_mclust(d$data, d$K, start, tol = 1e-12))
  there <- c(gatemix_available(), rep(peer_available("mclust"), 3L))
  runs <- interleave(tasks[there], rounds)
  goals <- c("mclust, tol 1e-8" = 8, "mclust, tol 1e-12" = 8)
  s <- add_goals(summarise_runs(runs), goals)
  # distance to mclust's tightest fit, per observation: the same maximum to 1e-8
  s$below_tightest <- (s$loglik[s$method == "mclust, tol 1e-12"] - s$loglik) / n
  result <- rbind(result, cbind(design = d$name, n = n, s))
  one <- data.frame(design = d$name, n = n, mclust = mclust_per_pass(d, start), gatemix = NA_real_, times_ours = NA_real_, goal = 6)
  if (gatemix_available()) {
    one$gatemix <- time_per_pass(d$data, d$K, start, "gaussian")[["seconds"]]
    one$times_ours <- one$mclust / one$gatemix
  }
  per_pass <- rbind(per_pass, one)
}
show_table(result)
show_table(per_pass)
save_result(result, "gaussian-gate",
  c("seconds: median CPU seconds of the whole call; mclust's tol is relative on the total log-likelihood",
    "below_tightest: log-likelihood per observation below mclust at tol 1e-12 (negative: above it)"))
save_result(per_pass, "gaussian-gate-pass", "CPU seconds of one EM pass: a fit of 23 passes minus one of 3, over 20")
