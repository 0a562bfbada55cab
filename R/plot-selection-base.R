#' Plots of a selection
#'
#' `plot()` draws in base graphics, `autoplot()` returns the same picture as a
#' ggplot2 object.
#'
#' @param x,object A selection from [moe_select()].
#' @param type What to draw:
#'   \describe{
#'     \item{`"criteria"`}{criteria against the number of experts, a curve for
#'       each gate and family of experts, a ring around the chosen model,
#'       crosses for fits that are not at a regular maximum. The axis shows the
#'       models that compete: it ends where a value is above the best by five
#'       times as much as the median is. A line below the picture says
#'       which models are beyond.}
#'     \item{`"slope"`}{the slope estimation: contrasts with the line, the
#'       slopes of successive regressions and what each selects, see
#'       [plot.moe_slope_heuristic()]}
#'     \item{`"jump"`}{the staircase of the dimension jump, see there}
#'   }
#' @param criterion For `"criteria"`: some of `"aic"`, `"bic"`, `"icl"`, `"cv"`,
#'   a panel each.
#' @param col One colour per curve.
#' @param legend Draw the legend, above the plot?
#' @param ... `plot()`: graphical parameters as in [plot.moe()]. `autoplot()`:
#'   nothing; add scales, labels and themes to what it returns.
#' @return `plot()` returns, invisibly, what was drawn, a list of data frames:
#'   for the criteria `criteria` (a row per model and criterion) and `limits`
#'   (of the vertical axes). `autoplot()` returns a ggplot object with that list
#'   as its attribute `"plotted"`.
#' @section Errors: of class `gatemix_error_input` for arguments that mean
#'   nothing, or where there are too few models for the slope heuristics; of
#'   class `gatemix_error_package` if ggplot2 is not installed.
#' @order 1
#' @export
#' @examples
#' sel <- moe_select(waiting ~ eruptions, data = faithful, K = 1:4, seed = 1)
#' plot(sel)
#' if (requireNamespace("ggplot2", quietly = TRUE)) {
#'   ggplot2::autoplot(sel, criterion = "bic")
#' }
plot.moe_selection <- function(x, type = c("criteria", "slope", "jump"),
                               criterion = c("aic", "bic", "icl"), col = NULL,
                               legend = TRUE, ...) {
  type <- check_choice(type, "type", c("criteria", "slope", "jump"))
  if (type != "criteria") {
    refuse_curves(type, missing(criterion), col)
    return(invisible(plot(drawn_slope(x, type), type = type, legend = legend,
                          ...)))
  }
  plot_picture(selection_picture(x, criterion), col, legend, list(...),
               "?plot.moe_selection")
}

#' @export
draw_base.picture_selection <- function(picture, style) {
  table <- picture$drawn$criteria
  limits <- picture$drawn$limits
  draw <- function(name) {
    draw_criterion(table[table$criterion == name, ],
                   limits[limits$criterion == name, ], style)
  }
  panels_beside(unique(table$criterion), draw,
                selection_entries(table, picture$labels, style), style,
                picture$remark)
}

draw_criterion <- function(part, limits, style) {
  open_panel(range(part$K) + c(-0.3, 0.3), c(limits$lower, limits$upper),
             "number of experts K", criterion_label(limits$criterion), style,
             xaxt = "n")
  graphics::axis(1L, sort(unique(part$K)), tcl = -0.3, mgp = c(2.4, 0.6, 0))
  for (curve in unique(part$curve)) {
    line <- part[part$curve == curve & part$eligible, ]
    line <- line[order(line$K), ]
    draw_curve(line$K, line$value, curve, style)
  }
  others <- part[!part$eligible, ]
  graphics::points(others$K, others$value, pch = 4L, cex = style$cex,
                   col = style$col[others$curve])
  chosen <- part[part$chosen, ]
  graphics::points(chosen$K, chosen$value, pch = 1L, cex = 2.4 * style$cex,
                   lwd = 1.4, col = mean_colour)
}

selection_entries <- function(table, labels, style) {
  rbind(curve_entries(labels, style),
        if (any(table$chosen)) legend_entry("chosen", pch = 1L, size = 1.6,
                                            col = mean_colour))
}
