# A model with more experts contains those with fewer.

# the fit of one number of experts as a point of the model with another
doubled <- function(fit, K, k) {
  source <- stored_problem(fit)
  problem <- function(K) model_problem(source, K, fit$gate, fit$expert)
  model <- function(K) list(K = K, gate = fit$gate, expert = fit$expert)
  list(small = problem(fit$K), large = problem(K),
       theta = double_experts(problem(fit$K), problem(K), fit$theta,
                              model(fit$K), model(K), k))
}

expect_same_density <- function(fit, K, k, label) {
  both <- doubled(fit, K, k)
  expect_equal(value_at(both$large, both$theta),
               value_at(both$small, unname(fit$theta)), tolerance = 1e-10,
               info = paste(label, "to", K))
}

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
    for (K in 3:4) for (k in 1:2) expect_same_density(fit, K, k, label)
  })
})

test_that("so is one expert alone, doubled, also without intercepts", {
  data <- toy_data(100)
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian())) {
    formula <- y1 ~ x1 | z1
    if (gate$name == "softmax") formula <- y1 ~ 0 + x1 | 0 + z1
    fit <- quiet(moe(formula, data, K = 1, gate = gate))
    expect_same_density(fit, 2L, 1L, gate$label)
  }
})

test_that("a gate without an intercept cannot halve its weights", {
  data <- toy_data(100, 2)
  fit <- quiet(moe(y1 ~ x1 | 0 + z1, data, K = 2, start = data$group))
  expect_null(doubled(fit, 3L, 1L)$theta)
  # and a run that cannot be repaired is returned as it is
  model <- list(K = 3L, gate = fit$gate, expert = fit$expert)
  task <- list(model = model,
               other = list(K = 2L, run = list(theta = fit$theta)))
  out <- doubled_run(stored_problem(fit), task, "the run", moe_control())
  expect_identical(out, "the run")
})

test_that("a run is worse at the floor, or behind by more than rounding", {
  run <- function(objective, ...) {
    list(objective = objective, floored = c(...), unit = 2)
  }
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
  model <- list(K = 3L, gate = gate_constant(), expert = expert_gaussian())
  source <- stored_problem(toy_fit(model$gate, model$expert, 1, data, K = 2,
                                   formula = y1 ~ x1 | 1))
  problem <- function(K) model_problem(source, K, model$gate, model$expert)
  run <- function(K, labels, ...) {
    run <- run_engine(problem(K), engine_initial(problem(K)), labels,
                      engine_control(moe_control(...)))
    run$starts <- starts_table("labels", list(run), 1L, list(run), run$weight)
    run
  }
  small <- run(2L, data$group)
  large <- run(3L, rep_len(1:3, 120), max_iter = 0)
  list(data = source, run = large, small = small, task = list(
    model = model, run = large[run_parts],
    other = list(K = 2L, run = small[run_parts])))
}

test_that("a run worse than the smaller model's is replaced by a better one", {
  w <- worse_run()
  expect_true(is_worse(w$run, w$small))
  better <- doubled_run(w$data, w$task, w$run, moe_control())
  expect_false(is_worse(better, w$small))
  expect_length(better$sizes, 3L)
  # the starts are those of both
  expect_identical(better$starts$rule, c("labels", "doubled"))
  expect_identical(better$starts$start, 1:2)
})
