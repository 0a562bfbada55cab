# A directory that keeps finished tasks:
#
#   gatemix-key   text: what all tasks have in common, one hash per line
#   NAME.rds      of each task: its own hash (of task and seed) and its value
#
# Files appear under their names when they are complete. So a process may be
# killed at any time, and several processes may write.

# Returns the directory with its key, after making it if need be; NULL without a
# checkpoint.
open_checkpoint <- function(directory, label, key) {
  if (is.null(directory)) return(NULL)
  check_directory(directory)
  if (is.null(names(key))) stop("run_tasks(): a checkpoint needs a named `key`")
  suppressWarnings(dir.create(directory, recursive = TRUE))
  if (!dir.exists(directory)) {
    abort("checkpoint", "The directory of `checkpoint`, ", directory,
          ", cannot be made. Name one that can be.")
  }
  store <- normalizePath(directory)
  lines <- key_lines(label, key)
  file <- file.path(store, "gatemix-key")
  if (file.exists(file)) {
    check_key(readLines(file, warn = FALSE), lines, store)
  } else {
    if (length(list.files(store))) {
      abort("checkpoint", "`checkpoint` must be a new or empty directory, or ",
            "one that an earlier call made; ", store, " holds other files.")
    }
    if (!write_atomically(lines, file, writeLines)) {
      abort("checkpoint", "`checkpoint`: cannot write to the directory ",
            store, ". Check its permissions and the space left.")
    }
  }
  store
}

check_directory <- function(x) {
  if (is.null(x)) return(invisible())
  if (!is.character(x) || length(x) != 1L || is.na(x) || !nzchar(x)) {
    abort_input("`checkpoint` must be NULL or the name of a directory; found ",
                describe(x), ".")
  }
}

key_lines <- function(label, key) {
  version <- paste0("gatemix ", utils::packageVersion("gatemix"), ", R ",
                    getRversion())
  parts <- c(version = version, task = label, hash_each(key))
  paste0(names(parts), ": ", parts)
}

check_key <- function(found, lines, store) {
  if (identical(found, lines)) return(invisible())
  what <- sub(":.*", "", c(setdiff(lines, found), setdiff(found, lines)))
  if ("version" %in% what) {
    abort("checkpoint", "The checkpoint in ", store, " was written by another ",
          "version (", found[1L], "; this is ", lines[1L], "). Remove it, or ",
          "name another directory.")
  }
  abort("checkpoint", "The checkpoint in ", store, " belongs to a call with ",
        "different ", quote_all(unique(what)), ". Name another directory for ",
        "this call, or make the same call to go on with that one.")
}

outcome_file <- function(store, job) {
  file.path(store, paste0(job$name, ".rds"))
}

# Writes a value and returns TRUE if it is there now. Where workers do not share
# the disk of the main process, that process writes it later.
write_outcome <- function(store, job, value) {
  !is.null(store) &&
    write_atomically(list(hash = job$hash, value = value),
                     outcome_file(store, job), saveRDS)
}

# Returns list(value, saved = TRUE) for each job, or NULL if there is no result.
read_outcomes <- function(store, jobs) {
  if (is.null(store)) return(vector("list", length(jobs)))
  lapply(jobs, function(job) {
    file <- outcome_file(store, job)
    if (!file.exists(file)) return(NULL)
    kept <- tryCatch(suppressWarnings(readRDS(file)), error = function(e) NULL)
    if (!is.list(kept) || !identical(names(kept), c("hash", "value"))) {
      return(NULL)
    }
    if (!identical(kept$hash, job$hash)) {
      abort("checkpoint", "In the checkpoint ", store, " the file of `",
            job$name, "` belongs to a call with another seed or other tasks. ",
            "Repeat that call (set.seed() included), or name another ",
            "directory.")
    }
    list(value = kept$value, saved = TRUE)
  })
}

close_checkpoint <- function(store, jobs, outcomes) {
  if (is.null(store)) return(invisible())
  unsaved <- which(vapply(outcomes, function(outcome) {
    is.null(outcome$error) && !outcome$saved
  }, NA))
  saved <- vapply(unsaved, function(i) {
    write_outcome(store, jobs[[i]], outcomes[[i]]$value)
  }, NA)
  if (!all(saved)) {
    warn("checkpoint", sum(!saved), " result(s) could not be written to the ",
         "checkpoint ", store, "; they are in the value of this call. Check ",
         "the space left.")
  }
  # files that killed processes left behind
  unlink(list.files(store, "^[.]gatemix-part-", all.files = TRUE,
                    full.names = TRUE))
}

# Writes under another name and renames. Process numbers are unique on one
# machine only, so the name holds the machine, too.
write_atomically <- function(x, file, write) {
  part <- tempfile(paste(".gatemix-part", Sys.info()[["nodename"]],
                         Sys.getpid(), "", sep = "-"), dirname(file))
  on.exit(unlink(part))
  tryCatch(suppressWarnings({
    write(x, part)
    file.rename(part, file)
  }), error = function(e) FALSE)
}

# --- Hashes ------------------------------------------------------------------

# Returns a hash for each element, the same in every session.
hash_each <- function(xs) {
  folder <- tempfile("gatemix-hash")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  files <- file.path(folder, seq_along(xs))
  for (i in seq_along(xs)) {
    saveRDS(plain(xs[[i]]), files[i], version = 2L, compress = FALSE)
  }
  stats::setNames(unname(tools::md5sum(files)), names(xs))
}

# Returns an object without what differs between sessions: environments,
# compiled code, references to source, the order of attributes.
plain <- function(x) {
  if (is.function(x) || is.language(x)) {
    return(deparse(x, control = c("keepNA", "keepInteger", "digits17")))
  }
  if (is.null(x)) return(NULL)
  if (!is.atomic(x) && !is.list(x) && !isS4(x)) return(typeof(x))
  about <- attributes(x)
  about <- about[setdiff(sort(names(about)), c("srcref", ".Environment"))]
  if (isS4(x)) x <- NULL
  attributes(x) <- NULL
  if (is.list(x)) x <- lapply(x, plain)
  if (is.character(x)) x <- enc2utf8(x)
  if (!length(about)) return(x)
  list(value = x, attributes = lapply(about, plain))
}
