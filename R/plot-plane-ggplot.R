# Type "fit" over two predictors with ggplot2.

#' @export
draw_ggplot.picture_plane <- function(picture, style) {
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
  plot <- plot + gg_points(drawn$data, names[1L], names[2L], style) +
    gg_plane_key(drawn$plane$mean, responses) +
    gg_groups(style) + gg_tight(drawn$plane[1:2])
  gg_panels(plot, responses, scales = "fixed", side = "top")
}

# Returns the scale of the greys, with the means that they stand for where all
# panels share them.
gg_plane_key <- function(mean, responses) {
  ends <- range(mean)
  if (length(responses) > 1L || diff(ends) == 0) {
    return(ggplot2::scale_fill_gradientn(colours = plane_colours(),
                                         guide = "none"))
  }
  ggplot2::scale_fill_gradientn(
    name = paste("mean of", responses), colours = plane_colours(),
    limits = ends, n.breaks = 3L,
    guide = ggplot2::guide_colourbar(order = 2))
}

# Returns coordinates that leave no margin around the axes of a plane.
gg_tight <- function(axes) {
  ggplot2::coord_cartesian(xlim = range(axes[[1L]]), ylim = range(axes[[2L]]),
                           expand = FALSE)
}

# Draws a curve of the mean for each level of a factor.
#' @export
draw_ggplot.picture_levels <- function(picture, style) {
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
