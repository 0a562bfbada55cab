# Repeated work on random data: streams of random numbers, progress.

# Returns one L'Ecuyer stream per replicate, from `seed` or from the state of
# the generator, which this moves on.
replicate_seeds <- function(n, seed) {
  local_seed(seed)
  first <- sample.int(.Machine$integer.max, 6L, replace = TRUE)
  stream <- c(10407L, first)
  seeds <- vector("list", n)
  for (i in seq_len(n)) {
    seeds[[i]] <- stream
    stream <- parallel::nextRNGStream(stream)
  }
  seeds
}

# Returns one L'Ecuyer stream per text, at a random place in the generator's
# period that depends on the text and on the stream `first`, but not on the
# other texts.
named_streams <- function(first, texts) {
  texts <- paste(paste(first, collapse = " "), texts, sep = "\n")
  # 42 hexadecimal digits: six numbers of 28 bits
  digits <- paste0(text_hash(paste0(texts, "\n1")),
                   text_hash(paste0(texts, "\n2")))
  from <- seq(1L, 36L, by = 7L)
  lapply(digits, function(d) {
    c(10407L, 1L + strtoi(substring(d, from, from + 6L), 16L))
  })
}

# Returns the MD5 of each text, the same on every system.
text_hash <- function(texts) {
  folder <- tempfile("gatemix-text")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  files <- file.path(folder, seq_along(texts))
  Map(function(text, file) writeBin(charToRaw(enc2utf8(text)), file),
      texts, files)
  unname(tools::md5sum(files))
}

# Sets the seed, if one is given, until the calling function ends. Returns the
# value of simulate()'s attribute `seed`.
local_seed <- function(seed, env = parent.frame()) {
  if (!is.null(seed)) {
    seed <- check_count(seed, "seed", min = -.Machine$integer.max)
  }
  if (!exists(".Random.seed", envir = globalenv(), inherits = FALSE)) {
    stats::runif(1L)
  }
  old <- get(".Random.seed", envir = globalenv())
  if (is.null(seed)) return(old)
  set.seed(seed)
  do.call(on.exit, list(bquote(restore_seed(.(old))), add = TRUE), envir = env)
  structure(seed, kind = as.list(RNGkind()))
}

restore_seed <- function(old) {
  if (!is.null(old)) assign(".Random.seed", old, globalenv())
  else suppressWarnings(rm(".Random.seed", envir = globalenv()))
}

# Returns a function that reports finished steps through package progressr,
# whose handlers (none by default) show them. Without that package it does
# nothing. It travels to workers, so it must not hold the caller's frame.
# Nothing is reported for the first `quiet` seconds.
progress <- function(steps, frame = parent.frame(), quiet = 0) {
  if (!isNamespaceLoaded("progressr")) return(no_progress)
  step <- progressr::progressor(steps = steps, initiate = quiet == 0,
                                envir = frame)
  if (quiet > 0) return(patient_progress(step, steps, quiet))
  rm(steps, frame, quiet)
  function(amount = 1) step(amount = amount)
}

no_progress <- function(amount = 1) NULL

# Returns such a function that stays silent at first: work of a few seconds
# needs no bar, which would only flicker.
patient_progress <- function(step, steps, quiet) {
  force(step)
  force(steps)
  begin <- proc.time()[["elapsed"]]
  waiting <- 0
  shown <- FALSE
  function(amount = 1) {
    waiting <<- waiting + amount
    if (!shown) {
      if (proc.time()[["elapsed"]] - begin < quiet) return(invisible())
      step(type = "initiate", steps = steps, auto_finish = TRUE)
      shown <<- TRUE
    }
    step(amount = waiting)
    waiting <<- 0
  }
}

# Returns functions that report progress through phases of unknown length: a run
# uses up a share of its phase's remaining steps, the end of the phase all of
# them.
phase_meter <- function(phases, quiet = 0, frame = parent.frame()) {
  tick <- progress(phases * phase_steps, frame, quiet)
  rm(frame)
  left <- 0L
  count <- function(steps) {
    left <<- left - steps
    if (steps > 0L) tick(steps)
  }
  list(phase = function() {
         count(left)
         left <<- phase_steps
       },
       run = function() count(left %/% 60L), end = function() count(left))
}

phase_steps <- 1000L

# Shows a single bar of so many steps for several lists of tasks that run one
# after the other.
with_one_progress <- function(steps, expr) {
  tick <- progress(steps)
  withCallingHandlers(expr, progression = function(p) {
    if (identical(p$type, "update") && p$amount > 0) tick()
    hush_progress(p)
  })
}

# Hides the progress that the search of each fit reports, where whole fits are
# counted.
hush_progress <- function(p) tryInvokeRestart("muffleProgression")

# Returns f() with this stream of random numbers; the generator is left as it
# was.
with_stream <- function(stream, f) {
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(restore_seed(old))
  assign(".Random.seed", stream, globalenv())
  f()
}

# Returns n independent streams within a stream.
sub_streams <- function(stream, n) {
  out <- vector("list", n)
  for (i in seq_len(n)) {
    stream <- parallel::nextRNGSubStream(stream)
    out[[i]] <- stream
  }
  out
}
