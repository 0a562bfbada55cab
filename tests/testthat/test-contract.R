# The laws that every gate and every expert obeys, over the registry of
# helper-oracle.R.

test_that("the registry of the tests knows every block of the engine", {
  keys <- unique(vapply(all_gates(), gatemix:::gate_key, "", gate_terms = c("(Intercept)", "z"), K = 2L))
  catalogue <- gatemix:::engine_catalogue()
  expect_setequal(keys, catalogue$gates)
  expect_setequal(unique(vapply(all_experts(), `[[`, "", "name")), catalogue$experts)
})

test_that("the cases that are run have all that any case has", {
  models <- all_cases(gate = all_gates(), expert = all_experts(), q = 1:2)
  shown <- function(models) {
    all <- lapply(models, function(m) {
      options <- c(gate = unlist(m$gate), expert = unlist(m$expert), q = m$q)
      options <- paste(names(options), options)
      outer(options, options, paste)
    })
    sort(unique(unlist(all)))
  }
  few <- models[covering_set(models)]
  expect_lt(length(few), length(models) / 5)
  # each gate and each expert with one response and with two, and every option
  # of a gate with every option of an expert
  parts <- function(models) unique(lapply(models, function(m) paste(m$gate$label, m$q)))
  expect_setequal(parts(few), parts(models))
  without_labels <- function(models) {
    lapply(models, function(m) lapply(m, function(part) {
      if (is.list(part)) part[names(part) != "label"] else part
    }))
  }
  expect_identical(shown(without_labels(few)), shown(without_labels(models)))
})

test_that("the score is the gradient of the objective", {
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q)
    theta <- toy_theta(problem, toy_data()$group)
    score <- em_score(problem, theta, em_accumulate(problem, theta))
    wanted <- numeric_score(problem, theta)
    expect_lt(max(abs(score - wanted)) / max(1, abs(wanted)), 1e-8, label = paste(label, "error"))
  })
})

test_that("merged statistics of pieces are those of one pass", {
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q)
    theta <- toy_theta(problem, toy_data()$group)
    pieces <- lapply(list(c(1, 1), c(2, 30), c(31, 60)), function(rows) em_accumulate(problem, theta, rows))
    expect_equal(do.call(em_merge, pieces), em_accumulate(problem, theta), tolerance = 1e-13, info = label)
  })
})

test_that("a solve never lowers the objective", {
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q)
    for (seed in 1:3) {
      theta <- toy_theta(problem, toy_data()$group, push = 0.3, seed = seed)
      stats <- em_accumulate(problem, theta)
      gain <- -Inf
      for (fraction in 2^-(0:20)) {
        after <- em_accumulate(problem, em_solve(problem, theta, stats, fraction))
        gain <- after[["objective"]] - stats[["objective"]]
        if (gain >= 0) break
      }
      expect_gte(gain, 0)
      # closed forms need no shortening
      if (problem$spec$gate$key %in% c("constant", "gaussian")) expect_identical(fraction, 1, info = label)
    }
  })
})

test_that("converged fits have a gradient of zero, confirmed by finite differences", {
  for_all_models(function(gate, expert, q, label) {
    data <- toy_data(150)
    fit <- toy_fit(gate, expert, q, data)
    expect_true(fit$converged, info = label)
    expect_lt(fit$gradient_norm, 1e-6, label = label)
    expect_true(all(diff(fit$trace) >= -1e-9 * abs(fit$loglik[["maximised"]])), info = label)
    problem <- toy_problem(gate, expert, q, data, weights = NULL, offset = FALSE)
    slope <- numeric_score(problem, fit$theta)
    expect_lt(max(abs(slope)) / nrow(data), 1e-6, label = paste(label, "slope"))
  })
})

test_that("the parameters on the user's scale have the likelihood of the fit", {
  data <- toy_data(150)
  x <- toy_design(data, c("x1", "x2"))
  z <- toy_design(data, c("z1", "z2"))
  for_all_models(function(gate, expert, q, label) {
    fit <- quiet(moe(toy_formula(q, offset = TRUE), data = data, K = 3, gate = gate, expert = expert,
                     weights = w, start = data$group, control = moe_control(max_iter = 20)))
    got <- user_log_likelihood(fit, x, z, data[c("y1", "y2")[seq_len(q)]], data$w, data$o)
    expect_equal(fit$loglik[["conditional"]], got[["conditional"]], tolerance = 1e-9, info = label)
    if (gate$name == "gaussian") {
      expect_equal(fit$loglik[["joint"]], got[["joint"]], tolerance = 1e-9, info = label)
    }
    maximised <- if (identical(gate$likelihood, "joint")) "joint" else "conditional"
    expect_identical(fit$loglik[["maximised"]], fit$loglik[[maximised]], info = label)
  })
})

