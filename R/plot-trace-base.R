# Type "trace" in base graphics.

#' @export
draw_base.picture_trace <- function(picture, style) {
  starts <- start_points(picture$drawn$starts)
  old <- open_panels(1L, 1L + !is.null(starts))
  on.exit(close_panels(old))
  draw_gap(picture$drawn$trace, picture$label, style)
  if (!is.null(starts)) draw_starts(starts, picture$label, style)
}

draw_gap <- function(trace, label, style) {
  gap <- trace_gap(trace)
  panel <- gap_panel(trace, gap)
  open_panel(panel$x, panel$y, "iteration of the run kept",
             paste(label, "still to gain"), style, xaxt = "n", yaxt = "n",
             ylab_line = 3)
  graphics::axis(1L, whole_breaks(panel$x), tcl = -0.3, mgp = c(2.4, 0.6, 0))
  if (nrow(gap)) {
    y <- log10(gap$gap)
    at <- unique(round(graphics::axTicks(2L)))
    graphics::axis(2L, at, parse(text = paste0("10^", at)), las = 1,
                   tcl = -0.3, mgp = c(2.6, 0.6, 0))
    graphics::lines(gap$iteration, y, col = expert_palette[1L], lwd = 2)
    graphics::points(gap$iteration, y, pch = 16, cex = 0.6,
                     col = expert_palette[1L])
  } else {
    graphics::text(mean(panel$x), mean(panel$y), no_gap)
  }
  close_panel(style, 0L)
}

draw_starts <- function(starts, label, style) {
  rules <- starts$rules
  points <- starts$points
  open_panel(starts$range, c(length(rules) + 0.5, 0.5), label, "",
             style, yaxt = "n")
  graphics::axis(2L, seq_along(rules), rules, las = 1, tick = FALSE,
                 mgp = c(2.6, 0.3, 0), cex.axis = 0.9)
  graphics::abline(h = seq_along(rules), col = "grey90")
  graphics::points(points$objective, points$row, lwd = 1.4,
                   pch = start_marks$pch[points$mark],
                   col = start_marks$col[points$mark], cex = style$cex)
  used <- start_marks[sort(unique(points$mark)), ]
  entries <- legend_entry(used$status, pch = used$pch, col = used$col)
  close_panel(style, top_legend(entries, style))
}
