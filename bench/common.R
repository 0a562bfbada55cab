# What every benchmark shares: one thread, the machine's record, interleaved timing, saving results.
# Scripts start with: source("common.R") from the folder bench/ (bench/all.R and `Rscript bench/x.R` both work).

# OpenBLAS reads its thread count when it loads, so a process started without it starts itself again.
one_thread_or_restart <- function() {
  if (identical(Sys.getenv("OPENBLAS_NUM_THREADS"), "1") || interactive()) return(invisible())
  Sys.setenv(OPENBLAS_NUM_THREADS = "1", OMP_NUM_THREADS = "1", MKL_NUM_THREADS = "1")
  args <- commandArgs()
  file <- sub("^--file=", "", grep("^--file=", args, value = TRUE))
  status <- system2(file.path(R.home("bin"), "Rscript"),
                    c(shQuote(basename(file)), shQuote(commandArgs(trailingOnly = TRUE))))
  quit(save = "no", status = status)
}

# options as name=value: option_value("n", 1e5) reads `Rscript x.R n=1000`
option_value <- function(name, default) {
  hit <- grep(paste0("^", name, "="), commandArgs(trailingOnly = TRUE), value = TRUE)
  if (!length(hit)) return(default)
  value <- sub("^[^=]*=", "", hit[length(hit)])
  if (is.logical(default)) return(value %in% c("1", "TRUE", "true", "yes"))
  if (is.numeric(default)) return(as.numeric(strsplit(value, ",")[[1L]]))
  strsplit(value, ",")[[1L]]
}

say <- function(...) cat(format(Sys.time(), "%H:%M:%S "), sprintf(...), "\n", sep = "")

# --- the machine -----------------------------------------------------------------------------------

library_name <- function(path) {
  # the name alone (with what a link points at), never this machine's folders
  if (!length(path) || !nzchar(path)) return("R's own")
  paste(basename(dirname(path)), basename(normalizePath(path, mustWork = FALSE)), sep = "/")
}

machine <- function(packages = c("gatemix", "mclust", "flexmix", "mixtools", "meteorits", "MoEClust")) {
  cpuinfo <- tryCatch(readLines("/proc/cpuinfo"), error = function(e) character())
  model <- unique(sub(".*: *", "", grep("^model name", cpuinfo, value = TRUE)))
  meminfo <- tryCatch(readLines("/proc/meminfo", 1L), error = function(e) "")
  memory <- as.numeric(gsub("[^0-9]", "", meminfo)) / 1024^2
  version <- function(p) if (requireNamespace(p, quietly = TRUE)) as.character(utils::packageVersion(p)) else "not installed"
  c(date = format(Sys.time(), "%Y-%m-%d %H:%M %Z"),
    cpu = sprintf("%s, %d cores", paste(model, collapse = "; "), parallel::detectCores()),
    memory = if (length(memory) && !is.na(memory)) sprintf("%.0f GB", memory) else "unknown",
    os = utils::osVersion, R = R.version.string,
    BLAS = library_name(extSoftVersion()[["BLAS"]]), LAPACK = library_name(La_library()),
    threads = "1 unless said",
    packages = paste(packages, vapply(packages, version, ""), collapse = ", "))
}

# --- timing ----------------------------------------------------------------------------------------

# Runs the tasks by turns: round 1 all of them, round 2 all of them in the opposite order, ...
# A task is a function() that returns a list with seconds (CPU) and elapsed, as the adapters do.
# A fast task is repeated within its turn until it has used min_seconds, and the mean is taken.
# Tasks whose single run takes longer than once_over seconds run in the first round only.
interleave <- function(tasks, rounds = 5, min_seconds = 0.3, once_over = 30) {
  rows <- list()
  slow <- character()
  for (round in seq_len(rounds)) {
    for (name in if (round %% 2L) names(tasks) else rev(names(tasks))) {
      if (name %in% slow) next
      gc(FALSE)
      spent <- elapsed <- runs <- 0
      repeat {
        got <- tasks[[name]]()
        spent <- spent + got$seconds
        elapsed <- elapsed + got$elapsed
        runs <- runs + 1
        if (spent >= min_seconds || runs >= 200 || is.na(got$loglik)) break
      }
      if (spent / runs > once_over) slow <- c(slow, name)
      say("  round %d  %-22s %9.4f s  %5s it  ll %.4f  %s", round, name, spent / runs,
          format(got$iterations), got$loglik, got$note)
      rows[[length(rows) + 1L]] <- data.frame(method = name, round = round, seconds = spent / runs,
        elapsed = elapsed / runs, iterations = as.numeric(got$iterations), loglik = got$loglik,
        note = got$note)
    }
  }
  do.call(rbind, rows)
}

# fit(max_iter) returns seconds, elapsed and iterations, as the adapters do
pass_difference <- function(fit, few, many, rounds = 3L, min_seconds = 0.5) {
  one <- function() {
    total <- c(seconds = 0, elapsed = 0)
    used <- runs <- 0
    while (used < min_seconds && runs < 200) {
      short <- fit(few)
      long <- fit(many)
      apart <- long$iterations - short$iterations
      if (apart <= 0) stop("the long fit made no more passes than the short one")
      total <- total + c(long$seconds - short$seconds, long$elapsed - short$elapsed) / apart
      used <- used + long$seconds
      runs <- runs + 1
    }
    c(total / runs, passes = apart)
  }
  apply(vapply(seq_len(rounds), function(i) one(), numeric(3L)), 1L, stats::median)
}

