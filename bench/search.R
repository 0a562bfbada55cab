# Real data with rough likelihoods: how many of 20 seeds reach the best known optimum, by default, without
# moves (moe_control(moves = 0)), and without moves but with five times as many starts.
#   Rscript bench/search.R [seeds=20]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()
library(gatemix)

seeds <- seq_len(option_value("seeds", 20))
cases <- list(
  "ethanol NOx ~ E" = list(NOx ~ E, lattice::ethanol, 2:4),
  "ethanol NOx ~ E + C" = list(NOx ~ E + C, lattice::ethanol, 2:4),
  "mcycle accel ~ times" = list(accel ~ times, MASS::mcycle, 2:4),
  "faithful eruptions ~ waiting" = list(eruptions ~ waiting, datasets::faithful, 2:4),
  "GAGurine log(GAG) ~ Age" = list(log(GAG) ~ Age, MASS::GAGurine, 2:4),
  "tone tuned ~ stretch_ratio" = list(tuned ~ stretch_ratio, tone, 2:4),
  "Boston medv ~ lstat + rm" = list(medv ~ lstat + rm, MASS::Boston, 2:4),
  "Boston medv ~ ." = list(medv ~ ., MASS::Boston, 2:3))
settings <- list(default = moe_control(), "no moves" = moe_control(moves = 0),
                 "no moves, 50 starts" = moe_control(starts = 50, moves = 0))

# log-likelihood of a sound optimum: no variance at its floor, no expert for a handful of rows
one <- function(case, K, control, seed) {
  set.seed(seed)
  seconds <- system.time(fit <- suppressWarnings(moe(case[[1L]], case[[2L]], K = K, control = control)))
  few <- fit$sizes < 2 * (nrow(coef(fit, "expert")) + 1)
  data.frame(loglik = if (any(fit$floored, few)) NA_real_ else as.numeric(logLik(fit)),
             seconds = sum(seconds[1:2]))
}

result <- do.call(rbind, lapply(names(cases), function(name) {
  do.call(rbind, lapply(cases[[name]][[3L]], function(K) {
    runs <- lapply(settings, function(control) do.call(rbind, lapply(seeds, function(s) one(cases[[name]], K, control, s))))
    best <- max(vapply(runs, function(r) max(r$loglik, -Inf, na.rm = TRUE), 0))
    hits <- vapply(runs, function(r) sum(r$loglik > best - 0.01, na.rm = TRUE), 0L)
    worst <- vapply(runs, function(r) best - min(r$loglik, na.rm = TRUE), 0)
    seconds <- vapply(runs, function(r) mean(r$seconds), 0)
    say("%s, K = %d: %s of %d", name, K, paste(hits, collapse = ", "), length(seeds))
    data.frame(data = name, K = K, setting = names(settings), best = best, hits = hits, seeds = length(seeds),
               worst_below = worst, seconds = seconds, row.names = NULL)
  }))
}))
show_table(result)
save_result(result, "search", "hits: seeds within 0.01 of the best sound log-likelihood that any run here found")
