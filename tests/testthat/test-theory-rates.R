# Rate experiments.

quick <- moe_control(max_iter = 3, accelerate = FALSE)

few_rates <- function(...) {
  rate_experiment(moe_truth("ggmoe_1"), K = 4, n = c(200, 400),
                  starts = "near", control = quick, seed = 1, ...)
}

# Everything but the clock.
without_seconds <- function(x) {
  x$fits$seconds <- NULL
  x[c("fits", "blocks")]
}

# An experiment whose losses are what one likes.
planted <- function(n, loss, status = "ok", start = "near") {
  made <- data.frame(n = n, replicate = seq_along(n), start = start,
                     status = status, loss = loss, untranslated = loss,
                     loglik = 0, iterations = 1L, cells = "1-2", seconds = 1,
                     message = NA_character_)
  blocks <- data.frame(made[1:4], cell = 2L, size = 2L, block = "gate",
                       exponent = 4, error = n^-0.125)
  structure(list(fits = made, blocks = blocks, truth = moe_truth("sgmoe"),
                 K = 3L, n = sort(unique(n)), replicates = 2L,
                 starts = unique(start), tries = 1L, type = "D2"),
            class = "rate_experiment")
}

test_that("there is a row for each data set and start, with its loss", {
  r <- rate_experiment(moe_truth("sgmoe"), K = 3, n = c(300, 150),
                       replicates = 2, control = quick, seed = 3)
  expect_identical(r$n, c(150, 300))
  expect_identical(r$type, "D2")
  fits <- tidy(r)
  expect_identical(nrow(fits), 8L)
  expect_identical(as.vector(table(fits$start, fits$n)), rep(2L, 4))
  expect_true(all(fits$loss > 0))
  # three fitted experts in two cells
  sizes <- lapply(strsplit(fits$cells, "-"), as.integer)
  expect_true(all(lengths(sizes) == 2L))
  expect_true(all(vapply(sizes, sum, 0L) == 3L))
})

test_that("a loss is that of the same fit by hand", {
  truth <- moe_truth("ggmoe_1")
  r <- rate_experiment(truth, K = 3, n = c(200, 300), replicates = 1,
                       starts = "default", seed = 5)
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(gatemix:::restore_seed(old))
  assign(".Random.seed", gatemix:::replicate_seeds(2, 5)[[1]], globalenv())
  d <- simulate(truth, n = 200)
  fit <- suppressWarnings(moe(y ~ x, d, K = 3, gate = gate_gaussian()))
  loss <- voronoi_loss(fit, truth)
  expect_equal(r$fits$loss[1], loss$loss)
  expect_equal(r$fits$loglik[1], as.numeric(logLik(fit)))
  # one expert in each cell: the errors are the norms
  expect_identical(as.integer(loss$cells$size), rep(1L, 3))
  slope <- r$blocks[r$blocks$n == 200 & r$blocks$block == "slope", ]
  expect_equal(slope$error, loss$experts$slope[order(loss$experts$cell)])
})

test_that("errors carry the exponents of their cells", {
  r <- rate_experiment(moe_truth("sgmoe"), K = 4, n = c(500, 1000),
                       replicates = 4, starts = "near", control = quick,
                       seed = 2)
  rates <- voronoi_exponents(1:3)
  for (M in unique(r$blocks$size)) {
    for (block in c("gate", "intercept", "slope", "variance")) {
      own <- r$blocks[r$blocks$size == M & r$blocks$block == block, ]
      expect_equal(unique(1 / (2 * own$exponent)), rates[[block]][M])
    }
  }
  expect_true(all(r$blocks$exponent[r$blocks$block == "weight"] == 1))
  expect_equal(gatemix:::power_mean(c(1, 3), c(1, 1), 2), sqrt(5))
  expect_equal(gatemix:::power_mean(c(1e200, 1e200), c(1, 3), 4), 1e200)
  expect_identical(gatemix:::power_mean(c(0, 0), c(1, 1), 4), 0)
})

test_that("the seed decides, and leaves the generator alone", {
  set.seed(1)
  state <- .Random.seed
  a <- few_rates(replicates = 2)
  expect_identical(.Random.seed, state)
  expect_identical(without_seconds(few_rates(replicates = 2)),
                   without_seconds(a))
})

test_that("any plan of the futures gives the same numbers", {
  here <- few_rates(replicates = 2)
  local_workers()
  there <- few_rates(replicates = 2)
  expect_identical(without_seconds(there), without_seconds(here))
})

test_that("an experiment goes on where it was stopped, and grows", {
  folder <- tempfile("rates")
  on.exit(unlink(folder, recursive = TRUE))
  plain <- few_rates(replicates = 3)
  few_rates(replicates = 2, checkpoint = folder)
  files <- list.files(folder, "[.]rds$", full.names = TRUE)
  expect_length(files, 4)
  Sys.setFileTime(files, as.POSIXct("2001-01-01"))
  # one was lost
  unlink(files[1])
  again <- few_rates(replicates = 3, checkpoint = folder)
  expect_identical(without_seconds(again), without_seconds(plain))
  expect_identical(sum(file.mtime(files) < as.POSIXct("2002-01-01")), 3L)
  expect_error(few_rates(replicates = 3, checkpoint = folder, tries = 2),
               class = "gatemix_error_checkpoint")
})

