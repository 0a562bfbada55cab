#' @rdname plot.rate_experiment
#' @order 2
#' @method autoplot rate_experiment
#' @exportS3Method ggplot2::autoplot rate_experiment
autoplot.rate_experiment <- function(object, type = c("loss", "blocks"),
                                     statistic = c("mean", "median"),
                                     start = NULL, size = NULL, col = NULL,
                                     legend = TRUE, ...) {
  check_dots(..., help = "?plot.rate_experiment")
  autoplot_picture(rate_picture(object, type, statistic, start, size), col,
                   legend)
}

#' @export
draw_ggplot.picture_rates <- function(picture, style) {
  drawn <- picture$drawn
  limits <- rate_limits(drawn)
  colour <- quote(factor(group))
  fits <- drawn$fits
  if (!is.null(fits)) {
    fits <- fits[fits$loss >= limits[1L] & fits$loss <= limits[2L], ]
  }
  gg_open(picture, style, "rows n", picture$ylab) +
    list(
      if (!is.null(fits)) ggplot2::geom_point(
        gg_map(x = "n", y = "loss", colour = colour), fits, size = 0.6,
        alpha = 0.35),
      ggplot2::geom_line(
        gg_map(x = "n", y = "value", colour = colour, linetype = "kind"),
        drawn$lines, linewidth = 0.6),
      ggplot2::geom_point(
        gg_map(x = "n", y = "value", colour = colour, shape = colour),
        drawn$points, size = 2.2,
        fill = faded(style$col[drawn$points$group], 0.5)),
      gg_groups(style, labels = picture$labels, hide = FALSE),
      ggplot2::scale_linetype_manual(
        name = NULL, values = c(fitted = "solid", theory = "42"), guide =
          ggplot2::guide_legend(order = 2)),
      ggplot2::scale_x_log10(breaks = log_breaks, labels = log_labels),
      ggplot2::scale_y_log10(breaks = log_breaks, labels = log_labels),
      ggplot2::theme(legend.box = "vertical", legend.box.just = "left"),
      ggplot2::guides(colour = ggplot2::guide_legend(ncol = 2L),
                      shape = ggplot2::guide_legend(ncol = 2L)))
}
