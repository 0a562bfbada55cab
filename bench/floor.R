# gatemix's time per pass against the floor: the exponentials, logarithms and weighted rank-k updates that
# a pass cannot avoid, timed by floor.cpp with the same BLAS, here and now.
#   Rscript bench/floor.R [n=1e5] [seconds=1]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

n <- option_value("n", 1e5)
seconds <- option_value("seconds", 1)

compile_floor <- function() {
  program <- file.path(tempdir(), "floor")
  config <- function(what) trimws(system2(file.path(R.home("bin"), "R"), c("CMD", "config", what), stdout = TRUE))
  # the last word: the first may be a wrapper such as ccache
  compiler <- rev(strsplit(config("CXX17"), " ")[[1L]])[1L]
  if (is.na(compiler) || !nzchar(compiler)) compiler <- "g++"
  # -lblas is what R itself uses on Debian; elsewhere R's own flags
  for (blas in c("-lblas", config("BLAS_LIBS"))) {
    status <- system2(compiler, c("-std=c++17", "-O2", "-fopenmp", "floor.cpp", "-o", program, blas))
    if (status == 0L) return(program)
  }
  stop("floor.cpp does not compile")
}

run_floor <- function(program, n, p, K, q = 1) {
  out <- utils::read.csv(text = system2(program, c(format(n, scientific = FALSE), p, K, q, seconds), stdout = TRUE),
                         header = FALSE, col.names = c("part", "ns"))
  stats::setNames(out$ns, out$part)
}

program <- compile_floor()
result <- do.call(rbind, lapply(list(c(1, 2), c(1, 3), c(10, 4), c(10, 5)), function(size) {
  p <- size[1L]
  K <- size[2L]
  f <- run_floor(program, n, p, K)
  part <- function(x) { v <- f[grepl(paste0("^", x, "_"), names(f))]; names(v) <- sub(".*?_", "", names(v)); v }
  row <- data.frame(p = p, K = K, n = n, exp = f[["exp"]], log = f[["log"]],
    expert = min(part("expert")), expert_by = names(which.min(part("expert"))),
    gate = min(part("gate")), gate_by = names(which.min(part("gate"))),
    floor = f[["floor"]], floor_best = f[["floor_best"]], gatemix = NA_real_, over_floor = NA_real_, over_best = NA_real_)
  if (gatemix_available()) {
    d <- softmax_any(n, seed = 1, p = p, K = K)
    # again right after, so that both see the same load
    row$gatemix <- time_per_pass(d$data, K, given_start(d, 1))[["seconds"]] / n * 1e9
    again <- run_floor(program, n, p, K)
    row$floor <- mean(c(row$floor, again[["floor"]]))
    row$floor_best <- mean(c(row$floor_best, again[["floor_best"]]))
    row$over_floor <- row$gatemix / row$floor
    row$over_best <- row$gatemix / row$floor_best
  }
  row
}))
show_table(result)
save_result(result, "floor",
  c("nanoseconds per row of one pass, one thread; goal: over_floor at most 2",
    "floor: rank-k updates by the better of dsyrk and dgemm; floor_best: by the best of four ways (expert_by, gate_by)"))
