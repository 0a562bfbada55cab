# Returns the permutation with the smallest sum of costs: row k gets column
# order[k]. Dynamic programming over the sets of columns that the first rows
# take; for more than 15 rows greedy_matching().
best_matching <- function(cost) {
  K <- nrow(cost)
  if (K > 15L) return(greedy_matching(cost))
  best <- c(0, rep(Inf, 2^K - 1))
  last <- integer(2^K)
  bit <- 2^(seq_len(K) - 1L)
  size <- vapply(seq_len(2^K) - 1L, function(s) {
    sum(bitwAnd(s, as.integer(bit)) > 0L)
  }, 0L)
  for (set in order(size)[-1L]) {
    k <- size[set]
    inside <- which(bitwAnd(set - 1L, as.integer(bit)) > 0L)
    values <- best[set - bit[inside]] + cost[k, inside]
    best[set] <- min(values)
    last[set] <- inside[which.min(values)]
  }
  out <- integer(K)
  set <- 2^K
  for (k in rev(seq_len(K))) {
    out[k] <- last[set]
    set <- set - bit[out[k]]
  }
  out
}

# Matches the closest row and column, then the closest of those that are left.
greedy_matching <- function(cost) {
  out <- integer(nrow(cost))
  for (step in seq_len(nrow(cost))) {
    at <- arrayInd(which.min(cost), dim(cost))
    out[at[1L]] <- at[2L]
    cost[at[1L], ] <- cost[, at[2L]] <- Inf
  }
  out
}
