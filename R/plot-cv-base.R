#' Plot of a cross-validation
#'
#' Mean held-out scores against the number of experts, with bars of one standard
#' error and a curve for each gate and family of experts. A ring marks the best
#' model, a square the one with the fewest parameters within one standard error
#' of it, and a dashed line shows how far that standard error reaches. `plot()`
#' draws in base graphics, `autoplot()` returns the same picture as a ggplot2
#' object.
#'
#' @param x,object The result of [cv_moe()].
#' @param score One or several of `"log_score"`, `"crps"` and
#'   `"squared_error"`: a panel each.
#' @param col One colour per curve.
#' @param legend Draw the legend, above the plot?
#' @param ... `plot()`: graphical parameters as in [plot.moe()]. `autoplot()`:
#'   nothing; add scales, labels and themes to what it returns.
#' @return `plot()` returns, invisibly, what was drawn: a list of the data
#'   frames `scores` (rows of `x$table` with `lower` and `upper` ends of the
#'   bars and the place `at` on the horizontal axis) and `limits`.
#'   `autoplot()` returns a ggplot object with that list as its attribute
#'   `"plotted"`.
#' @section Errors: of class `gatemix_error_input` for arguments that mean
#'   nothing; of class `gatemix_error_cv` where no model has a finite mean; of
#'   class `gatemix_error_package` if ggplot2 is not installed.
#' @order 1
#' @export
#' @examples
#' cv <- cv_moe(eruptions ~ waiting, data = faithful, K = 1:3, folds = 5,
#'              gate = list(gate_softmax(), gate_gaussian()),
#'              control = moe_control(starts = 3), seed = 1)
#' plot(cv)
#' plot(cv, score = c("log_score", "crps"))
#' if (requireNamespace("ggplot2", quietly = TRUE)) ggplot2::autoplot(cv)
plot.moe_cv <- function(x, score = "log_score", col = NULL, legend = TRUE,
                        ...) {
  plot_picture(cv_picture(x, score), col, legend, list(...), "?plot.moe_cv")
}

#' @export
draw_base.picture_cv <- function(picture, style) {
  table <- picture$drawn$scores
  limits <- picture$drawn$limits
  draw <- function(score) {
    draw_cv_score(table[table$score == score, ],
                  limits$limit[limits$score == score], style)
  }
  panels_beside(unique(table$score), draw,
                cv_entries(table, picture$labels, style), style,
                picture$remark)
}

draw_cv_score <- function(part, limit, style) {
  K <- unique(part$K)
  open_panel(range(part$at, range(K) + c(-0.3, 0.3)),
             range(part$lower, part$upper, part$mean, na.rm = TRUE),
             "number of experts K", cv_scores[[part$score[1L]]], style,
             xaxt = "n")
  graphics::axis(1L, sort(K), tcl = -0.3, mgp = c(2.4, 0.6, 0))
  graphics::abline(h = limit, lty = "42", col = "grey40")
  draw_score_curves(part[order(part$K), ], "at", style)
  for (i in seq_len(nrow(cv_marks))) {
    chosen <- part[part[[cv_marks$flag[i]]], ]
    graphics::points(chosen$at, chosen$mean, pch = cv_marks$pch[i], lwd = 1.4,
                     cex = cv_marks$size[i] * style$cex, col = mean_colour)
  }
}

# Draws, for each curve, the bars of one standard error and the line through the
# means, in the order of the rows. `across` is the column of the horizontal
# axis.
draw_score_curves <- function(part, across, style, alpha = 1, lwd = 1.6,
                              size = 1) {
  for (line in split(part, part$curve)) {
    at <- line[[across]]
    curve <- line$curve[1L]
    graphics::segments(at, line$lower, at, line$upper, lwd = lwd,
                       col = faded(style$col[curve], alpha))
    draw_curve(at, line$mean, curve, style, size)
  }
}

cv_entries <- function(table, labels, style) {
  used <- vapply(cv_marks$flag, function(flag) any(table[[flag]]), TRUE)
  rbind(
    curve_entries(labels, style),
    if (any(used)) legend_entry(cv_marks$label[used], pch = cv_marks$pch[used],
                                col = mean_colour, size = 1.6))
}
