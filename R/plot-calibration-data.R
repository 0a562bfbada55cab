# Types "pit" and "calibration": the fitted distribution function at the
# responses, which is uniform where the model is right.

# a row per observation and response: the probability integral transform
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

pit_picture <- function(object, rows, level) {
  values <- pit_values(object, rows)
  bars <- lapply(split_responses(values), pit_bars, level = level)
  new_picture("pit", list(bars = do.call(rbind, bars), data = values),
              object$K, level = level)
}

split_responses <- function(d) {
  unname(split(d, factor(d$response, unique(d$response))))
}

# At least ten rows are expected in a bin where there are fifty or more.
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

# Limits of the share of n rows that are hit with these probabilities.
binomial_band <- function(probability, n, level) {
  n <- max(1, round(n))
  tail <- (1 - level) / 2
  list(lower = stats::qbinom(tail, n, probability) / n,
       upper = stats::qbinom(1 - tail, n, probability) / n)
}

calibration_picture <- function(object, rows, level) {
  values <- pit_values(object, rows)
  shares <- lapply(split_responses(values), calibration_shares, level = level)
  new_picture("calibration", list(shares = do.call(rbind, shares),
                                  data = values),
              object$K, level = level)
}

calibration_kinds <- c("below the quantile", "in the central interval")

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
