# plot(type = "fit"): data, experts, mean and prediction band.

plot_fit <- function(object, rows, term, level, style) {
  variables <- model_variables(object, rows)
  if (!length(variables)) return(plot_marginal(object, rows, level, style))
  if (is.null(term)) {
    if (length(variables) > 1L) return(plot_observed(object, rows, style))
    term <- variables
  }
  term <- check_term(term, variables, rows)
  curves <- fit_curves(object, rows, term, level)
  remark <- held_remark(rows, variables, term)
  held <- held_rows(rows, setdiff(variables, term))
  responses <- colnames(rows$y)
  old <- open_panels(1L, length(responses))
  on.exit(close_panels(old))
  for (response in responses) {
    part <- lapply(curves, function(d) d[d$response == response, ])
    draw_fit(part, rows, term, response, held, style)
    close_panel(style, fit_legend(level, style), remark)
  }
  c(list(data = fit_data(rows, term)), curves)
}

# Long data frames over the grid of the term: the mean with its band, and the
# experts with their gate probabilities.
fit_curves <- function(object, rows, term, level) {
  grid <- term_grid(rows, term, 401L)
  values <- evaluate_grid(object, grid)
  n <- nrow(grid)
  responses <- colnames(rows$y)
  q <- length(responses)
  x <- grid[[term]]
  band <- array(predict_interval(object, values, level), c(n, 2L, q))
  mean <- data.frame(rep(x, q), rep(responses, each = n),
                     as.vector(mixture_mean(values)),
                     as.vector(band[, 1L, ]), as.vector(band[, 2L, ]))
  names(mean) <- c(term, "response", "mean", "lower", "upper")
  K <- object$K
  experts <- data.frame(rep(x, q * K), rep(rep(responses, each = n), K),
                        rep(seq_len(K), each = n * q), as.vector(values$mean),
                        as.vector(values$gate[rep(seq_len(n), q), ]))
  names(experts) <- c(term, "response", "expert", "mean", "gate")
  list(mean = mean, experts = experts)
}

fit_data <- function(rows, term) {
  out <- data.frame(rows$predictors[term], rows$y, check.names = FALSE)
  out$expert <- rows$expert
  out
}

draw_fit <- function(curves, rows, term, response, held, style) {
  x <- rows$predictors[[term]]
  y <- rows$y[, response]
  limits <- range(y, curves$mean$lower, curves$mean$upper, na.rm = TRUE)
  if (is_continuous(x)) {
    open_panel(range(x, na.rm = TRUE), limits, term, response, style)
    draw_band(curves$mean)
    draw_points(x, y, rows$expert, style, held)
    draw_experts(curves$experts, style)
    graphics::lines(curves$mean[[1L]], curves$mean$mean, col = mean_colour,
                    lwd = 1.6)
  } else {
    open_panel(c(0.5, nlevels_shown(curves) + 0.5), limits, term, response,
               style, xaxt = "n")
    draw_strips(curves, x, y, rows$expert, held, style)
  }
}

fit_legend <- function(level, style) {
  top_legend(rbind(expert_entries(style, lty = "solid", lwd = 3), mean_entry(),
                   band_entry(level)), style)
}

draw_band <- function(mean) {
  x <- mean[[1L]]
  graphics::polygon(c(x, rev(x)), c(mean$lower, rev(mean$upper)),
                    col = band_colour, border = NA)
}

# Lines that fade with the gate: runs of about equal probability are drawn as
# one line each. One expert alone is the mean.
draw_experts <- function(experts, style, levels = 12) {
  if (style$K == 1L) return(invisible())
  for (k in seq_len(style$K)) {
    part <- experts[experts$expert == k, ]
    strength <- ceiling(levels * part$gate - 0.02) / levels
    runs <- rle(strength)
    last <- cumsum(runs$lengths)
    first <- last - runs$lengths + 1L
    for (i in which(runs$values > 0)) {
      at <- first[i]:min(last[i] + 1L, nrow(part))
      graphics::lines(part[[1L]][at], part$mean[at], lend = 1,
                      lwd = 1 + 3.5 * runs$values[i],
                      col = faded(style$col[k], 0.15 + 0.8 * runs$values[i]))
    }
  }
}

nlevels_shown <- function(curves) length(curves$mean[[1L]])

# A factor on the axis: the data of a level side by side.
draw_strips <- function(curves, x, y, expert, held, style) {
  levels <- as.character(curves$mean[[1L]])
  factor_axis(levels)
  at <- seq_along(levels)
  graphics::rect(at - 0.35, curves$mean$lower, at + 0.35, curves$mean$upper,
                 col = band_colour, border = NA)
  draw_points(match(as.character(x), levels) + 0.5 * spread_evenly(length(x)),
              y, expert, style, held)
  if (style$K > 1L) {
    e <- curves$experts
    where <- match(as.character(e[[1L]]), levels)
    graphics::segments(where - 0.35, e$mean, where + 0.35, e$mean, lend = 1,
                       lwd = 1 + 3.5 * e$gate,
                       col = mapply(faded, style$col[e$expert],
                                    0.15 + 0.8 * e$gate))
  }
  graphics::segments(at - 0.35, curves$mean$mean, at + 0.35, curves$mean$mean,
                     col = mean_colour, lwd = 1.6)
}

# Several predictors: observed against fitted.
plot_observed <- function(object, rows, style) {
  fitted <- mixture_mean(rows$values)
  responses <- colnames(rows$y)
  old <- open_panels(1L, length(responses))
  on.exit(close_panels(old))
  for (response in responses) {
    x <- fitted[, response]
    y <- rows$y[, response]
    open_panel(range(x, na.rm = TRUE), range(y, na.rm = TRUE),
               paste("fitted", response), paste("observed", response), style)
    graphics::abline(0, 1, col = "grey60")
    draw_points(x, y, rows$expert, style)
    close_panel(style, top_legend(rbind(
      expert_entries(style),
      legend_entry("observed = fitted", lty = "solid", col = "grey60")), style))
  }
  n <- nrow(fitted)
  list(data = data.frame(response = rep(responses, each = n),
                         fitted = as.vector(fitted),
                         observed = as.vector(rows$y), expert = rows$expert))
}
