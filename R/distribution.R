# The distribution of one response given the predictors: a mixture of the
# experts' laws (see expert_law()) with the gate's probabilities as weights.

# f(y, gate, mean, law) for each response alone: n x q. `y` is NULL where the
# values were made without the response.
each_response <- function(object, values, f) {
  d <- dim(values$mean)
  out <- matrix(NA_real_, d[1L], d[2L],
                dimnames = list(NULL, dimnames(values$mean)[[2L]]))
  for (j in seq_len(d[2L])) {
    law <- expert_law(object$expert, object$parameters$expert, j)
    mean <- matrix(values$mean[, j, ], d[1L], d[3L])
    out[, j] <- f(values$y[, j], values$gate, mean, law)
  }
  out
}

# log P(Y <= y), or log P(Y > y), of the mixture. A probability near one comes
# from its complement, so that its logarithm is accurate too.
mixture_log_cdf <- function(y, gate, mean, law, lower_tail = TRUE) {
  out <- log_tail(y, gate, mean, law, lower_tail)
  large <- which(out > -log(2))
  rest <- log_tail(y[large], gate[large, , drop = FALSE],
                   mean[large, , drop = FALSE], law, !lower_tail)
  out[large] <- log1p(-exp(rest))
  out
}

log_tail <- function(y, gate, mean, law, lower_tail) {
  log_sum_exp(log(gate) + law$cdf(y, mean, lower_tail, log = TRUE))
}

log_sum_exp <- function(m) {
  top <- do.call(pmax, columns(m))
  top[is.infinite(top)] <- 0
  top + log(rowSums(exp(m - top)))
}

columns <- function(m) lapply(seq_len(ncol(m)), function(k) m[, k])

# Logarithms of the probability integral transform and of one minus it. Where
# the law has atoms (at whole numbers), the transform is drawn uniformly
# between P(Y < y) and P(Y <= y).
log_pit <- function(y, gate, mean, law) {
  tail <- function(y, lower) mixture_log_cdf(y, gate, mean, law, lower)
  if (!law$discrete) return(list(below = tail(y, TRUE), above = tail(y, FALSE)))
  u <- stats::runif(length(y))
  between <- function(lower) {
    log_sum_exp(cbind(log(u) + tail(y, lower),
                      log1p(-u) + tail(y - 1, lower)))
  }
  list(below = between(TRUE), above = between(FALSE))
}

# Their normal score, from the smaller tail.
normal_score <- function(y, gate, mean, law) {
  p <- log_pit(y, gate, mean, law)
  ifelse(p$below < p$above, stats::qnorm(p$below, log.p = TRUE),
         stats::qnorm(p$above, lower.tail = FALSE, log.p = TRUE))
}

# Root of P(Y <= q) = prob for each row (or of P(Y > q) = prob), in the smaller
# tail and on the log scale: Newton's steps inside a bracket, bisection where
# they leave it. A row that is done is not touched again.
mixture_quantile <- function(prob, gate, mean, law, lower_tail = TRUE) {
  if (prob > 0.5) {
    prob <- 1 - prob
    lower_tail <- !lower_tail
  }
  sign <- if (lower_tail) 1 else -1
  each <- law$quantile(prob, mean, lower_tail)
  # the quantile lies between the smallest and largest expert's own
  each[which(gate == 0)] <- NA
  lower <- do.call(pmin, c(columns(each), na.rm = TRUE))
  upper <- do.call(pmax, c(columns(each), na.rm = TRUE))
  x <- lower / 2 + upper / 2
  todo <- which(!is.na(x))
  # bisection alone ends within the number of binary digits and exponents
  for (i in seq_len(2200L)) {
    if (!length(todo)) break
    at <- x[todo]
    g <- gate[todo, , drop = FALSE]
    m <- mean[todo, , drop = FALSE]
    tail <- log_tail(at, g, m, law, lower_tail)
    error <- tail - log(prob)
    low <- ifelse(sign * error < 0, at, lower[todo])
    high <- ifelse(sign * error > 0, at, upper[todo])
    slope <- rowSums(g * law$density(at, m)) / exp(tail)
    newton <- at - sign * error / slope
    inside <- is.finite(newton) & newton >= low & newton <= high
    to <- ifelse(inside, newton, low / 2 + high / 2)
    done <- abs(error) <= 1e-14 | abs(to - at) <= 4e-16 * abs(at)
    lower[todo] <- low
    upper[todo] <- high
    x[todo[!done]] <- to[!done]
    todo <- todo[!done]
  }
  x
}

# E|Y - y| - E|Y - Y'| / 2 for independent Y, Y' of the mixture.
mixture_crps <- function(y, gate, mean, law) {
  out <- rowSums(gate * law$distance(y, mean))
  K <- ncol(gate)
  for (k in seq_len(K)) {
    for (l in seq_len(k)) {
      # a pair of two experts counts twice, an expert with itself once
      share <- gate[, k] * gate[, l] * if (k == l) 0.5 else 1
      out <- out - share * law$spread(mean, k, l)
    }
  }
  out
}
