test_that("a grid has a model for each K, gate and family of experts", {
  grid <- model_grid(3:1, list(gate_softmax(), gate_gaussian("diagonal")),
                     list(expert_gaussian(), expert_gaussian(shared = TRUE)))
  expect_named(grid$table, c("model", "K", "gate", "expert"))
  expect_equal(nrow(grid$table), 12L)
  expect_equal(grid$table$K[1:4], c(1L, 2L, 3L, 1L))
  expect_named(grid$models, grid$table$model)
  expect_false(anyDuplicated(grid$table$model) > 0L)
  last <- grid$models[[12L]]
  expect_equal(last, list(K = 3L, gate = gate_gaussian("diagonal"),
                          expert = expert_gaussian(shared = TRUE)))
})

test_that("names tell what varies, and nothing else", {
  expect_equal(model_grid(c(1, 3))$table$model, c("K=1", "K=3"))
  gates <- list(gate_softmax, gate_gaussian(),
                gate_gaussian(shared = TRUE, likelihood = "conditional"))
  expect_equal(model_grid(2, gates)$table$model,
               c("K=2, softmax gate", "K=2, Gaussian gate (full)",
                 "K=2, Gaussian gate (full shared, conditional)"))
  expect_equal(model_grid(2, expert = list(expert_gaussian("full"),
                                           expert_gaussian("diagonal")))$
                 table$model,
               c("K=2, Gaussian experts (full)",
                 "K=2, Gaussian experts (diagonal)"))
})

test_that("names of the user's list are labels", {
  gates <- list(soft = gate_softmax(), gate_constant())
  expect_equal(model_grid(2, gates)$table$gate, c("soft", "constant gate"))
})

test_that("every model fits under its own description", {
  grid <- model_grid(2, list(gate_softmax(), gate_constant()))
  d <- old_faithful()
  for (model in grid$models) {
    fit <- do.call(moe, c(list(eruptions ~ waiting, d, start = d$label),
                          model))
    expect_s3_class(fit, "moe")
    expect_identical(fit$gate, model$gate)
  }
})

test_that("names of files are plain and one each", {
  names <- c("K=2, Gaussian gate (full)", "K=2, Gaussian gate [full]", "K=2",
             "k=2")
  files <- file_labels(names)
  expect_false(anyDuplicated(tolower(files)) > 0L)
  expect_match(files, "^[A-Za-z0-9=._-]+$")
  expect_equal(files[3L], "K=2")
})

test_that("errors name the argument", {
  expect_input_error(model_grid(0:2), "`K` must be whole numbers")
  expect_input_error(model_grid(numeric()), "`K`")
  expect_input_error(model_grid("two"), "`K`.*found \"two\"")
  expect_input_error(model_grid(2, list()), "`gate` must be one gate or a list")
  expect_input_error(model_grid(2, "softmax"), "`gate`")
  expect_input_error(model_grid(2, list(gate_softmax(), 3)), "`gate` must be")
  expect_input_error(model_grid(2, list(gate_softmax(), gate_softmax())),
                     "`softmax gate` more than once")
  expect_input_error(model_grid(2, expert = list(1)), "`expert` must be")
})
