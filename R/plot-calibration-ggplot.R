# Types "pit" and "calibration" with ggplot2.

#' @export
draw_ggplot.picture_pit <- function(picture, style) {
  bars <- picture$drawn$bars
  responses <- bars$response
  names <- c("uniform", band_label(picture$level))
  lines <- do.call(rbind, lapply(split_responses(bars), function(part) {
    data.frame(response = part$response[1L], .label = names[c(1L, 2L, 2L)],
               .at = c(1, part$lower[1L], part$upper[1L]))
  }))
  label <- paste(c("fitted probability below",
                   one_response(responses, identity)), collapse = " ")
  if (length(unique(responses)) > 1L) label <- paste(label, "the response")
  plot <- gg_open(picture, style, label, "density") +
    ggplot2::geom_rect(gg_map(xmin = "from", xmax = "to", ymin = 0,
                              ymax = "density"), bars, fill = bar_colour,
                       colour = "white") +
    ggplot2::geom_hline(gg_map(yintercept = ".at", linetype = ".label"), lines,
                        colour = mean_colour, linewidth = 0.5) +
    gg_named_line(names, c("solid", "42"), mean_colour, 0.5) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(0.02)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(c(0, 0.05)))
  gg_panels(plot, responses, side = "top")
}

#' @export
draw_ggplot.picture_calibration <- function(picture, style) {
  shares <- picture$drawn$shares
  responses <- shares$response
  band <- shares[shares$kind == calibration_kinds[1L], ]
  band$.label <- band_label(picture$level)
  diagonal <- data.frame(.intercept = 0, .slope = 1)
  label <- paste(c("observed share", one_response(responses, function(v) {
    paste("of", v)
  })), collapse = " ")
  scale <- function(make, values) {
    make(name = NULL, values = values, limits = calibration_kinds,
         guide = ggplot2::guide_legend(order = 1))
  }
  plot <- gg_open(picture, style, "nominal probability", label) +
    ggplot2::geom_ribbon(gg_map(x = "nominal", ymin = "lower", ymax = "upper",
                                fill = ".label"), band) +
    ggplot2::geom_abline(gg_map(intercept = ".intercept", slope = ".slope"),
                         diagonal, colour = "grey60") +
    ggplot2::geom_line(gg_map(x = "nominal", y = "observed", colour = "kind",
                              linetype = "kind"), shares, linewidth = 0.8) +
    scale(ggplot2::scale_colour_manual, calibration_lines$col) +
    scale(ggplot2::scale_linetype_manual, calibration_lines$lty) +
    ggplot2::scale_fill_manual(
      name = NULL, values = band_colour,
      guide = ggplot2::guide_legend(order = 2, override.aes = list(
        fill = "grey80"))) +
    ggplot2::coord_cartesian(xlim = c(0, 1), ylim = c(0, 1))
  gg_panels(plot, responses, scales = "fixed", side = "top")
}