test_that("both starts see the same data", {
  both <- rate_experiment(moe_truth("ggmoe_1"), K = 4, n = c(200, 400),
                          replicates = 2, control = quick, seed = 1)
  near <- few_rates(replicates = 2)
  expect_identical(both$fits$loss[both$fits$start == "near"], near$fits$loss)
})

test_that("more starts near the truth never lower the likelihood", {
  one <- few_rates(replicates = 3)
  five <- few_rates(replicates = 3, tries = 5)
  expect_true(all(five$fits$loglik >= one$fits$loglik))
})

test_that("starts near the truth are near it, all true experts used", {
  truth <- moe_truth("sgmoe")
  set.seed(1)
  starts <- lapply(1:50, function(i) gatemix:::near_start(truth, 4L, 1e4))
  losses <- lapply(starts, voronoi_loss, truth = truth)
  sizes <- t(vapply(losses, function(l) l$cells$size, 1:2))
  expect_true(all(sizes >= 1L))
  expect_identical(sort(unique(sizes[, 1])), 1:3)
  # split weights are divided by their number: no error in the sums
  off <- vapply(losses, function(l) max(abs(l$cells$weight - l$cells$target)),
                0)
  expect_lt(max(off), 0.02)
  slopes <- vapply(losses, function(l) max(l$experts$slope), 0)
  expect_lt(max(slopes), 5 * 0.05)
  # noise of its own for each coordinate
  s <- starts[[1]]$parameters$expert$coefficients
  expect_identical(anyDuplicated(as.vector(s)), 0L)
})

test_that("starts near the truth keep the structure of its covariances", {
  free <- function(n) data.frame(x = stats::rnorm(n), z = stats::rnorm(n))
  truth <- moe_model(
    cbind(u, v) ~ x | x + z, gate = gate_gaussian("spherical", shared = TRUE),
    expert = expert_gaussian("spherical"),
    gate_coef = list(weights = c(0.5, 0.5), means = cbind(c(-1, 0), c(1, 0)),
                     covariances = 0.3),
    expert_coef = array(1:8, c(2, 2, 2)), variance = c(0.1, 0.2),
    design = free)
  set.seed(1)
  start <- gatemix:::near_start(truth, 3L, 100)
  gate <- start$parameters$gate$covariances
  expect_equal(gate[, , 1], gate[, , 3])
  expert <- start$parameters$expert$covariances
  expect_equal(expert[1, 1, ], expert[2, 2, ])
  constant <- moe_model(y ~ x | 1, gate = gate_constant(),
                        gate_coef = c(0.4, 0.6), variance = c(0.1, 0.2),
                        expert_coef = cbind(c(0, 1), c(3, -1)), design = free)
  start <- gatemix:::near_start(constant, 3L, 100)
  expect_equal(voronoi_loss(start, constant)$cells$weight, c(0.4, 0.6))
})

test_that("planted slopes are found", {
  n <- rep(c(100, 1000, 10000), each = 2)
  loss <- 3 * n^-0.5 * rep(c(0.5, 1.5), 3)
  out <- summary(planted(n, loss))
  expect_equal(out$slopes$slope, c(-0.5, -0.5))
  expect_equal(out$slopes$intercept, log(c(3, 3)))
  expect_equal(out$slopes$conf.low, out$slopes$conf.high)
  expect_equal(out$blocks$slope, -0.125)
  expect_equal(out$blocks$theory, -0.125)
  expect_identical(out$sizes$used, rep(2L, 3))
  # the interval is that of a linear regression
  set.seed(1)
  noisy <- loss * exp(rnorm(6))
  means <- tapply(noisy, n, mean)
  line <- lm(log(means) ~ log(c(100, 1000, 10000)))
  out <- summary(planted(n, noisy), level = 0.9)$slopes[1, ]
  expect_equal(unname(unlist(out[c("conf.low", "conf.high")])),
               unname(confint(line, level = 0.9)[2, ]))
})

test_that("fits without a maximum are counted and left out", {
  n <- rep(c(100, 1000, 10000), each = 4)
  loss <- 3 * n^-0.5
  loss[c(2, 7, 12)] <- c(1e6, 1e6, NA)
  status <- rep("ok", 12)
  status[c(2, 7, 12)] <- c("separated", "floored", "failed")
  x <- planted(n, loss, status)
  out <- summary(x)
  expect_equal(out$slopes$slope, c(-0.5, -0.5))
  expect_identical(out$slopes$left_out, c(3L, 3L))
  expect_identical(out$sizes$separated, c(1L, 0L, 0L))
  expect_identical(out$sizes$floored, c(0L, 1L, 0L))
  expect_identical(out$sizes$failed, c(0L, 0L, 1L))
  expect_output(print(x), "Left out: 1 failed, 1 floored, 1 separated of 12")
  expect_output(print(summary(x)), "separated")
})

