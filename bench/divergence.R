# KL between a truth of two experts and fits of K experts: CPU seconds and what the tolerance leaves of error.
#   Rscript bench/divergence.R [sizes=2,5,10,20] [n=2000] [rounds=5]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

sizes <- option_value("sizes", c(2, 5, 10, 20))
n <- option_value("n", 2000)
rounds <- option_value("rounds", 5)

truth <- gatemix::moe_truth("glome_ws")
data <- stats::simulate(truth, n = n, seed = 1)
kl <- function(fit, tol) gatemix::moe_divergence(truth, fit, data, tol = tol)

result <- do.call(rbind, lapply(sizes, function(K) {
  set.seed(1)
  fit <- suppressWarnings(gatemix::moe(y ~ x, data, K = K, gate = gatemix::gate_gaussian(),
                                       control = gatemix::moe_control(starts = 2)))
  reference <- kl(fit, 1e-13)
  do.call(rbind, lapply(c(1e-5, 1e-7, 1e-9), function(tol) {
    seconds <- replicate(rounds, sum(system.time(kl(fit, tol))[1:2]))
    found <- kl(fit, tol)
    data.frame(K = K, n = n, smallest_sd = min(stats::sigma(fit)), tol = tol, kl = found$value,
               seconds = stats::median(seconds), error = abs(found$value - reference$value),
               largest_row_error = max(abs(found$rows - reference$rows)))
  }))
}))
show_table(result)
save_result(result, "divergence", "CPU seconds of moe_divergence(type = \"kl\"), quadrature; errors against tol = 1e-13")
