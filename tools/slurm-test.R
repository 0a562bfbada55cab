# run_tasks() and bootstrap_moe() as jobs of Slurm; started by tools/slurm.sh
# (`make slurm-test`). Prints a line per claim; fails if one does not hold.
#
#   Rscript tools/slurm-test.R DIRECTORY     a scratch directory, shared by nodes

library(gatemix)
folder <- normalizePath(commandArgs(TRUE)[1])
setwd(folder)                       # future.batchtools keeps its files in .future
Sys.setenv(OPENBLAS_NUM_THREADS = "1")

failures <- 0
claim <- function(what, holds) {
  if (!isTRUE(holds)) failures <<- failures + 1
  cat(if (isTRUE(holds)) "holds: " else "FAILS: ", what, "\n", sep = "")
}
seconds <- function(expr) round(system.time(expr)[["elapsed"]])

template <- system.file("slurm.tmpl", package = "gatemix")
resources <- list(walltime = 10, memory = 500, partition = "main")
on_slurm <- function() {
  future::plan(future.batchtools::batchtools_slurm, template = template,
               resources = resources, workers = 4)
}
run <- function(..., key = list(test = "slurm")) {
  gatemix:::run_tasks(..., key = key, scheduling = Inf)
}

# A function for run_tasks(), with what it needs on a worker. It notes where it
# runs, and returns random numbers. Tasks in `held` wait for ever while there is
# a file "hold"; task `cancel` cancels its own job, once.
new_work <- function(pause = 0, held = integer(), cancel = 0,
                     directory = folder) {
  force(directory)
  file <- function(...) file.path(directory, ...)
  job <- function() Sys.getenv("SLURM_JOB_ID")
  function(task) {
    cat(job(), Sys.getenv("SLURMD_NODENAME"), "\n",
        file = file("notes", paste0("task-", task)), append = TRUE)
    if (task == cancel && !file.exists(file("cancelled"))) {
      file.create(file("cancelled"))
      system2("scancel", job())
      Sys.sleep(600)
    }
    if (task %in% held && file.exists(file("hold"))) Sys.sleep(600)
    Sys.sleep(pause)
    c(task, stats::runif(3))
  }
}
forget <- function() {
  unlink("notes", recursive = TRUE)
  dir.create("notes")
}
# Who did each task: a line per time it was begun.
notes <- function() {
  files <- list.files("notes", full.names = TRUE)
  stats::setNames(lapply(files, readLines), basename(files))
}

tasks <- stats::setNames(as.list(1:4), letters[1:4])
seeds <- gatemix:::replicate_seeds(4, 1)
forget()
here <- run(tasks, new_work(), seeds)

cat("\n1. Four tasks as four jobs on two nodes\n")
forget()
on_slurm()
spent <- seconds(there <- run(tasks, new_work(), seeds))
nodes <- unique(sub(" *$", "", sub("^[^ ]* ", "", unlist(notes()))))
claim("plan(batchtools_slurm) gives the numbers of plan(sequential)",
      identical(there, here))
claim(paste0("the tasks ran on the nodes ", toString(sort(nodes)), " (",
             spent, " s)"), setequal(nodes, c("n1", "n2")))

cat("\n2. The bootstrap, with a checkpoint\n")
set.seed(1)
fit <- moe(eruptions ~ waiting, datasets::faithful, K = 2)
there <- bootstrap_moe(fit, R = 12, type = "case", seed = 1,
                       checkpoint = "bootstrap")
future::plan("sequential")
here_b <- bootstrap_moe(fit, R = 12, type = "case", seed = 1)
claim("bootstrap_moe() gives the same estimates and likelihoods",
      identical(there$estimates, here_b$estimates) &&
        identical(there$loglik, here_b$loglik))
claim("each of the 12 replicates is in the checkpoint",
      length(list.files("bootstrap", "[.]rds$")) == 12L)

cat("\n3. One job is cancelled (scancel) while it runs\n")
forget()
on_slurm()
work <- new_work(cancel = 3)
spent <- seconds(there <- run(tasks, work, seeds, "cancelled-store"))
times <- lengths(notes())
claim(paste0("the call makes up for it, with the same numbers (", spent,
             " s)"), identical(there, here))
claim(paste("times that tasks were begun:",
            paste(names(times), times, collapse = ", ")),
      times[["task-3"]] == 2L && all(times[c("task-1", "task-2")] >= 1L))
unlink("cancelled")
failed <- tryCatch(run(tasks, work, seeds),
                   gatemix_error_worker = identity)
claim("without a checkpoint it is an error of class gatemix_error_worker",
      inherits(failed, "gatemix_error_worker"))
system2("scancel", c("-u", Sys.getenv("USER")))

cat("\n4. The main process is killed (kill -9), its jobs cancelled, resumed\n")
forget()
work <- new_work(held = 3:4)
invisible(file.create("hold"))
save(work, tasks, seeds, run, template, resources, on_slurm,
     file = "call.rda")
writeLines(c("library(gatemix)", "load('call.rda')", "on_slurm()",
             "writeLines(format(Sys.getpid()), 'pid')",
             "run(tasks, work, seeds, 'killed-store')"), "call.R")
system2(file.path(R.home("bin"), "Rscript"), "call.R", wait = FALSE,
        stdout = "call.log", stderr = "call.log")
two <- file.path("killed-store", c("a.rds", "b.rds"))
end <- Sys.time() + 120
while (!(all(file.exists(two)) && length(notes()) == 4L) && Sys.time() < end) {
  Sys.sleep(0.2)
}
tools::pskill(as.integer(readLines("pid")), tools::SIGKILL)
system2("scancel", c("-u", Sys.getenv("USER")))
claim("two tasks were finished, two in flight",
      setequal(list.files("killed-store", "[.]rds$"), basename(two)) &&
        length(notes()) == 4L)
before <- file.mtime(two)
unlink("hold")
on_slurm()
there <- run(tasks, work, seeds, "killed-store")
claim("the same call then gives the same numbers", identical(there, here))
claim("the two that were finished are not done again",
      identical(file.mtime(two), before) &&
        identical(unname(lengths(notes())), c(1L, 1L, 2L, 2L)))

if (failures) stop(failures, " claim(s) do not hold")
cat("\nAll hold: R ", format(getRversion()), ", future.batchtools ",
    format(utils::packageVersion("future.batchtools")), ", ",
    system2("sinfo", "--version", stdout = TRUE), "\n", sep = "")
