#' @rdname plot.moe_cv_path
#' @order 2
#' @method autoplot moe_cv_path
#' @exportS3Method ggplot2::autoplot moe_cv_path
autoplot.moe_cv_path <- function(object, score = "log_score", col = NULL,
                                 legend = TRUE, ...) {
  check_dots(..., help = "?autoplot.moe_cv_path")
  autoplot_picture(cv_path_picture(object, score), col, legend)
}

#' @export
draw_ggplot.picture_cv_path <- function(picture, style) {
  table <- picture$drawn$scores
  scores <- unique(table$score)
  plot <- gg_open(picture, style, expression(log(lambda))) +
    gg_chosen_line(table[table$best, ], "solid") +
    gg_chosen_line(table[table$one_se, ], "42") +
    gg_score_curves(table, "log_lambda", style, alpha = 0.5, linewidth = 0.5,
                    size = 1.6) +
    gg_curve_groups(style, picture$labels) +
    if (style$K == 1L) gg_df_axis(picture$drawn$points)
  gg_beside(plot, "score", scores, paste("held-out", path_scores[scores]))
}
