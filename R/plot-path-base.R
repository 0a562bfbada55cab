#' Plots of a path
#'
#' Coefficients, or criteria, of a path against the logarithm of
#' \eqn{\lambda}, with the number of parameters above. `plot()` draws in base
#' graphics, `autoplot()` returns the same picture as a ggplot2 object.
#'
#' @param x,object A path from [moe_path()].
#' @param type What to draw:
#'   \describe{
#'     \item{`"coefficients"`}{a panel for each expert and, for the gate, for
#'       each expert but the reference (for Gaussian gates: for the means of
#'       each expert). Intercepts, which are not penalised, are not shown. The
#'       terms with the largest coefficients have colours, others are grey;
#'       long names are shortened in the middle.}
#'     \item{`"criterion"`}{AIC, BIC and EBIC with a ring around the smallest;
#'       crosses are points that are not at a regular maximum.}
#'   }
#' @param s Which point has a vertical line: a criterion or a value of lambda as
#'   in [coef.moe_path()]; `NULL`: none.
#' @param ratio Where the path has several ratios of the gate's penalty: which
#'   of them is drawn. `NULL`: that of the point `s`.
#' @param relax `TRUE`: the refits without the penalty.
#' @param standardize `TRUE`: coefficients in the unit of the penalty, by
#'   default as if predictors and response had been divided by their standard
#'   deviations, so that they can be compared (means of a Gaussian gate: their
#'   distance from the mean of all rows). `FALSE`: as [coef.moe_path()] has
#'   them.
#' @param label How many terms have a colour and a name, from 0 to 12.
#' @param col One colour per named term, or per criterion.
#' @param legend Draw the legend?
#' @param ... `plot()`: graphical parameters as in [plot.moe()]. `autoplot()`:
#'   nothing; add scales, labels and themes to what it returns.
#' @return `plot()` returns, invisibly, what was drawn, a list of data frames:
#'   `coefficients` (a row per point and coefficient) or `criteria`, and
#'   `points`. `autoplot()` returns a ggplot object with that list as its
#'   attribute `"plotted"`.
#' @section Errors: of class `gatemix_error_input` for arguments that mean
#'   nothing; of class `gatemix_error_package` if ggplot2 is not installed.
#' @order 1
#' @export
#' @examples
#' set.seed(1)
#' path <- moe_path(medv ~ ., data = MASS::Boston, K = 2, nlambda = 20,
#'                  control = moe_control(starts = 3))
#' plot(path)
#' plot(path, type = "criterion")
#' if (requireNamespace("ggplot2", quietly = TRUE)) ggplot2::autoplot(path)
plot.moe_path <- function(x, type = c("coefficients", "criterion"), s = "bic",
                          ratio = NULL, relax = FALSE, standardize = TRUE,
                          label = 6, col = NULL, legend = TRUE, ...) {
  type <- check_choice(type, "type", c("coefficients", "criterion"))
  refuse_terms(type, missing(standardize), missing(label))
  picture <- path_picture(x, type, s, ratio, relax,
                          check_flag(standardize, "standardize"),
                          check_label(label))
  plot_picture(picture, col, legend, list(...), "?plot.moe_path")
}

#' @export
draw_base.picture_path <- function(picture, style) {
  table <- picture$drawn$coefficients
  points <- picture$drawn$points
  panels <- split(table, factor(table$panel, unique(table$panel)))
  arranged <- path_panel_grid(length(panels))
  entries <- if (style$legend) path_entries(picture, style)
  old <- open_panels(arranged[1L], arranged[2L], mar = c(3.4, 3.8, 4, 0.8),
                     oma = numeric(4L))
  on.exit(close_panels(old))
  above <- if (!is.null(old)) open_over_panels(entries, picture, style)
  for (panel in panels) {
    draw_path_panel(panel, points, picture$ylab, style)
    first <- identical(panel, panels[[1L]])
    if (first && is.null(old)) {
      inside_legend(entries, style)
      graphics::mtext(style$dots$main, side = 3L, line = 3.3, adj = 0,
                      font = 2L, cex = graphics::par("cex"))
    }
  }
  draw_path_remark(picture$remark, style, arranged = is.null(old))
  if (!is.null(old)) draw_over_panels(entries, above, style)
}

draw_path_panel <- function(panel, points, ylab, style) {
  open_panel(range(points$log_lambda), range(0, panel$estimate),
             expression(log(lambda)), ylab, style)
  top_df_axis(points)
  graphics::abline(h = 0, col = "grey75")
  graphics::abline(v = points$log_lambda[points$chosen], lty = "42",
                   col = "grey40")
  terms <- split(panel, panel$term)
  named <- vapply(terms, function(term) !is.na(term$curve[1L]), TRUE)
  for (term in terms[!named]) {
    graphics::lines(term$log_lambda, term$estimate, col = "grey70")
  }
  types <- path_linetypes(style$K)
  for (term in terms[named]) {
    graphics::lines(term$log_lambda, term$estimate, lwd = 1.6,
                    col = style$col[term$curve[1L]],
                    lty = types[term$curve[1L]])
  }
  draw_panel_title(panel$panel[1L], 1.2, 2.5)
}

