# The covariance matrix of the estimates: time against one EM pass, linear in n, and peak memory.
#   Rscript bench/vcov.R [sizes=1e4,1e5,1e6] [rounds=7] [memory=1e5,1e6]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

sizes <- option_value("sizes", c(1e4, 1e5, 1e6))
rounds <- option_value("rounds", 7)
memory_sizes <- option_value("memory", c(1e5, 1e6))

# p = 10, K = 3: 22 + 33 + 3 = 58 parameters, fitted from a formula and from matrices
two_fits <- function(n) {
  d <- softmax_any(n, seed = 1, p = 10, K = 3)
  list(formula = gatemix_any(d$data, d$K, start = d$labels),
       matrix = gatemix::moe(as.matrix(d$data[-1]), d$data$y, K = d$K, start = d$labels))
}

# CPU seconds of a call, repeated until half a second is used
seconds <- function(work) {
  runs <- 0
  used <- 0
  while (used < 0.5) {
    used <- used + sum(system.time(work(), gcFirst = FALSE)[1:2])
    runs <- runs + 1
  }
  used / runs
}

result <- do.call(rbind, lapply(sizes, function(n) {
  fits <- two_fits(n)
  start <- as.integer(predict(fits$matrix, type = "cluster"))
  data <- data.frame(y = fits$matrix$model$y[, 1], fits$matrix$model$x[, -1])
  # by turns, so that all see the same load
  all <- vapply(seq_len(rounds), function(round) {
    pass <- time_per_pass(data, 3, start, few = 3L, many = if (n < 1e5) 100L else 20L, rounds = 1L)[["seconds"]]
    c(pass = pass, formula = seconds(function() vcov(fits$formula)),
      matrix = seconds(function() vcov(fits$matrix)), sandwich = seconds(function() vcov(fits$matrix, type = "sandwich")))
  }, numeric(4))
  kind <- rownames(all)[-1]
  data.frame(n = n, parameters = length(fits$matrix$theta), kind = kind, pass_seconds = stats::median(all["pass", ]),
             seconds = apply(all[-1, , drop = FALSE], 1, stats::median), ns_per_row = apply(all[-1, , drop = FALSE], 1, stats::median) / n * 1e9,
             passes = apply(all[-1, , drop = FALSE] / rep(all["pass", ], each = 3), 1, stats::median), goal = 10)
}))
rownames(result) <- NULL
show_table(result)
save_result(result, "vcov", "CPU seconds of vcov() against one EM pass (`passes`: their ratio, at most `goal`), one thread; linear: ns_per_row does not grow")

# --- peak memory -----------------------------------------------------------------------------------
memory <- do.call(rbind, lapply(memory_sizes, function(n) {
  fits <- two_fits(n)
  do.call(rbind, lapply(names(fits), function(kind) {
    m <- memory_in_child(fits[[kind]], quote(vcov(gatemix_any(data.frame(y = rnorm(500), x = rnorm(500)), 1))),
                         quote(vcov(object)))
    data.frame(n = n, kind = kind, data_MB = n * 11 * 8 / 1e6, beyond_MB = (m$peak - m$before) / 1e6,
               peak_was_reset = m$reset)
  }))
}))
show_table(memory)
save_result(memory, "vcov-memory", "peak resident memory of vcov() beyond the R process that holds the fit; it does not grow with n")
