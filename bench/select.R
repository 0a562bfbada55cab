# What a whole selection costs.
# collection  moe_select(K = 1:10) for n rows with p predictors and three true experts, and the fit with the largest K
#             alone from one start (the median of five such fits, which differ much): `ratio`, of which the median over
#             the seeds is to be at most 15. The default call, one start per model, and one start without exchange.
# trial       one trial of the WS design of arXiv 2104.02640 (n = 2,000, K = 1..20, Gaussian gates): by default, and
#             from one random start without exchange, the nearest to the authors' own runs.
# CPU seconds (user + system) of this process.
#   Rscript bench/select.R [n=10000] [p=5] [largest=10] [seeds=5] [trial_n=2000] [trial_largest=20] [trials=3]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()
library(gatemix)

n <- option_value("n", 10000)
p <- option_value("p", 5)
largest <- option_value("largest", 10)
seeds <- option_value("seeds", 5)
trial_n <- option_value("trial_n", 2000)
trial_largest <- option_value("trial_largest", 20)
trials <- option_value("trials", 3)

# fits of too many experts may not converge: that is not the matter here
cpu <- function(expr) suppressWarnings(sum(system.time(expr)[c("user.self", "sys.self")]))

selection_row <- function(seconds, selection) {
  data.frame(seconds = seconds, K_bic = best(selection, criterion = "bic")$K,
             loglik = max(selection$table$logLik), doubtful = sum(selection$table$status != "converged"))
}

# --- n rows, p predictors --------------------------------------------------------------------------

calls <- list(default = moe_control(), "one start" = moe_control(starts = 1),
              "one start, exchange = 0" = moe_control(starts = 1))
truth <- three_experts(p)
formula <- stats::reformulate(paste0("x", seq_len(p)), "y")
collection <- do.call(rbind, lapply(seq_len(seeds), function(seed) {
  data <- stats::simulate(truth, n = n, seed = seed)
  set.seed(seed)
  alone <- stats::median(replicate(5, cpu(
    moe(formula, data, K = largest, control = moe_control(starts = 1, moves = 0)))))
  do.call(rbind, lapply(names(calls), function(name) {
    seconds <- cpu(selection <- moe_select(formula, data, K = seq_len(largest), seed = seed, control = calls[[name]],
                                           exchange = if (grepl("exchange", name)) 0 else 2))
    say("collection, seed %d, %s: %.1f s, largest alone %.1f s", seed, name, seconds, alone)
    data.frame(part = "collection", call = name, seed = seed, n = n, largest = largest, alone = alone,
               ratio = seconds / alone, selection_row(seconds, selection))
  }))
}))

# --- one trial of the WS design ----------------------------------------------------------------------

trial_calls <- list(default = list(), "one random start, exchange = 0" = list(
  exchange = 0, control = moe_control(starts = 1, init = "random")))
ws <- moe_truth("glome_ws")
trial <- do.call(rbind, lapply(seq_len(trials), function(seed) {
  data <- stats::simulate(ws, n = trial_n, seed = seed)
  do.call(rbind, lapply(names(trial_calls), function(name) {
    arguments <- c(list(y ~ x, data, K = seq_len(trial_largest), gate = gate_gaussian(), seed = seed),
                   trial_calls[[name]])
    seconds <- cpu(selection <- do.call(moe_select, arguments))
    say("WS, trial %d, %s: %.1f s", seed, name, seconds)
    data.frame(part = "WS trial", call = name, seed = seed, n = trial_n, largest = trial_largest, alone = NA_real_,
               ratio = NA_real_, selection_row(seconds, selection))
  }))
}))

result <- rbind(collection, trial)
show_table(result)
medians <- stats::aggregate(cbind(seconds, ratio) ~ part + call, result, stats::median, na.action = stats::na.pass)
show_table(medians)
default <- medians$ratio[medians$part == "collection" & medians$call == "default"]
say("goal, median ratio of the default call at most 15: %s", if (default <= 15) "met" else "missed")
save_result(result, "select", c(
  "CPU seconds (user + system)",
  "alone: a fit of the largest K from one start without moves, median of 5; ratio: seconds / alone"))
