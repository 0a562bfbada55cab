# How plots look: colours, markers, panels and legends. Colours are those of
# Okabe and Ito without yellow and black, in an order in which neighbours
# differ in lightness too; markers differ as well, so that grey prints work.

expert_palette <- c("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00",
                    "#56B4E9")
expert_markers <- c(21L, 24L, 22L, 23L, 25L)
mean_colour <- "grey15"
band_colour <- "grey90"

# `K` groups to tell apart: experts, levels of a factor, or curves.
plot_style <- function(picture, col, legend, dots, help = "?plot.moe") {
  K <- picture$groups
  group <- switch(picture$kind, levels = "level", path = "term", cv = ,
                  path_criterion = , cv_path = , selection = "curve", "expert")
  known <- c("main", "sub", "xlab", "ylab", "xlim", "ylim", "cex", "las",
             "bty")
  names <- names(dots)
  if (length(dots) && is.null(names)) names <- rep("", length(dots))
  bad <- !names %in% known & !grepl("^(cex|col|font)[.]", names)
  if (any(bad)) {
    abort_input("plot() does not know the argument(s) ",
                quote_all(ifelse(names[bad] == "", "(unnamed)", names[bad])),
                "; see ", help, ".")
  }
  if (is.null(col)) col <- rep_len(expert_palette, K)
  if (length(col) != K) {
    abort_input("`col` must have one colour per ", group, " (", K,
                "); found ", length(col), ".")
  }
  list(K = K, col = col, pch = rep_len(expert_markers, K), legend = legend,
       cex = if (is.null(dots$cex)) 1 else dots$cex,
       dots = dots[names(dots) != "cex"])
}

faded <- function(col, alpha) grDevices::adjustcolor(col, alpha)

# An empty panel. Nothing of par() is changed, so that users can add to it.
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

# Dates are written along the vertical axis, numbers across it.
is_date <- function(v) inherits(v, c("Date", "POSIXct"))

# The y label stands clear of the horizontal tick labels.
label_line <- function(ylim) {
  if (is_date(ylim)) return(2.2)
  ticks <- format(graphics::axTicks(2L))
  wide <- max(graphics::strwidth(ticks, "inches")) / graphics::par("csi")
  min(max(2.2, 1.2 + wide), graphics::par("mar")[2L] - 1)
}

# Names of levels below the axis, in two rows where one is too narrow.
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

# Title above the legend, and a remark below the axis (what is held where).
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

# Cells of a plane, z in the order of expand.grid(x, y).
draw_cells <- function(x, y, z, ...) {
  graphics::image(as.numeric(x), as.numeric(y), matrix(z, length(x)), ...,
                  add = TRUE,
                  useRaster = has_even_steps(x) && has_even_steps(y))
}

# Even to the precision of numbers: not so for times in seconds since 1970.
has_even_steps <- function(v) {
  steps <- diff(as.numeric(v))
  !length(steps) ||
    max(abs(steps - steps[1L])) < 1e-8 * min(1, abs(steps[1L]))
}

remark_lines <- function(remark, width = 95L) {
  strwrap(paste(remark, collapse = " "), width)
}

# Different names, the long ones with dots in the middle, that still differ.
short_names <- function(names, most = 24L) {
  n <- nchar(names)
  end <- (most - 3L) %/% 2L
  cut <- paste0(substr(names, 1L, most - 3L - end), "...",
                substring(names, n - end + 1L))
  out <- ifelse(n > most, cut, names)
  if (anyDuplicated(out)) short_names(names, most + 8L) else out
}

# Panels beside each other, unless the user has arranged panels already.
# Returns what to restore.
open_panels <- function(rows, columns, ...) {
  if (!all(graphics::par("mfrow") == 1L)) return(NULL)
  if (rows * columns == 1L && ...length() == 0L) return(NULL)
  graphics::par(mfrow = c(rows, columns), ...)
}

close_panels <- function(old) if (!is.null(old)) graphics::par(old)

# A panel for each name, drawn by draw(name). Panels that belong together have
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

# A legend above the panel, in as many rows as it needs: the number of rows.
# `entries` is a data frame with a row per entry.
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

# The height of the margin above the panel, in units of its vertical axis.
top_margin <- function() {
  abs(diff(graphics::par("usr")[3:4])) * graphics::par("mai")[3L] /
    graphics::par("pin")[2L]
}

legend_entry <- function(label, pch = NA, lty = NA, lwd = 1, col = "black",
                         bg = NA, size = 1) {
  # spaces keep the columns apart
  data.frame(label = paste0(label, "  "), pch = pch, lty = as.character(lty),
             lwd = lwd, col = col, bg = bg, size = size)
}

curve_entries <- function(labels, style) {
  if (length(labels) == 1L) return(NULL)
  legend_entry(labels, pch = style$pch, lty = "solid", lwd = 1.6,
               col = style$col, bg = style$col)
}

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

band_percent <- function(level) paste(format(100 * level), "%")

band_label <- function(level) paste(band_percent(level), "band")

k_lines <- function(K) rep_len(c("solid", "42", "22", "6222", "1131"), K)

# Lines are stronger where the gate favours the expert.
expert_alpha <- function(probability) 0.15 + 0.8 * probability

# Data, marked by expert; those not `held` in pale grey, since they have other
# levels of a factor than the curves. Of very many points an even selection is
# drawn.
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

shown_rows <- function(x, y, expert, held = TRUE) {
  complete <- !is.na(x) & !is.na(y) & !is.na(expert)
  list(held = thinned(which(complete & held), 10000L),
       others = thinned(which(complete & !held), 10000L))
}

point_look <- function(n) {
  list(alpha = if (n > 2000L) 0.25 else 0.5,
       size = if (n > 2000L) 0.5 else if (n > 300L) 0.75 else 0.95)
}

# Where the data of a level stand, side by side.
level_positions <- function(x, levels, width = 0.5) {
  match(as.character(x), as.character(levels)) +
    width * spread_evenly(length(x))
}

# A line with a marker at each point.
draw_curve <- function(x, y, curve, style, size = 1, pch = style$pch[curve]) {
  colour <- style$col[curve]
  graphics::lines(x, y, col = colour, lwd = 1.2)
  graphics::points(x, y, col = colour, bg = colour, pch = pch,
                   cex = size * style$cex)
}

draw_rug <- function(x, expert, style) {
  rows <- thinned(which(!is.na(x) & !is.na(expert)), 2000L)
  if (!length(rows)) return(invisible())
  usr <- graphics::par("usr")
  height <- 0.025 * (usr[4L] - usr[3L])
  graphics::segments(x[rows], usr[3L], x[rows], usr[3L] + height,
                     col = faded(style$col[expert[rows]], 0.7), lwd = 0.8)
}
