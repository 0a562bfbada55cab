# Softmax gate x Gaussian experts, one predictor, K = 2 and 3: the whole call from one given start.
#   Rscript bench/softmax-univariate.R [n=1e5] [rounds=3] [mixtools=0] [tight=0]
# tight=1 adds the peers at tolerances near ours. mixtools=1 adds mixtools for K = 2 (only at a small n).
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

n <- option_value("n", 1e5)
rounds <- option_value("rounds", 3)
goals <- c(meteorits = 20, flexmix = 80, MoEClust = 100)

result <- do.call(rbind, lapply(list(softmax_k2, softmax_k3), function(simulate) {
  d <- simulate(n, seed = 1)
  start <- given_start(d, seed = 1)
  say("%s, n = %g: log-likelihood at the truth %.3f", d$name, n, softmax_loglik(d$data, d$truth))
  round <- 0
  tasks <- list(
    gatemix = function() fit_gatemix(d$data, d$K, start),
    meteorits = function() fit_meteorits(d$data, d$K, seed = (round <<- round + 1)),
    flexmix = function() fit_flexmix(d$data, d$K, start),
    MoEClust = function() fit_moeclust(d$data, d$K, start),
    mixtools = function() fit_mixtools(d$data, d$K, start))
  if (option_value("tight", FALSE)) {
    tasks <- c(tasks, list(
      "meteorits, tol 1e-10" = function() fit_meteorits(d$data, d$K, seed = round, threshold = 1e-10),
      "flexmix, tol 1e-10" = function() fit_flexmix(d$data, d$K, start, tolerance = 1e-10, iter.max = 1000)))
  }
  # mixtools needs 10,000 iterations where others need 20: about a minute at n = 1,000
  if (d$K != 2L || !option_value("mixtools", FALSE)) tasks$mixtools <- NULL
  there <- vapply(sub(",.*", "", names(tasks)), function(p) if (p == "gatemix") gatemix_available() else peer_available(p), TRUE)
  if (!all(there)) say("not installed: %s", paste(names(tasks)[!there], collapse = ", "))
  runs <- interleave(tasks[there], rounds)
  # ten starts of ours against one of theirs
  if (gatemix_available()) {
    ten <- interleave(list("gatemix, 10 starts" = function() fit_gatemix(d$data, d$K, starts = 10)), 1, 0)
    runs <- rbind(runs, ten)
  }
  cbind(design = d$name, n = n, add_goals(summarise_runs(runs), goals))
}))
show_table(result)
save_result(result, "softmax-univariate",
  "seconds: median CPU seconds of the whole call; meteorits starts at random, the others at one given start; peers at their default tolerances")
