# The experiments of arXiv 2104.02640 (its two simulation designs: two
# experts, Gaussian gates, K = 1..20): which K the slope heuristics choose, how
# far the models are from the truth, how fast the error of the selected one
# falls. Writes inst/extdata/glome-*.csv, which vignette("glome") reads.
#
#   Rscript data-raw/glome.R [part=all] [workers=2] [keep=DIRECTORY] [trials=100]
#
# Parts: (ws|ms)-(stopped-2000|stopped-10000|decay|single-2000|starts-2000|
# thorough-2000), ethanol, or "tables". Each trial is kept in the directory; what
# was stopped goes on from there, and the tables are made of what is there.
library(gatemix)

option <- function(name, default) {
  hit <- grep(paste0("^", name, "="), commandArgs(TRUE), value = TRUE)
  if (length(hit)) sub("^[^=]*=", "", hit[length(hit)]) else default
}
keep <- option("keep", file.path(tempdir(), "glome"))
trials <- as.integer(option("trials", "100"))
dir.create(keep, showWarnings = FALSE, recursive = TRUE)

# How a collection is fitted. "stopped": k-means labels, then plain EM that ends
# when a step gains less than a ten-thousandth of what all steps have gained, as
# the program behind the published figures does. "single": one run of EM per
# model from random labels, to a gradient of zero. "starts" and "thorough" are
# the defaults of moe_select() for the slope heuristics and for other criteria:
# ten starts a model, on its own or with fits exchanged between the models.
searches <- list(
  stopped = function(data) lapply(1:20, stopped_fit, y ~ x, data),
  single = function(data) {
    select(data, exchange = 0,
           control = moe_control(starts = 1, init = "random"))$fits
  },
  starts = function(data) select(data, criterion = "slope")$fits,
  thorough = function(data) select(data)$fits)

select <- function(data, ...) {
  suppressWarnings(moe_select(y ~ x, data, K = 1:20, gate = gate_gaussian(),
                              ...))
}

stopped_fit <- function(K, formula, data) {
  labels <- if (K == 1) rep(1, nrow(data))
    else stats::kmeans(scale(data[all.vars(formula)]), K, iter.max = 30)$cluster
  run <- function(iterations) {
    control <- moe_control(accelerate = FALSE, max_iter = iterations)
    suppressWarnings(moe(formula, data, K = K, gate = gate_gaussian(),
                         start = labels, control = control))
  }
  fit <- run(150)
  gained <- fit$trace[-1L] - fit$trace[1L]
  last <- which(diff(fit$trace) < 1e-4 * gained)[1L]
  if (is.na(last)) fit else run(last)
}

parts <- list()
add <- function(name, truth, n, search, trials) {
  parts[[name]] <<- expand.grid(trial = seq_len(trials), n = n, truth = truth,
                                search = search, stringsAsFactors = FALSE)
}
sizes <- round(1000 * 2^(0:10 / 3))
for (design in c("ws", "ms")) {
  truth <- paste0("glome_", design)
  for (n in c(2000, 10000)) {
    add(paste0(design, "-stopped-", n), truth, n, "stopped", trials)
  }
  add(paste0(design, "-decay"), truth, sizes, "stopped", ceiling(trials / 10))
  for (search in c("single", "starts", "thorough")) {
    share <- if (design == "ms") 10 else if (search == "single") 1 else 5
    add(paste0(design, "-", search, "-2000"), truth, 2000, search,
        ceiling(trials / share))
  }
}

