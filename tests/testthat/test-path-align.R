# Experts keep their numbers along a path.

swapping_path <- function(...) {
  set.seed(1)
  x <- matrix(stats::rnorm(300 * 20), 300)
  first <- stats::runif(300) < stats::plogis(1 + 2 * x[, 1] - x[, 4])
  y <- ifelse(first, 1.5 * x[, 2] + x[, 6],
              x[, 1] - 1.5 * x[, 2] + 2 * x[, 5]) + stats::rnorm(300)
  moe_path(x, y, K = 2, nlambda = 15, control = moe_control(starts = 2), ...)
}

test_that("no swap of experts would bring two neighbours nearer", {
  path <- swapping_path()
  b <- lapply(path$points, point_experts, path$problem)
  for (i in seq_along(b)[-1L]) {
    expect_lte(sum((b[[i]] - b[[i - 1L]])^2),
               sum((b[[i]][, 2:1] - b[[i - 1L]])^2) + 1e-12)
  }
})

test_that("a point is the same fit, however its experts are numbered", {
  path <- swapping_path()
  n <- nrow(path$problem$x)
  for (i in c(1L, 8L, 15L)) {
    point <- path$points[[i]]
    theta <- engine_initial(path$problem)
    theta[] <- point_theta(point)
    stats <- engine_accumulate(path$problem, theta, NULL, 1, n, 1L)
    expect_equal(stats[["objective"]], point$objective + n * point$penalty)
    fit <- best(path, path$table$lambda[i])
    expect_equal(unname(fit$sizes), point$sizes)
    expect_equal(colSums(predict(fit, type = "posterior")), fit$sizes,
                 tolerance = 1e-6, ignore_attr = TRUE)
  }
})

test_that("BIC's choice has the order of moe(), and refits that of their path", {
  path <- swapping_path(relax = TRUE)
  fit <- best(path)
  centre <- colSums(coef(fit, "expert") *
                      c(1, colMeans(path$problem$x)[-1L]))
  expect_false(is.unsorted(centre))
  for (i in seq_along(path$points)) {
    expect_true(all(path$relaxed$points[[i]]$at %in% path$points[[i]]$at))
  }
})
