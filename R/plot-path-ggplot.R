#' @rdname plot.moe_path
#' @order 2
#' @method autoplot moe_path
#' @exportS3Method ggplot2::autoplot moe_path
autoplot.moe_path <- function(object, type = c("coefficients", "criterion"),
                              s = "bic", ratio = NULL, relax = FALSE,
                              standardize = TRUE, label = 6, col = NULL,
                              legend = TRUE, ...) {
  type <- check_choice(type, "type", c("coefficients", "criterion"))
  check_dots(..., help = "?autoplot.moe_path")
  refuse_terms(type, missing(standardize), missing(label))
  picture <- path_picture(object, type, s, ratio, relax,
                          check_flag(standardize, "standardize"),
                          check_label(label))
  autoplot_picture(picture, col, legend)
}

#' @export
draw_ggplot.picture_path <- function(picture, style) {
  table <- picture$drawn$coefficients
  points <- picture$drawn$points
  key <- call("interaction", as.name("panel"), as.name("term"))
  others <- table[is.na(table$curve), ]
  named <- table[!is.na(table$curve), ]
  by <- call("factor", as.name("panel"), unique(table$panel))
  colour <- quote(factor(curve))
  columns <- legend_columns(picture$labels)
  gg_open(picture, style, expression(log(lambda)), picture$ylab) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey75", linewidth = 0.4) +
    gg_chosen_line(points[points$chosen, ], "42") +
    ggplot2::geom_line(gg_map(x = "log_lambda", y = "estimate", group = key),
                       others, colour = "grey70", linewidth = 0.4) +
    ggplot2::geom_line(gg_map(x = "log_lambda", y = "estimate", group = key,
                              colour = colour, linetype = colour), named,
                       linewidth = 0.6) +
    gg_groups(style, shapes = FALSE, lines = path_linetypes(style$K),
              labels = picture$labels, hide = style$K == 0L,
              columns = columns) +
    gg_legend_rows(columns, style) +
    gg_df_axis(points) +
    ggplot2::facet_wrap(do.call(ggplot2::vars, list(by)), scales = "free_y",
                        nrow = path_panel_grid(
                          length(unique(table$panel)))[1L])
}

gg_chosen_line <- function(points, linetype) {
  ggplot2::geom_vline(gg_map(xintercept = "log_lambda"), points,
                      colour = "grey40", linewidth = 0.4, linetype = linetype)
}

# Returns the axis with the number of parameters above each panel.
gg_df_axis <- function(points) {
  above <- df_axis(points)
  list(ggplot2::scale_x_continuous(
    sec.axis = ggplot2::sec_axis(
      ~ ., "parameters", breaks = above$log_lambda, labels = above$df,
      guide = ggplot2::guide_axis(check.overlap = TRUE))),
    ggplot2::theme(axis.title.x.top = ggplot2::element_text(
      colour = "grey30", size = 9, hjust = 1)))
}

#' @export
draw_ggplot.picture_path_criterion <- function(picture, style) {
  table <- picture$drawn$criteria
  points <- picture$drawn$points
  regular <- table[table$regular, ]
  colour <- quote(factor(curve))
  gg_open(picture, style, expression(log(lambda)), "criterion") +
    gg_chosen_line(points[points$chosen, ], "42") +
    ggplot2::geom_line(gg_map(x = "log_lambda", y = "value", colour = colour),
                       table, linewidth = 0.5) +
    ggplot2::geom_point(gg_map(x = "log_lambda", y = "value", colour = colour,
                               shape = colour), regular, size = 1.6,
                        fill = style$col[regular$curve]) +
    ggplot2::geom_point(gg_map(x = "log_lambda", y = "value",
                               colour = colour), table[!table$regular, ],
                        shape = 4L, size = 1.6, show.legend = FALSE) +
    gg_curve_groups(style, picture$labels) +
    gg_marks(table, data.frame(flag = "least", pch = 1L, size = 2.2,
                               label = "smallest"), "log_lambda", "value") +
    gg_df_axis(points)
}
