# Type "fit" in base graphics: data, experts, mean and prediction band.

#' @export
draw_base.picture_curves <- function(picture, style) {
  in_panels(picture$drawn, function(part, response) {
    if (picture$continuous) draw_lines(part, picture$term, response, style)
    else draw_strips(part, picture$term, response, style)
    close_panel(style, fit_legend(picture$level, style), picture$remark)
  })
}

fit_limits <- function(part) {
  range(part$data$observed, part$mean$lower, part$mean$upper, na.rm = TRUE)
}

draw_lines <- function(part, term, response, style) {
  data <- part$data
  open_panel(range(data[[1L]], na.rm = TRUE), fit_limits(part), term, response,
             style)
  x <- part$mean[[1L]]
  graphics::polygon(c(x, rev(x)), c(part$mean$lower, rev(part$mean$upper)),
                    col = band_colour, border = NA)
  draw_points(data[[1L]], data$observed, data$expert, style, data$held)
  # with one expert, its line is the mean
  if (style$K > 1L) draw_experts(faded_runs(part$experts), style)
  graphics::lines(x, part$mean$mean, col = mean_colour, lwd = 1.6)
}

draw_experts <- function(runs, style) {
  for (run in split(runs, factor(runs$run, unique(runs$run)))) {
    strength <- run$strength[1L]
    graphics::lines(run[[1L]], run$mean, lend = 1, lwd = 1 + 3.5 * strength,
                    col = faded(style$col[run$expert[1L]],
                                expert_alpha(strength)))
  }
}

fit_legend <- function(level, style) {
  top_legend(rbind(expert_entries(style, lty = "solid", lwd = 3), mean_entry(),
                   band_entry(level)), style)
}

# Draws a panel with the levels of a factor on its axis, the data of a level
# side by side.
draw_strips <- function(part, term, response, style) {
  data <- part$data
  mean <- part$mean
  levels <- as.character(mean[[1L]])
  at <- seq_along(levels)
  open_panel(c(0.5, length(at) + 0.5), fit_limits(part), term, response, style,
             xaxt = "n")
  factor_axis(levels)
  graphics::rect(at - 0.35, mean$lower, at + 0.35, mean$upper,
                 col = band_colour, border = NA)
  draw_points(level_positions(data[[1L]], levels), data$observed, data$expert,
              style, data$held)
  if (style$K > 1L) {
    e <- part$experts
    where <- match(as.character(e[[1L]]), levels)
    graphics::segments(where - 0.35, e$mean, where + 0.35, e$mean, lend = 1,
                       lwd = 1 + 3.5 * e$gate,
                       col = mapply(faded, style$col[e$expert],
                                    expert_alpha(e$gate)))
  }
  graphics::segments(at - 0.35, mean$mean, at + 0.35, mean$mean,
                     col = mean_colour, lwd = 1.6)
}

# Draws observed against fitted values.
#' @export
draw_base.picture_observed <- function(picture, style) {
  in_panels(picture$drawn, function(part, response) {
    data <- part$data
    open_panel(range(data$fitted, na.rm = TRUE),
               range(data$observed, na.rm = TRUE),
               paste("fitted", response), paste("observed", response), style)
    graphics::abline(0, 1, col = "grey60")
    draw_points(data$fitted, data$observed, data$expert, style)
    close_panel(style, top_legend(rbind(
      expert_entries(style),
      legend_entry("observed = fitted", lty = "solid", col = "grey60")), style))
  })
}
