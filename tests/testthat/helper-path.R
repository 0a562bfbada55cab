# Paths that the tests share.

quick_path <- function(d, K = 2, ..., expert = penalty_lasso(),
                       gate = penalty_lasso(), nlambda = 10, starts = 2,
                       seed = 1) {
  set.seed(seed)
  moe_path(d$x, d$y, K = K, nlambda = nlambda,
           gate = gate_softmax(penalty = gate),
           expert = expert_gaussian(shared = TRUE, penalty = expert),
           control = moe_control(starts = starts), ...)
}

regular <- function(path) path$table$status == "converged"

# no slope that the path may set to 0 is used
expect_null_point <- function(table, i = 1) {
  expect_identical(table$nonzero_expert[i] + table$nonzero_gate[i], 0L)
}

# the objective at a point, reached from the fit at another one
carried_over <- function(path, from, to) {
  table <- path$table
  ratio <- if (is.na(table$ratio[to])) 1 else table$ratio[to]
  run <- run_or_null(set_lambda(path$problem, table$lambda[to], ratio),
                     point_theta(path$points[[from]]), NULL,
                     engine_control(path$settings$control))
  if (is.null(run) || run$degenerate) -Inf else run$objective
}
