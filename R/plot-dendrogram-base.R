#' Plot of a dendrogram
#'
#' The tree of the merges, and beside it the criterion of [dsc()] against the
#' number of experts. Branches have the colour of the expert that they belong to
#' in the model with `K` experts; merges beyond it are grey. Heights need not
#' increase: a branch may lead down to its merge. `plot()` draws in base
#' graphics, `autoplot()` returns the same picture as a ggplot2 object.
#'
#' @param x,object The result of [moe_dendrogram()].
#' @param K Number of experts to colour; `NULL`: the number that the criterion
#'   chooses.
#' @param omega,rescaled See [dsc()].
#' @param scale `"linear"` heights or their logarithm, `"log"`. A height of 0 is
#'   then drawn a step below the others.
#' @param col One colour per expert of the model with `K` experts.
#' @param ... `plot()`: graphical parameters as in [plot.moe()]. `autoplot()`:
#'   nothing; add scales, labels and themes to what it returns.
#' @return `plot()` returns, invisibly, what was drawn: a list of the data
#'   frames `branches` (lines of the tree, with their `group`), `leaves` and
#'   `dsc`. `autoplot()` returns a ggplot object with that list as its attribute
#'   `"plotted"`.
#' @section Errors: of class `gatemix_error_input`, also for a dendrogram of one
#'   expert; of class `gatemix_error_package` if ggplot2 is not installed.
#' @order 1
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 4,
#'            gate = gate_gaussian(), control = moe_control(starts = 5))
#' tree <- moe_dendrogram(fit)
#' plot(tree)
#' plot(tree, scale = "log", K = 3)
#' if (requireNamespace("ggplot2", quietly = TRUE)) ggplot2::autoplot(tree)
plot.moe_dendrogram <- function(x, K = NULL, omega = NULL, rescaled = FALSE,
                                scale = c("linear", "log"), col = NULL, ...) {
  scale <- check_choice(scale, "scale", c("linear", "log"))
  picture <- dendrogram_picture(x, K, omega, rescaled, scale)
  plot_picture(picture, col, FALSE, list(...), "?plot.moe_dendrogram")
}

#' @export
draw_base.picture_dendrogram <- function(picture, style) {
  if (all(graphics::par("mfrow") == 1L)) {
    old <- graphics::par(c("mfrow", "cex", "mar"))
    on.exit(graphics::par(old))
    graphics::layout(matrix(1:2, 1L), widths = c(1.5, 1))
    graphics::par(cex = 1)
  }
  draw_tree(picture, style)
  style$dots$main <- NULL
  draw_dsc(picture, style)
}

draw_tree <- function(picture, style) {
  branches <- picture$drawn$branches
  leaves <- picture$drawn$leaves
  open_panel(c(0.7, nrow(leaves) + 0.3),
             range(picture$bottom, branches$yend), "expert", picture$ylab,
             style, xaxt = "n")
  graphics::segments(branches$x, branches$y, branches$xend, branches$yend,
                     col = group_colours(branches$group, style), lwd = 2,
                     lend = 2L)
  graphics::axis(1L, leaves$x, leaves$expert, tick = FALSE,
                 mgp = c(2.4, 0.5, 0), gap.axis = 0)
  graphics::points(leaves$x, rep(picture$bottom, nrow(leaves)),
                   pch = style$pch[leaves$group], cex = style$cex,
                   col = style$col[leaves$group],
                   bg = style$col[leaves$group], xpd = NA)
  close_panel(style, 0L)
}

draw_dsc <- function(picture, style) {
  table <- picture$drawn$dsc
  open_panel(range(table$K) + c(-0.2, 0.2), range(table$dsc),
             "number of experts K", picture$criterion, style, xaxt = "n")
  graphics::axis(1L, table$K, tcl = -0.3, mgp = c(2.4, 0.6, 0))
  graphics::lines(table$K, table$dsc, col = "grey45")
  graphics::points(table$K, table$dsc, pch = ifelse(table$shown, 19L, 1L),
                   cex = style$cex * ifelse(table$shown, 1.4, 1))
  close_panel(style, 0L)
}
