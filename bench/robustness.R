# How often the default call reaches the best known optimum: 20 seeds of each design, new data each.
# Best known of a data set: the best over all methods here and the fit started at the true labels.
#   Rscript bench/robustness.R [seeds=20] [designs=five_lines,softmax_p10,gaussian_d1,gaussian_d10]
#                              [peers=1] [same_data=0] [n=...]
# same_data=1: one data set, the seeds are those of the starts; then "best known" also spans the seeds.
# Peers run once per seed, from random starts (MoEClust: random.hard; with p = 10 this takes ten minutes).
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

seeds <- seq_len(option_value("seeds", 20))
chosen <- option_value("designs", c("five_lines", "softmax_p10", "gaussian_d1", "gaussian_d10"))
with_peers <- option_value("peers", TRUE)
same_data <- option_value("same_data", FALSE)
size <- option_value("n", NA_real_)
slack <- 0.01
sizes <- c(five_lines = 1000, softmax_p10 = 10000, gaussian_d1 = 10000, gaussian_d10 = 10000)

random_labels <- function(n, K, seed) {
  set.seed(seed + 30000)
  sample.int(K, n, replace = TRUE)
}

methods <- function(d, seed) {
  n <- nrow(d$data)
  ours <- list(
    "gatemix, default" = function() { set.seed(seed); fit_gatemix(d$data, d$K, gate = d$gate) },
    "gatemix, from the truth" = function() fit_gatemix(d$data, d$K, d$labels, gate = d$gate))
  soft <- list(
    flexmix = function() fit_flexmix(d$data, d$K, random_labels(n, d$K, seed)),
    MoEClust = function() fit_moeclust(d$data, d$K, seed = seed),
    meteorits = function() fit_meteorits(d$data, d$K, seed = seed))
  if (ncol(d$data) > 2L) soft$meteorits <- NULL
  gauss <- list(
    mclust = function() fit_mclust(d$data, d$K, soft_random(n, d$K, seed), tol = 1e-8),
    "mclust, from the truth" = function() fit_mclust(d$data, d$K, d$labels, tol = 1e-8))
  peers <- if (d$gate == "softmax") soft else gauss
  peers <- peers[vapply(sub(",.*", "", names(peers)), peer_available, TRUE)]
  c(if (gatemix_available()) ours, if (with_peers) peers)
}

runs <- NULL
for (name in chosen) {
  for (seed in seeds) {
    n <- if (is.na(size)) sizes[[name]] else size
    d <- get(name)(n, seed = if (same_data) 1 else seed)
    tasks <- methods(d, seed)
    for (m in names(tasks)) {
      got <- tasks[[m]]()
      runs <- rbind(runs, data.frame(design = d$name, seed = seed, method = m, loglik = got$loglik,
                                     seconds = got$seconds, iterations = as.numeric(got$iterations), note = got$note))
    }
    last <- runs[runs$design == d$name & runs$seed == seed, ]
    say("%s, seed %d: %s", d$name, seed, paste(sprintf("%s %.3f (%.2f s)", last$method, last$loglik, last$seconds), collapse = "; "))
  }
}

group <- if (same_data) runs$design else paste(runs$design, runs$seed)
highest <- function(l) if (all(is.na(l))) NA_real_ else max(l, na.rm = TRUE)
runs$best <- stats::ave(runs$loglik, group, FUN = highest)
runs$short <- runs$best - runs$loglik
runs$hit <- !is.na(runs$loglik) & runs$short <= slack

table <- do.call(rbind, lapply(split(runs, factor(paste(runs$design, runs$method), unique(paste(runs$design, runs$method)))), function(r) {
  data.frame(design = r$design[1L], method = r$method[1L], runs = nrow(r), hits = sum(r$hit),
             # peers stop early, so also those within half a unit
             near = sum(!is.na(r$short) & r$short <= 0.5),
             worst = if (all(is.na(r$short))) NA_real_ else max(r$short, na.rm = TRUE),
             failed = sum(is.na(r$loglik)), not_converged = sum(grepl("not converged", r$note)),
             seconds = stats::median(r$seconds), slowest = max(r$seconds))
}))
table$goal <- ifelse(table$method == "gatemix, default", ceiling(0.95 * table$runs), NA)
show_table(table)
suffix <- if (same_data) "-same-data" else ""
about <- sprintf("hits: within %g of the best known log-likelihood; near: within 0.5; worst: the largest shortfall; %s",
                 slack, if (same_data) "one data set, seeds of the starts" else "new data for each seed")
save_result(table, paste0("robustness", suffix), about)
save_result(runs, paste0("robustness-runs", suffix), about)