# One data set: the whole collection, the divergences of all its models from the
# truth at 500 of the predictors, and those of the selected ones at all.
one_trial <- function(task) {
  truth <- moe_truth(task$truth)
  data <- simulate(truth, n = task$n, seed = 1000 * task$trial)
  set.seed(task$trial)
  start <- proc.time()
  fits <- searches[[task$search]](data)
  seconds <- sum((proc.time() - start)[1:2])
  conditional <- vapply(fits, function(fit) fit$loglik[["conditional"]], 0)
  dimension <- c(3, 6 * (2:20) - 1)
  slope <- suppressWarnings(
    slope_heuristic(-conditional, dimension, model = 1:20))
  chosen <- slope$selected$row[match(c("jump", "slope"), slope$selected$method)]
  names(chosen) <- c("jump", "slope")
  # of the likelihood that was maximised, the joint one
  loglik <- vapply(fits, logLik, 0)
  df <- vapply(fits, function(fit) fit$df[["maximised"]], 0)
  chosen[["bic"]] <- which.min(-2 * loglik + df * log(task$n))
  chosen[["aic"]] <- which.min(-2 * loglik + df * 2)
  risk <- function(K, x, type) {
    as.numeric(moe_divergence(truth, fits[[K]], x, type = type, tol = 1e-5))
  }
  table <- data.frame(K = 1:20, dimension, conditional, loglik)
  if (task$risk) {
    some <- data[seq_len(500), "x", drop = FALSE]
    table$kl <- vapply(1:20, risk, 0, x = some, type = "kl")
    table$jkl <- vapply(1:20, risk, 0, x = some, type = "jkl")
  }
  kl_chosen <- vapply(chosen[c("jump", "slope")], function(K) {
    if (is.na(K)) NA_real_ else risk(K, data["x"], "kl")
  }, 0)
  list(n = task$n, chosen = chosen, kl_chosen = kl_chosen, seconds = seconds,
       table = table)
}

run_part <- function(name) {
  grid <- parts[[name]]
  grid$risk <- !grepl("decay", name)
  dir.create(file.path(keep, name), showWarnings = FALSE)
  started <- proc.time()[["elapsed"]]
  done <- parallel::mclapply(seq_len(nrow(grid)), function(i) {
    task <- as.list(grid[i, ])
    file <- file.path(keep, name, sprintf("n%d-%03d.rds", task$n, task$trial))
    if (file.exists(file)) return(TRUE)
    saveRDS(one_trial(task), paste0(file, "-part"))
    file.rename(paste0(file, "-part"), file)
  }, mc.cores = as.integer(option("workers", "2")), mc.preschedule = FALSE)
  stopifnot(vapply(done, isTRUE, NA))
  cat(name, ":", round(proc.time()[["elapsed"]] - started), "seconds\n")
}

# --- ethanol: how the choice depends on chance --------------------------------

directions <- c("NOx ~ E", "E ~ NOx")

# 100 collections of single runs; and the default call for 20 seeds.
ethanol_choices <- function(direction) {
  formula <- stats::as.formula(direction)
  data <- lattice::ethanol
  restarts <- lapply(seq_len(trials), function(seed) {
    set.seed(seed)
    fits <- lapply(1:12, stopped_fit, formula, data)
    # at the floor of the variances a likelihood means nothing
    use <- !vapply(fits, function(fit) any(fit$floored), NA)
    if (sum(use) < 10L) return(c(NA, NA))
    conditional <- vapply(fits, function(fit) fit$loglik[["conditional"]], 0)
    slope <- suppressWarnings(
      slope_heuristic(-conditional[use], c(3, 6 * (2:12) - 1)[use],
                      model = (1:12)[use]))
    which(use)[slope$selected$row[match(c("jump", "slope"),
                                        slope$selected$method)]]
  })
  default <- lapply(1:20, function(seed) {
    sel <- suppressWarnings(moe_select(formula, data, K = 1:12, seed = seed,
                                       gate = gate_gaussian()))
    sel$table$K[match(sel$selected[c("bic", "jump", "slope")],
                      sel$table$model)]
  })
  count <- function(results, by, search) {
    K <- factor(vapply(results, `[`, 0, by), 1:12)
    name <- c(stopped = "jump slope", thorough = "bic jump slope")[[search]]
    data.frame(direction, search, criterion = strsplit(name, " ")[[1L]][by],
               K = 1:12, count = as.vector(table(K)), trials = length(results))
  }
  rbind(count(restarts, 1, "stopped"), count(restarts, 2, "stopped"),
        count(default, 1, "thorough"), count(default, 2, "thorough"),
        count(default, 3, "thorough"))
}

