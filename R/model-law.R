# The distribution of one response given the predictors: a mixture of the
# experts' laws (see expert_law()) with the gate's probabilities as weights.

# Returns f(y, gate, mean, law) for each response on its own, n x q. `y` is NULL
# if the values were made without the response.
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

# Returns log P(Y <= y), or log P(Y > y), of the mixture. A probability near one
# is computed from its complement, so that its logarithm is accurate, too.
mixture_log_cdf <- function(y, gate, mean, law, lower_tail = TRUE) {
  out <- log_tail(y, gate, mean, law, lower_tail)
  large <- which(out > -log(2))
  rest <- log_tail(y[large], gate[large, , drop = FALSE],
                   mean[large, , drop = FALSE], law, !lower_tail)
  out[large] <- log1p(-exp(rest))
  out
}

log_tail <- function(y, gate, mean, law, lower_tail) {
  log_sum_exp(log_gate(gate) + law$cdf(y, mean, lower_tail, log = TRUE))
}

# The engine's exponential ends at 3e-308. A probability as small as that only
# says that the expert is out of the question.
no_gate <- 1e-300

log_gate <- function(gate) {
  gate[which(gate < no_gate)] <- 0
  log(gate)
}

# Returns the logarithms of the probability integral transform and of one minus
# it. If the law has atoms (at whole numbers), the transform is drawn uniformly
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

# Returns the normal score of the transform, from the smaller tail.
normal_score <- function(y, gate, mean, law) {
  p <- log_pit(y, gate, mean, law)
  ifelse(p$below < p$above, stats::qnorm(p$below, log.p = TRUE),
         stats::qnorm(p$above, lower.tail = FALSE, log.p = TRUE))
}

# Returns the root of P(Y <= q) = prob for each row (or of P(Y > q) = prob). It
# is found in the smaller tail and on the log scale, by Newton steps inside a
# bracket and by bisection where they leave it or where a step did not halve the
# error (between two experts Newton's method can go in circles). A row that is
# done is not touched again.
mixture_quantile <- function(prob, gate, mean, law, lower_tail = TRUE) {
  if (prob > 0.5) {
    prob <- 1 - prob
    lower_tail <- !lower_tail
  }
  bounds <- quantile_bounds(prob, gate, mean, law, lower_tail)
  x <- bounds[, 1L] / 2 + bounds[, 2L] / 2
  allowed <- rep(Inf, length(x))
  todo <- which(!is.na(x))
  # bisection alone takes no more steps than there are binary digits and
  # exponents
  for (i in seq_len(2200L)) {
    if (!length(todo)) break
    at <- x[todo]
    step <- newton_step(at, prob, gate[todo, , drop = FALSE],
                        mean[todo, , drop = FALSE], law, lower_tail)
    low <- ifelse(step$error < 0, at, bounds[todo, 1L])
    high <- ifelse(step$error > 0, at, bounds[todo, 2L])
    bounds[todo, ] <- c(low, high)
    good <- step$end | step$to >= low & step$to <= high &
      abs(step$error) <= allowed[todo]
    x[todo] <- ifelse(good, step$to, low / 2 + high / 2)
    allowed[todo] <- ifelse(good, abs(step$error) / 2, Inf)
    todo <- todo[!step$end & high > low]
  }
  x
}

# Returns a bracket of the quantile, which lies between the smallest and the
# largest of the experts' own. Often it is next to one of these, so the bracket
# leaves room for a step beyond.
quantile_bounds <- function(prob, gate, mean, law, lower_tail) {
  each <- law$quantile(prob, mean, lower_tail)
  each[which(gate < no_gate)] <- NA
  low <- do.call(pmin, c(columns(each), na.rm = TRUE))
  high <- do.call(pmax, c(columns(each), na.rm = TRUE))
  room <- (high - low) / 4
  cbind(low - room, high + room)
}

# Returns one step of Newton's method for log P = log(prob) at x. `error` is
# positive to the right of the root; `end` says that x is the root as far as
# rounding lets one see.
newton_step <- function(x, prob, gate, mean, law, lower_tail) {
  tail <- log_tail(x, gate, mean, law, lower_tail)
  density <- log_sum_exp(log_gate(gate) + law$density(x, mean, log = TRUE))
  error <- (tail - log(prob)) * if (lower_tail) 1 else -1
  to <- x - error * exp(tail - density)
  to[!is.finite(to)] <- Inf
  solved <- abs(error) <= 1e-14 + 4e-16 * abs(log(prob))
  to[solved] <- x[solved]
  list(to = to, error = error, end = solved | abs(to - x) <= 1e-15 * abs(x))
}

# Returns E|Y - y| - E|Y - Y'| / 2 for independent Y, Y' from the mixture.
mixture_crps <- function(y, gate, mean, law) {
  out <- rowSums(gate * law$distance(y, mean))
  K <- ncol(gate)
  for (k in seq_len(K)) {
    for (l in seq_len(k)) {
      # a pair of experts counts twice, an expert paired with itself once
      share <- gate[, k] * gate[, l] * if (k == l) 0.5 else 1
      out <- out - share * law$spread(mean, k, l)
    }
  }
  out
}
