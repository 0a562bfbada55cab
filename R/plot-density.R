# plot(type = "density"): the density of the response given one predictor.

plot_density <- function(object, rows, term, level, style) {
  variables <- model_variables(object, rows)
  if (!length(variables)) {
    abort_input("The model has no predictor; plot(type = \"fit\") draws the ",
                "density of the response.")
  }
  if (is.null(term)) {
    if (length(variables) > 1L) {
      abort_input("The model has several predictors: choose one by `term`, ",
                  "from ", quote_all(variables), ".")
    }
    term <- variables
  }
  term <- check_term(term, variables, rows)
  grid <- term_grid(rows, term, 301L)
  values <- evaluate_grid(object, grid)
  responses <- colnames(rows$y)
  old <- open_panels(1L, length(responses))
  on.exit(close_panels(old))
  drawn <- lapply(responses, function(response) {
    part <- density_values(object, values, grid[[term]], rows, response,
                           level, term)
    draw_density(part, rows, term, response, level, style)
    close_panel(style, density_legend(part, level, style),
                held_remark(rows, variables, term))
    part[c("density", "curves")]
  })
  list(density = do.call(rbind, lapply(drawn, `[[`, "density")),
       curves = do.call(rbind, lapply(drawn, `[[`, "curves")))
}

density_values <- function(object, values, x, rows, response, level, term) {
  probs <- c((1 - level) / 2, 0.5, (1 + level) / 2)
  n <- length(x)
  law <- expert_law(object$expert, object$parameters$expert, response)
  mean <- matrix(values$mean[, response, ], n, object$K)
  quantiles <- vapply(probs, function(p) {
    mixture_quantile(p, values$gate, mean, law)
  }, numeric(n))
  quantiles <- matrix(quantiles, n)
  y <- padded_range(c(rows$y[, response], quantiles), 0.06)
  y <- seq(y[1L], y[2L], length.out = 301L)
  z <- matrix(0, n, length(y))
  for (i in seq_along(y)) {
    z[, i] <- rowSums(values$gate * law$density(y[i], mean))
  }
  density <- data.frame(rep(x, length(y)), response, rep(y, each = n),
                        as.vector(z))
  names(density) <- c(term, "response", "y", "density")
  curves <- data.frame(x, response, rowSums(values$gate * mean), quantiles)
  names(curves) <- c(term, "response", "mean", "lower", "median", "upper")
  list(density = density, curves = curves, x = x, y = y, z = z)
}

padded_range <- function(v, share) {
  range <- range(v, na.rm = TRUE)
  range + c(-share, share) * diff(range)
}

heat_colours <- function(n = 64L) {
  ramp <- grDevices::colorRampPalette(c("white", "#D6E6F2", "#A3C8E2",
                                        "#4F97C8"))
  ramp(n)
}

# The darkest colour stands for the usual peak and all above, on a square-root
# scale: the highest peaks would make the rest too light.
density_top <- function(part) {
  stats::quantile(apply(part$z, 1L, max), 0.6, names = FALSE)
}

draw_density <- function(part, rows, term, response, level, style) {
  continuous <- is_continuous(part$x)
  x <- if (continuous) part$x else seq_along(part$x)
  xlim <- if (continuous) range(x) else c(0.5, length(x) + 0.5)
  open_panel(xlim, range(part$y), term, response, style, xaxs = "i",
             yaxs = "i", xaxt = if (continuous) "s" else "n")
  if (!continuous) factor_axis(as.character(part$x))
  graphics::image(as.numeric(x), part$y, sqrt(pmin(part$z / density_top(part),
                                                   1)),
                  zlim = c(0, 1), col = heat_colours(), add = TRUE,
                  useRaster = TRUE)
  observed <- rows$predictors[[term]]
  if (!continuous) {
    observed <- match(as.character(observed), as.character(part$x)) +
      0.3 * spread_evenly(length(observed))
  }
  at <- thinned(seq_along(observed), 5000L)
  graphics::points(observed[at], rows$y[at, response], pch = 16,
                   cex = 0.35 * style$cex, col = faded("black", 0.5))
  draw_density_lines(part$curves, x, continuous)
  graphics::box(bty = "l")
}

density_lines <- data.frame(
  name = c("lower", "upper", "median", "mean"),
  col = c("#D55E00", "#D55E00", "#D55E00", "grey5"),
  lty = c("22", "22", "solid", "solid"), lwd = c(1.6, 1.6, 3, 1.3))

draw_density_lines <- function(curves, x, continuous) {
  for (i in seq_len(nrow(density_lines))) {
    line <- density_lines[i, ]
    y <- curves[[line$name]]
    if (continuous) {
      graphics::lines(x, y, col = line$col, lty = line$lty, lwd = line$lwd)
    } else {
      graphics::segments(x - 0.35, y, x + 0.35, y, col = line$col,
                         lty = line$lty, lwd = line$lwd)
    }
  }
}

density_legend <- function(part, level, style) {
  tails <- format_percent(c(1 - level, 1 + level) / 2)
  lines <- density_lines[c(4L, 3L, 2L), ]
  entries <- legend_entry(c("mean", "median", paste(tails, collapse = ", ")),
                          lty = lines$lty, lwd = lines$lwd, col = lines$col)
  used <- top_legend(entries, style, width = 0.62)
  if (style$legend) draw_key(part, style)
  used
}

# The colours and their densities, at the right above the panel.
draw_key <- function(part, style) {
  top <- density_top(part)
  more <- if (max(part$z) > 1.01 * top) "+"
  usr <- graphics::par("usr")
  width <- usr[2L] - usr[1L]
  line <- graphics::par("cxy")[2L]
  left <- usr[2L] - 0.22 * width
  right <- usr[2L] - 0.08 * width
  bottom <- usr[4L] + 0.45 * line
  graphics::rasterImage(t(heat_colours()[1 + 63 * sqrt(seq(0, 1, 0.01))]),
                        left, bottom, right, bottom + 0.5 * line, xpd = NA)
  graphics::rect(left, bottom, right, bottom + 0.5 * line, border = "grey50",
                 lwd = 0.6, xpd = NA)
  graphics::text(c(left, right), bottom + 0.25 * line, pos = c(2L, 4L),
                 labels = c("density  0", paste0(signif(top, 2L), more)),
                 xpd = NA, cex = 0.85 * style$cex, offset = 0.3)
}