test_that("parameters and coordinates are inverse to each other", {
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q)
    theta <- unname(toy_theta(problem, toy_data()$group))
    parameters <- gatemix:::problem_parameters(problem, theta, gate, expert)
    again <- gatemix:::problem_coordinates(problem, parameters, gate, expert)
    expect_equal(again, theta, tolerance = 1e-9, info = label)
  })
})

test_that("the packing names every coordinate and every statistic once", {
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q)
    theta <- unname(toy_theta(problem, toy_data()$group))
    at <- gatemix:::unpack_coordinates(problem, theta)
    expect_identical(gatemix:::pack_coordinates(problem, at$gate, at$expert), theta, info = label)
    expect_identical(dim(at$expert$coefficients),
                     as.integer(c(length(problem$spec$expert_terms), q, 3)), info = label)
    # after the objective and the weight of the rows
    places <- c(problem$packing$statistics$gate, problem$packing$statistics$expert)
    first <- vapply(places, `[[`, 0, "first")
    size <- vapply(places, function(place) prod(place$dim), 0)
    expect_equal(unname(first), unname(3 + cumsum(c(0, size))[seq_along(size)]), info = label)
    expect_length(em_accumulate(problem, theta), 2 + sum(size))
  })
})

# The distance of the estimate from the truth, measured by the observed
# information, is chi-squared with one degree of freedom per parameter.
expect_recovery <- function(gate, expert, q, label, n = 1500, seed = 11) {
  data <- toy_data(n, seed = seed)
  truth <- toy_fit(gate, expert, q, data)
  drawn <- simulate(truth, seed = seed)$sim_1
  data[c("y1", "y2")[seq_len(q)]] <- as.data.frame(drawn)
  fit <- quiet(moe(toy_formula(q), data = data, K = 3, gate = gate, expert = expert, start = truth))
  expect_true(fit$converged, info = label)
  problem <- toy_problem(gate, expert, q, data, weights = NULL, offset = FALSE)
  true_theta <- gatemix:::problem_coordinates(problem, truth$parameters, gate, expert)
  theta <- fit$theta
  score <- function(at) em_score(problem, at, em_accumulate(problem, at))
  information <- -vapply(seq_along(theta), function(j) {
    step <- replace(numeric(length(theta)), j, 1e-4)
    (score(theta + step) - score(theta - step)) / 2e-4
  }, unname(theta))
  expect_equal(information, t(information), tolerance = 1e-5, ignore_attr = TRUE, info = label)
  expect_gt(min(eigen(information, symmetric = TRUE, only.values = TRUE)$values), 0)
  distance <- sum((theta - true_theta) * (information %*% (theta - true_theta)))
  # too near is wrong as well: a fit that stays at the truth has seen no data
  p <- pchisq(distance, length(theta))
  expect_gt(p, 1e-3, label = paste(label, "distance"))
  expect_lt(p, 1 - 1e-3, label = paste(label, "distance"))
}

test_that("fits to simulated data recover the parameters", {
  for_all_models(expect_recovery)
})

test_that("fits print, survive saveRDS() and predict the same afterwards", {
  data <- toy_data(150)
  file <- tempfile(fileext = ".rds")
  on.exit(unlink(file))
  for_all_models(function(gate, expert, q, label) {
    fit <- toy_fit(gate, expert, q, data, control = moe_control(max_iter = 5))
    for (what in list(fit, summary(fit))) {
      title <- capture.output(print(what))[1]
      expect_match(title, "^Mixture of 3 .*experts, ", info = label)
      expect_true(endsWith(title, gate$label), info = label)
    }
    expect_identical(capture.output(print(gate)), gate$label)
    expect_identical(capture.output(print(expert)), expert$label)
    saveRDS(fit, file)
    again <- readRDS(file)
    for (type in c("response", "gate", "expert", "posterior", "density")) {
      expect_identical(predict(again, data, type = type), predict(fit, data, type = type), info = label)
    }
    expect_identical(logLik(again), logLik(fit), info = label)
  }, together = 1)
})
