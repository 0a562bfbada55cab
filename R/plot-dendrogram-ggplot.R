#' @rdname plot.moe_dendrogram
#' @order 2
#' @method autoplot moe_dendrogram
#' @exportS3Method ggplot2::autoplot moe_dendrogram
autoplot.moe_dendrogram <- function(object, K = NULL, omega = NULL,
                                    rescaled = FALSE,
                                    scale = c("linear", "log"), col = NULL,
                                    ...) {
  check_dots(..., help = "?plot.moe_dendrogram")
  scale <- check_choice(scale, "scale", c("linear", "log"))
  picture <- dendrogram_picture(object, K, omega, rescaled, scale)
  autoplot_picture(picture, col, FALSE)
}

# Both panels share one horizontal scale. Leaves stand at negative places of it,
# so that the breaks and labels of a panel are known by their sign.
#' @export
draw_ggplot.picture_dendrogram <- function(picture, style) {
  panels <- c(picture$ylab, picture$criterion)
  by <- call("factor", as.name(".panel"), panels)
  leaves <- picture$drawn$leaves
  gg_open(picture, style, "expert (left), number of experts (right)") +
    gg_tree(picture, style, panels[1L]) +
    gg_dsc(picture$drawn$dsc, panels[2L]) +
    ggplot2::facet_wrap(do.call(ggplot2::vars, list(by)), scales = "free",
                        nrow = 1L, strip.position = "left") +
    ggplot2::scale_x_continuous(
      breaks = function(limits) {
        if (mean(limits) > 0) picture$drawn$dsc$K else leaf_place(leaves$x,
                                                                  leaves)
      },
      labels = function(at) {
        ifelse(at > 0, at, leaves$expert[at + nrow(leaves) + 1])
      })
}

# Returns the places of leaves on that scale.
leaf_place <- function(x, leaves) x - nrow(leaves) - 1

gg_tree <- function(picture, style, panel) {
  leaves <- picture$drawn$leaves
  branches <- picture$drawn$branches
  for (column in c("x", "xend")) {
    branches[[column]] <- leaf_place(branches[[column]], leaves)
  }
  branches$.panel <- panel
  leaves$x <- leaf_place(leaves$x, leaves)
  leaves$y <- picture$bottom
  leaves$.panel <- panel
  list(
    ggplot2::geom_segment(
      gg_map(x = "x", xend = "xend", y = "y", yend = "yend"), branches,
      colour = group_colours(branches$group, style), linewidth = 0.8,
      lineend = "square"),
    ggplot2::geom_point(
      gg_map(x = "x", y = "y"), leaves, size = 2,
      shape = style$pch[leaves$group], colour = style$col[leaves$group],
      fill = style$col[leaves$group]))
}

gg_dsc <- function(table, panel) {
  table$.panel <- panel
  list(
    ggplot2::geom_line(gg_map(x = "K", y = "dsc"), table, colour = "grey45",
                       linewidth = 0.4),
    ggplot2::geom_point(gg_map(x = "K", y = "dsc"), table,
                        shape = ifelse(table$shown, 19L, 1L),
                        size = ifelse(table$shown, 3, 2)))
}
