# Type "trace": the objective of each iteration and of each start.

trace_picture <- function(object) {
  trace <- data.frame(iteration = seq_along(object$trace) - 1L,
                      objective = object$trace)
  label <- if (gate_is_generative(object$gate)) "joint log-likelihood"
    else "log-likelihood"
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
  list(rules = rules, points = data.frame(
    objective = starts$objective,
    row = row + 0.6 * (turn - (count + 1) / 2) / count,
    mark = match(starts$status, start_marks$status,
                 nomatch = nrow(start_marks))))
}
