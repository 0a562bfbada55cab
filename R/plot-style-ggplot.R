# The style of plot-style.R in terms of ggplot2.

# Returns an empty plot on the first data frame; layers bring their own.
gg_open <- function(picture, style, xlab = NULL, ylab = NULL) {
  remark <- picture$remark
  ggplot2::ggplot(picture$drawn[[1L]]) +
    ggplot2::labs(x = xlab, y = ylab,
                  caption = if (length(remark)) {
                    paste(remark_lines(remark, 75L), collapse = "\n")
                  }) +
    gg_theme(style)
}

gg_theme <- function(style) {
  grey <- ggplot2::element_text(colour = "grey30", hjust = 0.5, size = 9)
  ggplot2::theme_classic(base_size = 11) +
    ggplot2::theme(
      legend.position = if (style$legend) "top" else "none",
      legend.justification = "left", legend.box = "horizontal",
      legend.margin = ggplot2::margin(0, 6, 0, 0),
      legend.key.size = ggplot2::unit(0.9, "lines"),
      legend.title = ggplot2::element_text(size = 9),
      legend.text = ggplot2::element_text(size = 9),
      panel.spacing = ggplot2::unit(1, "lines"),
      plot.margin = ggplot2::margin(6, 14, 6, 6),
      strip.background = ggplot2::element_blank(),
      strip.placement = "outside",
      strip.text = ggplot2::element_text(size = 10), strip.clip = "off",
      axis.line = ggplot2::element_line(linewidth = 0.3),
      axis.ticks = ggplot2::element_line(linewidth = 0.3),
      axis.text = ggplot2::element_text(colour = "grey20"),
      plot.caption = grey, plot.caption.position = "panel")
}

# Returns aes() of names of columns and of calls, as in gg_map(x = "times").
gg_map <- function(...) {
  as_symbol <- function(v) if (is.character(v)) as.name(v) else v
  do.call(ggplot2::aes, lapply(list(...), as_symbol))
}

expert_column <- quote(factor(expert))

# Returns a plot with a panel per response; one response alone is named by its
# axis. `side` is where the names stand: "left" where they name the vertical
# axis.
gg_panels <- function(plot, responses, scales = "free", side = "left") {
  responses <- unique(responses)
  if (length(responses) == 1L) return(plot)
  by <- call("factor", as.name("response"), responses)
  plot + ggplot2::facet_wrap(
    do.call(ggplot2::vars, list(by)), scales = scales, strip.position = side,
    nrow = if (length(responses) <= 3L) 1L)
}

# Returns a plot with a panel for each value of a column, named on its vertical
# axis.
gg_beside <- function(plot, column, values, labels) {
  if (length(values) == 1L) return(plot + ggplot2::ylab(labels[[1L]]))
  by <- call("factor", as.name(column), values, unname(labels))
  plot + ggplot2::ylab(NULL) +
    ggplot2::facet_wrap(do.call(ggplot2::vars, list(by)), scales = "free_y",
                        strip.position = "left", nrow = 1L)
}

# Returns the label of the response; NULL for several, which have panels.
one_response <- function(responses, label = identity) {
  responses <- unique(responses)
  if (length(responses) == 1L) label(responses)
}

# Returns the scales of experts, or other groups, with one legend.
gg_groups <- function(style, shapes = TRUE, lines = NULL,
                      labels = paste("expert", seq_len(style$K)),
                      hide = style$K == 1L, fill = faded(style$col, 0.5),
                      columns = NULL) {
  look <- list(alpha = 1)
  if (shapes) look <- c(look, list(fill = fill, size = 2.2))
  guide <- function(...) {
    if (hide) return("none")
    ggplot2::guide_legend(order = 1, ncol = columns,
                          byrow = !is.null(columns), ...)
  }
  scale <- function(make, v, ...) {
    make(name = NULL, values = v, limits = as.character(seq_len(style$K)),
         labels = labels, guide = guide(...))
  }
  c(list(scale(ggplot2::scale_colour_manual, style$col, override.aes = look)),
    if (shapes) list(scale(ggplot2::scale_shape_manual, style$pch)),
    if (!is.null(lines)) list(scale(ggplot2::scale_linetype_manual, lines)))
}

# Returns the scales of curves, whose names may be long.
gg_curve_groups <- function(style, labels) {
  columns <- legend_columns(labels)
  list(gg_groups(style, labels = labels, fill = style$col, columns = columns),
       if (style$K > 1L) gg_legend_rows(columns, style))
}

# Returns how many columns of a legend fit into a plot of ordinary width.
legend_columns <- function(labels) {
  columns <- floor(85 / (max(0L, nchar(labels)) + 6))
  max(1L, min(columns, length(labels)))
}

