# Refits without the penalty: what is 0 stays 0.

# Returns the refitted points of a path with their table. A support that occurs
# again is refitted from its other coefficients, too, and the better refit is
# taken.
relax_path <- function(path, meter) {
  meter$phase()
  settings <- relaxed_settings(path$settings)
  problem <- relaxed_problem(path$problem)
  points <- lapply(path$points, function(point) {
    meter$run()
    relaxed_point(problem, point, settings)
  })
  support <- vapply(path$points, function(point) {
    text_hash(paste(point$at, collapse = " "))
  }, "")
  for (same in split(seq_along(points), support)) {
    objective <- vapply(points[same], `[[`, 0, "objective")
    degenerate <- vapply(points[same], `[[`, TRUE, "degenerate")
    best <- same[order(degenerate, -objective)[1L]]
    points[same] <- points[best]
  }
  table <- path$table
  list(points = points,
       table = path_table(points, table$lambda,
                          ifelse(is.na(table$ratio), 1, table$ratio),
                          problem, settings))
}

relaxed_point <- function(problem, point, settings) {
  theta <- stats::setNames(point_theta(point), NULL)
  start <- engine_initial(problem)
  start[] <- theta
  run <- run_or_null(problem, start, NULL, engine_control(settings$control))
  if (is.null(run)) return(replace(point, "degenerate", list(TRUE)))
  new_point(problem, run, order = seq_len(settings$K))
}
