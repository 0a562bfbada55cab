# Makes inst/extdata/rates-*.csv: the rate experiments of arXiv 2305.07572 (Gaussian gates) and 2305.03288 (softmax
# gates), for the vignettes. Run in the package's directory, with gatemix installed:
#   Rscript data-raw/rates.R CHECKPOINTS [gaussian|softmax|published|stopping|all] [workers]
# CHECKPOINTS is a directory that keeps finished data sets; a run that was killed goes on where it was. The times in
# inst/extdata/rates-times.csv are those of the last run: begin with an empty directory to get them all.
#
# Two regimes:
#   short       five EM iterations from starts near the truth
#   converged   to a gradient of 1e-8, from one start near the truth and from moe()'s own search
# and, for softmax gates, what the published program does:
#   published   K = 2, its sizes, numbers of data sets, starts, rule that stops EM, and loss
#   stopping    when that rule stops EM, K = 2, 3, 4
library(gatemix)
arguments <- commandArgs(TRUE)
folder <- arguments[1]
stopifnot(length(arguments) >= 1, dir.exists("inst"))
which <- if (length(arguments) > 1) arguments[2] else "all"
workers <- if (length(arguments) > 2) as.integer(arguments[3]) else 1L
cluster <- parallel::makePSOCKcluster(workers)
invisible(parallel::clusterEvalQ(cluster, library(gatemix)))
future::plan("cluster", workers = cluster)

# Seconds by the clock and of all processes.
clocks <- function() {
  spent <- function() sum(proc.time()[c("user.self", "sys.self")])
  c(seconds = proc.time()[["elapsed"]], cpu = spent() + sum(unlist(parallel::clusterCall(cluster, spent))))
}
times <- NULL
timed <- function(table, step, expr) {
  begin <- clocks()
  value <- expr
  spent <- round(clocks() - begin)
  times <<- rbind(times, data.frame(table = table, step = step, workers = workers, seconds = spent[["seconds"]],
                                    cpu_seconds = spent[["cpu"]]))
  cat(sprintf("%s %s: %.0f s, %.0f s of CPU time\n", table, step, spent[["seconds"]], spent[["cpu"]]))
  value
}

short <- moe_control(max_iter = 5, accelerate = FALSE)
log_sizes <- function(from, to, length) round(10^seq(log10(from), log10(to), length.out = length))
# the published grid of the exact fits, thinned: all five small sizes and fourteen of the 195 others
thinned <- c(seq(100, 900, 200), seq(1000, 1e5, length.out = 14))

experiment <- function(family, truth, K, regime, n, replicates, starts = c("near", "default"), ...) {
  list(family = family, regime = regime, truth = truth, K = K, n = round(n), replicates = replicates, starts = starts,
       more = list(...))
}
settings <- expand.grid(K = 4:5, truth = paste0("ggmoe_", 1:4), stringsAsFactors = FALSE)
experiments <- c(
  Map(function(K, truth) {
    experiment("gaussian", truth, K, "short", log_sizes(100, 1e5, 12), 20, "near", control = short)
  }, settings$K, settings$truth),
  lapply(2:4, function(K) {
    experiment("softmax", "sgmoe", K, "short", if (K == 2) thinned else log_sizes(1e4, 1e5, 12),
               if (K < 4) 100 else 250, "near", control = short, norm = "separate")
  }),
  lapply(3:4, function(K) experiment("softmax", "sgmoe", K, "converged", log_sizes(100, 1e5, 10), 20)),
  list(experiment("gaussian", "ggmoe_1", 4, "converged", log_sizes(100, 1e5, 10), 20),
       experiment("gaussian", "ggmoe_2", 4, "converged", log_sizes(100, 1e5, 10), 20)))
if (which != "all") experiments <- Filter(function(e) e$family == which, experiments)

