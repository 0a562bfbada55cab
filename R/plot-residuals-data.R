# Type "residuals": Pearson residuals against fitted values, and a normal
# quantile plot of the quantile residuals.

#' @export
picture_data.type_residuals <- function(type, object, level = 0.95, newdata,
                                        ...) {
  rows <- plot_rows(object, newdata)
  parts <- lapply(colnames(rows$y), residual_values, object = object,
                  rows = rows)
  new_picture("residuals", list(residuals = do.call(rbind, parts)), object$K,
              level = level)
}

# Returns the rows of one response with a weight, and their residuals.
residual_values <- function(response, object, rows) {
  values <- rows$values
  fitted <- mixture_mean(values)[, response]
  sd <- sqrt(mixture_variance(object, values)[, response])
  y <- rows$y[, response]
  out <- data.frame(
    response, fitted = fitted, pearson = (y - fitted) / sd,
    quantile = residual_matrix(object, values, "quantile")[, response],
    expert = rows$expert,
    weight = if (is.null(rows$weights)) 1 else rows$weights)
  out[out$weight > 0 & !is.na(y) & !is.na(fitted), ]
}

# Returns the label and the values of the first panel's horizontal axis: the
# fitted values, or the row numbers where they are all the same.
residual_axis <- function(part) {
  constant <- diff(range(part$fitted)) < 1e-8 * max(abs(part$fitted))
  if (constant) list(label = "row", x = seq_along(part$fitted))
  else list(label = paste("fitted", part$response[1L]), x = part$fitted)
}

# Returns a smooth line through the residuals; NULL for few points.
residual_smooth <- function(x, y) {
  if (length(x) <= 10L || length(unique(x)) <= 4L) return(NULL)
  at <- thinned(seq_along(x), 10000L)
  as.data.frame(stats::lowess(x[at], y[at]))
}

# Returns the rows sorted by their quantile residuals, with the normal quantiles
# expected of them and the band that holds each with probability `level`.
normal_quantiles <- function(part, level) {
  part <- part[order(part$quantile), ]
  n <- nrow(part)
  i <- seq_len(n)
  tail <- (1 - level) / 2
  part$expected <- stats::qnorm(stats::ppoints(n))
  part$lower <- stats::qnorm(stats::qbeta(tail, i, n + 1 - i))
  part$upper <- stats::qnorm(stats::qbeta(1 - tail, i, n + 1 - i))
  part
}