test_that("separated experts are a status", {
  far <- moe_model(y ~ x, gate_coef = cbind(c(-4000, 8000), c(0, 0)),
                   expert_coef = cbind(c(0, 1), c(50, 1)),
                   variance = c(0.1, 0.1),
                   design = function(n) data.frame(x = stats::runif(n)))
  r <- rate_experiment(far, 2, c(50, 100), 2, "near", seed = 1)
  expect_identical(unique(r$fits$status), "separated")
  expect_true(all(is.na(summary(r)$slopes$slope)))
  expect_error(plot(r), class = "gatemix_error_input")
})

test_that("a fit that fails is a row", {
  gaps <- function(n) {
    data.frame(x = if (n == 13) rep(NA_real_, n) else stats::runif(n))
  }
  odd <- moe_model(y ~ x, expert_coef = c(0, 1), variance = 1, design = gaps)
  r <- rate_experiment(odd, 1, c(13, 50), 2, "default", seed = 1)
  expect_identical(r$fits$status, rep(c("failed", "ok"), each = 2))
  expect_true(all(nzchar(r$fits$message[1:2])))
  expect_identical(summary(r)$sizes$failed, c(2L, 0L))
})

test_that("arguments are checked", {
  truth <- moe_truth("ggmoe_1")
  bad <- function(...) {
    expect_error(rate_experiment(...), class = "gatemix_error_input")
  }
  bad("sgmoe", 3, c(100, 200))
  bad(truth, 2, c(100, 200))
  bad(truth, 4, 100)
  bad(truth, 4, c(100, 100))
  bad(truth, 4, c(2, 100))
  bad(truth, 4)
  bad(truth, n = c(100, 200))
  bad(truth, 4, c(100, 200), starts = "far")
  bad(truth, 4, c(100, 200), tries = 0)
  bad(truth, 4, c(100, 200), what = 1)
  bad(truth, 4, c(100, 200), type = "D2")
  bad(truth, 4, c(100, 200), norm = "both")
  bad(truth, 4, c(100, 200), norm = "joint")
  bad(moe_truth("sgmoe"), 2, c(100, 200), exponents = c(1, 6))
  lawless <- moe_model(y ~ x, gate_coef = c(0, 1), variance = c(1, 1),
                       expert_coef = cbind(c(0, 1), c(5, 1)))
  bad(lawless, 3, c(100, 200))
})

test_that("print, summary and tidy say what was done", {
  r <- few_rates(replicates = 2)
  expect_output(print(r), "4 experts fitted to \"ggmoe_1\" with 3")
  expect_output(print(r), "Slopes of log loss \\(Dbar\\)")
  expect_output(print(summary(r)), "gate_covariance")
  expect_identical(as.data.frame(tidy(r)), r$fits)
  expect_error(summary(r, 0.9, 1), class = "gatemix_error_input")
})

test_that("pictures show means, lines and the theory", {
  n <- rep(c(100, 1000, 10000), each = 2)
  x <- planted(n, 3 * n^-0.5)
  on.exit(grDevices::dev.off())
  grDevices::pdf(NULL)
  drawn <- plot(x)
  expect_equal(drawn$points$value, 3 * c(100, 1000, 10000)^-0.5)
  expect_equal(drawn$lines$value, 3 * drawn$lines$n^-0.5)
  blocks <- plot(x, type = "blocks")
  expect_equal(blocks$points$value, c(100, 1000, 10000)^-0.125)
  expect_error(plot(x, start = "near"), class = "gatemix_error_input")
  expect_error(plot(x, "blocks", size = 3), class = "gatemix_error_input")
  expect_error(plot(x, "blocks", start = "default"),
               class = "gatemix_error_input")
  expect_error(plot(x, colour = 1), class = "gatemix_error_input")
  skip_if_not_installed("ggplot2")
  for (type in c("loss", "blocks")) {
    p <- ggplot2::autoplot(x, type)
    expect_s3_class(ggplot2::ggplot_build(p), "ggplot_built")
    expect_identical(attr(p, "plotted"), plot(x, type))
  }
})

test_that("errors that are always 0 are left out of the picture", {
  one <- moe_model(y ~ x, expert_coef = c(1, 2), variance = 0.5,
                   design = function(n) data.frame(x = seq_len(n) / n))
  r <- rate_experiment(one, K = 1, n = c(50, 200), replicates = 2,
                       starts = "near", seed = 1)
  pdf(NULL)
  on.exit(dev.off())
  drawn <- plot(r, type = "blocks")
  expect_setequal(drawn$points$block, c("intercept", "slope", "variance"))
  expect_setequal(drawn$points$group, 1:3)
  expect_true(all(is.finite(drawn$lines$value)))
  expect_output(print(r), "1 expert fitted")
})
