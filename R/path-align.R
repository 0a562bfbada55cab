# Experts keep their numbers along a path. At the point that BIC chooses they
# have the order of moe(). From there on each point has the order in which its
# experts are nearest to those of the point before. Sorting each point on its
# own would swap experts, and break their paths, wherever two of them change
# places.

align_path <- function(points, problem, settings, table) {
  n <- length(points)
  if (settings$K == 1L || n < 2L) return(points)
  regular <- regular_points(table)
  anchor <- if (any(regular)) which.min(replace(table$BIC, !regular, Inf))
    else n
  for (i in rev(seq_len(anchor - 1L))) {
    points[[i]] <- align_point(points[[i]], points[[i + 1L]], problem)
  }
  for (i in anchor + seq_len(n - anchor)) {
    points[[i]] <- align_point(points[[i]], points[[i - 1L]], problem)
  }
  points
}

align_point <- function(point, neighbour, problem) {
  a <- point_experts(neighbour, problem)
  b <- point_experts(point, problem)
  cost <- outer(colSums(a^2), colSums(b^2), `+`) - 2 * crossprod(a, b)
  order <- best_matching(cost)
  if (identical(as.integer(order), seq_along(order))) return(point)
  theta <- engine_initial(problem)
  theta[] <- point_theta(point)
  theta <- engine_permute(problem, theta, order)
  used <- which(theta != 0)
  point$at <- used
  point$value <- unname(theta[used])
  point$sizes <- point$sizes[order]
  point$floored <- point$floored[order]
  point
}

# Returns the standardised coefficients of the experts, a column each.
point_experts <- function(point, problem) {
  b <- expert_slopes(problem, point_theta(point))
  matrix(b, ncol = problem$spec$K)
}
