# Softmax gate x Gaussian experts, ten predictors, K = 4: the whole call from one given start.
#   Rscript bench/softmax-p10.R [n=1e4] [rounds=3] [tight=0]
# tight=1 adds flexmix at a tolerance near ours.
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

n <- option_value("n", 1e4)
rounds <- option_value("rounds", 3)
goals <- c(MoEClust = 60, flexmix = 200)

d <- softmax_p10(n, seed = 1)
start <- given_start(d, seed = 1)
say("%s, n = %g: log-likelihood at the truth %.3f", d$name, n, softmax_loglik(d$data, d$truth))
# a start without a hint, as peers are usually run
set.seed(2)
blind <- sample.int(d$K, n, replace = TRUE)
tasks <- list(
  gatemix = function() fit_gatemix(d$data, d$K, start),
  MoEClust = function() fit_moeclust(d$data, d$K, start),
  flexmix = function() fit_flexmix(d$data, d$K, start),
  "gatemix, random labels" = function() fit_gatemix(d$data, d$K, blind),
  "MoEClust, random labels" = function() fit_moeclust(d$data, d$K, blind),
  "flexmix, random labels" = function() fit_flexmix(d$data, d$K, blind),
  "gatemix, 10 starts" = function() fit_gatemix(d$data, d$K, starts = 10))
if (option_value("tight", FALSE)) {
  tasks[["flexmix, tol 1e-10"]] <- function() fit_flexmix(d$data, d$K, start, tolerance = 1e-10, iter.max = 1000)
}
package <- sub(",.*", "", names(tasks))
there <- vapply(package, function(p) if (p == "gatemix") gatemix_available() else peer_available(p), TRUE)
if (!all(there)) say("not installed: %s", paste(unique(package[!there]), collapse = ", "))
result <- add_goals(summarise_runs(interleave(tasks[there], rounds, once_over = 15)), goals)
# the goals are per start: random labels against random labels
if (gatemix_available()) {
  blind_rows <- grepl("random labels", result$method)
  base <- result$seconds[result$method == "gatemix, random labels"]
  result$times_ours[blind_rows] <- result$seconds[blind_rows] / base
  result$goal[blind_rows] <- goals[sub(",.*", "", result$method[blind_rows])]
  result$met[blind_rows] <- result$times_ours[blind_rows] >= result$goal[blind_rows]
}
result <- cbind(design = d$name, n = n, result)
show_table(result)
save_result(result, "softmax-p10",
  "seconds: median CPU seconds of the whole call; peers at their default tolerances")
