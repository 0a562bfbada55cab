# Time per pass from n = 1e3 to 1e7, two threads against one, and peak memory.
#   Rscript bench/scaling.R [sizes=1e3,1e4,1e5,1e6,1e7] [threads_n=1e6] [memory_n=1e6]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

sizes <- option_value("sizes", c(1e3, 1e4, 1e5, 1e6, 1e7))
threads_n <- option_value("threads_n", 1e6)
memory_n <- option_value("memory_n", 1e6)
if (!gatemix_available()) {
  say("gatemix is not installed: nothing to do")
  quit(status = 0)
}

# --- linear in n -----------------------------------------------------------------------------------
linear <- do.call(rbind, lapply(sizes, function(n) {
  d <- softmax_k3(n, seed = 1)
  # small problems: more passes, so that the difference is long enough to time
  many <- 3 + if (n < 1e4) 2000 else if (n < 1e5) 400 else if (n < 1e6) 60 else 10
  t <- time_per_pass(d$data, d$K, given_start(d, 1), few = 3L, many = as.integer(many))
  say("n = %g: %.1f ns per row and pass", n, t[["seconds"]] / n * 1e9)
  data.frame(design = d$name, n = n, passes = t[["passes"]], seconds_per_pass = t[["seconds"]], ns_per_row = t[["seconds"]] / n * 1e9)
}))
show_table(linear)
save_result(linear, "scaling", "CPU seconds of one EM pass, one thread, against n; linear: ns_per_row does not grow")

# --- two threads against one -------------------------------------------------------------------------
threads <- do.call(rbind, lapply(list(c(1, 3), c(10, 5)), function(size) {
  d <- softmax_any(threads_n, seed = 1, p = size[1L], K = size[2L])
  start <- given_start(d, 1)
  t1 <- time_per_pass(d$data, d$K, start, threads = 1L, few = 3L, many = 13L, rounds = 3L)
  t2 <- time_per_pass(d$data, d$K, start, threads = 2L, few = 3L, many = 13L, rounds = 3L)
  coefs <- lapply(1:2, function(k) stats::coef(fixed_passes(d$data, d$K, start, "softmax", 13L, threads = k)$fit))
  data.frame(design = d$name, n = threads_n, one = t1[["elapsed"]], two = t2[["elapsed"]],
             speedup = t1[["elapsed"]] / t2[["elapsed"]], goal = 1.8, same_bits = identical(coefs[[1L]], coefs[[2L]]))
}))
show_table(threads)
save_result(threads, "scaling-threads", "elapsed seconds of one EM pass with 1 and 2 threads (other work on the machine lowers the speed-up)")

# --- peak memory ---------------------------------------------------------------------------------------
memory <- do.call(rbind, lapply(list(c(10, 5), c(1, 2)), function(size) {
  d <- softmax_any(memory_n, seed = 1, p = size[1L], K = size[2L])
  m <- memory_in_child(
    list(data = d$data, K = d$K, start = given_start(d, 1)),
    quote({
      small <- softmax_any(500, seed = 1, p = ncol(object$data) - 1L, K = object$K)
      fit_gatemix(small$data, small$K, small$labels, max_iter = 3)
    }),
    quote(fit_gatemix(object$data, object$K, object$start, keep = TRUE, max_iter = 20)))
  design <- memory_n * (size[1L] + 1) * 8
  beyond <- m$peak - m$before
  data.frame(design = d$name, n = memory_n, design_MB = design / 1e6, before_MB = m$before / 1e6,
             peak_MB = m$peak / 1e6, beyond_MB = beyond / 1e6, times_design = beyond / design, goal = 2.5,
             peak_was_reset = m$reset, seconds = m$seconds)
}))
show_table(memory)
save_result(memory, "scaling-memory", "peak resident memory of a fit beyond the R process with the user's data, over the n x (p + 1) design matrix")
