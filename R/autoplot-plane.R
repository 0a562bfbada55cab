# autoplot(type = "fit", term = two predictors).

gg_plane <- function(picture, style) {
  drawn <- picture$drawn
  names <- names(drawn$plane)[1:2]
  responses <- unique(drawn$plane$response)
  plot <- gg_open(picture, style, picture$term[1L], picture$term[2L])
  for (part in split_responses(drawn$plane)) {
    # responses have scales of their own, and share the greys
    part$.shade <- if (length(responses) == 1L) part$mean
      else (part$mean - min(part$mean)) / max(diff(range(part$mean)), 1e-300)
    plot <- plot + gg_cells(part, names[1L], names[2L], ".shade") +
      gg_contours(part, part$mean)
  }
  guide <- if (length(responses) > 1L) "none" else {
    ggplot2::guide_colourbar(order = 2)
  }
  plot <- plot + gg_points(drawn$data, names[1L], names[2L], style) +
    ggplot2::scale_fill_gradientn(name = paste("mean of", responses[1L]),
                                  colours = plane_colours(), n.breaks = 3L,
                                  guide = guide) +
    gg_groups(style) + gg_tight(drawn$plane[1:2])
  gg_panels(plot, responses, scales = "fixed", side = "top")
}

# A picture that fills its panel.
gg_tight <- function(axes) {
  ggplot2::coord_cartesian(xlim = range(axes[[1L]]), ylim = range(axes[[2L]]),
                           expand = FALSE)
}

# A curve of the mean for each level of a factor.
gg_levels <- function(picture, style) {
  drawn <- picture$drawn
  levels <- picture$levels
  responses <- drawn$data$response
  number <- function(d) match(as.character(d[[2L]]), levels)
  mean <- drawn$mean
  mean$.group <- number(mean)
  x <- names(mean)[1L]
  labels <- paste(picture$term[2L], "=", levels)
  plot <- gg_open(picture, style, picture$term[1L], one_response(responses)) +
    gg_points(drawn$data, x, "observed", style, number(drawn$data)) +
    ggplot2::geom_line(
      gg_map(x = x, y = "mean", colour = quote(factor(.group)),
             linetype = quote(factor(.group))), mean, linewidth = 0.9) +
    gg_groups(style, lines = k_lines(length(levels)), labels = labels,
              hide = FALSE)
  gg_panels(plot, responses)
}
