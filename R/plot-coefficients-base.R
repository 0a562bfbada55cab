# plot(type = "coefficients") in base graphics: a small panel per coefficient,
# each with its own scale.

draw_coefficients <- function(picture, style) {
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

# As many columns as the gate, or one response's experts, have panels; four at
# most, and less where titles are long and the rows do not get too many.
coefficient_columns <- function(table) {
  groups <- paste(table$component, table$response)
  wanted <- max(tapply(table$panel, groups, function(v) length(unique(v))))
  for_titles <- floor(65 / max(nchar(table$panel)))
  for_rows <- ceiling(length(unique(table$panel)) / 5)
  min(4L, wanted, max(1L, for_titles, for_rows))
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

# A title in letters that are small enough for its panel.
draw_panel_title <- function(title, size = 1, line = 0.5) {
  room <- graphics::par("pin")[1L] + 1.6 * graphics::par("mai")[4L]
  size <- min(size, room / graphics::strwidth(title, "inches"))
  graphics::title(main = title, font.main = 1, cex.main = max(size, 0.6),
                  line = line)
}

# Below all panels; below the last one where the user has arranged them.
draw_bottom_remark <- function(remark, style, arranged) {
  remark <- bottom_remark(remark, style)
  step <- remark_step()
  for (i in seq_along(remark)) {
    graphics::mtext(remark[i], side = 1L, outer = !arranged, col = "grey30",
                    line = step * i - 1 + if (arranged) 1.8 else 0.3,
                    cex = 0.75)
  }
}

# In as many lines as the width of the device needs.
bottom_remark <- function(remark, style) {
  if (!is.null(style$dots$sub)) remark <- style$dots$sub
  wide <- 0.75 * graphics::strwidth("0", "inches", cex = 1 /
                                      graphics::par("cex"))
  remark_lines(remark, min(95L, floor(graphics::par("din")[1L] / wide)))
}

# The letters of a remark do not shrink with the panels, as lines of margin do.
remark_step <- function() {
  max(1, 0.75 * graphics::par("cin")[2L] / graphics::par("csi"))
}

# Lines of the outer margin that a remark takes.
remark_room <- function(remark, style) {
  0.6 + remark_step() * length(bottom_remark(remark, style))
}
