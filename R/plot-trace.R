# plot(type = "trace"): the objective of each iteration and of each start.

plot_trace <- function(object, style) {
  trace <- data.frame(iteration = seq_along(object$trace) - 1L,
                      objective = object$trace)
  starts <- object$starts
  several <- nrow(starts) > 1L
  old <- open_panels(1L, 1L + several)
  on.exit(close_panels(old))
  label <- if (gate_is_generative(object$gate)) "joint log-likelihood"
    else "log-likelihood"
  draw_trace(trace, label, style)
  if (several) draw_starts(starts, label, style)
  list(trace = trace, starts = starts)
}

draw_trace <- function(trace, label, style) {
  shown <- trace[is.finite(trace$objective), ]
  open_panel(range(shown$iteration), range(shown$objective),
             "iteration of the run kept", label, style)
  graphics::lines(shown$iteration, shown$objective, col = expert_palette[1L],
                  lwd = 2)
  graphics::points(shown$iteration, shown$objective, pch = 16, cex = 0.5,
                   col = expert_palette[1L])
  close_panel(style, 0L)
}

start_marks <- data.frame(
  status = c("converged", "screened out", "degenerate", "other"),
  pch = c(16L, 1L, 4L, 2L),
  col = c("#0072B2", "grey45", "#D55E00", "#E69F00"))

# A row per rule, so that one sees which rules find the optimum.
draw_starts <- function(starts, label, style) {
  starts <- starts[is.finite(starts$objective), ]
  rules <- unique(starts$rule)
  row <- match(starts$rule, rules)
  turn <- stats::ave(row, row, FUN = seq_along)
  count <- stats::ave(row, row, FUN = length)
  open_panel(range(starts$objective), c(length(rules) + 0.5, 0.5), label, "",
             style, yaxt = "n")
  graphics::axis(2L, seq_along(rules), rules, las = 1, tick = FALSE,
                 mgp = c(2.6, 0.3, 0), cex.axis = 0.9)
  graphics::abline(h = seq_along(rules), col = "grey90")
  mark <- match(starts$status, start_marks$status,
                nomatch = nrow(start_marks))
  graphics::points(starts$objective, row + 0.6 * (turn - (count + 1) / 2) /
                     count, pch = start_marks$pch[mark], lwd = 1.4,
                   col = start_marks$col[mark], cex = style$cex)
  used <- start_marks[sort(unique(mark)), ]
  entries <- legend_entry(used$status, pch = used$pch, col = used$col)
  close_panel(style, top_legend(entries, style))
}
