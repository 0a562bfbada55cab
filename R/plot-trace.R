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

# What is left to gain after each iteration, on a log scale: a straight line is
# linear convergence.
draw_trace <- function(trace, label, style) {
  gap <- max(trace$objective) - trace$objective
  shown <- which(is.finite(gap) & gap > 1e-10)
  x <- trace$iteration[shown]
  y <- log10(gap[shown])
  open_panel(c(0, max(trace$iteration, 1)),
             if (length(y)) range(floor(y), ceiling(y)) else c(-1, 1),
             "iteration of the run kept", paste(label, "still to gain"), style,
             yaxt = "n", ylab_line = 3)
  if (length(y)) {
    at <- unique(round(graphics::axTicks(2L)))
    graphics::axis(2L, at, parse(text = paste0("10^", at)), las = 1,
                   tcl = -0.3, mgp = c(2.6, 0.6, 0))
    graphics::lines(x, y, col = expert_palette[1L], lwd = 2)
    graphics::points(x, y, pch = 16, cex = 0.6, col = expert_palette[1L])
  } else {
    graphics::text(0.5, 0, "at the maximum from the beginning")
  }
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
