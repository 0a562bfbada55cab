# Type "gate" with ggplot2.

#' @export
draw_ggplot.picture_gate_curves <- function(picture, style) {
  curves <- picture$drawn$curves
  x <- names(curves)[1L]
  curves$.gate <- stats::ave(curves$gate, curves$expert, FUN = without_zeros)
  data <- picture$drawn$data
  complete <- which(!is.na(data[[1L]]) & !is.na(data$expert))
  data <- data[thinned(complete, 2000L), ]
  gg_open(picture, style, picture$term, "gate probability") +
    ggplot2::geom_rug(gg_map(x = x, colour = expert_column), data, sides = "b",
                      alpha = 0.7, linewidth = 0.3, show.legend = FALSE) +
    ggplot2::geom_line(
      gg_map(x = x, y = ".gate", colour = expert_column,
             linetype = expert_column), curves, linewidth = 0.9,
      na.rm = TRUE) +
    gg_groups(style, shapes = FALSE, lines = k_lines(style$K)) +
    ggplot2::coord_cartesian(ylim = c(0, 1))
}

# Draws stacked bars: one per level of a factor, or one for a constant gate.
#' @export
draw_ggplot.picture_gate_bars <- function(picture, style) {
  bars <- share_bars(picture)
  labels <- unique(bars$label)
  bars$.from <- bars$position - 0.35
  bars$.to <- bars$position + 0.35
  bars$.middle <- (bars$lower + bars$upper) / 2
  bars$.number <- sprintf("%.2f", bars$gate)
  plot <- gg_open(picture, style,
                  if (nzchar(picture$term)) picture$term,
                  "gate probability") +
    ggplot2::geom_rect(
      gg_map(xmin = ".from", xmax = ".to", ymin = "lower", ymax = "upper",
             fill = expert_column), bars, colour = "white") +
    ggplot2::scale_fill_manual(
      name = NULL, values = faded(style$col, 0.75),
      limits = as.character(seq_len(style$K)),
      labels = paste("expert", seq_len(style$K))) +
    gg_number_axis(labels) +
    ggplot2::scale_y_continuous(limits = c(0, 1.0001),
                                expand = ggplot2::expansion(c(0, 0.03)))
  if (length(labels) > 12L) return(plot)
  plot + ggplot2::geom_text(
    gg_map(x = "position", y = ".middle", label = ".number"),
    bars[bars$gate > 0.06, ], size = 3)
}

# Draws the most probable expert over a plane, paler where it is less certain.
#' @export
draw_ggplot.picture_regions <- function(picture, style) {
  regions <- picture$drawn$regions
  names <- names(regions)[1:2]
  regions$.fill <- region_colours(style$col)[region_step(regions)]
  plot <- gg_open(picture, style, picture$term[1L], picture$term[2L]) +
    gg_cells(regions, names[1L], names[2L], ".fill") +
    ggplot2::scale_fill_identity()
  if (style$K > 1L) {
    plot <- plot + gg_contours(regions, regions$probability, region_contours,
                               "gate probability")
  }
  plot + gg_points(picture$drawn$data, names[1L], names[2L], style) +
    gg_groups(style) + gg_tight(regions[1:2])
}
