# Repeating work on random data: streams of random numbers, progress.

# One L'Ecuyer stream per replicate, from `seed` or, which moves it on, from
# the state of the generator.
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

# One L'Ecuyer stream per text, a random place in the generator's period that
# depends on the text and the stream `first`, not on the other texts.
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

# The MD5 of each text, the same on every system.
text_hash <- function(texts) {
  folder <- tempfile("gatemix-text")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  files <- file.path(folder, seq_along(texts))
  Map(function(text, file) writeBin(charToRaw(enc2utf8(text)), file),
      texts, files)
  unname(tools::md5sum(files))
}

# Sets the seed, where one is given, until the calling function ends. The value
# is what simulate() has to report of it.
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

# A function that reports one more step done through package progressr, whose
# handlers (none by default) show it. Without that package loaded it does
# nothing. It travels to workers, so it must not hold the caller's frame.
progress <- function(steps, frame = parent.frame()) {
  if (!isNamespaceLoaded("progressr")) return(no_progress)
  step <- progressr::progressor(steps = steps, envir = frame)
  rm(steps, frame)
  function() step()
}

no_progress <- function() NULL

# One bar of so many steps for several lists of tasks, one after the other.
with_one_progress <- function(steps, expr) {
  tick <- progress(steps)
  withCallingHandlers(expr, progression = function(p) {
    if (identical(p$type, "update") && p$amount > 0) tick()
    hush_progress(p)
  })
}

# The search of each fit reports progress of its own; where fits are counted, it
# is not to be seen.
hush_progress <- function(p) tryInvokeRestart("muffleProgression")
