# Type "density": the density of the response given one predictor.

#' @export
picture_data.type_density <- function(type, object, term, at, level = 0.9,
                                      newdata, ...) {
  rows <- plot_rows(object, newdata, at)
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
  parts <- lapply(colnames(rows$y), density_values, object = object,
                  values = values, x = grid[[term]], rows = rows,
                  level = level, term = term)
  new_picture("density",
              list(density = do.call(rbind, lapply(parts, `[[`, "density")),
                   curves = do.call(rbind, lapply(parts, `[[`, "curves")),
                   data = term_data(rows, term, variables)),
              object$K, term = term, level = level,
              remark = held_remark(rows, variables, term),
              continuous = is_continuous(rows$predictors[[term]]))
}

# Returns, for one response, its `density` over the plane of predictor and
# response, and the `curves` of mean, median and limits.
density_values <- function(response, object, values, x, rows, level, term) {
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
  names(density) <- c(term_columns(term), "response", "y", "density")
  curves <- data.frame(x, response, rowSums(values$gate * mean), quantiles)
  names(curves) <- c(term_columns(term), "response", "mean", "lower", "median",
                     "upper")
  list(density = density, curves = curves)
}

# Returns the density from which on the colour is darkest: the 60 % quantile of
# the peaks, because the highest ones would leave the rest too light.
density_top <- function(density) {
  peaks <- tapply(density$density, as.character(density[[1L]]), max)
  stats::quantile(peaks, 0.6, names = FALSE)
}

# Returns the shades of densities, from 0 to 1, on a square-root scale.
density_shade <- function(density) {
  sqrt(pmin(density$density / density_top(density), 1))
}

# Returns the label of the darkest colour, such as "0.12", with a plus where
# higher densities have it too.
density_top_label <- function(density) {
  top <- density_top(density)
  paste0(signif(top, 2L), if (max(density$density) > 1.01 * top) "+")
}

heat_colours <- function(n = 64L) {
  ramp <- grDevices::colorRampPalette(c("white", "#D6E6F2", "#A3C8E2",
                                        "#4F97C8"))
  ramp(n)
}

# The lines over the density, in the order of drawing.
density_lines <- data.frame(
  name = c("lower", "upper", "median", "mean"),
  col = c("#D55E00", "#D55E00", "#D55E00", "grey5"),
  lty = c("22", "22", "solid", "solid"), lwd = c(1.6, 1.6, 3, 1.3))

# Returns the label of the limits, such as "5%, 95%".
tails_label <- function(level) {
  paste(format_percent(c(1 - level, 1 + level) / 2), collapse = ", ")
}
