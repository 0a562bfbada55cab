# The experiments of vignette("lasso"): selection and clusters on the published
# design for Gaussian experts, and the Kullback-Leibler risk of the lasso
# against lambda, n, p and the size of the true coefficients. Writes
# inst/extdata/lasso-*.csv.
#
#   Rscript data-raw/lasso.R [part=all] [workers=1] [keep=DIRECTORY]
#     [trials=100]
#
# Parts: selection, why, check, rate, size, or "tables". Each trial is kept in
# the directory: what was stopped goes on from there, and the tables are made
# of what is there.
library(gatemix)

option <- function(name, default) {
  hit <- grep(paste0("^", name, "="), commandArgs(TRUE), value = TRUE)
  if (length(hit)) sub("^[^=]*=", "", hit[length(hit)]) else default
}
keep <- option("keep", file.path(tempdir(), "lasso"))
trials <- as.integer(option("trials", "100"))
quiet <- function(expr) suppressWarnings(expr, classes = "gatemix_warning")

# --- selection: the published design ------------------------------------------

# Of the gate's penalty to the experts'; BIC chooses one.
ratios <- 2^(-5:1)
penalties <- list(lasso = penalty_lasso(), group = penalty_group_lasso(),
                  scad = penalty_scad(), mcp = penalty_mcp(),
                  ridge = penalty_ridge(),
                  raw = penalty_lasso(standardize = FALSE))

path_with <- function(data, name, shared = TRUE, ...) {
  formula <- stats::formula(moe_truth("lasso_gaussian"))
  quiet(moe_path(
    formula, data, K = 2, gate = gate_softmax(penalty = penalties[[name]]),
    expert = expert_gaussian(shared = shared, penalty = penalties[[name]]),
    ...))
}

# A ridge has no support to choose: its lambda is the best of 20 penalties
# on another sample of the same size, more than a user has.
best_ridge <- function(data, validation) {
  path <- path_with(data, "ridge", lambda = exp(seq(0, log(1e-4), length = 20)))
  lambda <- path$table$lambda
  score <- vapply(lambda, function(s) {
    mean(log_score(fit_of(path, s), validation))
  }, 0)
  fit_of(path, lambda[which.min(score)])
}

fit_of <- function(path, s) best(path, criterion = s)

# The ratio at which the penalties are the same multiple of the noise in the
# gradients of the gate and of the experts, whose standard deviations are those
# of tau - g and of tau (y - m) / variance, in units of the response.
noise_ratio <- function(fit, data) {
  tau <- predict(fit, data, type = "posterior")
  gate <- predict(fit, data, type = "gate")
  variance <- fit$parameters$expert$covariances[1L, 1L, ]
  score <- tau * sweep(data$y - predict(fit, data, type = "expert"), 2L,
                       variance, "/")
  unit <- mean((data$y - mean(data$y))^2)
  sqrt(mean((tau - gate)^2) / mean(score^2) / unit)
}

selection_methods <- list(
  plain = function(data, ...) {
    quiet(moe(stats::formula(moe_truth("lasso_gaussian")), data, K = 2,
              expert = expert_gaussian(shared = TRUE)))
  },
  ridge = function(data, validation) best_ridge(data, validation),
  lasso = function(data, ...) {
    path <- path_with(data, "lasso", nlambda = 20, lambda_ratio_gate = ratios,
                      relax = TRUE)
    list(lasso = best(path), lasso_one = best(path, ratio = 1),
         lasso_ebic = best(path, "ebic"), relaxed = best(path, relax = TRUE),
         relaxed_ebic = best(path, "ebic", relax = TRUE),
         relaxed_one = best(path, ratio = 1, relax = TRUE))
  },
  noise = function(data, ...) {
    first <- path_with(data, "lasso", nlambda = 20)
    path <- path_with(data, "lasso", nlambda = 20, relax = TRUE,
                      lambda_ratio_gate = noise_ratio(best(first), data))
    list(lasso_noise = best(path), relaxed_noise = best(path, relax = TRUE))
  },
  lasso_own = function(data, ...) {
    best(path_with(data, "lasso", shared = FALSE, nlambda = 20,
                   lambda_ratio_gate = ratios))
  },
  group = function(data, ...) {
    best(path_with(data, "group", nlambda = 20, lambda_ratio_gate = ratios))
  },
  scad = function(data, ...) {
    path <- path_with(data, "scad", nlambda = 20, lambda_ratio_gate = ratios,
                      relax = TRUE)
    list(scad = best(path), scad_relaxed = best(path, relax = TRUE))
  },
  mcp = function(data, ...) {
    path <- path_with(data, "mcp", nlambda = 20, lambda_ratio_gate = ratios,
                      relax = TRUE)
    list(mcp = best(path), mcp_relaxed = best(path, relax = TRUE))
  },
  truth = function(...) moe_truth("lasso_gaussian"))

