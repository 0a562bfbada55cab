# The translation that makes the loss smallest.

test_that("the weighted median makes the sum of distances smallest", {
  set.seed(1)
  for (i in 1:20) {
    x <- rexp(5)
    w <- rexp(5)
    at <- gatemix:::weighted_median(x, w)
    value <- function(s) sum(w * abs(x - s))
    expect_lte(value(at), min(vapply(x, value, 0)) + 1e-12)
  }
})

test_that("sums of powers are at their minimum", {
  set.seed(2)
  for (d in 1:3) for (i in 1:10) {
    g <- matrix(rnorm(4 * d), d)
    w <- rexp(4)
    constant <- if (i %% 2) rexp(4) else numeric(4)
    e <- sample(c(1, 4, 6), 4, replace = TRUE)
    value <- function(t) sum(w * (colSums((g - t)^2) + constant)^(e / 2))
    found <- gatemix:::smallest_powers(g, w, constant, e)
    others <- c(list(optim(rowMeans(g), value, method = if (d == 1) "BFGS"
                           else "Nelder-Mead")$par),
                lapply(1:50, function(j) found + rnorm(d) * 10^-runif(1, 0, 6)))
    expect_lte(value(found), min(vapply(others, value, 0)) * (1 + 1e-9))
  }
})

test_that("no translation on a grid is better", {
  estimate <- overfitted(300, seed = 4)
  truth <- merged(without_warnings(moe_dendrogram(estimate)), 2)
  atoms <- gatemix:::match_atoms(gatemix:::voronoi_atoms(estimate),
                                 gatemix:::voronoi_atoms(truth))
  for (type in c("D1", "D2")) {
    both <- gatemix:::compare_atoms(
      gatemix:::normalised_gauge(atoms$estimate),
      gatemix:::normalised_gauge(atoms$truth),
      list(type = type, norm = "joint", zero_mean = c(FALSE, FALSE)))
    value <- function(t2) {
      gatemix:::loss_value(both, gatemix:::nearest_cells(both, t2), t2)
    }
    best <- voronoi_loss(estimate, truth, type)
    expect_near(value(best$translation$t2), best$loss)
    grid <- best$translation$t2 + c(seq(-30, 30, by = 0.5), 1e-4, -1e-4)
    expect_lte(best$loss, min(vapply(grid, value, 0)) + 1e-10)
  }
})

test_that("the best translation may lie where cells change", {
  far <- function(K) {
    moe_model(y ~ x, gate_coef = rbind(rnorm(K), rnorm(K, sd = 3)),
              expert_coef = matrix(rnorm(2 * K), 2), variance = rexp(K) + 0.1)
  }
  set.seed(1)
  for (i in some_cases(3, full = 10)) {
    estimate <- far(4)
    truth <- far(2)
    best <- without_warnings(voronoi_loss(estimate, truth))
    atoms <- gatemix:::match_atoms(gatemix:::voronoi_atoms(estimate),
                                   gatemix:::voronoi_atoms(truth))
    both <- gatemix:::compare_atoms(
      gatemix:::normalised_gauge(atoms$estimate),
      gatemix:::normalised_gauge(atoms$truth),
      list(type = "D2", norm = "joint", zero_mean = c(FALSE, FALSE)))
    grid <- vapply(seq(-12, 12, by = 0.02), function(t2) {
      gatemix:::loss_value(both, gatemix:::nearest_cells(both, t2), t2)
    }, 0)
    expect_lte(best$loss, min(grid) * (1 + 1e-3))
  }
})
