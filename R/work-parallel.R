#' Long computations: in parallel, on a cluster, and durable
#'
#' Functions that refit a model many times, such as [bootstrap_moe()], do a list
#' of independent tasks. These run wherever `future::plan()` says, and can be
#' kept on disk as they finish.
#'
#' @section In parallel: With package future.apply installed, tasks run under
#'   the plan in force; without it, or without a plan, one after the other.
#'   \preformatted{
#' future::plan("multisession", workers = 4)            # four R processes here
#' future::plan("cluster", workers = c("host1", "host2"))    # through SSH
#' b <- bootstrap_moe(fit, R = 1000, seed = 1)
#' future::plan("sequential")}
#'   Each task has a random stream of its own, made before the tasks are
#'   distributed. So the numbers are the same under any plan, as long as the
#'   machines use the same linear algebra library and processors alike;
#'   otherwise they agree up to rounding. `moe_control(threads = )` is for one
#'   fit on one machine; with several workers leave it at 1.
#'
#'   With package progressr, `progressr::handlers(global = TRUE)` shows a
#'   progress bar.
#'
#' @section Durable: `checkpoint` names a directory. The process that finishes a
#'   task writes its result there at once, in a file that appears when it is
#'   complete. After a crash, a power cut or the time limit of a job, make the
#'   same call again, with the same `seed` (or after the same `set.seed()`):
#'   finished results are read, missing ones are computed, and the result is
#'   that of an uninterrupted run. At most the tasks in flight are lost. Files
#'   that cannot be read are made again.
#'
#'   The directory holds a key, by which another call (other data, model or
#'   settings, another version of gatemix or R) is refused with an error of
#'   class `gatemix_error_checkpoint`. More tasks of the same kind are welcome:
#'   a bootstrap with a larger `R` computes the additional replicates,
#'   [moe_select()] and [cv_moe()] the additional models. Warnings of tasks that
#'   are read back are not raised again. Remove the directory when
#'   you have saved the result.
#'
#'   A task that fails does not stop the others; after them, an error of class
#'   `gatemix_error_task` names it. If a worker is lost (killed, out of memory),
#'   its tasks are repeated, twice at most, provided that there is a checkpoint
#'   and that the plan can start another worker; otherwise the error has class
#'   `gatemix_error_worker`. Set the plan again then, and repeat the call.
#'
#' @section On a cluster with Slurm: Package future.batchtools submits tasks as
#'   jobs, for Slurm, SGE, LSF, Torque and others. gatemix brings a template for
#'   Slurm, `system.file("slurm.tmpl", package = "gatemix")`; copy and adapt it
#'   if your cluster needs modules or accounts:
#'   \preformatted{
#' # start R on the login node, in a directory that all nodes see
#' future::plan(future.batchtools::batchtools_slurm,
#'              template = system.file("slurm.tmpl", package = "gatemix"),
#'              resources = list(walltime = 120, memory = 4000),
#'              workers = 20)                            # jobs at a time
#' b <- bootstrap_moe(fit, R = 1000, seed = 1, checkpoint = "bootstrap")}
#'   Things that go wrong:
#'   * The environment variable `USER` must be set: batchtools asks Slurm for
#'     the jobs of `USER`, and without it takes running jobs for expired. Shells
#'     in containers often lack it; `Sys.setenv(USER = Sys.info()[["user"]])`
#'     before the plan mends that. Even so a busy Slurm may report a running job
#'     as expired: with a `checkpoint` the task is repeated, and nothing else is
#'     lost.
#'   * gatemix must be installed where the nodes find it, and the directories of
#'     `checkpoint` and of R itself (future.batchtools keeps its files in
#'     `.future` there) be shared by all of them. Where workers do not share the
#'     checkpoint, results are written only when all tasks are back.
#'   * When R is killed on the login node, its jobs go on and still write what
#'     they finish. Wait for them, or end them with `scancel`, before you make
#'     the call again: otherwise their tasks are computed twice (the result is
#'     the same).
#'   * Data that are sent to workers may not exceed
#'     `options(future.globals.maxSize = )`, 500 MB by default.
#'   * One job, one processor: the template keeps the linear algebra library
#'     from starting threads (`OPENBLAS_NUM_THREADS=1`).
#' @name gatemix_parallel
#' @seealso [bootstrap_moe()]
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 1)
#' folder <- tempfile("bootstrap")
#' b <- bootstrap_moe(fit, R = 20, seed = 1, checkpoint = folder)
#' # more replicates: the first 20 are read back
#' b <- bootstrap_moe(fit, R = 30, seed = 1, checkpoint = folder)
#' length(list.files(folder, "rds$"))
#' unlink(folder, recursive = TRUE)
NULL
