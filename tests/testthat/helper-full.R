# How much of a grid of cases is run: enough for every two options to meet, or
# all of it where the environment variable FULL is set (`make test FULL=1`).

full_run <- function() nzchar(Sys.getenv("FULL"))

# Returns the cases to run. A case is a list of parts: gates, experts, penalties
# or plain values. With `together = 1` every option is seen once, which is for
# cases that are slow; a full run returns all cases.
covering <- function(cases, together = 2L) {
  kept <- if (full_run()) cases else cases[covering_set(cases, together)]
  count_cases(length(kept), length(cases))
  kept
}

# Of `full` cases that differ by a number only, such as a seed, the numbers of
# all or of a few that are spread evenly.
some_cases <- function(few, full) {
  numbers <- if (full_run() || few >= full) seq_len(full)
    else round(seq(1, full, length.out = few))
  count_cases(length(numbers), full)
  numbers
}

# Counted for tools/run-tests.R, which says how many were run.
count_cases <- function(run, all) {
  before <- getOption("gatemix.cases", c(run = 0L, all = 0L))
  options(gatemix.cases = before + c(run, all))
}

# All combinations of the parts, each given as a list or vector of values.
all_cases <- function(...) {
  parts <- list(...)
  at <- expand.grid(lapply(parts, seq_along))
  lapply(seq_len(nrow(at)), function(i) {
    Map(function(part, j) part[[j]], parts, at[i, ])
  })
}

# Positions of cases that together show what all of them show. Greedy: always
# the case that shows most of what is missing, of equals the one that repeats
# least; so the set is the same each time.
covering_set <- function(cases, together = 2L) {
  shown <- lapply(cases, shown_by, together)
  all <- unique(unlist(shown))
  shows <- t(vapply(shown, function(s) all %in% s, logical(length(all))))
  times <- numeric(length(all))
  kept <- integer()
  while (any(times == 0)) {
    best <- order(-shows %*% (times == 0), shows %*% times)[1L]
    times <- times + shows[best, ]
    kept <- c(kept, best)
  }
  sort(kept)
}

# What a case is there for: each of its parts, every `together` of its options
# and, if these are two, each part with each plain value.
shown_by <- function(case, together) {
  options <- unlist(lapply(case, options_of))
  options <- paste(names(options), options)
  meetings <- utils::combn(options, together, paste, collapse = ", ")
  plain <- !vapply(case, is.list, TRUE)
  whole <- vapply(case, function(part) {
    if (is.list(part)) part$label else format(part)
  }, "")
  whole <- paste(names(case), whole)
  if (together == 1L || !any(plain)) return(unique(c(whole, meetings)))
  unique(c(whole, meetings, outer(whole, whole[plain], paste)))
}

# The options of a gate, an expert or a penalty are its fields of one value; of
# a plain value it is itself.
options_of <- function(part) {
  if (!is.list(part)) return(format(part))
  fields <- part[setdiff(names(part), "label")]
  single <- vapply(fields, function(v) is.atomic(v) && length(v) == 1L, TRUE)
  vapply(fields[single], format, "")
}
