d <- old_faithful()

test_that("an offset is one number per row, or per row and response", {
  expect_input_error(
    moe(eruptions ~ waiting + offset(cbind(waiting, waiting)), d, K = 2),
    "offset\\(\\) must give one number per row")
  d$shift <- c(Inf, numeric(271))
  expect_input_error(moe(eruptions ~ waiting + offset(shift), d, K = 2),
                     "not finite|infinite")
})

test_that("a design has at least one column and at most 20000", {
  expect_input_error(moe(eruptions ~ 0 | waiting, d, K = 2),
                     "no terms, not even an intercept")
  many <- Matrix::sparseMatrix(1:4, 1:4, x = 1, dims = c(4, 20001))
  expect_input_error(moe(many, 1:4, K = 1), "has 20002 columns")
})

test_that("parameters of another model do not reach the engine", {
  problem <- em_problem(eruptions ~ waiting, d, K = 2)
  expect_error(engine_run(problem, numeric(3), NULL, list()),
               "theta has 3 elements, the model 8",
               class = "gatemix_error_input")
})

test_that("failures of the engine keep their type on the way to R", {
  problem <- em_problem(eruptions ~ waiting, faithful, K = 2)
  theta <- engine_initial(problem)
  unknown <- problem
  unknown$spec$gate$key <- "nonsense"
  expect_error(engine_initial(unknown), "unknown gate 'nonsense'",
               class = "gatemix_error_input")
  optionless <- problem
  optionless$spec$expert$options <- list()
  expect_error(engine_initial(optionless), "option '[a-z]+' is missing",
               class = "gatemix_error_input")
  vector <- problem
  vector$spec$expert$options$shared <- c(TRUE, FALSE)
  expect_error(engine_initial(vector), "option 'shared' must be one value",
               class = "gatemix_error_input")
  expect_error(engine_score(problem, replace(theta, 1, NaN), numeric(1)),
               "not finite", class = "gatemix_error_numeric")
  # a mistake of ours is said to be one
  wordless <- problem
  wordless$spec$K <- "two"
  expect_error(engine_initial(wordless), "mistake in gatemix",
               class = "gatemix_error_internal")
})

test_that("a block sees features of its columns where its specification says so", {
  problem <- gatemix:::bare_problem(em_problem(accel ~ times, MASS::mcycle, K = 2))
  spec <- problem$spec
  z <- gatemix:::engine_gate_design(problem)
  t <- z[, 2]
  sees <- function(features, block = "gate") {
    spec[[block]]["features"] <- list(features)
    gatemix:::set_model(problem, 2, spec$gate, spec$expert)
  }
  powers <- sees(list(key = "powers", degree = 3))
  expect_near(gatemix:::engine_gate_design(powers), cbind(1, t, t^2, t^3), 1e-14)
  expect_identical(names(gatemix:::engine_initial(powers))[1:4],
                   paste0("gate.1:", c("(Intercept)", "times", "times^2", "times^3")))
  functions <- list(tanh = tanh, sigmoid = plogis, cos = cos, sin = sin,
                    softsign = function(x) x / (1 + abs(x)))
  for (name in names(functions)) {
    seen <- sees(list(key = "function", "function" = name, center = 0.3, scale = 2))
    expect_near(gatemix:::engine_gate_design(seen), cbind(1, (functions[[name]](t) - 0.3) / 2), 1e-14)
  }
  # the experts' design: a gate with the same columns keeps them
  cubic <- sees(list(key = "powers", degree = 3), "expert")
  expect_identical(gatemix:::engine_gate_design(cubic), z)
  run <- gatemix:::engine_run(cubic, gatemix:::engine_initial(cubic), rep(1:2, length.out = length(t)),
                              gatemix:::engine_control(moe_control(), max_iter = 0L))
  b <- gatemix:::unpack_coordinates(cubic, run$theta)$expert$coefficients
  y <- (problem$y - problem$y_center) / problem$y_scale
  odd <- seq(1, length(t), by = 2)
  expect_near(b[, 1, 1], unname(coef(lm(y[odd] ~ t[odd] + I(t[odd]^2) + I(t[odd]^3)))), 1e-9)
  expect_error(gatemix:::engine_initial(sees(list(key = "nonsense"))), "unknown features 'nonsense'",
               class = "gatemix_error_input")
})
