# Type "fit" without predictors with ggplot2.

#' @export
draw_ggplot.picture_histogram <- function(picture, style) {
  bars <- picture$drawn$bars
  density <- picture$drawn$density
  responses <- bars$response
  K <- style$K
  each <- data.frame(
    response = density$response, x = density$x,
    expert = rep(seq_len(K), each = nrow(density)),
    density = unlist(density[3L + seq_len(K)], use.names = FALSE))
  lines <- k_lines(K)
  plot <- gg_open(picture, style, one_response(responses), "density") +
    ggplot2::geom_rect(gg_map(xmin = "from", xmax = "to", ymin = 0,
                              ymax = "density"), bars, fill = band_colour,
                       colour = "white") +
    if (K > 1L) ggplot2::geom_line(
      gg_map(x = "x", y = "density", colour = expert_column,
             linetype = expert_column), each, linewidth = 1.3)
  mixture <- data.frame(density[c("response", "x", "mixture")],
                        .label = "mixture")
  plot <- plot +
    ggplot2::geom_line(gg_map(x = "x", y = "mixture", alpha = ".label"),
                       mixture, colour = mean_colour, linewidth = 0.6) +
    ggplot2::scale_alpha_manual(
      name = NULL, values = 1, guide = ggplot2::guide_legend(order = 2)) +
    gg_groups(style, shapes = FALSE, lines = lines) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(c(0, 0.04)))
  gg_panels(plot, responses, side = "bottom")
}

# Draws the data of two responses with ellipses of each expert.
#' @export
draw_ggplot.picture_pair <- function(picture, style) {
  names <- names(picture$drawn$data)[1:2]
  ellipses <- picture$drawn$ellipses
  ellipses$.piece <- paste(ellipses$expert, ellipses$level)
  ellipses$.width <- ifelse(ellipses$level == picture$level, 0.5, 1)
  ellipses$.label <- ellipse_label(picture$level)
  gg_open(picture, style, names[1L], names[2L]) +
    gg_points(picture$drawn$data, names[1L], names[2L], style) +
    ggplot2::geom_path(
      gg_map(x = names[1L], y = names[2L], colour = expert_column,
             group = ".piece", linewidth = ".width", linetype = ".label"),
      ellipses) +
    ggplot2::scale_linewidth_identity() + gg_groups(style) +
    gg_named_line(ellipse_label(picture$level), "solid", "grey40")
}