selection_trial <- function(task) {
  truth <- moe_truth("lasso_gaussian")
  data <- simulate(truth, n = 300, seed = 1000 * task$trial)
  validation <- simulate(truth, n = 300, seed = 1000 * task$trial + 1)
  label <- attr(data, "expert")
  rows <- lapply(names(selection_methods), function(name) {
    set.seed(task$trial)
    start <- proc.time()
    fits <- selection_methods[[name]](data, validation = validation)
    seconds <- sum((proc.time() - start)[1:2])
    if (inherits(fits, c("moe", "moe_model"))) {
      fits <- stats::setNames(list(fits), name)
    }
    do.call(rbind, lapply(names(fits), function(method) {
      cbind(trial = task$trial, method = method,
            selection_row(fits[[method]], truth, data, label),
            seconds = seconds)
    }))
  })
  do.call(rbind, rows)
}

# A row each for both experts, the gate and the clusters.
selection_row <- function(fit, truth, data, label) {
  out <- support_recovery(fit, truth)
  order <- out$matched[out$part == "expert"]
  expert <- coef(fit, "expert")[, order] - coef(truth, "expert")
  gate <- coef(fit, "gate")[, 1L] * (if (order[1L] == 1L) 1 else -1) -
    coef(truth, "gate")[, 1L]
  cluster <- match(as.integer(predict(fit, data, type = "cluster")), order)
  out <- out[c("part", "k", "sensitivity", "specificity", "sign")]
  out$mse <- c(colMeans(expert^2), mean(gate^2))
  out$rate <- mean(cluster == label)
  out$ari <- adjusted_rand(cluster, label)
  out$df <- if (inherits(fit, "moe")) attr(logLik(fit), "df") else NA
  out$loglik <- if (inherits(fit, "moe")) as.numeric(logLik(fit)) else NA
  out
}

# Is it the search that limits the lasso? BIC and specificity with four times as
# many starts.
check_trial <- function(task) {
  truth <- moe_truth("lasso_gaussian")
  data <- simulate(truth, n = 300, seed = 1000 * task$trial)
  starts <- c(default = 5, starts = 20)
  rows <- lapply(names(starts), function(name) {
    set.seed(task$trial)
    path <- path_with(data, "lasso", nlambda = 20, lambda_ratio_gate = ratios,
                      control = moe_control(starts = starts[[name]]))
    fit <- best(path)
    found <- support_recovery(fit, truth)
    data.frame(trial = task$trial, setting = name, bic = stats::BIC(fit),
               expert = mean(found$specificity[found$part == "expert"]),
               gate = found$specificity[found$part == "gate"])
  })
  do.call(rbind, rows)
}

# Hubert and Arabie (1985)
adjusted_rand <- function(a, b) {
  pairs <- function(x) sum(choose(x, 2))
  counts <- table(a, b)
  both <- pairs(counts)
  rows <- pairs(rowSums(counts))
  columns <- pairs(colSums(counts))
  expected <- rows * columns / choose(length(a), 2)
  (both - expected) / ((rows + columns) / 2 - expected)
}

# --- why: what the paths offer, other grids and scales, single starts ---------

# Penalties on sums, as in the published programs, whose values are not known to
# us: two guesses, with and without small ones.
sum_grids <- list(with_small = c(1, 2, 5, 10, 20, 50),
                  even = c(5, 10, 15, 20, 25, 30))

