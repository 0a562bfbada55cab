# Moves that leave a local optimum: one expert gives up its rows and another is
# split in two, or a border shifts. They succeed where fresh starts rarely do,
# because most of a good fit is right already.

# Tries moves from `best` until `tries` of them in a row have failed.
improve_best <- function(problem, data, best, control, tries, tick) {
  labels <- NULL
  failures <- 0L
  while (failures < tries) {
    if (is.null(labels)) labels <- ranked_labels(problem, best)
    moved <- move_labels(labels, data, problem$spec$K)
    run <- run_move(problem, moved, best, control)
    if (better_run(run, best)) {
      run$iterations <- run$iterations + best$iterations
      best <- run
      labels <- NULL
      failures <- 0L
    } else {
      failures <- failures + 1L
      tick()
    }
  }
  best
}

# Returns as many moves as starts, and up to ten times as many if rows are few.
number_of_moves <- function(control, rows) {
  if (!is.null(control$moves)) return(control$moves)
  as.integer(ceiling(control$starts * min(10, max(1, 3000 / rows))))
}

# Returns a run after a move, given up early if it stays far behind the best.
run_move <- function(problem, labels, best, control) {
  run <- first_round(problem, labels, control)
  behind <- max(10 * best$unit, 0.02 * total_weight(problem))
  for (iterations in race_effort$iterations[-1L]) {
    if (run$status %in% c("converged", "saturated", "failed")) break
    if (run$objective < best$objective - behind) break
    run <- resume_run(problem, run, iterations, control)
    behind <- behind / 2
  }
  run
}

# Returns each row's most probable expert, its second choice, and its residuals
# from the first.
ranked_labels <- function(problem, run) {
  values <- engine_evaluate(problem, run$theta)
  posterior <- values$posterior
  n <- nrow(posterior)
  q <- length(problem$y_scale)
  first <- max.col(posterior, ties.method = "first")
  own <- cbind(seq_len(n), first)
  posterior[own] <- -1
  y <- problem$y
  if (!is.null(problem$offset)) y <- y - problem$offset
  means <- array(values$mean, c(n, q, problem$spec$K))
  residual <- vapply(seq_len(q), function(j) {
    (y[, j] - problem$y_center[j]) / problem$y_scale[j] -
      matrix(means[, j, ], n)[own]
  }, numeric(n))
  list(first = first, second = max.col(posterior, ties.method = "first"),
       residual = matrix(residual, n, q))
}

# Returns the labels after a large or a small move, chosen at random.
move_labels <- function(labels, data, K) {
  moved <- if (stats::runif(1L) < 0.5) split_and_merge(labels, data, K)
    else shift_border(labels, data, K)
  fill_labels(moved, K)
}

# Gives the rows of one expert to their second choice and splits the rows of
# another in two along a random direction.
split_and_merge <- function(labels, data, K) {
  gone <- sample.int(K, 1L)
  split <- if (K == 2L) 3L - gone
    else sample(setdiff(seq_len(K), gone), 1L)
  out <- ifelse(labels$first == gone, labels$second, labels$first)
  rows <- which(out == split)
  along <- random_direction(labels, data, rows)
  cut <- stats::quantile(along, stats::runif(1L, 0.2, 0.8), names = FALSE)
  out[rows[along > cut]] <- gone
  out
}

# Gives those rows of one expert that lie farthest in a random direction to
# another.
shift_border <- function(labels, data, K) {
  pair <- sample.int(K, 2L)
  out <- labels$first
  rows <- which(out == pair[1L])
  if (length(rows) < 2L) return(out)
  along <- random_direction(labels, data, rows)
  cut <- stats::quantile(along, stats::runif(1L, 0.5, 0.95), names = FALSE)
  out[rows[along > cut]] <- pair[2L]
  out
}

# Returns the positions of rows along a random direction of the predictors, the
# residuals or both.
random_direction <- function(labels, data, rows) {
  space <- switch(sample.int(3L, 1L), data$z, labels$residual,
                  cbind(data$z, labels$residual))
  if (ncol(space) == 0L) space <- labels$residual
  drop(space[rows, , drop = FALSE] %*% stats::rnorm(ncol(space)))
}
