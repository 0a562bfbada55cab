test_that("the E-step is the textbook one for every model, weights and offset included", {
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q)
    theta <- toy_theta(problem, toy_data()$group)
    wanted <- oracle_e_step(problem, theta)
    stats <- em_accumulate(problem, theta)
    expect_equal(stats[["objective"]], wanted$objective, tolerance = 1e-12, info = label)
    expect_equal(stats[["weight"]], sum(problem$weights), tolerance = 1e-14, info = label)
    sizes <- unname(stats[startsWith(names(stats), "expert.weight")])
    expect_equal(sizes, colSums(wanted$posterior * problem$weights), tolerance = 1e-11, info = label)
    rows <- gatemix:::engine_evaluate(problem, theta)
    expect_equal(rows$posterior, wanted$posterior, tolerance = 1e-10, info = label)
    expect_equal(rows$log_density, wanted$log_density, tolerance = 1e-12, info = label)
    expect_equal(rows$log_expert, wanted$log_expert, tolerance = 1e-12, info = label)
  })
})

test_that("the M-step is weighted least squares, weighted moments, one Newton step", {
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q)
    theta <- toy_theta(problem, toy_data()$group)
    got <- em_solve(problem, theta, em_accumulate(problem, theta))
    expect_equal(unname(got), oracle_m_step(problem, theta), tolerance = 1e-10, info = label)
  })
})

test_that("a start is one M-step from labels or responsibilities", {
  data <- toy_data()
  tau <- prop.table(matrix(runif(3 * nrow(data), 0.1, 1), nrow(data)), 1)
  labels <- outer(data$group, 1:3, `==`) + 0
  for_all_models(function(gate, expert, q, label) {
    problem <- toy_problem(gate, expert, q, data)
    zero <- gatemix:::engine_initial(problem)
    expect_equal(unname(em_start(problem, data$group)), oracle_m_step(problem, zero, labels),
                 tolerance = 1e-10, info = label)
    expect_equal(unname(em_start(problem, tau)), oracle_m_step(problem, zero, tau),
                 tolerance = 1e-10, info = label)
  })
})

test_that("newton_fraction shortens the gate's step and no other", {
  for (gate in list(gate_softmax(), gate_gaussian(likelihood = "conditional"))) {
    problem <- toy_problem(gate, expert_gaussian(), 2)
    theta <- toy_theta(problem, toy_data()$group)
    stats <- em_accumulate(problem, theta)
    for (fraction in c(0, 0.25, 0.5)) {
      expect_equal(unname(em_solve(problem, theta, stats, fraction)),
                   oracle_m_step(problem, theta, fraction = fraction), tolerance = 1e-10)
    }
  }
})

test_that("ten lines of EM by hand reach the same maximum as moe()", {
  data <- toy_data(150)
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian())) {
    problem <- em_problem(toy_formula(1), data, K = 3, gate = gate)
    theta <- em_start(problem, data$group)
    for (pass in 1:4000) {
      parts <- em_merge(em_accumulate(problem, theta, c(1, 70)), em_accumulate(problem, theta, c(71, 150)))
      if (max(abs(em_score(problem, theta, parts))) < 1e-7 * 150) break
      theta <- em_solve(problem, theta, parts)
    }
    by_hand <- quiet(em_finish(problem, theta))
    fit <- toy_fit(gate, expert_gaussian(), 1, data)
    expect_true(by_hand$converged)
    expect_equal(by_hand$loglik[["maximised"]], fit$loglik[["maximised"]], tolerance = 1e-10)
    expect_equal(by_hand$parameters$expert, fit$parameters$expert, tolerance = 1e-4)
  }
})

test_that("linear predictors of +-1e30 give probabilities 0 and 1, never NaN", {
  data <- toy_data()
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian(likelihood = "conditional"))) {
    problem <- toy_problem(gate, expert_gaussian(), 2, data)
    theta <- em_start(problem, data$group)
    is_gate <- startsWith(names(theta), "gate.")
    for (size in c(1e2, 1e8, 1e30)) {
      set.seed(3)
      theta[is_gate] <- size * sample(c(-1, 1), sum(is_gate), replace = TRUE)
      rows <- gatemix:::engine_evaluate(problem, theta)
      expect_false(anyNA(unlist(rows)), info = gate$label)
      expect_equal(rowSums(rows$gate), rep(1, nrow(data)), tolerance = 1e-14)
      stats <- em_accumulate(problem, theta)
      expect_true(all(is.finite(stats)), info = gate$label)
      expect_equal(stats[["objective"]], oracle_e_step(problem, theta)$objective, tolerance = 1e-10,
                   info = gate$label)
      expect_true(all(is.finite(em_solve(problem, theta, stats))), info = gate$label)
    }
  }
})

test_that("responses far out leave responsibilities that sum to 1", {
  data <- toy_data()
  data$y1[5] <- 1e12
  for (gate in all_gates()) {
    problem <- toy_problem(gate, expert_gaussian(), 2, data)
    theta <- em_start(problem, data$group)
    rows <- gatemix:::engine_evaluate(problem, theta)
    expect_equal(rowSums(rows$posterior), rep(1, nrow(data)), tolerance = 1e-14, info = gate$label)
    expect_true(all(is.finite(em_accumulate(problem, theta))), info = gate$label)
  }
})

test_that("one row, and as many experts as rows, stay finite", {
  data <- toy_data(6)
  for (gate in all_gates()) {
    one <- quiet(moe(y1 ~ 1, data = data[1, ], K = 1, gate = gate_constant()))
    expect_equal(unname(one$parameters$expert$coefficients[1]), data$y1[1])
    problem <- toy_problem(gate, expert_gaussian(), 1, data, K = 6, weights = NULL, offset = FALSE)
    theta <- em_start(problem, 1:6)
    expect_true(all(is.finite(theta)), info = gate$label)
    expect_true(all(is.finite(em_accumulate(problem, theta))), info = gate$label)
    fit <- quiet(moe(y1 ~ x1 | z1 + z2, data = data, K = 6, gate = gate, start = 1:6))
    expect_false(anyNA(fit$theta), info = gate$label)
    expect_true(is.finite(fit$loglik[["maximised"]]), info = gate$label)
  }
})

test_that("columns that are dropped do not change the model", {
  data <- toy_data()
  data$constant <- 3
  data$twice <- 2 * data$x1
  for (gate in list(gate_softmax(), gate_gaussian())) {
    plain <- em_problem(y1 ~ x1 + x2 | z1 + z2, data, K = 3, gate = gate)
    more <- em_problem(y1 ~ constant + x1 + twice + x2 | z1 + z2 + constant, data, K = 3, gate = gate)
    theta <- em_start(plain, data$group)
    expect_equal(em_start(more, data$group), theta, tolerance = 1e-12)
    expect_equal(em_accumulate(more, theta), em_accumulate(plain, theta), tolerance = 1e-12)
  }
})
