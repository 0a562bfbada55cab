# A model with more experts contains those with fewer.

# the model of a fit, in the form of a collection
as_model <- function(gate, expert, K) list(K = K, gate = gate, expert = expert)

# the log-likelihood at coordinates, of the data that the engine sees
value_at <- function(problem, theta) {
  at <- engine_initial(problem)
  expect_length(theta, length(at))
  at[] <- theta
  engine_accumulate(problem, at, NULL, 1, nrow(problem$x), 1L)[["objective"]]
}

test_that("an expert doubled is the same density, for every model", {
  for_all_models(function(gate, expert, q, label) {
    fit <- toy_fit(gate, expert, q, toy_data(100, 2), K = 2,
                   control = moe_control(max_iter = 5))
    data <- stored_problem(fit)
    small <- model_problem(data, 2L, gate, expert)
    for (K in 3:4) for (k in 1:2) {
      large <- model_problem(data, K, gate, expert)
      theta <- double_experts(small, large, fit$theta, as_model(gate, expert, 2L),
                              as_model(gate, expert, K), k)
      expect_equal(value_at(large, theta), value_at(small, unname(fit$theta)),
                   tolerance = 1e-10, info = paste(label, "to", K))
    }
  })
})

test_that("so is one expert alone, doubled, also without intercepts", {
  data <- toy_data(100)
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian())) {
    formula <- if (gate$name == "softmax") y1 ~ 0 + x1 | 0 + z1 else y1 ~ x1 | z1
    fit <- quiet(moe(formula, data, K = 1, gate = gate))
    source <- stored_problem(fit)
    small <- model_problem(source, 1L, gate, expert_gaussian())
    large <- model_problem(source, 2L, gate, expert_gaussian())
    theta <- double_experts(small, large, fit$theta, as_model(gate, expert_gaussian(), 1L),
                            as_model(gate, expert_gaussian(), 2L), 1L)
    expect_equal(value_at(large, theta), value_at(small, unname(fit$theta)),
                 tolerance = 1e-10, info = gate$label)
  }
})

test_that("a gate without an intercept cannot halve its weights", {
  data <- toy_data(100, 2)
  fit <- quiet(moe(y1 ~ x1 | 0 + z1, data, K = 2, start = data$group))
  source <- stored_problem(fit)
  models <- lapply(2:3, function(K) as_model(gate_softmax(), expert_gaussian(), K))
  problems <- lapply(2:3, function(K) {
    model_problem(source, K, gate_softmax(), expert_gaussian())
  })
  expect_null(double_experts(problems[[1]], problems[[2]], fit$theta, models[[1]],
                             models[[2]], 1L))
  # and a run that cannot be repaired is returned as it is
  task <- list(model = models[[2]], other = list(K = 2L, run = list(theta = fit$theta)))
  expect_identical(doubled_run(source, task, "the run", moe_control()), "the run")
})

test_that("a run is worse if it is at the floor alone, or behind by more than rounding", {
  run <- function(objective, ...) list(objective = objective, floored = c(...), unit = 2)
  expect_true(is_worse(run(-11, FALSE, FALSE), run(-10, FALSE)))
  expect_false(is_worse(run(-10, FALSE, FALSE), run(-10, FALSE)))
  expect_false(is_worse(run(-10 - 1.5e-7, FALSE, FALSE), run(-10, FALSE)))
  expect_true(is_worse(run(-10 - 3e-7, FALSE, FALSE), run(-10, FALSE)))
  expect_true(is_worse(run(99, FALSE, TRUE), run(-10, FALSE)))
  expect_false(is_worse(run(-99, FALSE, FALSE), run(-10, TRUE)))
  expect_true(is_worse(run(-11, TRUE, FALSE), run(-10, TRUE)))
})

# a fit of three experts that is worse than that of two
worse_run <- function() {
  data <- toy_data(120, 2)
  source <- stored_problem(toy_fit(gate_constant(), expert_gaussian(), 1, data, K = 2,
                                   formula = y1 ~ x1 | 1))
  problem <- function(K) model_problem(source, K, gate_constant(), expert_gaussian())
  run <- function(K, labels, ...) {
    run <- run_engine(problem(K), engine_initial(problem(K)), labels,
                      engine_control(moe_control(...)))
    run$starts <- starts_table("labels", list(run), 1L, list(run), run$weight)
    run
  }
  small <- run(2L, data$group)
  large <- run(3L, rep_len(1:3, 120), max_iter = 0)
  list(data = source, run = large, small = small, task = list(
    model = as_model(gate_constant(), expert_gaussian(), 3L), run = large[run_parts],
    other = list(K = 2L, run = small[run_parts])))
}

test_that("a run that is worse than the smaller model's is replaced by one that is not", {
  w <- worse_run()
  expect_true(is_worse(w$run, w$small))
  better <- doubled_run(w$data, w$task, w$run, moe_control())
  expect_false(is_worse(better, w$small))
  expect_length(better$sizes, 3L)
  # the starts are those of both
  expect_identical(better$starts$rule, c("labels", "doubled"))
  expect_identical(better$starts$start, 1:2)
})
