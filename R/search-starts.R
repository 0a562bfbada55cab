# Where EM begins. Each rule gives labels 1..K for the rows of a problem; the
# search runs all starts for a short while, ranks them and finishes the best.

start_rules <- list(
  kmeans = function(s, K) kmeans_labels(cbind(s$z, s$y), K),
  random = function(s, K) random_labels(s$n, K),
  residual = function(s, K) residual_labels(s, K),
  kmeans_x = function(s, K) kmeans_labels(s$z, K),
  segment = function(s, K) segment_labels(s$z, K)
)

# Returns a rule for each start. With many columns, clusters of rows mean
# little, and random labels come first.
rules_in_turn <- function(problem, control) {
  rules <- control$init
  if (is.null(rules)) {
    rules <- names(start_rules)
    columns <- max(length(problem$x_columns), length(problem$z_columns))
    if (columns > most_start_columns) {
      rules <- c("random", "residual", setdiff(rules, c("random", "residual")))
    }
  }
  rep_len(rules, control$starts)
}

# Returns standardised predictors and response of the search's rows, as plain
# matrices for the rules. Of many columns only those that seem to matter most
# are kept.
start_data <- function(problem) {
  y <- problem$y
  if (!is.null(problem$offset)) y <- y - problem$offset
  spread <- apply(y, 2L, stats::sd)
  spread[!is.finite(spread) | spread == 0] <- 1
  y <- sweep(sweep(y, 2L, colMeans(y)), 2L, spread, `/`)
  x <- start_columns(problem$x, problem$x_columns, problem$x_center,
                     problem$x_scale, y)
  z <- if (is.null(problem$z)) x else
    start_columns(problem$z, problem$z_columns, problem$z_center,
                  problem$z_scale, y)
  list(x = x, z = z, y = y, n = nrow(y))
}

# More columns than this make distances between rows noise.
most_start_columns <- 50L
few_start_columns <- 20L

start_columns <- function(m, columns, center, scale, y) {
  if (length(columns) > most_start_columns) {
    effect <- engine_cross_product(m, columns, center, scale,
                                   cbind(y, y^2 - 1))
    at <- sort(utils::head(order(-apply(abs(effect), 1L, max)),
                           few_start_columns))
    columns <- columns[at]
    center <- center[at]
    scale <- scale[at]
  }
  m <- as.matrix(m[, columns, drop = FALSE])
  m <- sweep(sweep(m, 2L, center), 2L, scale, `/`)
  m[, apply(m, 2L, function(v) any(v != v[1L])), drop = FALSE]
}

random_labels <- function(n, K) sample(rep_len(seq_len(K), n))

kmeans_labels <- function(m, K) {
  if (ncol(m) == 0L) return(random_labels(nrow(m), K))
  centers <- m[sample.int(nrow(m), K), , drop = FALSE]
  # kmeans() fails with fewer than K distinct points
  tryCatch(
    suppressWarnings(stats::kmeans(m, centers, iter.max = 30L))$cluster,
    error = function(e) random_labels(nrow(m), K)
  )
}

# Returns quantile groups along a random direction of the predictors.
segment_labels <- function(z, K) {
  if (ncol(z) == 0L) return(random_labels(nrow(z), K))
  direction <- stats::rnorm(ncol(z))
  along <- rank(drop(z %*% direction), ties.method = "first")
  cuts <- sort(stats::runif(K - 1L))
  findInterval((along - 0.5) / length(along), cuts) + 1L
}

# Returns labels by regressions on small random neighbourhoods that take rows
# one after the other: each new one begins where the others fit worst.
residual_labels <- function(s, K) {
  design <- cbind(1, s$x)
  size <- min(s$n, max(2L * ncol(design) + 2L, ceiling(s$n / (4 * K))))
  near <- if (ncol(s$z)) s$z else s$y
  error <- matrix(Inf, s$n, K)
  best <- rep(1, s$n)
  for (k in seq_len(K)) {
    seed <- sample.int(s$n, 1L, prob = best)
    distance <- rowSums(sweep(near, 2L, near[seed, ])^2) +
      rowSums(sweep(s$y, 2L, s$y[seed, ])^2)
    rows <- order(distance)[seq_len(size)]
    fitted <- qr.coef(qr(design[rows, , drop = FALSE]),
                      s$y[rows, , drop = FALSE])
    fitted[is.na(fitted)] <- 0
    error[, k] <- rowSums((s$y - design %*% fitted)^2)
    best <- pmin(error[, k], if (k == 1L) Inf else best) + 1e-12
    best <- pmin(best, 25 * stats::median(best))
  }
  max.col(-error, ties.method = "first")
}

# Returns labels that all occur, because an expert without rows would stay
# empty.
fill_labels <- function(labels, K) {
  for (k in setdiff(seq_len(K), labels)) {
    crowded <- which(labels == which.max(tabulate(labels, K)))
    labels[sample(crowded, max(1L, length(crowded) %/% 2L))] <- k
  }
  as.integer(labels)
}
