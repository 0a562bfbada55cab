#' Plots of a slope heuristic
#'
#' `plot()` draws in base graphics, `autoplot()` returns the same picture as a
#' ggplot2 object.
#'
#' @param x,object The result of [slope_heuristic()].
#' @param type What to draw:
#'   \describe{
#'     \item{`"slope"`}{three panels: minus the contrast against the shape of
#'       the penalty, with the line of the regression in the middle of the
#'       chosen plateau; the slopes of the successive regressions against the
#'       number of models in them; and the dimension of the model that each
#'       selects, the chosen plateau in colour. The heuristic can be trusted
#'       where the first panel ends in a line and the second in a plateau.}
#'     \item{`"jump"`}{the dimension of the selected model as the constant of
#'       the penalty grows, the jump (dashed) and the selected model; the
#'       window as a band and the threshold as a dotted line, where they were
#'       asked for}
#'   }
#' @param legend Draw the legend, above the plot?
#' @param ... `plot()`: graphical parameters, as for [plot.moe()].
#'   `autoplot()`: nothing; add scales, labels and themes to what it returns.
#' @return `plot()` returns, invisibly, what was drawn: a list of data frames.
#'   `autoplot()` returns a ggplot object: its `data` is the first of these
#'   data frames, and its attribute `"plotted"` the list.
#' @section Errors: of class `gatemix_error_input`; of class
#'   `gatemix_error_package`, if ggplot2 is not installed.
#' @order 1
#' @export
#' @examples
#' set.seed(1)
#' dimension <- 3 * (1:25)
#' contrast <- 5 * exp(-dimension / 8) - dimension / 500 +
#'   rnorm(25, sd = 0.003)
#' s <- slope_heuristic(contrast, dimension)
#' plot(s)
#' plot(s, type = "jump")
#' if (requireNamespace("ggplot2", quietly = TRUE)) ggplot2::autoplot(s)
plot.moe_slope_heuristic <- function(x, type = c("slope", "jump"),
                                     legend = TRUE, ...) {
  type <- check_choice(type, "type", c("slope", "jump"))
  picture <- if (type == "slope") slope_picture(x) else jump_picture(x)
  plot_picture(picture, NULL, legend, list(...), "?plot.moe_slope_heuristic")
}

#' @export
draw_base.picture_slope <- function(picture, style) {
  if (all(graphics::par("mfrow") == 1L)) {
    old <- graphics::par(c("mfrow", "cex", "mar"))
    on.exit(graphics::par(old))
    graphics::layout(matrix(c(1, 1, 2, 3), 2L), widths = c(1.15, 1))
    graphics::par(mar = c(3.6, 4.6, 2.2, 1), cex = 0.83)
  }
  drawn <- picture$drawn
  draw_contrasts(drawn$contrasts, drawn$line, style)
  style$dots$main <- NULL
  draw_slopes(drawn$slopes, style)
  draw_slope_choices(drawn$slopes, style)
}

draw_contrasts <- function(contrasts, line, style) {
  open_panel(range(contrasts$shape), range(contrasts$value),
             "shape of the penalty", "minus the contrast", style)
  colour <- slope_colours[2L - contrasts$used]
  graphics::points(contrasts$shape, contrasts$value, pch = 21, col = colour,
                   bg = faded(colour, 0.5), cex = 0.9 * style$cex)
  graphics::lines(line$shape, line$value, lwd = 1.6,
                  col = slope_colours[["line"]])
  best <- contrasts[contrasts$selected, ]
  graphics::points(best$shape, best$value, cex = 1.9 * style$cex, lwd = 1.6)
  entries <- rbind(
    if (nrow(line)) legend_entry(line_label(contrasts), lty = "solid",
                                 lwd = 1.6, col = slope_colours[["line"]]),
    if (nrow(best)) legend_entry(paste("selected:", best$model), pch = 1,
                                 size = 1.5))
  close_panel(style, top_legend(entries, style))
}

draw_slopes <- function(slopes, style) {
  open_panel(rev(range(slopes$points)), slope_limits(slopes),
             "models in the regression", "slope", style)
  graphics::lines(slopes$points, slopes$slope, col = "grey60")
  draw_regressions(slopes$points, slopes$slope, slopes$chosen, style)
}

draw_slope_choices <- function(slopes, style) {
  open_panel(rev(range(slopes$points)), range(slopes$dimension),
             "models in the regression", "dimension selected", style)
  draw_regressions(slopes$points, slopes$dimension, slopes$chosen, style)
}

draw_regressions <- function(x, y, chosen, style) {
  graphics::points(x, y, pch = 16, cex = 0.7 * style$cex,
                   col = slope_colours[2L - chosen])
  entries <- legend_entry("chosen plateau", pch = 16,
                          col = slope_colours[["used"]])
  close_panel(style, if (any(chosen)) top_legend(entries, style) else 0L)
}

#' @export
draw_base.picture_jump <- function(picture, style) {
  stairs <- picture$drawn$stairs
  selected <- picture$drawn$selected
  open_panel(c(0, max(stairs$until)), range(stairs$dimension),
             "constant of the penalty", "dimension of the selected model",
             style)
  draw_window(picture$window)
  graphics::abline(h = picture$threshold, lty = "13", col = mean_colour)
  graphics::segments(stairs$kappa, stairs$dimension, stairs$until,
                     stairs$dimension, lwd = 2, col = slope_colours[["used"]])
  steps <- jump_steps(stairs)
  graphics::segments(steps$kappa, steps$above, steps$kappa, steps$dimension,
                     lty = ifelse(steps$chosen, "42", "solid"),
                     lwd = ifelse(steps$chosen, 2, 0.6),
                     col = ifelse(steps$chosen, slope_colours[["line"]],
                                  "grey60"))
  graphics::points(selected$kappa, selected$dimension, pch = 4, lwd = 2,
                   cex = 1.3 * style$cex)
  entries <- jump_entries(picture)
  close_panel(style, top_legend(entries, style))
}

draw_window <- function(window) {
  if (is.null(window)) return()
  limits <- graphics::par("usr")[3:4]
  graphics::rect(window$lower, limits[1L], window$upper, limits[2L],
                 col = band_colour, border = NA)
}

jump_entries <- function(picture) {
  rbind(
    if (any(picture$drawn$stairs$chosen))
      legend_entry(jump_label(picture), lty = "42", lwd = 2,
                   col = slope_colours[["line"]]),
    if (nrow(picture$drawn$selected))
      legend_entry(selected_label(picture), pch = 4),
    if (!is.null(picture$window))
      legend_entry("window", pch = 15, col = "grey80", size = 1.8),
    if (!is.null(picture$threshold))
      legend_entry("threshold", lty = "13", col = mean_colour))
}
