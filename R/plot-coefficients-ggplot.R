# Type "coefficients" with ggplot2: a panel per term, each with its own scale.

#' @export
draw_ggplot.picture_coefficients <- function(picture, style) {
  table <- picture$drawn$coefficients
  by <- call("factor", as.name("panel"), unique(table$panel))
  plot <- gg_open(picture, style)
  around_zero <- panels_with_zero(table)
  if (nrow(around_zero)) {
    plot <- plot + ggplot2::geom_vline(gg_map(xintercept = ".at"), around_zero,
                                       colour = "grey75", linewidth = 0.4)
  }
  with_interval <- table[!is.na(table$lower) & !is.na(table$upper), ]
  if (nrow(with_interval)) {
    plot <- plot + ggplot2::geom_segment(
      gg_map(x = "lower", xend = "upper", y = "expert", yend = "expert",
             colour = expert_column), with_interval, linewidth = 0.9)
  }
  experts <- as.character(seq_len(style$K))
  many <- length(unique(table$panel)) > 12L
  plot +
    ggplot2::theme(
      axis.text.y = ggplot2::element_text(size = if (many) 6.5 else 9),
      panel.spacing.x = ggplot2::unit(1.6, "lines")) +
    ggplot2::scale_x_continuous(n.breaks = 4L) +
    ggplot2::geom_point(
      gg_map(x = "estimate", y = "expert", colour = expert_column,
             shape = expert_column), table, size = 2,
      fill = style$col[table$expert]) +
    gg_groups(style, hide = TRUE) +
    ggplot2::scale_y_reverse(
      breaks = seq_len(style$K), labels = paste("expert", experts),
      limits = c(style$K + 0.5, 0.5), expand = ggplot2::expansion(0)) +
    ggplot2::facet_wrap(do.call(ggplot2::vars, list(by)),
                        ncol = coefficient_columns(table), scales = "free_x")
}

# Returns the panels that have 0 in their range: it is marked there, and does
# not widen the scale of the others.
panels_with_zero <- function(table) {
  inside <- vapply(split(table, table$panel), function(panel) {
    ends <- range(panel[c("estimate", "lower", "upper")], na.rm = TRUE)
    ends[1L] <= 0 && ends[2L] >= 0
  }, TRUE)
  data.frame(panel = names(inside)[inside], .at = rep(0, sum(inside)))
}
