#' Plots of a selection
#'
#' @param x A selection from [moe_select()].
#' @param type `"criteria"`: criteria against the number of experts, a curve for
#'   each gate and family of experts, a ring around the chosen model, crosses
#'   for fits that are not at a regular maximum; `"slope"` and `"jump"`: the
#'   panels of [plot.moe_slope_heuristic()].
#' @param criterion For `"criteria"`: some of `"aic"`, `"bic"`, `"icl"`, `"cv"`,
#'   a panel each.
#' @param col One colour per curve.
#' @param legend Draw the legend, above the plot?
#' @param ... Graphical parameters as in [plot.moe()].
#' @return Invisibly what was drawn, a list of data frames.
#' @section Errors: of class `gatemix_error_input` for arguments that mean
#'   nothing, or where there are too few models for the slope heuristics.
#' @export
#' @examples
#' sel <- moe_select(waiting ~ eruptions, data = faithful, K = 1:4, seed = 1)
#' plot(sel)
plot.moe_selection <- function(x, type = c("criteria", "slope", "jump"),
                               criterion = c("aic", "bic", "icl"), col = NULL,
                               legend = TRUE, ...) {
  type <- check_choice(type, "type", c("criteria", "slope", "jump"))
  legend <- check_flag(legend, "legend")
  if (type != "criteria") {
    if (is.null(x$slope)) {
      reason <- selection_slope(x$table, "bic")
      abort_input("`type = \"", type, "\"` draws the slope heuristics, and ",
                  "there are none for the ", sum(is_eligible(x$table)),
                  " fit(s) at a regular maximum: ", conditionMessage(reason))
    }
    return(invisible(plot(x$slope, type = type, legend = legend, ...)))
  }
  picture <- selection_picture(x, criterion)
  draw_picture(picture, plot_style(picture, col, legend, list(...),
                                   "?plot.moe_selection"))
  invisible(picture$drawn)
}

draw_selection <- function(picture, style) {
  table <- picture$drawn$criteria
  names <- unique(table$criterion)
  old <- open_panels(1L, length(names))
  on.exit(close_panels(old))
  for (name in names) {
    draw_criterion(table[table$criterion == name, ], name, style)
    rows <- if (name == names[1L]) {
      top_legend(selection_entries(picture$labels, style), style)
    } else 0L
    close_panel(style, rows, if (name == names[1L]) picture$remark)
  }
}

draw_criterion <- function(part, name, style) {
  open_panel(range(part$K) + c(-0.3, 0.3), range(part$value, na.rm = TRUE),
             "number of experts K", name, style, xaxt = "n")
  graphics::axis(1L, sort(unique(part$K)), tcl = -0.3, mgp = c(2.4, 0.6, 0))
  for (curve in unique(part$curve)) {
    line <- part[part$curve == curve & part$eligible, ]
    line <- line[order(line$K), ]
    graphics::lines(line$K, line$value, col = style$col[curve], lwd = 1.4)
    graphics::points(line$K, line$value, col = style$col[curve],
                     bg = style$col[curve], pch = style$pch[curve])
  }
  others <- part[!part$eligible, ]
  graphics::points(others$K, others$value, pch = 4L,
                   col = style$col[others$curve])
  chosen <- part[part$chosen, ]
  graphics::points(chosen$K, chosen$value, pch = 1L, cex = 2.4 * style$cex,
                   lwd = 1.4, col = mean_colour)
}

selection_entries <- function(labels, style) {
  rbind(
    if (length(labels) > 1L) {
      legend_entry(labels, pch = style$pch, lty = "solid", lwd = 1.6,
                   col = style$col, bg = style$col)
    },
    legend_entry("chosen", pch = 1L, col = mean_colour, size = 1.6))
}
