# Panels and data in base graphics.

# Opens an empty panel. Nothing of par() is changed, so that users can add to
# it.
open_panel <- function(xlim, ylim, xlab, ylab, style, ..., ylab_line = NULL) {
  settings <- list(x = xlim, y = ylim, xlim = xlim, ylim = ylim, type = "n",
                   las = if (is_date(ylim)) 0 else 1, tcl = -0.3,
                   mgp = c(2.4, 0.6, 0), bty = "l", ...)
  own <- style$dots[!names(style$dots) %in% c("main", "sub", "xlab", "ylab")]
  settings[names(own)] <- own
  do.call(graphics::plot.default, c(settings, ann = FALSE))
  labels <- list(xlab = xlab, ylab = ylab)
  given <- intersect(names(labels), names(style$dots))
  labels[given] <- style$dots[given]
  graphics::title(xlab = labels$xlab, line = 2.2)
  if (is.null(ylab_line)) ylab_line <- label_line(ylim)
  graphics::title(ylab = labels$ylab, line = ylab_line)
}

# Returns the line of the margin where the y label stands clear of the tick
# labels.
label_line <- function(ylim) {
  if (is_date(ylim)) return(2.2)
  ticks <- format(graphics::axTicks(2L))
  wide <- max(graphics::strwidth(ticks, "inches")) / graphics::par("csi")
  min(max(2.2, 1.2 + wide), graphics::par("mar")[2L] - 1)
}

# Writes the names of levels below the axis, in two rows where one is too
# narrow.
factor_axis <- function(labels) {
  at <- seq_along(labels)
  cex <- if (length(labels) > 8L) 0.8 else 1
  wide <- max(graphics::strwidth(labels, cex = cex)) > 0.95
  line <- if (wide) 0.85 * (at %% 2 == 0) - 0.2 else 0 * at
  for (i in at) {
    graphics::axis(1L, i, labels[i], tick = FALSE, cex.axis = cex,
                   mgp = c(2.6, 0.6 + line[i], 0), gap.axis = -1)
  }
}

# Draws the cells of a plane, z in the order of expand.grid(x, y).
draw_cells <- function(x, y, z, ...) {
  graphics::image(as.numeric(x), as.numeric(y), matrix(z, length(x)), ...,
                  add = TRUE,
                  useRaster = has_even_steps(x) && has_even_steps(y))
}

# Arranges panels beside each other, unless the user has done so. Returns the
# parameters to restore, NULL where nothing was changed.
open_panels <- function(rows, columns, ...) {
  if (!all(graphics::par("mfrow") == 1L)) return(NULL)
  if (rows * columns == 1L && ...length() == 0L) return(NULL)
  graphics::par(mfrow = c(rows, columns), ...)
}

close_panels <- function(old) if (!is.null(old)) graphics::par(old)

# Draws a panel for each name by draw(name). Panels that belong together have
# one legend, above all of them, and one remark.
panels_beside <- function(names, draw, entries, style, remark) {
  old <- open_panels(1L, length(names))
  on.exit(close_panels(old))
  alone <- is.null(old)
  rows <- 0L
  for (name in names) {
    draw(name)
    first <- alone || name == names[1L]
    if (first) {
      rows <- top_legend(entries, style,
                         if (alone) 1 else 1.2 * length(names))
    }
    close_panel(style, rows, if (first) remark, if (alone) 0.5 else 0)
  }
}

# Calls draw(part, response) for each response, each in its panel.
in_panels <- function(frames, draw, ...) {
  responses <- unique(frames[[1L]]$response)
  n <- length(responses)
  arranged <- if (n <= 3L) c(1L, n) else rev(grDevices::n2mfrow(n))
  old <- open_panels(arranged[1L], arranged[2L])
  on.exit(close_panels(old))
  for (response in responses) {
    draw(of_response(frames, response), response, ...)
  }
}

# Draws data, marked by expert; those not `held` in pale grey, since they have
# another level of a factor than the curves.
draw_points <- function(x, y, expert, style, held = TRUE) {
  rows <- shown_rows(x, y, expert, held)
  graphics::points(x[rows$others], y[rows$others], pch = 1L,
                   cex = 0.6 * style$cex, col = "grey75")
  look <- point_look(length(rows$held))
  rows <- rows$held
  colour <- style$col[expert[rows]]
  graphics::points(x[rows], y[rows], pch = style$pch[expert[rows]],
                   cex = look$size * style$cex, lwd = 0.8,
                   col = faded(colour, min(1, 1.7 * look$alpha)),
                   bg = faded(colour, look$alpha))
}

# Draws a line with a marker at each point.
draw_curve <- function(x, y, curve, style, size = 1, pch = style$pch[curve]) {
  colour <- style$col[curve]
  graphics::lines(x, y, col = colour, lwd = 1.2)
  graphics::points(x, y, col = colour, bg = colour, pch = pch,
                   cex = size * style$cex)
}

# Draws the data as short strokes above the horizontal axis.
draw_rug <- function(x, expert, style) {
  rows <- thinned(which(!is.na(x) & !is.na(expert)), 2000L)
  if (!length(rows)) return(invisible())
  usr <- graphics::par("usr")
  height <- 0.025 * (usr[4L] - usr[3L])
  graphics::segments(x[rows], usr[3L], x[rows], usr[3L] + height,
                     col = faded(style$col[expert[rows]], 0.7), lwd = 0.8)
}
