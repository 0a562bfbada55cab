# Data-driven slope estimation: the slope of the contrast among the large
# models, and the plateaus of the models that it selects.

slope_estimation <- function(models, options) {
  slopes <- successive_slopes(models, options)
  plateaus <- slope_plateaus(slopes)
  enough <- if (options$point > 0L) plateaus$size >= options$point
    else plateaus$size >= options$pct * nrow(slopes)
  if (!any(enough)) {
    warn("slope", "No plateau holds ", plateau_words(options), " of the ",
         nrow(slopes), " regressions; the longest holds ", max(plateaus$size),
         ". The slope selects no model: look at plot().")
    return(list(slopes = slopes, plateaus = plateaus, chosen = NA_integer_,
                interval = c(lower = NA_real_, upper = NA_real_), line = NULL,
                selected = slope_choice("slope", models, NA_integer_,
                                        scoef = options$scoef)))
  }
  chosen <- max(which(enough))
  rows <- which(slopes$plateau == chosen)
  middle <- rows[1L] + length(rows) %/% 2L
  interval <- range(slopes$slope[rows])
  if (interval[1L] <= 0) {
    warn("slope", "The slope that was selected is not positive everywhere on ",
         "its plateau: the contrast does not fall along a line among the ",
         "large models. Look at plot().")
  }
  line <- slope_line(models, slopes$index[middle], options$regression)
  list(slopes = slopes, plateaus = plateaus, chosen = chosen,
       interval = c(lower = interval[1L], upper = interval[2L]), line = line,
       selected = slope_choice("slope", models, slopes$choice[middle],
                               slopes$slope[middle], options$scoef))
}

plateau_words <- function(options) {
  if (options$point > 0L) paste("`point` =", options$point)
  else paste0(format(100 * options$pct), " % (`pct`)")
}

# Returns a row per regression: on all models, without the smallest, and so on
# down to the two largest.
successive_slopes <- function(models, options) {
  starts <- seq_len(nrow(models) - 1L)
  slope <- vapply(starts, function(p) {
    slope_line(models, p, options$regression)[["slope"]]
  }, 0)
  choice <- vapply(slope, function(kappa) {
    which.min(models$contrast + options$scoef * kappa * models$shape)
  }, 0L)
  data.frame(points = nrow(models) + 1L - starts, shape = models$shape[starts],
             slope = slope, model = models$model[choice],
             dimension = models$dimension[choice],
             plateau = cumsum(c(TRUE, diff(choice) != 0L)), index = starts,
             choice = choice)
}

slope_plateaus <- function(slopes) {
  first <- !duplicated(slopes$plateau)
  size <- tabulate(slopes$plateau)
  data.frame(model = slopes$model[first], dimension = slopes$dimension[first],
             from = slopes$points[first],
             to = slopes$points[!duplicated(slopes$plateau, fromLast = TRUE)],
             size = size, share = size / nrow(slopes))
}

# Returns the line of minus the contrast over the shape, from the p-th model on.
slope_line <- function(models, p, regression) {
  rows <- p:nrow(models)
  fit_line(models$shape[rows], -models$contrast[rows], regression)
}

# Returns an M-estimate of a line by iterated weighted least squares, starting
# at least squares. The scale is the median absolute residual over 0.6745 in
# each iteration; there are at most 20 iterations, fewer once the residuals
# change by less than 1e-4.
fit_line <- function(x, y, regression = "bisquare") {
  line <- weighted_line(x, y, rep(1, length(x)))
  if (regression == "lm") return(line)
  weight <- line_weights[[regression]]
  residual <- y - line[[1L]] - line[[2L]] * x
  for (iteration in 1:20) {
    scale <- stats::median(abs(residual)) / 0.6745
    if (scale == 0) break
    line <- weighted_line(x, y, weight(residual / scale))
    last <- residual
    residual <- y - line[[1L]] - line[[2L]] * x
    change <- sum((last - residual)^2) / max(1e-20, sum(last^2))
    if (sqrt(change) <= 1e-4) break
  }
  line
}

weighted_line <- function(x, y, w) {
  w <- w / sum(w)
  mean_x <- sum(w * x)
  mean_y <- sum(w * y)
  slope <- sum(w * (x - mean_x) * (y - mean_y)) / sum(w * (x - mean_x)^2)
  c(intercept = mean_y - slope * mean_x, slope = slope)
}

# The usual tuning constants: 4.685, 1.345, and 2, 4, 8.
line_weights <- list(
  bisquare = function(u) (1 - pmin(1, abs(u / 4.685))^2)^2,
  huber = function(u) pmin(1, 1.345 / abs(u)),
  hampel = function(u) {
    u <- abs(u)
    ifelse(u <= 2, 1, pmin(2, pmax(0, 2 * (8 - u) / 4)) / u)
  })
