# Type "trace" with ggplot2: the run that was kept, and what each start reached.

# Both panels share one vertical scale. Rows of the second stand this far above
# all logarithms of the first, so that breaks and labels are known by their
# size.
row_offset <- 1e4

#' @export
draw_ggplot.picture_trace <- function(picture, style) {
  starts <- start_points(picture$drawn$starts)
  titles <- c(paste(picture$label, "still to gain, by iteration"),
              paste(picture$label, "of each start, by rule"))
  plot <- gg_open(picture, style) + gg_gap(picture$drawn$trace, titles[1L])
  if (!is.null(starts)) plot <- plot + gg_starts(starts, titles[2L])
  by <- call("factor", as.name(".panel"), titles)
  plot + ggplot2::facet_wrap(do.call(ggplot2::vars, list(by)),
                             scales = "free") +
    ggplot2::scale_x_continuous(breaks = whole_breaks) +
    ggplot2::scale_y_continuous(
      breaks = trace_breaks(length(starts$rules)),
      labels = trace_labels(starts$rules))
}

trace_breaks <- function(n_rules) {
  function(limits) {
    if (max(limits) > row_offset / 2) return(row_offset - seq_len(n_rules))
    unique(round(pretty(limits)))
  }
}

trace_labels <- function(rules) {
  function(breaks) {
    if (any(breaks > row_offset / 2, na.rm = TRUE)) {
      return(rules[row_offset - breaks])
    }
    parse(text = ifelse(is.na(breaks), "NA", paste0("10^", breaks)))
  }
}

gg_gap <- function(trace, title) {
  gap <- trace_gap(trace)
  panel <- gap_panel(trace, gap)
  ends <- ggplot2::geom_blank(gg_map(x = ".x", y = ".y"), data.frame(
    .panel = title, .x = panel$x, .y = panel$y))
  if (!nrow(gap)) {
    note <- data.frame(.panel = title, .x = mean(panel$x), .y = mean(panel$y),
                       .label = no_gap)
    return(list(ends, ggplot2::geom_text(
      gg_map(x = ".x", y = ".y", label = ".label"), note, size = 3.2)))
  }
  gap$.panel <- title
  across <- gg_map(x = "iteration", y = quote(log10(gap)))
  colour <- expert_palette[1L]
  c(list(ends),
    if (nrow(gap) > 1L) list(ggplot2::geom_line(across, gap, colour = colour,
                                                linewidth = 0.7)),
    list(ggplot2::geom_point(across, gap, colour = colour, size = 1)))
}

gg_starts <- function(starts, title) {
  points <- starts$points
  points$.panel <- title
  points$.row <- row_offset - points$row
  points$.mark <- start_marks$status[points$mark]
  rows <- data.frame(.panel = title, .row = row_offset -
                       seq_along(starts$rules))
  ends <- data.frame(.panel = title, .x = starts$range,
                     .y = row_offset - c(0.5, length(starts$rules) + 0.5))
  used <- start_marks[sort(unique(points$mark)), ]
  scale <- function(make, values) {
    make(name = NULL, values = values, limits = used$status)
  }
  list(ggplot2::geom_blank(gg_map(x = ".x", y = ".y"), ends),
       ggplot2::geom_hline(gg_map(yintercept = ".row"), rows,
                           colour = "grey90"),
       ggplot2::geom_point(gg_map(x = "objective", y = ".row",
                                  colour = ".mark", shape = ".mark"), points,
                           size = 1.8),
       scale(ggplot2::scale_colour_manual, used$col),
       scale(ggplot2::scale_shape_manual, used$pch))
}
