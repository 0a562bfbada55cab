#' Plots of a rate experiment
#'
#' Errors against the number of rows on double logarithmic scales, where a rate
#' is the slope of a line. `plot()` draws in base graphics, `autoplot()` returns
#' the same picture as a ggplot2 object.
#'
#' @param x,object The result of [rate_experiment()].
#' @param type What to draw:
#'   \describe{
#'     \item{`"loss"`}{the loss of each fit (small points; those far off the
#'       others are beyond the axis), its mean or median for each size, the
#'       least squares line, and dashed the slope of the theory, for each kind
#'       of start}
#'     \item{`"blocks"`}{the median error of each block of parameters in cells
#'       with `size` fitted experts, with its line, and dashed the slope of the
#'       theory}
#'   }
#' @param statistic For `"loss"`: `"mean"` or `"median"`.
#' @param start,size For `"blocks"`: the kind of start (`NULL`: the first), and
#'   the number of fitted experts in a cell (`NULL`: the smallest above 1).
#' @param col One colour per kind of start or block.
#' @param legend Draw the legend, above the plot?
#' @param ... `plot()`: graphical parameters, as for [plot.moe()].
#'   `autoplot()`: nothing; add scales, labels and themes to what it returns.
#' @return `plot()` returns, invisibly, what was drawn: a list of data frames.
#'   `autoplot()` returns a ggplot object with that list as its attribute
#'   `"plotted"`.
#' @section Errors: of class `gatemix_error_input`; of class
#'   `gatemix_error_package`, if ggplot2 is not installed.
#' @order 1
#' @export
#' @examples
#' rates <- rate_experiment(moe_truth("ggmoe_1"), K = 4, n = c(200, 1000, 5000),
#'                          replicates = 4, starts = "near", seed = 1)
#' plot(rates)
#' plot(rates, type = "blocks")
#' if (requireNamespace("ggplot2", quietly = TRUE)) ggplot2::autoplot(rates)
plot.rate_experiment <- function(x, type = c("loss", "blocks"),
                                 statistic = c("mean", "median"), start = NULL,
                                 size = NULL, col = NULL, legend = TRUE, ...) {
  picture <- rate_picture(x, type, statistic, start, size)
  plot_picture(picture, col, legend, list(...), "?plot.rate_experiment")
}

#' @export
draw_base.picture_rates <- function(picture, style) {
  drawn <- picture$drawn
  limits <- list(n = range(drawn$points$n), value = rate_limits(drawn))
  open_panel(log10(limits$n), log10(limits$value), "rows n", picture$ylab,
             style, xaxt = "n", yaxt = "n", ylab_line = 3.2)
  for (side in 1:2) {
    at <- log_breaks(limits[[side]])
    graphics::axis(side, log10(at), log_labels(at), las = 1, tcl = -0.3,
                   mgp = c(2.4, 0.6, 0))
  }
  if (!is.null(drawn$fits)) {
    graphics::points(log10(drawn$fits$n), log10(drawn$fits$loss), pch = 16,
                     cex = 0.4 * style$cex,
                     col = faded(style$col[drawn$fits$group], 0.35))
  }
  lines <- drawn$lines
  for (part in split(lines, list(lines$group, lines$kind), drop = TRUE)) {
    fitted <- part$kind[1L] == "fitted"
    graphics::lines(log10(part$n), log10(part$value),
                    col = style$col[part$group[1L]], lwd = if (fitted) 1.8
                    else 1.2, lty = if (fitted) "solid" else "42")
  }
  points <- drawn$points
  graphics::points(log10(points$n), log10(points$value),
                   pch = style$pch[points$group], cex = 1.1 * style$cex,
                   col = style$col[points$group],
                   bg = faded(style$col[points$group], 0.5))
  close_panel(style, top_legend(rate_entries(picture, style), style))
}

rate_entries <- function(picture, style) {
  rbind(legend_entry(picture$labels, pch = style$pch, lty = "solid", lwd = 1.8,
                     col = style$col, bg = faded(style$col, 0.5)),
        legend_entry("theory", lty = "42", lwd = 1.2, col = "grey30"))
}
