# autoplot(type = "coefficients"): a panel per term, each with its own scale.

gg_coefficients <- function(picture, style) {
  table <- picture$drawn$coefficients
  by <- call("factor", as.name("panel"), unique(table$panel))
  zero <- data.frame(.at = 0)
  plot <- gg_open(picture, style) +
    ggplot2::geom_vline(gg_map(xintercept = ".at"), zero, colour = "grey80",
                        linewidth = 0.4)
  with_interval <- table[!is.na(table$lower) & !is.na(table$upper), ]
  if (nrow(with_interval)) {
    plot <- plot + ggplot2::geom_segment(
      gg_map(x = "lower", xend = "upper", y = "expert", yend = "expert",
             colour = expert_column), with_interval, linewidth = 0.9)
  }
  experts <- as.character(seq_len(style$K))
  plot +
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
