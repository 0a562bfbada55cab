# Type "trace": the objective of each iteration and of each start.

trace_picture <- function(object) {
  trace <- data.frame(iteration = seq_along(object$trace) - 1L,
                      objective = object$trace)
  label <- paste0(if (is_penalised(object$gate) ||
                        is_penalised(object$expert)) "penalised ",
                  if (gate_is_generative(object$gate)) "joint ",
                  "log-likelihood")
  new_picture("trace", list(trace = trace, starts = object$starts), object$K,
              label = label)
}

# What is left to gain after each iteration, on a log scale: a straight line is
# linear convergence.
trace_gap <- function(trace) {
  gap <- max(trace$objective) - trace$objective
  shown <- is.finite(gap) & gap > 1e-10
  data.frame(iteration = trace$iteration, gap = gap)[shown, ]
}

# The panel of that picture: all iterations, and whole powers of ten. Where
# nothing is left to gain, there is none in it.
gap_panel <- function(trace, gap) {
  list(x = c(0, max(trace$iteration, 1)),
       y = if (nrow(gap)) range(floor(log10(gap$gap)), ceiling(log10(gap$gap)))
         else c(0.4, 0.6))
}

no_gap <- "at the maximum\nfrom the beginning"

# Ticks of iterations, at whole numbers; log-likelihoods may be closer to each
# other than that.
whole_breaks <- function(limits) {
  at <- pretty(limits)
  whole <- at[abs(at - round(at)) < 1e-8 & at >= limits[1L] & at <= limits[2L]]
  if (length(whole) > 1L) whole else at
}

start_marks <- data.frame(
  status = c("converged", "screened out", "degenerate", "other"),
  pch = c(16L, 1L, 4L, 2L),
  col = c("#0072B2", "grey45", "#D55E00", "#E69F00"))

# A row per rule, so that one sees which rules find the optimum; the starts of
# a rule stand one below the other. NULL for one start alone.
start_points <- function(starts) {
  if (nrow(starts) < 2L) return(NULL)
  starts <- starts[is.finite(starts$objective), ]
  rules <- unique(starts$rule)
  row <- match(starts$rule, rules)
  turn <- stats::ave(row, row, FUN = seq_along)
  count <- stats::ave(row, row, FUN = length)
  list(rules = rules, range = widened_range(starts$objective, 0.1),
       points = data.frame(
         objective = starts$objective,
         row = row + 0.6 * (turn - (count + 1) / 2) / count,
         mark = match(starts$status, start_marks$status,
                      nomatch = nrow(start_marks))))
}

# A range that is at least so wide: log-likelihoods that hardly differ shall
# not look as if they did.
widened_range <- function(x, width) {
  range <- range(x)
  range + c(-1, 1) * max(0, width - diff(range)) / 2
}