# --- the tables ----------------------------------------------------------------

finished <- function(name) {
  lapply(list.files(file.path(keep, name), "[.]rds$", full.names = TRUE),
         readRDS)
}

counts <- function(results, name) {
  do.call(rbind, lapply(c("jump", "slope", "aic", "bic"), function(by) {
    K <- factor(vapply(results, function(r) r$chosen[[by]], 0), 1:20)
    data.frame(part = name, criterion = by, K = 1:20,
               count = as.vector(table(K)), trials = length(results))
  }))
}

risks <- function(results, name) {
  values <- function(what) sapply(results, function(r) r$table[[what]])
  kl <- values("kl")
  jkl <- values("jkl")
  data.frame(part = name, K = 1:20, kl = apply(kl, 1L, stats::median),
             kl_lower = apply(kl, 1L, stats::quantile, 0.25),
             kl_upper = apply(kl, 1L, stats::quantile, 0.75),
             kl_mean = rowMeans(kl), jkl = apply(jkl, 1L, stats::median),
             jkl_mean = rowMeans(jkl),
             conditional = rowMeans(values("conditional")))
}

# Risk of the selected model, by n; `kl_some` and `jkl_some` at the rows that
# the risks of all models are computed at.
selected <- function(results, name) {
  rows <- do.call(rbind, lapply(results, function(r) {
    at <- r$chosen[c("jump", "slope")]
    data.frame(criterion = names(at), n = r$n, kl = r$kl_chosen,
               kl_some = if (is.null(r$table$kl)) NA else r$table$kl[at],
               jkl_some = if (is.null(r$table$kl)) NA else r$table$jkl[at],
               seconds = r$seconds)
  }))
  groups <- split(rows, rows[c("criterion", "n")], drop = TRUE)
  do.call(rbind, lapply(unname(groups), function(at) {
    data.frame(part = name, criterion = at$criterion[1L], n = at$n[1L],
               trials = nrow(at), kl_mean = mean(at$kl, na.rm = TRUE),
               kl_median = stats::median(at$kl, na.rm = TRUE),
               kl_some = mean(at$kl_some), jkl_some = mean(at$jkl_some),
               seconds = mean(at$seconds))
  }))
}

write_tables <- function() {
  there <- Filter(function(name) length(finished(name)) > 0L, names(parts))
  results <- stats::setNames(lapply(there, finished), there)
  save <- function(file, f, names) {
    data <- do.call(rbind, lapply(names, function(name) {
      f(results[[name]], name)
    }))
    numbers <- vapply(data, is.numeric, NA)
    data[numbers] <- lapply(data[numbers], signif, 6L)
    utils::write.csv(data, file.path("inst", "extdata", file),
                     row.names = FALSE, quote = FALSE)
  }
  one_n <- there[!grepl("decay", there)]
  save("glome-selected.csv", counts, one_n)
  save("glome-risk.csv", risks, one_n)
  save("glome-decay.csv", selected, there)
}

write_ethanol <- function() {
  choices <- do.call(rbind, lapply(directions, ethanol_choices))
  utils::write.csv(choices[choices$count > 0, ], row.names = FALSE,
                   file.path("inst", "extdata", "glome-ethanol.csv"),
                   quote = FALSE)
}

part <- strsplit(option("part", "all"), ",")[[1L]]
if (identical(part, "all")) part <- c(names(parts), "ethanol")
for (name in intersect(part, names(parts))) run_part(name)
if ("ethanol" %in% part) write_ethanol()
write_tables()
