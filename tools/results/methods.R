# What is done with fits and models: inference, prediction, theory.

geyser <- function(threads = 1) {
  moe(waiting ~ eruptions, faithful, K = 2, control = short(threads))
}
athletes <- function(threads = 1) {
  moe(cbind(LBM, Ht) ~ Wt + sex | Wt, ais, K = 2, control = short(threads))
}
gaussian_geyser <- function(threads = 1) {
  moe(eruptions ~ waiting, faithful, K = 2, gate = gate_gaussian(),
      control = short(threads))
}

# --- Inference ----------------------------------------------------------------

# Returns the covariance matrices of all parameters and their intervals.
inference_record <- function(fit, type) {
  values(vcov = vcov(fit, type = type),
         dispersion = vcov(fit, type = type, component = "dispersion"),
         intervals = confint(fit, type = type, component = unname(parts)))
}

inference <- list(
  "softmax gate" = geyser, "Gaussian gate" = gaussian_geyser,
  "two responses" = athletes,
  "5000 rows" = function(threads) {
    moe(y ~ x1 + x2 | x2, big$data, K = 3, start = big$label,
        control = short(threads))
  })
for (name in names(inference)) local({
  make <- inference[[name]]
  for (type in c("information", "sandwich")) local({
    type <- type
    add_case(paste0("vcov: ", name, ", ", type), function(threads) {
      inference_record(make(threads), type)
    })
  })
})

# Returns an analysis of variance, a block for each column.
anova_record <- function(table) {
  table <- as.data.frame(table)
  list(values = as.list(table), choices = c(rows = toString(rownames(table))))
}
add_case("anova: nested fits", function(threads) {
  big <- geyser(threads)
  anova_record(anova(update(big, . ~ . | 1), big))
})
add_case("anova: terms", function(threads) anova_record(anova(geyser(threads))))
add_case("anova: terms, sandwich", function(threads) {
  anova_record(anova(athletes(threads), type = "sandwich"))
})

for (type in c("parametric", "case", "weighted")) local({
  type <- type
  add_case(paste("bootstrap:", type), function(threads) {
    b <- bootstrap_moe(geyser(threads), R = 8, type = type, seed = 1)
    replicates <- data.matrix(as.data.frame(b))
    values(replicates = replicates, vcov = vcov(b), intervals = confint(b))
  })
})
add_case("bootstrap: Gaussian gate", function(threads) {
  b <- bootstrap_moe(gaussian_geyser(threads), R = 6, seed = 1)
  values(summary = unclass(summary(b)), vcov = vcov(b))
})

# --- Prediction ---------------------------------------------------------------

types <- c("response", "variance", "expert", "gate", "posterior", "cluster",
           "density", "cdf", "quantile", "interval")
all_types <- function(fit, new) {
  predicted <- lapply(stats::setNames(types, types), function(type) {
    flat(as.vector(predict(fit, new, type = type)))
  })
  list(values = predicted)
}

for (name in names(inference)[1:3]) local({
  make <- inference[[name]]
  data <- if (name == "two responses") ais else faithful
  add_case(paste0("predict: ", name), function(threads) {
    all_types(make(threads), data[c(1, 5, 50, 100, 150, 200), ])
  })
  add_case(paste0("residuals and scores: ", name), function(threads) {
    fit <- make(threads)
    kinds <- c("response", "pearson", "quantile", "pit")
    each <- lapply(stats::setNames(kinds, kinds), function(kind) {
      some(residuals(fit, type = kind), 40)
    })
    list(values = c(each, list(crps = some(crps(fit)),
                               log = some(log_score(fit)))))
  })
  add_case(paste0("simulate: ", name), function(threads) {
    drawn <- simulate(make(threads), nsim = 2, seed = 1)
    c(values(draws = as.matrix(drawn)),
      list(choices = c(experts = toString(attr(drawn, "expert")))))
  })
})
add_case("predict: tails and logarithms", function(threads) {
  fit <- geyser(threads)
  new <- data.frame(eruptions = c(1, 2, 4, 6), waiting = c(20, 55, 80, 150))
  values(log_density = predict(fit, new, type = "density", log = TRUE),
         log_cdf = predict(fit, new, type = "cdf", log = TRUE),
         upper = predict(fit, new, type = "cdf", lower_tail = FALSE),
         log_gate = predict(fit, new, type = "gate", log = TRUE),
         far = predict(fit, new, type = "quantile", probs = c(1e-8, 1 - 1e-8)),
         narrow = predict(fit, new, type = "interval", level = 0.1))
})
add_case("augment and tidy", function(threads) {
  fit <- geyser(threads)
  columns <- Filter(is.numeric, as.data.frame(augment(fit)))
  table <- as.data.frame(tidy(fit, component = unname(parts), conf.int = TRUE))
  table <- table[c("estimate", "std.error", "conf.low", "conf.high")]
  values(rows = columns[seq(1, 272, 9), ], table = table)
})

# --- Models given by their parameters -----------------------------------------

