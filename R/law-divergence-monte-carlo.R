# Divergences from simulated responses, for any number of responses.

by_monte_carlo <- function(p, q, x, contrast, draws) {
  p <- drawing_side(p, x)
  q <- drawing_side(q, x)
  n <- nrow(p$values$gate)
  sum <- square <- numeric(n)
  for (i in seq_len(draws)) {
    y <- draw_y(p)
    if (contrast$both) {
      other <- stats::runif(n) < 0.5
      y[other, ] <- draw_y(q)[other, ]
    }
    f <- contrast$value(side_log_density(p, y), side_log_density(q, y))
    sum <- sum + f
    square <- square + f^2
  }
  rows <- sum / draws
  variance <- pmax(square / draws - rows^2, 0) * draws / (draws - 1)
  list(rows = rows, std_error = sqrt(sum(variance / draws)) / n,
       error = NA_real_)
}

drawing_side <- function(object, x) {
  parts <- new_matrices(object, x, FALSE)
  if (!all(parts$complete)) {
    abort_input("`x` has ", sum(!parts$complete), " row(s) with missing or ",
                "infinite values; remove them.")
  }
  if (nrow(parts$x) == 0L) abort_input("`x` has no rows.")
  list(object = object, parts = parts,
       values = evaluate_parts(object, parts, FALSE))
}

draw_y <- function(side) {
  as.matrix(draw_response(side$object, side$values)$y)
}

side_log_density <- function(side, y) {
  side$parts$y <- y
  evaluate_parts(side$object, side$parts, TRUE)$log_density
}
