#' @rdname plot.moe_cv
#' @order 2
#' @method autoplot moe_cv
#' @exportS3Method ggplot2::autoplot moe_cv
autoplot.moe_cv <- function(object, score = "log_score", col = NULL,
                            legend = TRUE, ...) {
  check_dots(..., help = "?autoplot.moe_cv")
  autoplot_picture(cv_picture(object, score), col, legend)
}

#' @export
draw_ggplot.picture_cv <- function(picture, style) {
  table <- picture$drawn$scores
  scores <- unique(table$score)
  plot <- gg_open(picture, style, "number of experts K") +
    ggplot2::geom_hline(gg_map(yintercept = "limit"), picture$drawn$limits,
                        colour = "grey40", linewidth = 0.4, linetype = "42") +
    ggplot2::expand_limits(x = range(table$K) + c(-0.3, 0.3)) +
    gg_score_curves(table, "at", style) +
    gg_curve_groups(style, picture$labels) +
    gg_marks(table, cv_marks, "at", "mean") +
    gg_experts_axis(table$K)
  gg_beside(plot, "score", scores, cv_scores[scores])
}

# Returns the layers of held-out scores: bars of one standard error, lines, and
# the means. `across` is the column of the horizontal axis.
gg_score_curves <- function(table, across, style, alpha = NA, linewidth = 0.7,
                            size = 1.8) {
  bars <- table[!is.na(table$upper), ]
  colour <- quote(factor(curve))
  list(
    if (nrow(bars)) ggplot2::geom_segment(
      gg_map(x = across, xend = across, y = "lower", yend = "upper",
             colour = colour), bars, linewidth = linewidth, alpha = alpha),
    if (anyDuplicated(table[c("score", "curve")])) ggplot2::geom_line(
      gg_map(x = across, y = "mean", colour = colour), table,
      linewidth = 0.5),
    ggplot2::geom_point(
      gg_map(x = across, y = "mean", colour = colour, shape = colour), table,
      size = size, fill = style$col[table$curve]))
}

# Returns an axis with a tick for each number of experts.
gg_experts_axis <- function(K) {
  ggplot2::scale_x_continuous(
    breaks = sort(unique(K)),
    guide = ggplot2::guide_axis(check.overlap = TRUE))
}

# Returns the marks around the points where the column `flag` of the table is
# TRUE. Their scale is the size, which no other layer uses.
gg_marks <- function(table, marks, x, y) {
  chosen <- lapply(seq_len(nrow(marks)), function(i) {
    part <- table[table[[marks$flag[i]]], ]
    part$.mark <- rep(marks$label[i], nrow(part))
    part
  })
  used <- marks[vapply(chosen, nrow, 0L) > 0L, ]
  if (!nrow(used)) return(NULL)
  shown <- c(size = TRUE, colour = FALSE, shape = FALSE)
  layers <- lapply(seq_along(chosen), function(i) {
    ggplot2::geom_point(gg_map(x = x, y = y, size = ".mark"), chosen[[i]],
                        shape = marks$pch[i], stroke = 0.7,
                        colour = mean_colour, show.legend = shown)
  })
  c(layers[vapply(chosen, nrow, 0L) > 0L],
    list(ggplot2::scale_size_manual(
      name = NULL, values = 1.6 * used$size, limits = used$label,
      guide = ggplot2::guide_legend(order = 3, override.aes = list(
        shape = used$pch, size = 3)))))
}
