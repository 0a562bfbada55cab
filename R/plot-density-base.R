# Type "density" in base graphics.

#' @export
draw_base.picture_density <- function(picture, style) {
  in_panels(picture$drawn, function(part, response) {
    draw_density(part, picture$term, response, picture$continuous, style)
    close_panel(style, density_legend(part$density, picture$level, style),
                picture$remark)
  })
}

draw_density <- function(part, term, response, continuous, style) {
  across <- part$curves[[1L]]
  y <- unique(part$density$y)
  x <- if (continuous) across else seq_along(across)
  xlim <- if (continuous) range(x) else c(0.5, length(x) + 0.5)
  open_panel(xlim, range(y), term, response, style, xaxs = "i",
             yaxs = "i", xaxt = if (continuous) "s" else "n")
  if (!continuous) factor_axis(as.character(across))
  draw_cells(x, y, density_shade(part$density), zlim = c(0, 1),
             col = heat_colours())
  data <- part$data
  observed <- if (continuous) data[[1L]]
    else level_positions(data[[1L]], across, 0.3)
  at <- thinned(seq_along(observed), 5000L)
  graphics::points(observed[at], data$observed[at], pch = 16,
                   cex = 0.35 * style$cex, col = faded("black", 0.5))
  draw_density_lines(part$curves, x, continuous)
  graphics::box(bty = "l")
}

draw_density_lines <- function(curves, x, continuous) {
  for (i in seq_len(nrow(density_lines))) {
    line <- density_lines[i, ]
    y <- curves[[line$name]]
    if (continuous) {
      graphics::lines(x, y, col = line$col, lty = line$lty, lwd = line$lwd)
    } else {
      graphics::segments(x - 0.35, y, x + 0.35, y, col = line$col,
                         lty = line$lty, lwd = line$lwd)
    }
  }
}

density_legend <- function(density, level, style) {
  lines <- density_lines[c(4L, 3L, 2L), ]
  entries <- legend_entry(c("mean", "median", tails_label(level)),
                          lty = lines$lty, lwd = lines$lwd, col = lines$col)
  used <- top_legend(entries, style, width = 0.62)
  if (style$legend) draw_key(density, style)
  used
}

# Draws the colours and their densities, at the right above the panel.
draw_key <- function(density, style) {
  usr <- graphics::par("usr")
  width <- usr[2L] - usr[1L]
  line <- graphics::par("cxy")[2L]
  left <- usr[2L] - 0.22 * width
  right <- usr[2L] - 0.08 * width
  bottom <- usr[4L] + 0.45 * line
  graphics::rasterImage(t(heat_colours()[1 + 63 * sqrt(seq(0, 1, 0.01))]),
                        left, bottom, right, bottom + 0.5 * line, xpd = NA)
  graphics::rect(left, bottom, right, bottom + 0.5 * line, border = "grey50",
                 lwd = 0.6, xpd = NA)
  graphics::text(c(left, right), bottom + 0.25 * line, pos = c(2L, 4L),
                 labels = c("density  0", density_top_label(density)),
                 xpd = NA, cex = 0.85 * style$cex, offset = 0.3)
}
