# Type "fit" with ggplot2: data, experts, mean and prediction band.

#' @export
draw_ggplot.picture_curves <- function(picture, style) {
  responses <- picture$drawn$data$response
  plot <- gg_open(picture, style, picture$term, one_response(responses))
  layers <- if (picture$continuous) gg_lines(picture, style)
    else gg_strips(picture, style)
  plot <- plot + layers + ggplot2::scale_alpha_identity() +
    ggplot2::scale_linewidth_identity() + gg_groups(style) +
    gg_mean_band(picture$level)
  gg_panels(plot, responses)
}

# Returns the layers where the axis has numbers.
gg_lines <- function(picture, style) {
  drawn <- picture$drawn
  x <- names(drawn$mean)[1L]
  drawn$mean$.mean <- "mean"
  drawn$mean$.band <- band_label(picture$level)
  c(list(ggplot2::geom_ribbon(
      gg_map(x = x, ymin = "lower", ymax = "upper", linetype = ".band"),
      drawn$mean, fill = band_colour, key_glyph = "rect")),
    gg_points(drawn$data, x, "observed", style),
    if (style$K > 1L) list(gg_experts(drawn$experts, x)),
    list(ggplot2::geom_line(gg_map(x = x, y = "mean", linetype = ".mean"),
                            drawn$mean, colour = mean_colour,
                            linewidth = 0.6)))
}

# Returns the layer of the experts' lines, stronger where the gate favours them.
gg_experts <- function(experts, x) {
  runs <- lapply(split_responses(experts), function(part) {
    runs <- faded_runs(part)
    runs$run <- paste(runs$response, runs$run)
    runs
  })
  runs <- do.call(rbind, runs)
  runs$.alpha <- expert_alpha(runs$strength)
  runs$.width <- expert_width(runs$strength)
  ggplot2::geom_line(
    gg_map(x = x, y = "mean", colour = expert_column, group = "run",
           alpha = ".alpha", linewidth = ".width"), runs)
}

expert_width <- function(probability) 0.35 + 1.35 * probability

# Returns the layers where the axis has the levels of a factor, the data of a
# level side by side.
gg_strips <- function(picture, style) {
  drawn <- picture$drawn
  levels <- as.character(unique(drawn$mean[[1L]]))
  place <- function(d) {
    d$.at <- match(as.character(d[[1L]]), levels)
    d$.from <- d$.at - 0.35
    d$.to <- d$.at + 0.35
    d
  }
  mean <- place(drawn$mean)
  mean$.mean <- "mean"
  mean$.band <- band_label(picture$level)
  experts <- place(drawn$experts)
  experts$.alpha <- expert_alpha(experts$gate)
  experts$.width <- expert_width(experts$gate)
  data <- drawn$data
  data$.at <- level_positions(data[[1L]], levels)
  c(list(ggplot2::geom_rect(
      gg_map(xmin = ".from", xmax = ".to", ymin = "lower", ymax = "upper",
             linetype = ".band"), mean, fill = band_colour,
      key_glyph = "rect")),
    gg_points(data, ".at", "observed", style),
    if (style$K > 1L) list(ggplot2::geom_segment(
      gg_map(x = ".from", xend = ".to", y = "mean", yend = "mean",
             colour = expert_column, alpha = ".alpha", linewidth = ".width"),
      experts)),
    list(ggplot2::geom_segment(
      gg_map(x = ".from", xend = ".to", y = "mean", yend = "mean",
             linetype = ".mean"), mean, colour = mean_colour,
      linewidth = 0.6)),
    list(gg_number_axis(levels)))
}

# Draws observed against fitted values.
#' @export
draw_ggplot.picture_observed <- function(picture, style) {
  data <- picture$drawn$data
  responses <- data$response
  line <- data.frame(.label = "observed = fitted", .intercept = 0, .slope = 1)
  plot <- gg_open(picture, style,
                  paste(c("fitted", one_response(responses)), collapse = " "),
                  paste(c("observed", one_response(responses)),
                        collapse = " ")) +
    ggplot2::geom_abline(gg_map(intercept = ".intercept", slope = ".slope",
                                linetype = ".label"), line,
                         colour = "grey60") +
    gg_points(data, "fitted", "observed", style) + gg_groups(style) +
    gg_named_line(line$.label, "solid", "grey60")
  gg_panels(plot, responses, side = "top")
}
