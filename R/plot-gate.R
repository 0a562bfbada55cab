# plot(type = "gate"): probabilities of the experts over the gate's predictors.

plot_gate <- function(object, rows, term, style) {
  variables <- part_variables(object, rows, "gate")
  if (!length(variables)) return(plot_shares(object, rows, style))
  if (is.null(term)) term <- default_gate_term(rows, variables)
  term <- check_term(term, variables, rows, most = 2L)
  if (length(term) == 2L) {
    numeric <- vapply(rows$predictors[term], is_continuous, TRUE)
    if (!all(numeric)) {
      abort_input("`term`: regions need two numeric predictors; ",
                  quote_all(term[!numeric]), " is not. Give one `term`.")
    }
  }
  grid <- term_grid(rows, term, if (length(term) == 2L) 151L else 401L)
  gate <- evaluate_grid(object, grid)$gate
  remark <- held_remark(rows, variables, term)
  if (length(term) == 2L) {
    return(plot_regions(grid[term], gate, rows, remark, style))
  }
  plot_gate_curves(grid[[term]], gate, rows, term, remark, style)
}

default_gate_term <- function(rows, variables) {
  numeric <- vapply(rows$predictors[variables], is_continuous, TRUE)
  if (length(variables) == 1L || (length(variables) == 2L && all(numeric))) {
    return(variables)
  }
  abort_input("The gate has several predictors: choose one (or two numeric ",
              "ones) by `term`, from ", quote_all(variables), ".")
}

plot_gate_curves <- function(x, gate, rows, term, remark, style) {
  lines <- k_lines(style$K)
  observed <- rows$predictors[[term]]
  if (is_continuous(x)) {
    open_panel(range(x), c(0, 1), term, "gate probability", style)
    draw_rug(observed, rows$expert, style)
    for (k in seq_len(style$K)) {
      graphics::lines(x, without_zeros(gate[, k]), col = style$col[k],
                      lwd = 2.5, lty = lines[k])
    }
    rows_used <- top_legend(expert_entries(style, lines, points = FALSE),
                            style)
  } else {
    rows_used <- draw_shares(gate, as.character(x), term, style)
  }
  close_panel(style, rows_used, remark)
  curves <- data.frame(rep(x, style$K),
                       rep(seq_len(style$K), each = length(x)),
                       as.vector(gate))
  names(curves) <- c(term, "expert", "gate")
  list(curves = curves)
}

# NA where a curve runs along zero, where all the others would hide it.
without_zeros <- function(p) {
  zero <- p < 1e-3
  n <- length(p)
  p[zero & c(TRUE, zero[-n]) & c(zero[-1L], TRUE)] <- NA
  p
}

# Stacked bars: one per level of a factor, or one for a constant gate.
draw_shares <- function(gate, labels, term, style) {
  at <- seq_along(labels)
  open_panel(c(0.4, length(at) + 0.6), c(0, 1), term, "gate probability",
             style, xaxt = "n")
  factor_axis(labels)
  fill <- faded(style$col, 0.75)
  number <- matrix(sprintf("%.2f", gate), nrow(gate))
  room <- max(graphics::strwidth(number, cex = 0.85)) < 0.7
  below <- rep(0, length(at))
  for (k in seq_len(style$K)) {
    graphics::rect(at - 0.35, below, at + 0.35, below + gate[, k],
                   col = fill[k], border = "white")
    shown <- gate[, k] > 0.06 & room
    graphics::text(at[shown], (below + gate[, k] / 2)[shown], cex = 0.85,
                   labels = number[shown, k])
    below <- below + gate[, k]
  }
  top_legend(legend_entry(paste("expert", seq_len(style$K)), pch = 15L,
                          col = fill, size = 1.8), style)
}

plot_shares <- function(object, rows, style) {
  first <- which(stats::complete.cases(rows$values$gate))[1L]
  gate <- rows$values$gate[first, , drop = FALSE]
  close_panel(style, draw_shares(gate, "all rows", "", style))
  list(shares = data.frame(expert = seq_len(style$K), gate = gate[1L, ],
                           size = object$sizes / sum(object$sizes)))
}

# The most probable expert over a plane, lighter where it is less certain.
plot_regions <- function(cells, gate, rows, remark, style) {
  axes <- lapply(cells, unique)
  best <- most_probable(gate)
  probability <- gate[cbind(seq_along(best), best)]
  shape <- function(v) matrix(v, length(axes[[1L]]), length(axes[[2L]]))
  names <- names(cells)
  open_panel(range(axes[[1L]]), range(axes[[2L]]), names[1L], names[2L], style,
             xaxs = "i", yaxs = "i")
  levels <- 8L
  step <- pmin(levels, 1L + floor(levels * probability))
  graphics::image(axes[[1L]], axes[[2L]], shape((best - 1L) * levels + step),
                  zlim = c(1, levels * style$K), col = region_colours(
                    style$col, levels), add = TRUE, useRaster = TRUE)
  graphics::contour(axes[[1L]], axes[[2L]], shape(probability), add = TRUE,
                    levels = c(0.6, 0.8, 0.95), col = "grey35", lwd = 0.8,
                    labcex = 0.6)
  draw_points(rows$predictors[[names[1L]]], rows$predictors[[names[2L]]],
              rows$expert, style)
  graphics::box(bty = "l")
  close_panel(style, top_legend(rbind(
    expert_entries(style),
    legend_entry("gate probability", lty = "solid", lwd = 0.8,
                 col = "grey35")),
    style), remark)
  list(regions = cbind(cells, expert = best, probability = probability))
}

region_colours <- function(col, levels) {
  strength <- seq(0.05, 0.4, length.out = levels)
  unlist(lapply(col, function(colour) {
    rgb <- grDevices::col2rgb(colour) / 255
    mixed <- 1 - (1 - rgb) %*% t(strength)
    grDevices::rgb(mixed[1L, ], mixed[2L, ], mixed[3L, ])
  }))
}
