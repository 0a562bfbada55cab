# Type "gate" in base graphics.

#' @export
draw_base.picture_gate_curves <- function(picture, style) {
  curves <- picture$drawn$curves
  data <- picture$drawn$data
  lines <- k_lines(style$K)
  open_panel(range(curves[[1L]]), c(0, 1), picture$term, "gate probability",
             style)
  draw_rug(data[[1L]], data$expert, style)
  for (k in seq_len(style$K)) {
    part <- curves[curves$expert == k, ]
    graphics::lines(part[[1L]], without_zeros(part$gate), col = style$col[k],
                    lwd = 2.5, lty = lines[k])
  }
  used <- top_legend(expert_entries(style, lines, points = FALSE), style)
  close_panel(style, used, picture$remark)
}

# Draws stacked bars: one per level of a factor, or one for a constant gate.
#' @export
draw_base.picture_gate_bars <- function(picture, style) {
  bars <- share_bars(picture)
  labels <- unique(bars$label)
  open_panel(c(0.4, length(labels) + 0.6), c(0, 1), picture$term,
             "gate probability", style, xaxt = "n")
  factor_axis(labels)
  fill <- faded(style$col, 0.75)
  graphics::rect(bars$position - 0.35, bars$lower, bars$position + 0.35,
                 bars$upper, col = fill[bars$expert], border = "white")
  number <- sprintf("%.2f", bars$gate)
  if (max(graphics::strwidth(number, cex = 0.85)) < 0.7) {
    shown <- bars$gate > 0.06
    graphics::text(bars$position[shown],
                   ((bars$lower + bars$upper) / 2)[shown], number[shown],
                   cex = 0.85)
  }
  used <- top_legend(legend_entry(paste("expert", seq_len(style$K)), pch = 15L,
                                  col = fill, size = 1.8), style)
  close_panel(style, used, picture$remark)
}

# Draws the most probable expert over a plane, paler where it is less certain.
#' @export
draw_base.picture_regions <- function(picture, style) {
  regions <- picture$drawn$regions
  data <- picture$drawn$data
  axes <- lapply(regions[1:2], unique)
  open_panel(range(axes[[1L]]), range(axes[[2L]]), picture$term[1L],
             picture$term[2L], style, xaxs = "i", yaxs = "i")
  draw_cells(axes[[1L]], axes[[2L]], region_step(regions),
             zlim = c(1, region_levels * style$K),
             col = region_colours(style$col))
  if (style$K > 1L) {
    graphics::contour(as.numeric(axes[[1L]]), as.numeric(axes[[2L]]),
                      matrix(regions$probability, length(axes[[1L]])),
                      add = TRUE, levels = region_contours, col = "grey35",
                      lwd = 0.8, labcex = 0.75, vfont = NULL)
  }
  draw_points(data[[1L]], data[[2L]], data$expert, style)
  graphics::box(bty = "l")
  close_panel(style, top_legend(rbind(
    expert_entries(style),
    legend_entry("gate probability", lty = "solid", lwd = 0.8,
                 col = "grey35")),
    style), picture$remark)
}
