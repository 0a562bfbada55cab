# plot(type = "fit") without predictors: a histogram per response, or two
# responses against each other.

plot_marginal <- function(object, rows, level, style) {
  if (ncol(rows$y) == 2L) return(plot_pair(object, rows, level, style))
  responses <- colnames(rows$y)
  old <- open_panels(1L, length(responses))
  on.exit(close_panels(old))
  drawn <- lapply(responses, function(response) {
    part <- marginal_curves(object, rows, response)
    draw_histogram(part, rows, response, style)
    part
  })
  list(bars = do.call(rbind, lapply(drawn, `[[`, "bars")),
       density = do.call(rbind, lapply(drawn, `[[`, "density")))
}

# Histogram and densities: of the mixture, and of each expert times its weight.
marginal_curves <- function(object, rows, response) {
  y <- rows$y[, response]
  h <- graphics::hist(y, breaks = min(80, 1.2 * sqrt(length(y))),
                      plot = FALSE)
  weight <- if (is.null(rows$weights)) rep(1, length(y)) else rows$weights
  cell <- cut(y, h$breaks, include.lowest = TRUE)
  share <- tapply(weight, cell, sum, default = 0) / sum(weight[!is.na(cell)])
  bars <- data.frame(response, from = utils::head(h$breaks, -1L),
                     to = h$breaks[-1L],
                     density = as.vector(share) / diff(h$breaks))
  x <- padded_range(h$breaks, 0.08)
  x <- seq(x[1L], x[2L], length.out = 401L)
  each <- marginal_densities(object, rows, response, x)
  density <- data.frame(response, x = x, mixture = rowSums(each), each)
  names(density) <- c("response", "x", "mixture", expert_names(object$K))
  list(bars = bars, density = density)
}

marginal_densities <- function(object, rows, response, x) {
  first <- which(stats::complete.cases(rows$values$gate))[1L]
  sd <- expert_sds(object, response)
  vapply(seq_len(object$K), function(k) {
    rows$values$gate[first, k] *
      stats::dnorm(x, rows$values$mean[first, response, k], sd[k])
  }, x)
}

expert_sds <- function(object, response) {
  sqrt(object$parameters$expert$covariances[response, response, ])
}

draw_histogram <- function(part, rows, response, style) {
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

k_lines <- function(K) rep_len(c("solid", "42", "22", "6222", "1131"), K)

# Two responses: the data with ellipses of each expert.
plot_pair <- function(object, rows, level, style) {
  ellipses <- do.call(rbind, lapply(seq_len(object$K), function(k) {
    rbind(expert_ellipse(object, rows, k, 0.5),
          expert_ellipse(object, rows, k, level))
  }))
  names <- colnames(rows$y)
  open_panel(range(rows$y[, 1L], ellipses[[3L]], na.rm = TRUE),
             range(rows$y[, 2L], ellipses[[4L]], na.rm = TRUE),
             names[1L], names[2L], style)
  draw_points(rows$y[, 1L], rows$y[, 2L], rows$expert, style)
  for (part in split(ellipses, ellipses[c("expert", "level")])) {
    graphics::lines(part[[3L]], part[[4L]], col = style$col[part$expert[1L]],
                    lwd = if (part$level[1L] == level) 1.2 else 2.5)
  }
  label <- paste0("ellipses: 50 %, ", format(100 * level), " %")
  close_panel(style, top_legend(rbind(
    expert_entries(style),
    legend_entry(label, lty = "solid", col = "grey40")), style))
  list(data = data.frame(rows$y, expert = rows$expert, check.names = FALSE),
       ellipses = ellipses)
}

expert_ellipse <- function(object, rows, k, level) {
  first <- which(stats::complete.cases(rows$values$gate))[1L]
  angle <- seq(0, 2 * pi, length.out = 121L)
  root <- chol(slice(object$parameters$expert$covariances, k))
  points <- sqrt(stats::qchisq(level, 2)) * cbind(cos(angle), sin(angle))
  points <- sweep(points %*% root, 2L, rows$values$mean[first, , k], `+`)
  out <- data.frame(k, level, points)
  names(out) <- c("expert", "level", colnames(rows$y))
  out
}