gg_legend_rows <- function(columns, style) {
  ggplot2::theme(
    legend.box = if (columns >= style$K) "horizontal" else "vertical",
    legend.box.just = "left", legend.spacing.y = ggplot2::unit(0, "lines"))
}

# Returns the layers of data, marked by group; those not `held` are grey
# circles. `x` and `y` are names of columns.
gg_points <- function(data, x, y, style, group = data$expert,
                      held = if (is.null(data$held)) TRUE else data$held) {
  data$.group <- group
  rows <- shown_rows(data[[x]], data[[y]], group, held)
  others <- data[rows$others, , drop = FALSE]
  shown <- data[rows$held, , drop = FALSE]
  look <- point_look(nrow(shown))
  group <- match(shown$.group, seq_len(style$K))
  c(if (nrow(others)) list(ggplot2::geom_point(
      gg_map(x = x, y = y), others, shape = 1L, size = 1,
      colour = "grey75")),
    list(ggplot2::geom_point(
      gg_map(x = x, y = y, colour = quote(factor(.group)),
             shape = quote(factor(.group))),
      shown, size = 2.1 * look$size, stroke = 0.35,
      alpha = if (nrow(shown) > 2000L) 0.4 else NA,
      fill = faded(style$col[group], look$alpha))))
}

# Returns the scale that gives mean and band one legend, by their linetype.
gg_mean_band <- function(level) {
  labels <- c("mean", band_label(level))
  ggplot2::scale_linetype_manual(
    name = NULL, values = c("solid", "blank"), limits = labels,
    guide = ggplot2::guide_legend(order = 2, override.aes = list(
      fill = c(NA, "grey80"), colour = c(mean_colour, NA))))
}

# Returns a scale for lines with a name, so that they have a legend.
gg_named_line <- function(labels, values, colours, widths = 0.6) {
  ggplot2::scale_linetype_manual(
    name = NULL, values = values, limits = labels,
    guide = ggplot2::guide_legend(order = 2, override.aes = list(
      colour = colours, linewidth = widths)))
}

# Returns an axis with a name at each whole number.
gg_number_axis <- function(levels) {
  ggplot2::scale_x_continuous(
    breaks = seq_along(levels), labels = levels,
    limits = c(0.5, length(levels) + 0.5),
    expand = ggplot2::expansion(0),
    guide = ggplot2::guide_axis(check.overlap = TRUE))
}

# Returns the layer of a plane's cells: a raster where they are even, else
# tiles.
gg_cells <- function(cells, x, y, fill) {
  even <- has_even_steps(unique(cells[[x]])) &&
    has_even_steps(unique(cells[[y]]))
  layer <- if (even) ggplot2::geom_raster else ggplot2::geom_tile
  layer(gg_map(x = x, y = y, fill = fill), cells)
}

# Returns the layers of labelled contours of z over a grid, none for a flat
# plane. With a name, they have an entry in the legend.
gg_contours <- function(grid, z, levels = pretty(range(z), 10), name = NULL) {
  paths <- contour_paths(grid, z, levels)
  if (is.null(paths)) return(NULL)
  paths$.label <- name
  if (!is.null(grid$response)) paths$response <- grid$response[1L]
  middle <- vapply(split(seq_len(nrow(paths)), paths$.piece),
                   function(i) i[ceiling(length(i) / 2)], 0L)
  labels <- paths[middle[tabulate(paths$.piece) > 15L], ]
  mapping <- list(x = ".x", y = ".y", group = ".piece")
  if (!is.null(name)) mapping$linetype <- ".label"
  c(list(ggplot2::geom_path(do.call(gg_map, mapping), paths,
                            colour = "grey30", linewidth = 0.25),
         ggplot2::geom_text(gg_map(x = ".x", y = ".y", label = ".level"),
                            labels, colour = "grey15", size = 2.6)),
    if (!is.null(name)) list(gg_named_line(name, "solid", "grey30", 0.25)))
}

# Returns the lines of the contours, in pieces; NULL where there are none.
contour_paths <- function(grid, z, levels) {
  if (diff(range(z)) == 0) return(NULL)
  axes <- lapply(grid[1:2], function(v) as.numeric(unique(v)))
  found <- grDevices::contourLines(
    axes[[1L]], axes[[2L]], levels = levels,
    matrix(z, length(axes[[1L]]), length(axes[[2L]])))
  if (!length(found)) return(NULL)
  pieces <- lapply(seq_along(found), function(i) {
    data.frame(.x = like_axis(found[[i]]$x, grid[[1L]]),
               .y = like_axis(found[[i]]$y, grid[[2L]]),
               .level = found[[i]]$level, .piece = i)
  })
  do.call(rbind, pieces)
}

# Returns numbers as dates where the axis has dates.
like_axis <- function(x, axis) {
  if (!is_date(axis)) return(x)
  attributes(x) <- attributes(axis)[c("class", "tzone", "units")]
  x
}