for (name in c("sgmoe", "ggmoe_1", "glome_ms", "dendro_2")) local({
  name <- name
  add_case(paste("model:", name), function() {
    truth <- moe_truth(name)
    d <- simulate(truth, n = 400, seed = 1)
    list(loglik = as.numeric(logLik(truth, d)),
         values = c(list(data = flat(data.matrix(d[1:20, ]))),
                    all_types(truth, d[1:6, ])$values))
  })
})

# --- Divergences and losses ---------------------------------------------------

ws_fit <- function(threads, K) {
  d <- simulate(moe_truth("glome_ws"), n = 400, seed = 1)
  moe(y ~ x, d, K = K, gate = gate_gaussian(), control = short(threads))
}
for (type in c("kl", "jkl", "hellinger", "tv", "l2")) local({
  type <- type
  add_case(paste("divergence:", type), function(threads) {
    rows <- simulate(moe_truth("glome_ws"), n = 60, seed = 2)
    found <- moe_divergence(moe_truth("glome_ws"), ws_fit(threads, 3), rows,
                            type = type)
    values(value = as.numeric(found), rows = found$rows)
  })
})
add_case("divergence: Monte Carlo", function(threads) {
  d <- moe_divergence(athletes(threads), update(athletes(threads), . ~ Wt | Wt),
                      ais[1:40, ], method = "monte_carlo", seed = 1)
  values(value = as.numeric(d), rows = d$rows)
})

# Returns the loss and all its summands.
loss_record <- function(loss) {
  table <- as.data.frame(loss)
  values(loss = sum(table$loss), parts = table$loss, cell = table$cell)
}
softmax_fit <- function(threads, K) {
  d <- simulate(moe_truth("sgmoe"), n = 800, seed = 2)
  moe(y ~ x, d, K = K, control = short(threads))
}
add_case("Voronoi loss: D1", function(threads) {
  loss_record(voronoi_loss(softmax_fit(threads, 2), moe_truth("sgmoe")))
})
add_case("Voronoi loss: D2", function(threads) {
  loss_record(voronoi_loss(softmax_fit(threads, 3), moe_truth("sgmoe")))
})
add_case("Voronoi loss: D2, as in the tables", function(threads) {
  loss_record(voronoi_loss(softmax_fit(threads, 3), moe_truth("sgmoe"),
                           translate = FALSE, norm = "separate"))
})
add_case("Voronoi loss: Dbar", function(threads) {
  loss_record(voronoi_loss(ws_fit(threads, 3), moe_truth("glome_ws")))
})
add_case("Voronoi exponents, lasso bound", function() {
  bound <- lambda_bound(n = 1e3, p = 100, K = 2, mean_bound = 1,
                        precision_bounds = c(1, 4))
  list(criteria = c(flat(data.matrix(voronoi_exponents(1:5))),
                    flat(data.matrix(voronoi_exponents(1:5, "gaussian"))),
                    lambda = bound$lambda))
})
add_case("support recovery", function(threads) {
  truth <- moe_truth("lasso_gaussian")
  d <- simulate(truth, n = 400, seed = 1)
  fit <- moe(formula(truth), d, K = 2, control = short(threads),
             gate = gate_softmax(penalty = penalty_lasso(0.03)),
             expert = expert_gaussian(penalty = penalty_lasso(0.03)))
  table <- support_recovery(fit, truth)
  list(criteria = unlist(Filter(is.numeric, table)))
})
add_case("rate experiment", function(threads) {
  rates <- rate_experiment(moe_truth("ggmoe_1"), K = 4, n = c(200, 600),
                           replicates = 2, starts = c("near", "default"),
                           control = short(threads, starts = 2), seed = 1)
  table <- as.data.frame(tidy(rates))
  c(list(loglik = table$loglik, iterations = table$iterations,
         choices = c(status = toString(table$status),
                     cells = toString(table$cells))),
    values(loss = table$loss))
})

# --- The stages of the algorithm ----------------------------------------------

# Returns what the stages give after a few passes over two pieces of the data.
stages_record <- function(problem, start, n, steps = 5) {
  theta <- em_start(problem, start)
  for (step in seq_len(steps)) {
    statistics <- em_merge(
      em_accumulate(problem, theta, rows = c(1, n %/% 2)),
      em_accumulate(problem, theta, rows = c(n %/% 2 + 1, n)))
    if (step < steps) theta <- em_solve(problem, theta, statistics)
  }
  c(list(loglik = statistics[[1]]),
    values(theta = theta, statistics = statistics,
           score = em_score(problem, theta, statistics),
           finished = coef(em_finish(problem, theta))))
}
gates <- list(softmax = gate_softmax(), Gaussian = gate_gaussian(),
              conditional = gate_gaussian(likelihood = "conditional"),
              constant = gate_constant(),
              "softmax, lasso" = gate_softmax(penalty = penalty_lasso(0.05)))
for (name in names(gates)) local({
  gate <- gates[[name]]
  add_case(paste("EM by hand:", name), function(threads) {
    problem <- em_problem(y ~ x1 + x2 + x3, big$data, K = 3, gate = gate,
                          control = short(threads))
    stages_record(problem, big$label, 5000)
  })
})
