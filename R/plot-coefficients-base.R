# Type "coefficients" in base graphics: a small panel per term, each with its
# own scale.

#' @export
draw_base.picture_coefficients <- function(picture, style) {
  table <- picture$drawn$coefficients
  panels <- split(table, factor(table$panel, unique(table$panel)))
  columns <- coefficient_columns(table)
  rows <- ceiling(length(panels) / columns)
  old <- open_panels(rows, columns, mar = c(2.2, 4.6, 1.8, 0.8),
                     oma = numeric(4L))
  on.exit(close_panels(old))
  if (!is.null(old)) {
    graphics::par(oma = c(remark_room(picture$remark, style), 0, 0, 0))
  }
  for (panel in panels) draw_coefficient(panel, style)
  draw_bottom_remark(picture$remark, style, arranged = is.null(old))
}

draw_coefficient <- function(panel, style) {
  xlim <- range(panel$estimate, panel$lower, panel$upper, na.rm = TRUE)
  if (diff(xlim) == 0) xlim <- xlim + c(-1, 1) * max(abs(xlim), 1) / 10
  graphics::plot.default(xlim, c(style$K + 0.5, 0.5), type = "n", ann = FALSE,
                         ylim = c(style$K + 0.5, 0.5), yaxt = "n", bty = "l",
                         tcl = -0.3, mgp = c(2.4, 0.5, 0))
  graphics::axis(2L, panel$expert, paste("expert", panel$expert), las = 1,
                 tick = FALSE, mgp = c(2.4, 0.4, 0))
  graphics::abline(v = 0, col = "grey75")
  graphics::segments(panel$lower, panel$expert, panel$upper, panel$expert,
                     col = style$col[panel$expert], lwd = 2.5, lend = 1)
  graphics::points(panel$estimate, panel$expert, cex = 1.2 * style$cex,
                   pch = style$pch[panel$expert],
                   col = style$col[panel$expert],
                   bg = style$col[panel$expert])
  draw_panel_title(panel$panel[1L])
}
