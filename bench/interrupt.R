# How long a fit at n = 1e7 takes to stop after Ctrl-C (SIGINT), at several moments of the call.
#   Rscript bench/interrupt.R [n=1e7] [after=1,3,6,12] [self_test=0]
# self_test=1 interrupts a plain R loop instead, to check the script itself (works without gatemix).
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

n <- option_value("n", 1e7)
after <- option_value("after", c(1, 3, 6, 12))
self_test <- option_value("self_test", FALSE)
if (.Platform$OS.type == "windows") stop("needs SIGINT")
if (!self_test && !gatemix_available()) {
  say("gatemix is not installed: nothing to do (self_test=1 checks the script)")
  quit(status = 0)
}

# The child writes its process id and "ready" before the call, and the time at which it got control back.
child_code <- '
source("common.R")
args <- commandArgs(trailingOnly = TRUE)
n <- as.numeric(args[2L])
if (args[3L] == "fit") {
  d <- softmax_k3(n, seed = 1)
  start <- given_start(d, 1)
  formula <- gatemix_formula(d$data)
  control <- do.call(gatemix::moe_control, pass_control(100000))
}
invisible(gc())
note <- function(what, value) cat(value, file = file.path(args[1L], what))
what <- tryCatch({
  note("pid", Sys.getpid())
  note("ready", "1")
  if (args[3L] == "fit") gatemix::moe(formula, data = d$data, K = d$K, start = start, control = control)
  else repeat sum(sqrt(seq_len(1e5)))
  "finished"
}, interrupt = function(c) "interrupt", error = function(e) paste("error:", conditionMessage(e)))
note("back", format(as.numeric(Sys.time()), digits = 17))
note("what", what)
'

wait_for <- function(file, seconds) {
  give_up <- Sys.time() + seconds
  while (!file.exists(file) || file.size(file) == 0) {
    if (Sys.time() > give_up) return(FALSE)
    Sys.sleep(0.02)
  }
  TRUE
}

one <- function(delay) {
  folder <- tempfile("interrupt")
  dir.create(folder)
  script <- file.path(folder, "child.R")
  writeLines(child_code, script)
  on.exit(unlink(folder, recursive = TRUE))
  system2(file.path(R.home("bin"), "Rscript"), c(script, folder, format(n, scientific = FALSE), if (self_test) "loop" else "fit"),
          wait = FALSE, stdout = FALSE, stderr = FALSE)
  if (!wait_for(file.path(folder, "ready"), 120)) stop("the child did not start: run its code by hand to see why")
  Sys.sleep(delay)
  pid <- scan(file.path(folder, "pid"), quiet = TRUE)
  sent <- as.numeric(Sys.time())
  tools::pskill(pid, tools::SIGINT)
  done <- wait_for(file.path(folder, "what"), 60)
  if (!done) tools::pskill(pid, tools::SIGKILL)
  data.frame(n = n, after = delay, goal = 1,
             seconds = if (done) scan(file.path(folder, "back"), quiet = TRUE) - sent else NA_real_,
             returned_by = if (done) readLines(file.path(folder, "what"), warn = FALSE)[1L] else "not at all: killed after 60 s")
}

result <- do.call(rbind, lapply(after, one))
show_table(result)
if (!self_test) save_result(result, "interrupt", "seconds from SIGINT until R has control again; after: seconds since the call began")
