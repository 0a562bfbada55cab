#' Plot of a cross-validated path
#'
#' Mean held-out scores against the logarithm of \eqn{\lambda} with bars of one
#' standard error, vertical lines at the best point (solid) and at that of the
#' one-standard-error rule (dashed), and the number of parameters above. With
#' several ratios of the gate's penalty there is a curve for each, and no number
#' of parameters. `plot()` draws in base graphics, `autoplot()` returns the same
#' picture as a ggplot2 object.
#'
#' @param x,object The result of [cv_moe_path()].
#' @param score `"log_score"`, `"squared_error"` or both: a panel each.
#' @param col One colour per curve.
#' @param legend Draw the legend (where there are several curves)?
#' @param ... `plot()`: graphical parameters as in [plot.moe()]. `autoplot()`:
#'   nothing; add scales, labels and themes to what it returns.
#' @return `plot()` returns, invisibly, what was drawn, a list of the data
#'   frames `scores` and `points`. `autoplot()` returns a ggplot object with
#'   that list as its attribute `"plotted"`.
#' @section Errors: of class `gatemix_error_input` for arguments that mean
#'   nothing; of class `gatemix_error_package` if ggplot2 is not installed.
#' @order 1
#' @export
#' @examples
#' set.seed(1)
#' path <- moe_path(medv ~ ., data = MASS::Boston, K = 2, nlambda = 15,
#'                  control = moe_control(starts = 3))
#' cv <- cv_moe_path(path, folds = 5, seed = 1)
#' plot(cv)
#' if (requireNamespace("ggplot2", quietly = TRUE)) {
#'   ggplot2::autoplot(cv, score = c("log_score", "squared_error"))
#' }
plot.moe_cv_path <- function(x, score = "log_score", col = NULL,
                             legend = TRUE, ...) {
  plot_picture(cv_path_picture(x, score), col, legend, list(...),
               "?plot.moe_cv_path")
}

#' @export
draw_base.picture_cv_path <- function(picture, style) {
  table <- picture$drawn$scores
  scores <- unique(table$score)
  old <- open_panels(1L, length(scores), mar = c(3.4, 4.6, 4.4, 1),
                     oma = c(remark_room(picture$remark, style), 0, 0, 0))
  on.exit(close_panels(old))
  for (score in scores) {
    draw_cv_path_score(table[table$score == score, ], picture, style)
    if (score == scores[1L]) {
      legend_above_axis(curve_entries(picture$labels, style), style)
    }
    if (!is.null(style$dots$main)) {
      graphics::title(main = style$dots$main, line = 3)
    }
  }
  draw_path_remark(picture$remark, style, arranged = is.null(old))
}

draw_cv_path_score <- function(part, picture, style) {
  points <- picture$drawn$points
  open_panel(range(points$log_lambda),
             range(part$lower, part$upper, part$mean, na.rm = TRUE),
             expression(log(lambda)),
             paste("held-out", path_scores[[part$score[1L]]]), style)
  if (style$K == 1L) top_df_axis(points)
  graphics::abline(v = part$log_lambda[part$best], col = "grey40")
  graphics::abline(v = part$log_lambda[part$one_se], lty = "42",
                   col = "grey40")
  draw_score_curves(part, "log_lambda", style, alpha = 0.5, lwd = 1.4,
                    size = 0.8)
}
