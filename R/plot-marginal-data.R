# Type "fit" without predictors: a histogram per response, or two responses
# against each other.

# Returns the picture for a model without predictors.
marginal_picture <- function(object, rows, level) {
  if (ncol(rows$y) == 2L) return(pair_picture(object, rows, level))
  parts <- lapply(colnames(rows$y), marginal_curves, object = object,
                  rows = rows)
  new_picture("histogram",
              list(bars = do.call(rbind, lapply(parts, `[[`, "bars")),
                   density = do.call(rbind, lapply(parts, `[[`, "density"))),
              object$K)
}

# Returns, for one response, the `bars` of its histogram and the `density` of
# the mixture and of each expert times its weight.
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

# Returns the picture of two responses: the data with ellipses of each expert.
pair_picture <- function(object, rows, level) {
  ellipses <- do.call(rbind, lapply(seq_len(object$K), function(k) {
    rbind(expert_ellipse(object, rows, k, 0.5),
          expert_ellipse(object, rows, k, level))
  }))
  data <- data.frame(rows$y, expert = rows$expert, check.names = FALSE)
  new_picture("pair", list(data = data, ellipses = ellipses), object$K,
              level = level)
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

ellipse_label <- function(level) {
  paste0("ellipses: 50 %, ", band_percent(level))
}
