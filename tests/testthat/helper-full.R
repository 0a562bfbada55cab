# How much of a grid of cases is run: enough for every two options to meet, or
# all of it where the environment variable FULL is set (`make test FULL=1`).

full_run <- function() nzchar(Sys.getenv("FULL"))

# Returns the cases to run, and counts them for tools/run-tests.R. A case is a
# list of parts: gates, experts, penalties, or plain values.
covering <- function(cases, full = full_run()) {
  kept <- if (full) cases else cases[covering_set(cases)]
  before <- getOption("gatemix.cases", c(run = 0L, all = 0L))
  options(gatemix.cases = before + c(length(kept), length(cases)))
  kept
}

# All combinations of the parts, each a list of values.
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
covering_set <- function(cases) {
  shown <- lapply(cases, shown_by)
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

# What a case is there for: each of its parts, and every two of its options.
shown_by <- function(case) {
  options <- unlist(lapply(case, options_of))
  pairs <- utils::combn(paste(names(options), options), 2L, paste,
                        collapse = ", ")
  whole <- vapply(case, function(part) {
    if (is.list(part)) part$label else format(part)
  }, "")
  unique(c(paste(names(case), whole), pairs))
}

# The options of a gate, an expert or a penalty are its fields of one value; of
# a plain value it is itself.
options_of <- function(part) {
  if (!is.list(part)) return(format(part))
  fields <- part[setdiff(names(part), "label")]
  single <- vapply(fields, function(v) is.atomic(v) && length(v) == 1L, TRUE)
  vapply(fields[single], format, "")
}
