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
