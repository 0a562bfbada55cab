# What plot() and autoplot() show, before either draws it. A picture is a list
# of its `kind`, the data frames that are `drawn`, the number of `groups` that
# need a colour, and what the drawings say about them.

new_picture <- function(kind, drawn, groups, ...) {
  list(kind = kind, drawn = drawn, groups = groups, ...)
}

plot_types <- c("fit", "gate", "density", "residuals", "pit", "calibration",
                "trace", "coefficients")

picture_of <- function(object, type, term, at, level, newdata) {
  refuse_unused(type, term, at, newdata)
  if (type == "trace") return(trace_picture(object))
  if (type == "coefficients") {
    return(coefficient_picture(object, term, level))
  }
  rows <- plot_rows(object, newdata)
  rows$reference <- reference_row(rows$predictors, at)
  switch(type,
    fit = fit_picture(object, rows, term, level),
    gate = gate_picture(object, rows, term),
    density = density_picture(object, rows, term, level),
    residuals = residual_picture(object, rows, level),
    pit = pit_picture(object, rows, level),
    calibration = calibration_picture(object, rows, level))
}

# Arguments that mean nothing for a type are errors, not ignored.
refuse_unused <- function(type, term, at, newdata) {
  over_terms <- c("fit", "gate", "density")
  used <- list(term = c(over_terms, "coefficients"), at = over_terms,
               newdata = setdiff(plot_types, c("trace", "coefficients")))
  given <- !c(term = is.null(term), at = is.null(at),
              newdata = is.null(newdata))
  for (name in names(given)[given]) {
    if (!type %in% used[[name]]) {
      abort_input("`", name, "` means nothing for type \"", type,
                  "\"; leave it out. It is for the types ",
                  paste0('"', used[[name]], '"', collapse = ", "), ".")
    }
  }
}

# Predictors keep their names as columns; a dot sets those apart that would be
# mistaken for another column.
term_columns <- function(term) {
  taken <- c("response", "observed", "fitted", "mean", "lower", "upper",
             "median", "y", "density", "expert", "gate", "probability", "held")
  ifelse(term %in% taken, paste0(term, "."), term)
}

# The data over one or two predictors, a row per observation and response.
# `held` is FALSE where a factor has another level than the curves.
term_data <- function(rows, term, variables) {
  n <- nrow(rows$y)
  again <- rep(seq_len(n), ncol(rows$y))
  out <- variables_frame(lapply(rows$predictors[term], `[`, again),
                         term_columns(term), length(again))
  out$response <- rep(colnames(rows$y), each = n)
  out$observed <- as.vector(rows$y)
  out$expert <- rows$expert[again]
  out$held <- held_rows(rows, setdiff(variables, term))[again]
  out
}

of_response <- function(frames, response) {
  lapply(frames, function(d) d[d$response == response, , drop = FALSE])
}

# How many rows a share of weighted rows is worth (Kish's effective number).
effective_rows <- function(weights) sum(weights)^2 / sum(weights^2)

padded_range <- function(v, share) {
  range <- range(v, na.rm = TRUE)
  range + c(-share, share) * diff(range)
}

# Of very many rows an even selection is drawn.
thinned <- function(rows, most) {
  if (length(rows) <= most) return(rows)
  rows[unique(round(seq(1, length(rows), length.out = most)))]
}

# Numbers between -0.5 and 0.5 that spread evenly, without random numbers.
spread_evenly <- function(n) (seq_len(n) * 0.6180339887) %% 1 - 0.5
