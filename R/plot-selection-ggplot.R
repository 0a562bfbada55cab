#' @rdname plot.moe_selection
#' @order 2
#' @method autoplot moe_selection
#' @exportS3Method ggplot2::autoplot moe_selection
autoplot.moe_selection <- function(object,
                                   type = c("criteria", "slope", "jump"),
                                   criterion = c("aic", "bic", "icl"),
                                   col = NULL, legend = TRUE, ...) {
  type <- check_choice(type, "type", c("criteria", "slope", "jump"))
  check_dots(..., help = "?autoplot.moe_selection")
  if (type != "criteria") {
    refuse_curves(type, missing(criterion), col)
    return(ggplot2::autoplot(drawn_slope(object, type), type = type,
                             legend = legend))
  }
  autoplot_picture(selection_picture(object, criterion), col, legend)
}

#' @export
draw_ggplot.picture_selection <- function(picture, style) {
  table <- picture$drawn$criteria
  limits <- picture$drawn$limits
  names <- limits$criterion
  shown <- table[is.finite(table$value) & !is_beyond(table, limits), ]
  regular <- shown[shown$eligible, ]
  colour <- quote(factor(curve))
  plot <- gg_open(picture, style, "number of experts K") +
    ggplot2::expand_limits(x = range(table$K) + c(-0.3, 0.3)) +
    ggplot2::geom_segment(
      gg_map(x = "K", y = "value", xend = "to_K", yend = "to_value",
             colour = colour), curve_pieces(table, limits), linewidth = 0.5) +
    ggplot2::geom_point(gg_map(x = "K", y = "value", colour = colour,
                               shape = colour), regular, size = 1.8,
                        fill = style$col[regular$curve]) +
    ggplot2::geom_point(gg_map(x = "K", y = "value", colour = colour),
                        shown[!shown$eligible, ], shape = 4L, size = 1.8,
                        show.legend = FALSE) +
    gg_curve_groups(style, picture$labels) +
    gg_marks(table, selection_mark, "K", "value") +
    gg_experts_axis(table$K)
  gg_beside(plot, "criterion", names, vapply(names, criterion_label, ""))
}

selection_mark <- data.frame(flag = "chosen", pch = 1L, size = 2.4,
                             label = "chosen")

# Returns the lines of all curves in pieces, cut where they leave the axis:
# ggplot2 has no limits for single panels.
curve_pieces <- function(table, limits) {
  table <- table[table$eligible & is.finite(table$value), ]
  table <- table[order(table$criterion, table$curve, table$K), ]
  n <- nrow(table)
  from <- table[-n, ]
  to <- table[-1L, ]
  own <- limits[match(from$criterion, limits$criterion), ]
  same <- from$criterion == to$criterion & from$curve == to$curve &
    pmin(from$value, to$value) <= own$upper &
    pmax(from$value, to$value) >= own$lower
  start <- pmin(pmax(from$value, own$lower), own$upper)
  end <- pmin(pmax(to$value, own$lower), own$upper)
  rise <- to$value - from$value
  place <- function(at) {
    from$K + (to$K - from$K) * ifelse(rise == 0, 0, (at - from$value) / rise)
  }
  data.frame(from[c("criterion", "curve")], K = place(start), value = start,
             to_K = ifelse(rise == 0, to$K, place(end)),
             to_value = end)[same, ]
}
