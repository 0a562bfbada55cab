# Types "pit" and "calibration": the fitted distribution function at the
# responses, which is uniform where the model is right.

#' @export
picture_data.type_pit <- function(type, object, level = 0.95, newdata, ...) {
  values <- pit_values(object, plot_rows(object, newdata))
  bars <- lapply(split_responses(values), pit_bars, level = level)
  new_picture("pit", list(bars = do.call(rbind, bars), data = values),
              object$K, level = level)
}

#' @export
picture_data.type_calibration <- function(type, object, level = 0.95, newdata,
                                          ...) {
  values <- pit_values(object, plot_rows(object, newdata))
  shares <- lapply(split_responses(values), calibration_shares, level = level)
  new_picture("calibration", list(shares = do.call(rbind, shares),
                                  data = values),
              object$K, level = level)
}

# Returns the probability integral transform, a row per observation and
# response.
pit_values <- function(object, rows) {
  pit <- residual_matrix(object, rows$values, "pit")
  weights <- if (is.null(rows$weights)) 1 else rows$weights
  out <- data.frame(response = rep(colnames(rows$y), each = nrow(rows$y)),
                    pit = as.vector(pit), expert = rows$expert,
                    weight = weights)
  out <- out[out$weight > 0 & !is.na(out$pit), ]
  rownames(out) <- NULL
  out
}

# Returns the bars of the histogram of one response. From fifty rows on, at
# least ten are expected in each bin.
pit_bars <- function(values, level) {
  n <- effective_rows(values$weight)
  bins <- min(20, max(5, floor(n / 10)))
  breaks <- seq(0, 1, length.out = bins + 1L)
  cell <- cut(values$pit, breaks, include.lowest = TRUE)
  share <- tapply(values$weight, cell, sum, default = 0) / sum(values$weight)
  band <- binomial_band(1 / bins, n, level)
  data.frame(response = values$response[1L], from = breaks[-(bins + 1L)],
             to = breaks[-1L], density = as.vector(share) * bins,
             lower = band$lower * bins, upper = band$upper * bins)
}

# Returns the limits that the share of n rows has with probability `level`, if
# each is hit with this probability.
binomial_band <- function(probability, n, level) {
  n <- max(1, round(n))
  tail <- (1 - level) / 2
  list(lower = stats::qbinom(tail, n, probability) / n,
       upper = stats::qbinom(1 - tail, n, probability) / n)
}

calibration_kinds <- c("below the quantile", "in the central interval")

# Returns the observed shares of one response for each nominal probability.
calibration_shares <- function(values, level) {
  nominal <- seq(0.01, 0.99, by = 0.01)
  share <- function(u) {
    vapply(nominal, function(p) {
      stats::weighted.mean(u <= p, values$weight)
    }, 0)
  }
  observed <- c(share(values$pit), share(abs(2 * values$pit - 1)))
  band <- binomial_band(nominal, effective_rows(values$weight), level)
  data.frame(response = values$response[1L],
             kind = rep(calibration_kinds, each = length(nominal)),
             nominal = nominal, observed = observed, lower = band$lower,
             upper = band$upper)
}

# Returns how many equally weighted rows a share of weighted ones is worth
# (Kish's effective number).
effective_rows <- function(weights) sum(weights)^2 / sum(weights^2)

calibration_lines <- data.frame(col = c("#0072B2", "#D55E00"),
                                lty = c("solid", "42"))

bar_colour <- "#A3C8E2"
