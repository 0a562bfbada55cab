# Type "residuals" with ggplot2: per response a panel of Pearson residuals and a
# normal quantile plot.

#' @export
draw_ggplot.picture_residuals <- function(picture, style) {
  parts <- split_responses(picture$drawn$residuals)
  labels <- character()
  plot <- gg_open(picture, style)
  for (part in parts) {
    axis <- residual_axis(part)
    of <- if (length(parts) > 1L) paste(" of", part$response[1L])
    titles <- c(paste0("Pearson residual", of, " against ", axis$label),
                paste0("quantile residual", of, " against normal quantile"))
    labels <- c(labels, titles)
    plot <- plot +
      gg_pearson(part, axis, titles[1L], style) +
      gg_normal_quantiles(normal_quantiles(part, picture$level), titles[2L],
                          picture$level, style)
  }
  names <- c("smooth", band_label(picture$level))
  by <- call("factor", as.name(".panel"), labels)
  plot + gg_groups(style) +
    ggplot2::scale_linetype_manual(
      name = NULL, values = c("solid", "blank"), limits = names,
      guide = ggplot2::guide_legend(order = 2, override.aes = list(
        fill = c(NA, "grey80"), colour = c(mean_colour, NA)))) +
    ggplot2::facet_wrap(do.call(ggplot2::vars, list(by)), ncol = 2L,
                        scales = "free",
                        labeller = ggplot2::label_wrap_gen(42))
}

gg_pearson <- function(part, axis, title, style) {
  part$.x <- axis$x
  part$.panel <- title
  smooth <- residual_smooth(axis$x, part$pearson)
  if (!is.null(smooth)) {
    smooth$.panel <- title
    smooth$.label <- "smooth"
  }
  zero <- data.frame(.panel = title, .at = 0)
  limits <- data.frame(.panel = title, .x = range(axis$x),
                       .y = c(-1, 1) * max(abs(part$pearson)))
  c(list(ggplot2::geom_blank(gg_map(x = ".x", y = ".y"), limits),
         ggplot2::geom_hline(gg_map(yintercept = ".at"), zero,
                             colour = "grey60")),
    gg_points(part, ".x", "pearson", style),
    if (!is.null(smooth)) list(ggplot2::geom_line(
      gg_map(x = "x", y = "y", linetype = ".label"), smooth,
      colour = mean_colour, linewidth = 0.6)))
}

gg_normal_quantiles <- function(part, title, level, style) {
  part$.panel <- title
  part$.label <- band_label(level)
  line <- data.frame(.panel = title, .intercept = 0, .slope = 1)
  c(list(ggplot2::geom_ribbon(
      gg_map(x = "expected", ymin = "lower", ymax = "upper",
             linetype = ".label"), part, fill = band_colour,
      key_glyph = "rect"),
    ggplot2::geom_abline(gg_map(intercept = ".intercept", slope = ".slope"),
                         line, colour = "grey60")),
    gg_points(part, "expected", "quantile", style))
}