why_trial <- function(task) {
  truth <- moe_truth("lasso_gaussian")
  data <- simulate(truth, n = 300, seed = 1000 * task$trial)
  set.seed(task$trial)
  path <- path_with(data, "lasso", nlambda = 20, lambda_ratio_gate = ratios,
                    relax = TRUE)
  fine <- path_with(data, "lasso", nlambda = 40, lambda_ratio_gate = 2^(-6:2),
                    relax = TRUE)
  raw <- path_with(data, "raw", nlambda = 20, lambda_ratio_gate = ratios)
  found <- list(grid = support_recovery(best(path), truth),
                fine = support_recovery(best(fine), truth),
                raw = support_recovery(best(raw), truth),
                fine_relaxed = support_recovery(best(fine, relax = TRUE),
                                                truth))
  found <- c(found, oracles(path, truth, "grid"), oracles(fine, truth, "fine"),
             sum_choices(data, truth))
  do.call(rbind, lapply(names(found), function(setting) {
    at <- found[[setting]][c("part", "k", "sensitivity", "specificity")]
    cbind(trial = task$trial, setting = setting, at)
  }))
}

# Of the points of a path that have all true terms, the one with the fewest
# others; and the fewest others of each block among the points that have all
# true terms of that block.
oracles <- function(path, truth, name) {
  points <- lapply(seq_len(nrow(path$table)), function(i) {
    support_recovery(best(path, path$table$lambda[i],
                          ratio = path$table$ratio[i]), truth)
  })
  get <- function(what) vapply(points, `[[`, numeric(3L), what)
  whole <- get("sensitivity") == 1
  kept <- ifelse(whole, get("excluded"), -Inf)
  all <- which(colSums(whole) == nrow(whole))
  together <- points[[all[which.max(colSums(get("excluded")[, all,
                                                            drop = FALSE]))]]]
  each <- together
  each$specificity <- apply(kept, 1L, max) / each$zero
  stats::setNames(list(together, each), paste0(name, c("_oracle", "_each")))
}

# BIC on such grids, from one random start per value as those programs have it,
# and from five starts.
sum_choices <- function(data, truth) {
  out <- list()
  for (name in names(sum_grids)) {
    values <- expand.grid(expert = sum_grids[[name]], gate = sum_grids[[name]])
    for (search in c("random", "starts")) {
      fits <- Map(function(expert, gate) {
        sum_fit(data, truth, expert, gate, search)
      }, values$expert, values$gate)
      bic <- vapply(fits, function(fit) {
        if (any(fit$sizes < 1e-6)) Inf else stats::BIC(fit)
      }, 0)
      out[[paste0(name, "_", search)]] <-
        support_recovery(fits[[which.min(bic)]], truth)
    }
  }
  out
}

sum_fit <- function(data, truth, expert, gate, search) {
  penalty <- function(value) {
    penalty_lasso(lambda_from_sum(value, nrow(data)), standardize = FALSE)
  }
  start <- if (search == "random") random_model(truth)
  quiet(moe(stats::formula(truth), data, K = 2, start = start,
            gate = gate_softmax(penalty = penalty(gate)),
            expert = expert_gaussian(shared = TRUE, penalty = penalty(expert)),
            control = moe_control(starts = 5, moves = 0)))
}

# The published start: coefficients from -5 to 5, a variance from 5 to 20, equal
# gates.
random_model <- function(truth) {
  moe_model(stats::formula(truth), gate_coef = matrix(0, 7, 1),
            expert_coef = matrix(stats::runif(14, -5, 5), 7),
            variance = rep(stats::runif(1, 5, 20), 2))
}

# --- risk: against lambda, n and p; against the size of the coefficients ------

# The published truth with more predictors, which do nothing, and with its
# slopes times `size`.
wide_truth <- function(p, size = 1) {
  small <- moe_truth("lasso_gaussian")
  pad <- function(m) unname(rbind(m[1L, ], size * m[-1L, , drop = FALSE],
                                  matrix(0, p - 6L, ncol(m))))
  formula <- stats::as.formula(paste("y ~", paste0("x", 1:p, collapse = " + ")))
  moe_model(formula, gate_coef = pad(coef(small, "gate")),
            expert_coef = pad(coef(small, "expert")), variance = c(1, 1))
}