# medians per method, and how many times faster the method named `ours` is
summarise_runs <- function(runs, ours = "gatemix") {
  # peers that start at random have as many optima as starts: show the best, count the rest
  out <- do.call(rbind, lapply(split(runs, factor(runs$method, unique(runs$method))), function(r) {
    best <- suppressWarnings(max(r$loglik, na.rm = TRUE))
    data.frame(method = r$method[1L], runs = nrow(r), seconds = stats::median(r$seconds),
               fastest = min(r$seconds), slowest = max(r$seconds),
               iterations = stats::median(r$iterations),
               loglik = if (is.finite(best)) best else NA_real_, note = r$note[1L])
  }))
  base <- out$seconds[out$method == ours]
  out$times_ours <- if (length(base)) out$seconds / base else NA_real_
  rownames(out) <- NULL
  out
}

# compares times_ours with the goal for each method; ours_above: our log-likelihood minus the method's
add_goals <- function(summary, goals, ours = "gatemix") {
  summary$goal <- unname(goals[summary$method])
  summary$met <- ifelse(is.na(summary$goal) | is.na(summary$times_ours), NA,
                        summary$times_ours >= summary$goal)
  base <- summary$loglik[summary$method == ours]
  summary$ours_above <- if (length(base)) base - summary$loglik else NA_real_
  # ten starts of ours against one of the fastest peer's
  ten <- summary$method == "gatemix, 10 starts"
  if (any(ten)) {
    peer <- !grepl("^gatemix", summary$method)
    summary$met[ten] <- summary$seconds[ten] < min(summary$seconds[peer])
    summary$note[ten] <- paste("met: less than the fastest peer's one start", summary$note[ten])
  }
  summary
}

# --- memory ----------------------------------------------------------------------------------------

# Memory of the expression `work`, which uses `object`, in a fresh process that reads the object, evaluates `prepare`
# (something small, so that all code is loaded), resets the peak (or, where the system forbids that, keeps it) and then
# does the work: bytes before and at the peak, and elapsed seconds. Linux only.
memory_in_child <- function(object, prepare, work) {
  file <- tempfile(fileext = ".rds")
  child <- tempfile(fileext = ".R")
  on.exit(unlink(c(file, child)))
  saveRDS(object, file, compress = FALSE)
  writeLines(c('source("common.R")', paste0('object <- readRDS("', file, '")'), deparse(prepare), "invisible(gc())",
               "reset <- reset_peak()", 'before <- process_memory("VmRSS")',
               paste0("time <- system.time(", paste(deparse(work), collapse = "\n"), ', gcFirst = FALSE)[["elapsed"]]'),
               'cat("RESULT", before, process_memory("VmHWM"), reset, time, "\\n")'), child)
  out <- system2(file.path(R.home("bin"), "Rscript"), child, stdout = TRUE)
  line <- grep("^RESULT", out, value = TRUE)
  if (!length(line)) stop("the memory child failed: ", paste(out, collapse = "\n"))
  v <- strsplit(line, " ")[[1L]][-1L]
  data.frame(before = as.numeric(v[1L]), peak = as.numeric(v[2L]), reset = v[3L] == "TRUE", seconds = as.numeric(v[4L]))
}

process_memory <- function(field) {
  line <- grep(paste0("^", field), readLines("/proc/self/status"), value = TRUE)
  as.numeric(gsub("[^0-9]", "", line)) * 1024
}

reset_peak <- function() {
  tryCatch({ cat("5", file = "/proc/self/clear_refs"); TRUE }, error = function(e) FALSE, warning = function(w) FALSE)
}

# --- results ---------------------------------------------------------------------------------------

# Writes a CSV file: the machine as comment lines, then the table (read with comment.char = "#").
write_result <- function(table, file, about = NULL) {
  m <- machine()
  con <- file(file, "w")
  on.exit(close(con))
  writeLines(c(paste("#", names(m), "=", m), if (length(about)) paste("#", about)), con)
  num <- vapply(table, is.double, TRUE)
  table[num] <- lapply(table[num], signif, 12)
  utils::write.csv(table, con, row.names = FALSE)
}

# Writes results/<name>.csv.
save_result <- function(table, name, about = NULL) {
  dir.create("results", showWarnings = FALSE)
  file <- file.path("results", paste0(name, ".csv"))
  write_result(table, file, about)
  say("wrote bench/%s", file)
  invisible(table)
}

show_table <- function(table) {
  num <- vapply(table, is.double, TRUE)
  keep <- intersect(names(table), c("loglik", "best", "objective"))
  table[setdiff(names(table)[num], keep)] <- lapply(table[setdiff(names(table)[num], keep)], signif, 4)
  old <- options(width = 200, digits = 10)
  on.exit(options(old))
  print(table, row.names = FALSE)
}

source("designs.R")
source("peers.R")
source("gatemix.R")