run <- function(e) {
  name <- paste(e$truth, e$K, e$regime, sep = "-")
  result <- timed(e$family, name, do.call(rate_experiment, c(
    list(moe_truth(e$truth), K = e$K, n = e$n, replicates = e$replicates, starts = e$starts, seed = 1,
         checkpoint = file.path(folder, name)), e$more)))
  print(summary(result)$slopes, digits = 3, row.names = FALSE)
  result
}

label <- function(e, table) {
  if (!nrow(table)) return(NULL)
  data.frame(truth = e$truth, K = e$K, regime = e$regime, table)
}
tables <- function(e, result) {
  out <- summary(result)
  out$slopes$fit_seconds <- vapply(out$slopes$start, function(start) {
    sum(result$fits$seconds[result$fits$start == start])
  }, 0)
  # what the vignettes draw: errors in cells of several experts, after convergence
  out$errors <- out$errors[out$errors$size > 1 & e$regime == "converged", ]
  lapply(out[c("slopes", "sizes", "blocks", "errors")], label, e = e)
}

store <- function(table, name) {
  numbers <- vapply(table, is.double, NA) & !names(table) %in% "n"
  table[numbers] <- lapply(table[numbers], signif, 4)
  write.csv(table, sprintf("inst/extdata/rates-%s.csv", name), row.names = FALSE, quote = FALSE)
}

dir.create(folder, showWarnings = FALSE, recursive = TRUE)
dir.create("inst/extdata", showWarnings = FALSE)
for (family in unique(vapply(experiments, `[[`, "", "family"))) {
  mine <- Filter(function(e) e$family == family, experiments)
  done <- lapply(mine, function(e) tables(e, run(e)))
  for (name in names(done[[1]])) {
    table <- do.call(rbind, lapply(done, `[[`, name))
    store(table, paste(family, name, sep = "-"))
  }
}

# --- The published program ---------------------------------------------------------------------------------------------

# Its starts: a true expert for each fitted one, the last for the last; one number of noise for all coefficients of an
# expert; weights are not shared out; and the true standard deviation where the variance belongs.
published_start <- function(truth, K, n) {
  repeat {
    from <- c(sample.int(2, K - 1, replace = TRUE), 2)
    if (length(unique(from)) == 2) break
  }
  slow <- n^-0.083
  gate <- cbind(truth$parameters$gate$coefficients, 0)[, from]
  gate[, -K] <- gate[, -K] + rep(rnorm(K - 1, sd = 0.005 * slow), each = 2)
  expert <- truth$parameters$expert$coefficients[, 1, from] + rep(rnorm(K, sd = 0.05 * slow), each = 2)
  variance <- sqrt(truth$parameters$expert$covariances[1, 1, from]) + abs(rnorm(K, sd = 0.005 * n^-0.25))
  moe_model(y ~ x, gate_coef = unname(gate), expert_coef = unname(expert), variance = variance)
}

# Its rule: EM ends when the log-likelihood before a step differs from the one before the last step by at most 1e-6 of
# itself; 2,000 steps at most.
published_fit <- function(data, K, start) {
  problem <- em_problem(y ~ x, data, K)
  theta <- em_start(problem, start)
  statistics <- em_accumulate(problem, theta)
  shift <- suppressWarnings(as.numeric(logLik(em_finish(problem, theta)))) - statistics[[1]]
  before <- -Inf
  for (iteration in 1:2000) {
    now <- statistics[[1]] + shift
    theta <- em_solve(problem, theta, statistics)
    if (is.finite(before) && abs(now - before) <= 1e-6 * abs(before)) break
    before <- now
    statistics <- em_accumulate(problem, theta)
  }
  list(fit = suppressWarnings(em_finish(problem, theta)), iterations = iteration)
}

# The published loss of K = 2: the rising line as reference, norms of blocks summed, no infimum; with variances as they
# are or transformed. voronoi_loss(translate = FALSE, norm = "separate") is the same and takes longer.
published_loss <- function(model, truth, transform = identity) {
  atoms <- function(model) {
    falling_first <- order(model$parameters$expert$coefficients[2, 1, ])
    b <- cbind(model$parameters$gate$coefficients, 0)[, falling_first]
    b <- b - b[, 2]
    rbind(exp(b[1, ]), b[2, ], model$parameters$expert$coefficients[, 1, falling_first],
          transform(model$parameters$expert$covariances[1, 1, falling_first]))
  }
  estimate <- atoms(model)
  error <- abs(estimate - atoms(truth))
  sum(estimate[1, ] * colSums(error[-1, ])) + sum(error[1, ])
}

