# Titles, legends and remarks in base graphics.

# Writes the title above the legend, and a remark below the axis.
close_panel <- function(style, legend_rows, remark = NULL, adj = 0.5) {
  force(legend_rows)
  dots <- style$dots
  if (!is.null(dots$main)) {
    graphics::title(main = dots$main, line = 0.7 + 1.1 * legend_rows)
  }
  remark <- if (is.null(dots$sub)) remark else dots$sub
  if (length(remark)) {
    graphics::mtext(paste(remark, collapse = " "), side = 1L, line = 3.5,
                    adj = adj, cex = 0.8 * graphics::par("cex"),
                    col = "grey30")
  }
}

# Writes the title of a panel in letters that are small enough for it.
draw_panel_title <- function(title, size = 1, line = 0.5) {
  room <- graphics::par("pin")[1L] + 1.6 * graphics::par("mai")[4L]
  size <- min(size, room / graphics::strwidth(title, "inches"))
  graphics::title(main = title, font.main = 1, cex.main = max(size, 0.6),
                  line = line)
}

# Draws a legend above the panel and returns the number of rows that it takes.
# `entries` is a data frame with a row per entry, made by legend_entry().
top_legend <- function(entries, style, width = 1) {
  if (!style$legend || is.null(entries) || !nrow(entries)) return(0L)
  usr <- graphics::par("usr")
  draw <- function(columns, size, plot) {
    graphics::legend(
      usr[1L], usr[4L], entries$label, xjust = 0, yjust = 0, ncol = columns,
      pch = entries$pch, lty = entries$lty, lwd = entries$lwd,
      col = entries$col, pt.bg = entries$bg, pt.cex = entries$size,
      bty = "n", xpd = NA, cex = size * style$cex, seg.len = 2,
      x.intersp = 0.7, y.intersp = 0.95, plot = plot)
  }
  needed <- function(columns, size) draw(columns, size, FALSE)$rect
  margin <- top_margin()
  # smaller letters where so many rows do not fit above a narrow panel
  for (size in c(0.85, 0.75, 0.65)) {
    columns <- nrow(entries)
    while (columns > 1L &&
           needed(columns, size)$w > width * (usr[2L] - usr[1L])) {
      columns <- columns - 1L
    }
    if (needed(columns, size)$h <= margin) break
  }
  draw(columns, size, TRUE)
  ceiling(nrow(entries) / columns)
}

# Returns the height of the margin above the panel, in units of its vertical
# axis.
top_margin <- function() {
  abs(diff(graphics::par("usr")[3:4])) * graphics::par("mai")[3L] /
    graphics::par("pin")[2L]
}

# Returns an entry of a legend, or one for each label.
legend_entry <- function(label, pch = NA, lty = NA, lwd = 1, col = "black",
                         bg = NA, size = 1) {
  # spaces keep the columns apart
  data.frame(label = paste0(label, "  "), pch = pch, lty = as.character(lty),
             lwd = lwd, col = col, bg = bg, size = size)
}

# Returns the entries of curves with markers; NULL for one alone.
curve_entries <- function(labels, style) {
  if (length(labels) == 1L) return(NULL)
  legend_entry(labels, pch = style$pch, lty = "solid", lwd = 1.6,
               col = style$col, bg = style$col)
}

# Returns the entries of the experts; NULL for one alone.
expert_entries <- function(style, lty = NA, lwd = 2.5, points = TRUE) {
  if (style$K == 1L) return(NULL)
  legend_entry(paste("expert", seq_len(style$K)),
               pch = if (points) style$pch else NA, lty = lty, lwd = lwd,
               col = style$col, bg = faded(style$col, 0.5))
}

mean_entry <- function() {
  legend_entry("mean", lty = "solid", lwd = 1.6, col = mean_colour)
}

band_entry <- function(level) {
  legend_entry(band_label(level), pch = 15, col = "grey80", size = 1.8)
}

# Draws a legend in one row above the numbers of parameters on the upper axis.
legend_above_axis <- function(entries, style) {
  if (!style$legend || is.null(entries)) return(invisible())
  usr <- graphics::par("usr")
  line <- graphics::par("mai")[3L] / graphics::par("mar")[3L] *
    diff(usr[3:4]) / graphics::par("pin")[2L]
  graphics::legend(usr[1L], usr[4L] + 1.9 * line, entries$label, xjust = 0,
                   yjust = 0, horiz = TRUE, xpd = NA, lty = entries$lty,
                   lwd = entries$lwd, pch = entries$pch, col = entries$col,
                   pt.bg = entries$bg, pt.cex = entries$size, bty = "n",
                   cex = 0.85 * style$cex, seg.len = 1.6)
}

# Writes a remark below all panels, or below the last one where the user has
# arranged them.
draw_bottom_remark <- function(remark, style, arranged) {
  remark <- bottom_remark(remark, style)
  step <- remark_step()
  for (i in seq_along(remark)) {
    graphics::mtext(remark[i], side = 1L, outer = !arranged, col = "grey30",
                    line = step * i - 1 + if (arranged) 1.8 else 0.3,
                    cex = 0.75)
  }
}

# Returns the remark in as many lines as the width of the device needs.
bottom_remark <- function(remark, style) {
  if (!is.null(style$dots$sub)) remark <- style$dots$sub
  wide <- 0.75 * graphics::strwidth("0", "inches", cex = 1 /
                                      graphics::par("cex"))
  remark_lines(remark, min(95L, floor(graphics::par("din")[1L] / wide)))
}

# Returns the height of a remark's line in lines of the margin. Its letters do
# not shrink with the panels, as those do.
remark_step <- function() {
  max(1, 0.75 * graphics::par("cin")[2L] / graphics::par("csi"))
}

# Returns how many lines of the outer margin a remark takes.
remark_room <- function(remark, style) {
  0.6 + remark_step() * length(bottom_remark(remark, style))
}
