# Type "residuals" in base graphics.

#' @export
draw_base.picture_residuals <- function(picture, style) {
  responses <- unique(picture$drawn$residuals$response)
  old <- open_panels(length(responses), 2L)
  on.exit(close_panels(old))
  for (part in split_responses(picture$drawn$residuals)) {
    draw_pearson(part, style)
    draw_normal_quantiles(normal_quantiles(part, picture$level),
                          picture$level, style)
  }
}

draw_pearson <- function(part, style) {
  limit <- max(abs(part$pearson))
  axis <- residual_axis(part)
  open_panel(range(axis$x), c(-limit, limit), axis$label, "Pearson residual",
             style)
  graphics::abline(h = 0, col = "grey60")
  draw_points(axis$x, part$pearson, part$expert, style)
  smooth <- residual_smooth(axis$x, part$pearson)
  entries <- expert_entries(style)
  if (!is.null(smooth)) {
    graphics::lines(smooth, col = mean_colour, lwd = 1.6)
    entries <- rbind(entries, legend_entry("smooth", lty = "solid", lwd = 1.6,
                                           col = mean_colour))
  }
  close_panel(style, top_legend(entries, style))
}

draw_normal_quantiles <- function(part, level, style) {
  x <- part$expected
  open_panel(range(x), range(part$quantile, part$lower, part$upper),
             "normal quantile", "quantile residual", style)
  graphics::polygon(c(x, rev(x)), c(part$lower, rev(part$upper)),
                    col = band_colour, border = NA)
  graphics::abline(0, 1, col = "grey60")
  draw_points(x, part$quantile, part$expert, style)
  close_panel(style, top_legend(band_entry(level), style))
}