wide_predictors <- function(n, p) {
  x <- matrix(stats::rnorm(n * p), n, dimnames = list(NULL, paste0("x", 1:p)))
  for (j in 2:p) x[, j] <- x[, j - 1L] / 2 + sqrt(0.75) * x[, j]
  as.data.frame(x)
}

slope_norm <- function(model) {
  sum(abs(coef(model, "gate")[-1L, ])) + sum(abs(coef(model, "expert")[-1L, ]))
}

# lambda = scale * sqrt(log p) * log n / sqrt n, on coefficients as they are.
scales <- 2^seq(-1, -5.5, by = -0.5)

# The claim is about the global minimum: with the default of 5 starts a path may
# miss it (one of 20 data sets with large slopes did).
risk_trial <- function(task) {
  truth <- wide_truth(task$p, task$size)
  set.seed(task$trial)
  data <- wide_predictors(task$n, task$p)
  data$y <- simulate(truth, newdata = data)$sim_1
  new <- wide_predictors(500, task$p)
  lambda <- scales * sqrt(log(task$p)) * log(task$n) / sqrt(task$n)
  penalty <- penalty_lasso(standardize = FALSE)
  start <- proc.time()
  path <- quiet(moe_path(
    stats::formula(truth), data, K = 2, lambda = lambda,
    gate = gate_softmax(penalty = penalty),
    expert = expert_gaussian(shared = TRUE, penalty = penalty),
    control = moe_control(starts = 20)))
  seconds <- sum((proc.time() - start)[1:2])
  at <- match(round(log(lambda), 6), round(log(path$table$lambda), 6))
  kl <- vapply(at, function(i) {
    if (is.na(i)) return(NA_real_)
    fit <- fit_of(path, path$table$lambda[i])
    as.numeric(moe_divergence(truth, fit, new, type = "kl", tol = 1e-5))
  }, 0)
  data.frame(task, scale = scales, lambda = lambda, kl = kl,
             df = path$table$df[at], norm = slope_norm(truth),
             seconds = seconds)
}

# --- running ------------------------------------------------------------------

grids <- list(
  selection = data.frame(trial = seq_len(trials)),
  why = data.frame(trial = seq_len(trials)),
  check = data.frame(trial = seq_len(ceiling(trials / 5))),
  rate = expand.grid(trial = seq_len(ceiling(trials / 10)), size = 1,
                     n = c(200, 400, 800, 1600), p = c(10, 50, 150)),
  size = expand.grid(trial = seq_len(ceiling(trials / 5)),
                     size = c(0.125, 0.25, 0.5, 1, 2), n = 400, p = 50))
work <- list(selection = selection_trial, why = why_trial, check = check_trial,
             rate = risk_trial, size = risk_trial)

run_part <- function(name) {
  grid <- grids[[name]]
  folder <- file.path(keep, name)
  dir.create(folder, showWarnings = FALSE, recursive = TRUE)
  started <- proc.time()[["elapsed"]]
  done <- parallel::mclapply(seq_len(nrow(grid)), function(i) {
    task <- grid[i, , drop = FALSE]
    id <- paste(names(task), unlist(task), sep = "", collapse = "-")
    file <- file.path(folder, paste0(id, ".rds"))
    if (file.exists(file)) return(TRUE)
    saveRDS(work[[name]](task), paste0(file, "-part"))
    file.rename(paste0(file, "-part"), file)
  }, mc.cores = as.integer(option("workers", "1")), mc.preschedule = FALSE)
  failed <- Filter(Negate(isTRUE), done)
  if (length(failed)) stop(name, ": ", failed[[1L]])
  cat(name, ":", round(proc.time()[["elapsed"]] - started), "seconds\n")
}

# --- the tables ---------------------------------------------------------------

