# Compares the speed of two installed versions of gatemix, which take turns: two
# R processes, one per version, do each row one after the other (old new, in the
# next round new old). Each round has fresh processes, since some are slower
# than others for as long as they live. The rows are those of versions-rows.R.
#
#   Rscript bench/versions.R old=LIBRARY new=LIBRARY [rounds=5] [only=regex]
#                            [out=FILE.csv]
#
# LIBRARY is a folder with the installed package; the packages that it needs
# come from the usual libraries. Seconds are CPU seconds of the process, for two
# threads elapsed ones: the smallest over the rounds, since load only adds to
# them. ratio: new / old. lowest, highest: of the ratios within each round,
# which say how steady the machine was.

asked_from <- getwd()
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
source("versions-rows.R")

# The processes of the versions inherit this; nothing is computed here.
Sys.setenv(OPENBLAS_NUM_THREADS = "1", OMP_NUM_THREADS = "1",
           MKL_NUM_THREADS = "1")

rounds <- option_value("rounds", 5)
only <- option_value("only", "")
out <- option_value("out", "")

# Returns a path that was given relative to the folder of the call.
from_there <- function(path) {
  back <- setwd(asked_from)
  on.exit(setwd(back))
  file.path(normalizePath(dirname(path), mustWork = TRUE), basename(path))
}

# Returns a process with the version that is installed in a library.
start_version <- function(which) {
  library <- option_value(which, "")
  if (!nzchar(library)) stop("give old=LIBRARY and new=LIBRARY")
  library <- from_there(library)
  known <- Sys.getenv("R_LIBS")
  Sys.setenv(R_LIBS = paste(c(library, known[nzchar(known)]), collapse = ":"))
  on.exit(Sys.setenv(R_LIBS = known))
  process <- parallel::makePSOCKcluster(1L)
  found <- parallel::clusterCall(process, function(folder) {
    setwd(folder)
    source("common.R")
    source("versions-rows.R")
    loadNamespace("gatemix")
    dirname(find.package("gatemix"))
  }, getwd())[[1L]]
  if (normalizePath(found) != normalizePath(library)) {
    stop("no gatemix is installed in ", library)
  }
  process
}

# Returns seconds of a row in a process; NA, and says why, where it fails.
seconds_of <- function(process, row) {
  tryCatch(parallel::clusterCall(process, "measure", row)[[1L]],
           error = function(e) {
             say("  %s: %s", row, conditionMessage(e))
             NA_real_
           })
}

# Returns seconds of old and new (columns) of all rows in one round.
one_round <- function(round, rows) {
  versions <- lapply(c("old", "new"), start_version)
  on.exit(lapply(versions, parallel::stopCluster))
  turn <- if (round %% 2) 1:2 else 2:1
  seconds <- t(vapply(rows, function(row) {
    found <- c(old = NA_real_, new = NA_real_)
    for (i in turn) found[i] <- seconds_of(versions[[i]], row)
    say("  round %d  %-35s %9.5f s %9.5f s  %6.3f", round, row, found[1L],
        found[2L], found[2L] / found[1L])
    found
  }, numeric(2L)))
  data.frame(row = rows, round = round, seconds, row.names = NULL)
}

# Returns a table with a line per row from the seconds of all rounds.
summarise_rounds <- function(runs) {
  each <- split(runs, factor(runs$row, unique(runs$row)))
  do.call(rbind, c(lapply(each, function(r) {
    ratios <- r$new / r$old
    data.frame(row = r$row[1L], old = min(r$old), new = min(r$new),
               ratio = min(r$new) / min(r$old), lowest = min(ratios),
               highest = max(ratios))
  }), make.row.names = FALSE))
}

chosen <- grep(only, names(rows), value = TRUE)
if (!length(chosen)) stop("no row is called like ", only)
begin <- cpu()[["elapsed"]]
runs <- do.call(rbind, lapply(seq_len(rounds), one_round, chosen))

table <- summarise_rounds(runs)
show_table(table)
mean_ratio <- exp(mean(log(table$ratio), na.rm = TRUE))
summary <- sprintf("%d rows, %d rounds: geometric mean of the ratios %.4f",
                   nrow(table), rounds, mean_ratio)
say("%s (%.0f s)", summary, cpu()[["elapsed"]] - begin)
if (nzchar(out)) {
  write_result(table, from_there(out), c(
    "old, new: the smallest seconds of all rounds; ratio: new / old",
    "lowest, highest: of the ratios within each round", summary))
}
if (anyNA(table$ratio)) quit(status = 1)
