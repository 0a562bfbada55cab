# Random collections of models for the slope heuristic. data-raw/slope.R stores
# what the package capushe chooses in them.

slope_kinds <- c("line", "noise", "ties", "short", "waves", "random", "rising",
                 "exact", "outliers")

random_collection <- function(kind, seed) {
  set.seed(seed)
  m <- if (kind == "short") sample(11:13, 1) else sample(12:60, 1)
  dimension <- sort(switch(kind,
    ties = sample(2:ceiling(0.8 * m), m, replace = TRUE),
    random = sample(500, m),
    cumsum(sample(6, m, replace = TRUE))))
  line <- dimension / 1000
  u <- dimension / max(dimension)
  contrast <- switch(kind,
    line = 5 * exp(-dimension / 8) - line * runif(1, 0.3, 3),
    noise = 5 * exp(-dimension / 8) - line + rnorm(m, 0, 0.01),
    ties = 3 * exp(-dimension / 5) - 2 * line + rnorm(m, 0, 0.003),
    short = exp(-dimension / 4) - line + rnorm(m, 0, 0.001),
    waves = 2 * sin(6 * u) * exp(-u) - 3 * u + rnorm(m, 0, 0.05),
    random = rnorm(m),
    rising = 0.5 * exp(-dimension / 5) + 0.2 * u + rnorm(m, 0, 0.01),
    exact = 4 / dimension - line,
    outliers = 4 * exp(-dimension / 6) - line + rnorm(m, 0, 0.002) +
      ifelse(runif(m) < 0.1, rexp(m, 2), 0))
  collection <- data.frame(model = paste0("m", seq_len(m)), shape = line,
                           dimension = dimension, contrast = contrast)
  collection[sample(m), ]
}

# a threshold that is the dimension of no model
middle_threshold <- function(collection) {
  floor(stats::median(collection$dimension)) + 0.5
}

# What both packages are asked, as names of models; NA where they refuse.
capushe_choices <- function(collection) {
  choice <- function(name, ...) {
    choose <- getExportedValue("capushe", name)
    tryCatch(methods::slot(suppressWarnings(choose(collection, ...)), "model"),
             error = function(e) NA_character_)
  }
  c(slope = choice("DDSE"), jump = choice("Djump"),
    lm = choice("DDSE", psi.rlm = "lm"), point = choice("DDSE", point = 4),
    triple = choice("DDSE", scoef = 3),
    threshold = choice("Djump", Ctresh = middle_threshold(collection)))
}

own_choices <- function(collection, options = TRUE) {
  choose <- function(...) {
    suppressWarnings(
      slope_heuristic(collection$contrast, collection$dimension,
                      collection$shape, model = collection$model, ...),
      classes = "gatemix_warning")$selected$model
  }
  plain <- choose()
  c(slope = plain[1], jump = plain[2],
    if (options) c(
      lm = choose(regression = "lm")[1], point = choose(point = 4)[1],
      triple = choose(scoef = 3)[1],
      threshold = choose(threshold = middle_threshold(collection))[2]))
}
