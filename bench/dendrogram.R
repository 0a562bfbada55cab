# How often the dendrogram criterion picks two experts for data with two (the truth of arXiv 2305.03288, X uniform
# on (0, 1)), from one fit with K = 3 or 4 experts: in units of the data (the default) and of the raw parameters, plain
# and rescaled, and BIC over fits of each size. `published` is arXiv 2510.12744, from its repository.
#   Rscript bench/dendrogram.R [replicates=35] [largest=100000]
here <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(here)))
source("common.R")
one_thread_or_restart()
library(gatemix)

replicates <- option_value("replicates", 35)
sizes <- c(101, 568, 3218, 18252, 1e5)
published <- list("3" = c("6/35", "19/35", "25/35", "33/35", "35/35"),
                  "4" = c("6/28", "9/28", "18/28", "21/28", "28/28"))
control <- moe_control(starts = 5, moves = 0)

simulated <- function(n) {
  x <- runif(n)
  first <- runif(n) < plogis(25 * x - 8)
  data.frame(x, y = ifelse(first, 15 - 20 * x, -5 + 20 * x) + ifelse(first, 0.3, 0.4) * rnorm(n))
}

chosen <- function(tree, rescaled) {
  table <- dsc(tree, rescaled = rescaled)
  table$K[table$chosen]
}

# what each rule picks for one data set
one <- function(n, K, seed) suppressWarnings({
  set.seed(seed)
  d <- simulated(n)
  fits <- lapply(seq_len(K), function(k) moe(y ~ x, d, K = k, control = control))
  units <- moe_dendrogram(fits[[K]])
  raw <- moe_dendrogram(fits[[K]], standardise = FALSE)
  c(dsc = chosen(units, FALSE), rescaled = chosen(units, TRUE), raw = chosen(raw, FALSE),
    raw_rescaled = chosen(raw, TRUE), bic = which.min(vapply(fits, BIC, 0)))
})

result <- do.call(rbind, lapply(3:4, function(K) {
  do.call(rbind, lapply(sizes[sizes <= option_value("largest", 1e5)], function(n) {
    seconds <- system.time(picks <- vapply(seq_len(replicates), function(r) one(n, K, r), numeric(5)))
    right <- rowSums(picks == 2)
    say("K = %d, n = %d: %s of %d", K, n, paste(names(right), right, collapse = ", "), replicates)
    data.frame(K = K, n = n, replicates = replicates, t(right), published = published[[as.character(K)]][sizes == n],
               seconds = round(seconds[["elapsed"]] / replicates, 2))
  }))
}))
show_table(result)
save_result(result, "dendrogram", "data sets of `replicates` for which each rule picks 2 experts; published: correct / runs")
