# Type "fit" without predictors in base graphics.

#' @export
draw_base.picture_histogram <- function(picture, style) {
  in_panels(picture$drawn, draw_histogram, style = style)
}

draw_histogram <- function(part, response, style) {
  bars <- part$bars
  density <- part$density
  open_panel(range(density$x), c(0, 1.04 * max(bars$density,
                                                density$mixture)),
             response, "density", style, yaxs = "i")
  graphics::rect(bars$from, 0, bars$to, bars$density, col = band_colour,
                 border = "white")
  if (style$K > 1L) {
    for (k in seq_len(style$K)) {
      graphics::lines(density$x, density[[3L + k]], col = style$col[k],
                      lwd = 3.5, lty = k_lines(style$K)[k], lend = 1)
    }
  }
  graphics::lines(density$x, density$mixture, col = mean_colour, lwd = 1.6)
  entries <- rbind(
    expert_entries(style, lty = k_lines(style$K), points = FALSE),
    legend_entry("mixture", lty = "solid", lwd = 1.6, col = mean_colour))
  close_panel(style, top_legend(entries, style))
}

# Draws the data of two responses with ellipses of each expert.
#' @export
draw_base.picture_pair <- function(picture, style) {
  data <- picture$drawn$data
  ellipses <- picture$drawn$ellipses
  level <- picture$level
  open_panel(range(data[[1L]], ellipses[[3L]], na.rm = TRUE),
             range(data[[2L]], ellipses[[4L]], na.rm = TRUE),
             names(data)[1L], names(data)[2L], style)
  draw_points(data[[1L]], data[[2L]], data$expert, style)
  for (part in split(ellipses, ellipses[c("expert", "level")])) {
    graphics::lines(part[[3L]], part[[4L]], col = style$col[part$expert[1L]],
                    lwd = if (part$level[1L] == level) 1.2 else 2.5)
  }
  close_panel(style, top_legend(rbind(
    expert_entries(style),
    legend_entry(ellipse_label(level), lty = "solid", col = "grey40")), style))
}
