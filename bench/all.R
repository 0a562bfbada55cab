# Every benchmark, one after the other, each in a fresh R process with one thread.
#   Rscript bench/all.R [quick=1] [only=floor,scaling]
# quick=1: small sizes, a few minutes, to see that everything runs; its results go nowhere.
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

quick <- option_value("quick", FALSE)
only <- option_value("only", character())
scripts <- list(
  "softmax-univariate" = c("n=2000", "rounds=1"),
  "softmax-p10" = c("n=1000", "rounds=1"),
  "gaussian-gate" = c("n=2000", "rounds=1"),
  "floor" = c("n=20000", "seconds=0.2"),
  "scaling" = c("sizes=1e3,1e4", "threads_n=1e5", "memory_n=1e5"),
  "interrupt" = c("n=1e5", "after=1"),
  "search" = "seeds=2",
  "wald" = c("sets=20", "n=500"),
  "vcov" = c("sizes=1e4", "rounds=1", "memory=1e4"),
  "divergence" = c("sizes=2", "n=200", "rounds=1"),
  "select" = c("n=1000", "largest=4", "seeds=1", "trial_n=200", "trial_largest=5", "trials=1"),
  "intervals" = c("n=2000", "new=5000"),
  "lasso" = c("parts=one,published,path", "seeds=2"),
  "robustness" = c("seeds=2", "n=1000"))
if (length(only)) scripts <- scripts[only]

if (quick) {
  # a copy, so that quick runs do not overwrite results
  scratch <- tempfile("bench")
  dir.create(scratch)
  file.copy(list.files(pattern = "[.](R|cpp)$"), scratch)
  setwd(scratch)
}
say("%s", paste(names(machine()), machine(), sep = ": ", collapse = "; "))
status <- vapply(names(scripts), function(s) {
  say("==== %s", s)
  system2(file.path(R.home("bin"), "Rscript"), c(paste0(s, ".R"), if (quick) scripts[[s]]))
}, 0L)
if (any(status != 0L)) {
  say("failed: %s", paste(names(scripts)[status != 0L], collapse = ", "))
  quit(status = 1)
}
say("done%s", if (quick) "" else ": bench/results/")
