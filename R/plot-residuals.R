# plot(type = "residuals"): Pearson residuals against fitted values, and a
# normal quantile plot of the quantile residuals.

plot_residuals <- function(object, rows, style) {
  responses <- colnames(rows$y)
  drawn <- lapply(responses, residual_values, object = object, rows = rows)
  old <- open_panels(length(responses), 2L)
  on.exit(close_panels(old))
  for (j in seq_along(responses)) {
    draw_pearson(drawn[[j]], responses[j], style)
    draw_normal_quantiles(drawn[[j]], style)
  }
  list(residuals = do.call(rbind, drawn))
}

residual_values <- function(response, object, rows) {
  values <- rows$values
  fitted <- mixture_mean(values)[, response]
  sd <- sqrt(mixture_variance(object, values)[, response])
  y <- rows$y[, response]
  out <- data.frame(
    response, fitted = fitted, pearson = (y - fitted) / sd,
    quantile = residual_matrix(object, values, "quantile")[, response],
    expert = rows$expert)
  used <- if (is.null(rows$weights)) TRUE else rows$weights > 0
  out[used & !is.na(y) & !is.na(fitted), ]
}

draw_pearson <- function(part, response, style) {
  limit <- max(abs(part$pearson))
  constant <- diff(range(part$fitted)) < 1e-8 * max(abs(part$fitted))
  x <- if (constant) seq_along(part$fitted) else part$fitted
  open_panel(range(x), c(-limit, limit),
             if (constant) "row" else paste("fitted", response),
             "Pearson residual", style)
  graphics::abline(h = 0, col = "grey60")
  draw_points(x, part$pearson, part$expert, style)
  if (nrow(part) > 10L && length(unique(x)) > 4L) {
    at <- thinned(seq_along(x), 10000L)
    graphics::lines(stats::lowess(x[at], part$pearson[at]),
                    col = mean_colour, lwd = 1.6)
  }
  entries <- rbind(expert_entries(style),
                   legend_entry("smooth", lty = "solid", lwd = 1.6,
                                col = mean_colour))
  close_panel(style, top_legend(entries, style))
}

draw_normal_quantiles <- function(part, style) {
  order <- order(part$quantile)
  part <- part[order, ]
  n <- nrow(part)
  expected <- stats::qnorm(stats::ppoints(n))
  i <- seq_len(n)
  low <- stats::qnorm(stats::qbeta(0.025, i, n + 1 - i))
  high <- stats::qnorm(stats::qbeta(0.975, i, n + 1 - i))
  open_panel(range(expected), range(part$quantile, low, high),
             "normal quantile", "quantile residual", style)
  graphics::polygon(c(expected, rev(expected)), c(low, rev(high)),
                    col = band_colour, border = NA)
  graphics::abline(0, 1, col = "grey60")
  draw_points(expected, part$quantile, part$expert, style)
  close_panel(style, top_legend(band_entry(0.95), style))
}
