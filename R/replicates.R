# Repeating work on random data: streams of random numbers, parallel runs,
# progress.

# One L'Ecuyer stream per replicate, from `seed` or, which moves it on, from
# the state of the generator.
replicate_seeds <- function(n, seed) {
  if (!is.null(seed)) {
    seed <- check_count(seed, "seed", min = -.Machine$integer.max)
    state <- seeded_state(seed)
    on.exit(assign(".Random.seed", state$old, globalenv()))
  }
  first <- sample.int(.Machine$integer.max, 6L, replace = TRUE)
  stream <- c(10407L, first)
  seeds <- vector("list", n)
  for (i in seq_len(n)) {
    seeds[[i]] <- stream
    stream <- parallel::nextRNGStream(stream)
  }
  seeds
}

# work() for each seed, in parallel where the user has planned so. Leaves the
# generator as it was.
run_replicates <- function(seeds, work) {
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(restore_seed(old))
  tick <- progress(length(seeds))
  one <- function(i) {
    value <- work()
    tick()
    value
  }
  if (requireNamespace("future.apply", quietly = TRUE)) {
    return(future.apply::future_lapply(seq_along(seeds), one,
                                       future.seed = seeds,
                                       future.packages = "gatemix"))
  }
  lapply(seq_along(seeds), function(i) {
    assign(".Random.seed", seeds[[i]], globalenv())
    one(i)
  })
}

restore_seed <- function(old) {
  if (is.null(old)) rm(".Random.seed", envir = globalenv())
  else assign(".Random.seed", old, globalenv())
}

# A function that reports one more step done through package progressr, whose
# handlers (none by default) show it. Without that package loaded it does
# nothing.
progress <- function(steps, frame = parent.frame()) {
  if (!isNamespaceLoaded("progressr")) return(function() NULL)
  step <- progressr::progressor(steps = steps, envir = frame)
  function() step()
}
