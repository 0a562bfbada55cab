# Do prediction intervals cover what they promise? Data from a known truth, a fit to n rows, its central intervals
# for `new` other rows of the same truth.
#   Rscript bench/intervals.R [n=20000] [new=100000] [seed=1] [designs=softmax_k2,softmax_k3,gaussian_d1]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

n <- option_value("n", 20000)
n_new <- option_value("new", 100000)
seed <- option_value("seed", 1)
chosen <- option_value("designs", c("softmax_k2", "softmax_k3", "gaussian_d1"))
levels <- c(0.5, 0.8, 0.9, 0.95)

coverage <- function(design) {
  d <- get(design)(n, seed = seed)
  new <- get(design)(n_new, seed = seed + 1000)$data
  set.seed(seed)
  fit <- fit_gatemix(d$data, d$K, gate = d$gate, keep = TRUE)$fit
  scores <- gatemix_scores(fit, new)
  do.call(rbind, lapply(levels, function(level) {
    ends <- gatemix_interval(fit, new, level)
    below <- mean(new$y < ends[, 1L])
    above <- mean(new$y > ends[, 2L])
    data.frame(design = d$name, gate = d$gate, n = n, new = n_new, level = level, coverage = 1 - below - above,
               off = 1 - below - above - level, standard_error = sqrt(level * (1 - level) / n_new),
               below = below, above = above, width = mean(ends[, 2L] - ends[, 1L]),
               crps = scores[["crps"]], log_score = scores[["log_score"]], goal = 0.01,
               met = abs(1 - below - above - level) <= 0.01)
  }))
}

table <- do.call(rbind, lapply(chosen, coverage))
show_table(table)
save_result(table, "intervals", c(
  "off: coverage minus level, the goal is 0.01; standard_error: of the coverage, from the new rows alone",
  "below, above: shares of new responses beyond each end; crps, log_score: means over the new rows"))
