# Type "density" with ggplot2.

#' @export
draw_ggplot.picture_density <- function(picture, style) {
  drawn <- picture$drawn
  responses <- drawn$curves$response
  levels <- if (!picture$continuous) as.character(unique(drawn$curves[[1L]]))
  place <- function(d, width = 0) {
    d$.at <- if (is.null(levels)) d[[1L]]
      else level_positions(d[[1L]], levels, width)
    d
  }
  plot <- gg_open(picture, style, picture$term, one_response(responses))
  for (part in split_responses(drawn$density)) {
    part$.shade <- density_shade(part)
    plot <- plot + gg_cells(place(part), ".at", "y", ".shade")
  }
  data <- place(drawn$data, 0.3)
  data <- data[!is.na(data$.at) & !is.na(data$observed), ]
  plot <- plot +
    ggplot2::geom_point(gg_map(x = ".at", y = "observed"),
                        data[thinned(seq_len(nrow(data)), 5000L), ],
                        size = 0.5, alpha = 0.5) +
    gg_density_lines(place(drawn$curves), is.null(levels), picture$level) +
    gg_density_key(drawn$density)
  plot <- if (is.null(levels)) {
    plot + ggplot2::scale_y_continuous(expand = ggplot2::expansion(0)) +
      ggplot2::coord_cartesian(xlim = range(drawn$curves[[1L]]),
                               expand = FALSE)
  } else {
    plot + ggplot2::scale_y_continuous(expand = ggplot2::expansion(0)) +
      gg_number_axis(levels)
  }
  gg_panels(plot, responses)
}

gg_density_lines <- function(curves, continuous, level) {
  labels <- c("mean", "median", tails_label(level))
  looks <- density_lines[c(4L, 3L, 1L), ]
  long <- do.call(rbind, lapply(seq_len(nrow(density_lines)), function(i) {
    name <- density_lines$name[i]
    data.frame(.at = curves$.at, response = curves$response,
               .line = labels[match(name, c("mean", "median", "lower",
                                            "upper"), nomatch = 3L)],
               .name = name, .y = curves[[name]])
  }))
  long$.line[long$.name == "upper"] <- labels[3L]
  # so that the mean is drawn over the median
  long$.name <- factor(long$.name, density_lines$name)
  layer <- if (continuous) {
    ggplot2::geom_line(
      gg_map(x = ".at", y = ".y", group = ".name", colour = ".line",
             linetype = ".line", linewidth = ".line"), long)
  } else {
    ggplot2::geom_segment(
      gg_map(x = quote(.at - 0.35), xend = quote(.at + 0.35), y = ".y",
             yend = ".y", colour = ".line", linetype = ".line",
             linewidth = ".line"), long)
  }
  scale <- function(make, values) {
    make(name = NULL, values = values, limits = labels,
         guide = ggplot2::guide_legend(order = 1))
  }
  list(layer, scale(ggplot2::scale_colour_manual, looks$col),
       scale(ggplot2::scale_linetype_manual, looks$lty),
       scale(ggplot2::scale_linewidth_manual, 0.4 * looks$lwd))
}

# Returns the scale of the colours, with their densities. Several responses
# share the colours, not the numbers.
gg_density_key <- function(density) {
  several <- length(unique(density$response)) > 1L
  labels <- c("0", if (several) "usual peak" else density_top_label(density))
  ggplot2::scale_fill_gradientn(
    name = "density", colours = heat_colours(), limits = c(0, 1),
    breaks = c(0, 1), labels = labels,
    guide = ggplot2::guide_colourbar(order = 2))
}