published_row <- function(task) {
  truth <- moe_truth("sgmoe")
  data <- simulate(truth, n = task$n)
  done <- published_fit(data, 2, published_start(truth, 2, task$n))
  maximum <- moe(y ~ x, data, K = 2, start = as_moe_model(done$fit), model = FALSE)
  loss <- published_loss(done$fit, truth)
  if (task$check) {
    ours <- voronoi_loss(done$fit, truth, type = "D1", norm = "separate", translate = FALSE)$loss
    stopifnot(abs(loss - ours) < 1e-10)
  }
  data.frame(n = task$n, iterations = done$iterations, published = loss, sd = published_loss(done$fit, truth, sqrt),
             maximum = published_loss(maximum, truth))
}
in_parallel <- function(tasks, work) {
  future.apply::future_lapply(tasks, work, future.seed = 1L, future.packages = "gatemix", future.globals = c(
    "published_row", "published_start", "published_fit", "published_loss"))
}

# The sizes: 5 below 1,000, 195 from there to 100,000.
published_sizes <- floor(c(seq(100, 900, length.out = 5), seq(1000, 1e5, length.out = 195)))

published_slopes <- function(fits) {
  losses <- c("published", "maximum", "sd")
  by_size <- function(loss, f) tapply(fits[[loss]], fits$n, f)
  line <- function(settings, y, from = 0) {
    n <- as.numeric(names(y))
    out <- lm(log(y) ~ log(n), subset = n >= from)
    data.frame(settings = settings, slope = coef(out)[[2]], conf.low = confint(out)[2, 1],
               conf.high = confint(out)[2, 2], intercept = coef(out)[[1]])
  }
  rbind(
    do.call(rbind, lapply(losses, function(loss) line(loss, by_size(loss, mean)))),
    line("median", by_size("published", median)),
    line("from 1000", by_size("published", mean), 1000), line("from 10000", by_size("published", mean), 10000))
}

if (which %in% c("published", "softmax", "all")) {
  tasks <- Map(function(n, replicate) list(n = n, check = replicate == 1), rep(published_sizes, 40),
               rep(1:40, each = length(published_sizes)))
  fits <- timed("softmax", "published", do.call(rbind, in_parallel(tasks, published_row)))
  print(table(fits$iterations))
  groups <- split(fits, fits$n)
  store(data.frame(
    n = published_sizes, mean = vapply(groups, function(g) mean(g$published), 0),
    median = vapply(groups, function(g) median(g$published), 0),
    largest = vapply(groups, function(g) max(g$published), 0),
    iterations = vapply(groups, function(g) max(g$iterations), 0L)), "softmax-published")
  slopes <- published_slopes(fits)
  print(slopes)
  store(slopes, "softmax-published-slopes")
}

if (which %in% c("stopping", "softmax", "all")) {
  table <- expand.grid(n = c(1e4, 3e4, 1e5), K = 2:4)
  tasks <- Map(function(K, n) list(K = K, n = n), rep(table$K, each = 20), rep(table$n, each = 20))
  iterations <- timed("softmax", "stopping", unlist(in_parallel(tasks, function(task) {
    truth <- moe_truth("sgmoe")
    data <- simulate(truth, n = task$n)
    published_fit(data, task$K, published_start(truth, task$K, task$n))$iterations
  })))
  counts <- matrix(iterations, 20)
  table$median <- apply(counts, 2, median)
  table$largest <- apply(counts, 2, max)
  print(table)
  store(table[c("K", "n", "median", "largest")], "softmax-stopping")
}
if (which == "all") store(times, "times")
print(times)
parallel::stopCluster(cluster)
