# Type "trace": the objective of each iteration and of each start.

#' @export
picture_data.type_trace <- function(type, object, ...) {
  trace <- data.frame(iteration = seq_along(object$trace) - 1L,
                      objective = object$trace)
  label <- paste0(if (is_penalised(object$gate) ||
                        is_penalised(object$expert)) "penalised ",
                  if (gate_is_generative(object$gate)) "joint ",
                  "log-likelihood")
  new_picture("trace", list(trace = trace, starts = object$starts), object$K,
              label = label)
}

# Returns how far the objective is below its largest value after each iteration,
# where that is more than rounding.
trace_gap <- function(trace) {
  gap <- max(trace$objective) - trace$objective
  shown <- is.finite(gap) & gap > 1e-10
  data.frame(iteration = trace$iteration, gap = gap)[shown, ]
}

# Returns the limits of the panel of the gap: all iterations, and whole powers
# of ten (none of them where there is no gap).
gap_panel <- function(trace, gap) {
  list(x = c(0, max(trace$iteration, 1)),
       y = if (nrow(gap)) range(floor(log10(gap$gap)), ceiling(log10(gap$gap)))
         else c(0.4, 0.6))
}

no_gap <- "at the maximum\nfrom the beginning"

# Returns breaks at whole numbers, for iterations; others where the limits hold
# fewer than two, as those of log-likelihoods may.
whole_breaks <- function(limits) {
  at <- pretty(limits)
  whole <- at[abs(at - round(at)) < 1e-8 & at >= limits[1L] & at <= limits[2L]]
  if (length(whole) > 1L) whole else at
}

start_marks <- data.frame(
  status = c("converged", "screened out", "degenerate", "other"),
  pch = c(16L, 1L, 4L, 2L),
  col = c("#0072B2", "grey45", "#D55E00", "#E69F00"))

# Returns where the starts stand, a row per rule so that one sees which rules
# find the optimum, the starts of a rule one below the other. NULL for one
# start.
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

# Returns a range that is at least so wide: log-likelihoods that hardly differ
# shall not look as if they did.
widened_range <- function(x, width) {
  range <- range(x)
  range + c(-1, 1) * max(0, width - diff(range)) / 2
}
