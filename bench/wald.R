# Coverage of 95 % Wald intervals over simulated data sets: two well-separated
# experts, softmax gate, the default search.
#   Rscript bench/wald.R [sets=1000] [n=1000] [level=0.95]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()

sets <- option_value("sets", 1000)
n <- option_value("n", 1000)
level <- option_value("level", 0.95)

# The designs: coefficients of the gate (log odds of expert 1), of the experts, standard deviations.
# "three" is the design with three experts, whose gate has two sets of coefficients.
designs <- list(
  two = list(gate = rbind(c(0.5, 2)), expert = rbind(c(-2, 1), c(2, -1)), sd = c(0.5, 0.7)),
  two_predictors = list(gate = rbind(c(-0.3, 1.5, -1)), expert = rbind(c(-2, 0.5, 1), c(2, 1, 0)), sd = c(0.6, 0.6)),
  three = list(gate = rbind(c(0.5, -2), c(0.5, 1)), expert = rbind(c(-4, 1), c(0, -1), c(4, 0.5)), sd = c(0.5, 0.7, 0.6)))

draw <- function(design, n) {
  p <- ncol(design$expert) - 1
  x <- matrix(runif(n * p, -1, 1), n)
  one <- cbind(1, x)
  eta <- cbind(one %*% t(design$gate), 0)
  prob <- exp(eta) / rowSums(exp(eta))
  k <- 1 + rowSums(runif(n) > t(apply(prob, 1, cumsum))[, -ncol(prob), drop = FALSE])
  mean <- rowSums(one * design$expert[k, ])
  data.frame(y = rnorm(n, mean, design$sd[k]), x)
}

coverage <- function(name) {
  design <- designs[[name]]
  K <- length(design$sd)
  truth <- c(t(design$gate), t(design$expert))
  inside <- list(information = NULL, sandwich = NULL)
  width <- inside
  refused <- 0
  for (set in seq_len(sets)) {
    set.seed(set)
    fit <- gatemix_any(draw(design, n), K)
    for (type in names(inside)) {
      ci <- tryCatch(confint(fit, type = type, level = level), error = function(e) NULL)
      if (is.null(ci)) {
        refused <- refused + 1
        next
      }
      inside[[type]] <- rbind(inside[[type]], ci[, 1] <= truth & truth <= ci[, 2])
      width[[type]] <- rbind(width[[type]], ci[, 2] - ci[, 1])
    }
    if (set %% 200 == 0) say("%s: %d sets", name, set)
  }
  do.call(rbind, lapply(names(inside), function(type) {
    share <- colMeans(inside[[type]])
    data.frame(design = name, K = K, n = n, sets = nrow(inside[[type]]), refused = refused, type = type,
               coefficient = colnames(inside[[type]]), truth = truth, coverage = share,
               simulation_se = sqrt(level * (1 - level) / nrow(inside[[type]])),
               median_width = apply(width[[type]], 2, stats::median))
  }))
}

result <- do.call(rbind, lapply(names(designs), coverage))
rownames(result) <- NULL
show_table(result)
say("coverage of the intervals from the information: %.3f to %.3f; from the sandwich: %.3f to %.3f",
    min(result$coverage[result$type == "information"]), max(result$coverage[result$type == "information"]),
    min(result$coverage[result$type == "sandwich"]), max(result$coverage[result$type == "sandwich"]))
save_result(result, "wald", sprintf("coverage of %g %% Wald intervals over %g simulated data sets of %g rows; default search, K known", 100 * level, sets, n))