# Draws an axis with the number of parameters above a panel.
top_df_axis <- function(points) {
  above <- df_axis(points)
  graphics::axis(3L, above$log_lambda, above$df, tcl = -0.3,
                 mgp = c(2, 0.5, 0), gap.axis = 0.3)
  graphics::mtext("parameters", side = 3L, line = 1.4, adj = 1, col = "grey30",
                  cex = 0.75 * graphics::par("cex"))
}

path_entries <- function(picture, style) {
  if (!length(picture$labels)) return(NULL)
  legend_entry(picture$labels, lty = path_linetypes(style$K), lwd = 1.6,
               col = style$col)
}

# Makes room above all panels for a title and a legend, in as many columns as
# there is width for, and below them for the remark. Returns what
# draw_over_panels() needs to know of it.
open_over_panels <- function(entries, picture, style) {
  wide <- max(0, graphics::strwidth(entries$label, "inches", cex = 0.95)) +
    5 * 0.95 * graphics::par("cex") * graphics::par("cin")[1L]
  n <- NROW(entries)
  columns <- max(1L, min(n, floor(graphics::par("din")[1L] / wide)))
  title <- if (is.null(style$dots$main)) 0 else 1.4
  rows <- ceiling(n / columns)
  graphics::par(oma = c(remark_room(picture$remark, style), 0,
                        0.2 + title + if (rows > 0) 0.5 + rows else 0, 0))
  list(columns = columns, title = title)
}

# Draws the title and the legend above all panels.
draw_over_panels <- function(entries, above, style) {
  old <- graphics::par(fig = c(0, 1, 0, 1), oma = c(0, 0, above$title, 0),
                       mar = c(0, 0, 0, 0), new = TRUE)
  on.exit(graphics::par(old))
  graphics::plot.new()
  graphics::mtext(style$dots$main, side = 3L, line = 0.2, font = 2L,
                  cex = graphics::par("cex"))
  if (is.null(entries)) return(invisible())
  draw <- function(size, plot) {
    graphics::legend("topleft", entries$label, lty = entries$lty,
                     lwd = entries$lwd, col = entries$col, bty = "n",
                     ncol = above$columns, cex = size, seg.len = 1.8,
                     plot = plot)$rect$w
  }
  draw(0.95 * min(1, 1 / draw(0.95, FALSE)), TRUE)
}

# Draws a legend inside the panel, for panels that the user has arranged.
inside_legend <- function(entries, style) {
  if (!style$legend || is.null(entries)) return(invisible())
  draw <- function(size, plot) {
    graphics::legend("topright", entries$label, lty = entries$lty,
                     lwd = entries$lwd, col = entries$col, bty = "n",
                     cex = size, seg.len = 1.6, plot = plot)$rect$w
  }
  size <- 0.75 * style$cex
  room <- diff(graphics::par("usr")[1:2])
  draw(size * min(1, room / draw(size, FALSE)), TRUE)
}

#' @export
draw_base.picture_path_criterion <- function(picture, style) {
  table <- picture$drawn$criteria
  points <- picture$drawn$points
  old <- open_panels(1L, 1L, mar = c(4.8, 4.6, 5, 1))
  on.exit(close_panels(old))
  open_panel(range(points$log_lambda), range(table$value),
             expression(log(lambda)), "criterion", style)
  top_df_axis(points)
  graphics::abline(v = points$log_lambda[points$chosen], lty = "42",
                   col = "grey40")
  for (part in split(table, table$curve)) {
    curve <- part$curve[1L]
    draw_curve(part$log_lambda, part$value, curve, style, 0.8,
               ifelse(part$regular, style$pch[curve], 4L))
    least <- part[part$least, ]
    graphics::points(least$log_lambda, least$value, cex = 2.2 * style$cex,
                     lwd = 1.4, col = mean_colour)
  }
  entries <- rbind(
    curve_entries(picture$labels, style),
    legend_entry("smallest", pch = 1L, size = 1.6, col = mean_colour))
  legend_above_axis(entries, style)
  close_panel(style, 2.6, picture$remark)
}

# Writes the remark on a path below all panels, or below the axis of the last
# one where the user has arranged them.
draw_path_remark <- function(remark, style, arranged) {
  if (!arranged) return(draw_bottom_remark(remark, style, FALSE))
  style$dots$main <- NULL
  close_panel(style, 0, remark, adj = 1)
}