finished <- function(name) {
  files <- list.files(file.path(keep, name), "[.]rds$", full.names = TRUE)
  do.call(rbind, lapply(files, readRDS))
}

write_table <- function(table, file) {
  numbers <- vapply(table, is.numeric, NA)
  table[numbers] <- lapply(table[numbers], signif, 6L)
  utils::write.csv(table, file.path("inst", "extdata", file),
                   row.names = FALSE, quote = FALSE)
}

by_groups <- function(rows, by, f) {
  groups <- split(rows, interaction(rows[by], drop = TRUE, lex.order = TRUE))
  do.call(rbind, lapply(groups, function(at) {
    data.frame(at[1L, by, drop = FALSE], trials = length(unique(at$trial)),
               f(at))
  }))
}

standard_error <- function(x) stats::sd(x) / sqrt(length(x))

write_selection <- function(rows) {
  order <- c("plain", "ridge", "group", "lasso", "lasso_one", "lasso_noise",
             "lasso_own", "lasso_ebic", "relaxed", "relaxed_one",
             "relaxed_noise", "relaxed_ebic", "scad", "scad_relaxed", "mcp",
             "mcp_relaxed", "truth")
  rows$method <- factor(rows$method, order)
  write_table(by_groups(rows, c("method", "part", "k"), function(at) {
    data.frame(sensitivity = mean(at$sensitivity),
               sensitivity_se = standard_error(at$sensitivity),
               specificity = mean(at$specificity),
               specificity_se = standard_error(at$specificity),
               sign = mean(at$sign), mse = mean(at$mse),
               mse_se = standard_error(at$mse))
  }), "lasso-selection.csv")
  exact <- stats::aggregate(cbind(right = sensitivity + specificity) ~
                              trial + method, rows, function(x) all(x == 2))
  one <- merge(rows[rows$part == "gate", ], exact)
  best <- one[one$method == "truth", ]
  one$below <- best$ari[match(one$trial, best$trial)] - one$ari
  write_table(by_groups(one, "method", function(at) {
    data.frame(rate = mean(at$rate), rate_se = standard_error(at$rate),
               ari = mean(at$ari), ari_se = standard_error(at$ari),
               below = mean(at$below), below_se = standard_error(at$below),
               exact = mean(at$right), df = mean(at$df),
               loglik = mean(at$loglik), seconds = mean(at$seconds))
  }), "lasso-clusters.csv")
}

# A row for each block of each setting, and whether all of the support is right.
write_why <- function(rows) {
  rows$setting <- factor(rows$setting, unique(rows$setting))
  exact <- stats::aggregate(cbind(right = sensitivity + specificity) ~
                              trial + setting, rows, function(x) all(x == 2))
  rows <- merge(rows, exact)
  write_table(by_groups(rows, c("setting", "part", "k"), function(at) {
    data.frame(sensitivity = mean(at$sensitivity),
               specificity = mean(at$specificity),
               specificity_se = standard_error(at$specificity),
               exact = mean(at$right))
  }), "lasso-why.csv")
}

write_risk <- function(rows, name) {
  write_table(by_groups(rows, c("n", "p", "size", "scale"), function(at) {
    data.frame(lambda = at$lambda[1L], norm = at$norm[1L],
               missing = sum(is.na(at$kl)), kl = mean(at$kl, na.rm = TRUE),
               kl_se = standard_error(at$kl[!is.na(at$kl)]),
               df = mean(at$df, na.rm = TRUE), seconds = mean(at$seconds))
  }), paste0("lasso-", name, ".csv"))
}

part <- strsplit(option("part", "all"), ",")[[1L]]
if (identical(part, "all")) part <- names(grids)
for (name in intersect(part, names(grids))) run_part(name)
rows <- lapply(stats::setNames(names(grids), names(grids)), finished)
if (!is.null(rows$selection)) write_selection(rows$selection)
if (!is.null(rows$why)) write_why(rows$why)
if (!is.null(rows$check)) write_table(rows$check, "lasso-check.csv")
for (name in c("rate", "size")) {
  if (!is.null(rows[[name]])) write_risk(rows[[name]], name)
}
