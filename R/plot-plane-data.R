# Type "fit" over two predictors: the mean over their plane, or over a numeric
# one for each level of a factor.

# Returns the picture of the mean over the plane of two numeric predictors.
plane_picture <- function(object, rows, term, variables) {
  grid <- term_grid(rows, term, 101L)
  plane <- mean_over(grid, object, rows, term)
  new_picture("plane", list(data = term_data(rows, term, variables),
                            plane = plane),
              object$K, term = term,
              remark = held_remark(rows, variables, term))
}

# Returns the picture of the mean over a numeric predictor, for each level of a
# factor.
level_picture <- function(object, rows, term, variables) {
  grid <- term_grid(rows, term, 201L)
  mean <- mean_over(grid, object, rows, term)
  levels <- as.character(grid_values(rows$predictors[[term[2L]]]))
  new_picture("levels", list(data = term_data(rows, term, variables),
                             mean = mean),
              length(levels), term = term, levels = levels,
              remark = held_remark(rows, variables, term),
              group_name = "level")
}

# Returns the mean of the mixture over a grid, a row per cell and response.
mean_over <- function(grid, object, rows, term) {
  mean <- mixture_mean(evaluate_grid(object, grid))
  n <- nrow(grid)
  again <- rep(seq_len(n), ncol(mean))
  out <- variables_frame(lapply(grid[term], `[`, again), term_columns(term),
                         length(again))
  out$response <- rep(colnames(rows$y), each = n)
  out$mean <- as.vector(mean)
  out
}

# Returns the colours of the plane: greys, so that the experts' colours stand
# out.
plane_colours <- function(n = 64L) {
  grDevices::grey(seq(1, 0.78, length.out = n))
}
