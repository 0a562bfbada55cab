# Makes inst/extdata/rates-*.csv: the rate experiments of arXiv 2305.07572 (Gaussian gates) and 2305.03288 (softmax
# gates), for the vignettes. Run in the package's directory, with gatemix installed:
#   Rscript data-raw/rates.R CHECKPOINTS [gaussian|softmax|stopping|all] [workers]
# CHECKPOINTS is a directory that keeps finished data sets; a run that was killed goes on where it was.
#
# Two regimes:
#   short       five EM iterations from starts near the truth
#   converged   to a gradient of 1e-8, from one start near the truth and from moe()'s own search
library(gatemix)
arguments <- commandArgs(TRUE)
folder <- arguments[1]
stopifnot(length(arguments) >= 1, dir.exists("inst"))
which <- if (length(arguments) > 1) arguments[2] else "all"
if (length(arguments) > 2) future::plan("multisession", workers = as.integer(arguments[3]))

short <- moe_control(max_iter = 5, accelerate = FALSE)
log_sizes <- function(from, to, length) round(10^seq(log10(from), log10(to), length.out = length))
# the published grid of the exact fits, thinned: all five small sizes and fourteen of the 195 others
thinned <- c(seq(100, 900, 200), seq(1000, 1e5, length.out = 14))

experiment <- function(family, truth, K, regime, n, replicates, starts = c("near", "default"), ...) {
  list(family = family, regime = regime, truth = truth, K = K, n = round(n), replicates = replicates, starts = starts,
       more = list(...))
}
settings <- expand.grid(K = 4:5, truth = paste0("ggmoe_", 1:4), stringsAsFactors = FALSE)
experiments <- c(
  Map(function(K, truth) {
    experiment("gaussian", truth, K, "short", log_sizes(100, 1e5, 12), 20, "near", control = short)
  }, settings$K, settings$truth),
  lapply(2:4, function(K) {
    experiment("softmax", "sgmoe", K, "short", if (K == 2) thinned else log_sizes(1e4, 1e5, 12),
               if (K < 4) 100 else 250, "near", control = short, norm = "separate")
  }),
  lapply(3:4, function(K) experiment("softmax", "sgmoe", K, "converged", log_sizes(100, 1e5, 10), 20)),
  list(experiment("gaussian", "ggmoe_1", 4, "converged", log_sizes(100, 1e5, 10), 20),
       experiment("gaussian", "ggmoe_2", 4, "converged", log_sizes(100, 1e5, 10), 20)))
if (which != "all") experiments <- Filter(function(e) e$family == which, experiments)

run <- function(e) {
  name <- paste(e$truth, e$K, e$regime, sep = "-")
  begin <- proc.time()[["elapsed"]]
  result <- do.call(rate_experiment, c(
    list(moe_truth(e$truth), K = e$K, n = e$n, replicates = e$replicates, starts = e$starts, seed = 1,
         checkpoint = file.path(folder, name)), e$more))
  cat(sprintf("%s: %.0f s, of which fits %.0f s\n", name, proc.time()[["elapsed"]] - begin, sum(result$fits$seconds)))
  print(summary(result)$slopes, digits = 3, row.names = FALSE)
  result
}

label <- function(e, table) {
  if (!nrow(table)) return(NULL)
  data.frame(truth = e$truth, K = e$K, regime = e$regime, table)
}
tables <- function(e, result) {
  out <- summary(result)
  out$slopes$fit_seconds <- vapply(out$slopes$start, function(start) {
    sum(result$fits$seconds[result$fits$start == start])
  }, 0)
  # what the vignettes draw: errors in cells of several experts, after convergence
  out$errors <- out$errors[out$errors$size > 1 & e$regime == "converged", ]
  lapply(out[c("slopes", "sizes", "blocks", "errors")], label, e = e)
}

dir.create(folder, showWarnings = FALSE, recursive = TRUE)
dir.create("inst/extdata", showWarnings = FALSE)
for (family in unique(vapply(experiments, `[[`, "", "family"))) {
  mine <- Filter(function(e) e$family == family, experiments)
  done <- lapply(mine, function(e) tables(e, run(e)))
  for (name in names(done[[1]])) {
    table <- do.call(rbind, lapply(done, `[[`, name))
    numbers <- vapply(table, is.double, NA)
    table[numbers] <- lapply(table[numbers], signif, 4)
    write.csv(table, sprintf("inst/extdata/rates-%s-%s.csv", family, name), row.names = FALSE, quote = FALSE)
  }
}

# Iterations of plain EM until the log-likelihood changes by less than 1e-6 of itself, the rule of the paper's code.
stopping <- function(K, n, replicate) {
  truth <- moe_truth("sgmoe")
  set.seed(replicate)
  data <- simulate(truth, n = n)
  problem <- em_problem(y ~ x, data, K)
  theta <- em_start(problem, gatemix:::near_start(truth, K, n))
  statistics <- em_accumulate(problem, theta)
  shift <- suppressWarnings(as.numeric(logLik(em_finish(problem, theta)))) - statistics[[1]]
  iterations <- 0
  repeat {
    before <- statistics[[1]] + shift
    theta <- em_solve(problem, theta, statistics)
    statistics <- em_accumulate(problem, theta)
    iterations <- iterations + 1
    if (abs(statistics[[1]] + shift - before) <= 1e-6 * abs(before)) break
  }
  iterations
}
if (which %in% c("stopping", "all")) {
  table <- expand.grid(n = c(1e4, 3e4, 1e5), K = 2:4)
  counts <- Map(function(K, n) vapply(1:20, function(r) stopping(K, n, r), 0), table$K, table$n)
  table$median <- vapply(counts, median, 0)
  table$largest <- vapply(counts, max, 0)
  print(table)
  write.csv(table[c("K", "n", "median", "largest")], "inst/extdata/rates-softmax-stopping.csv", row.names = FALSE)
}
