test_that("any number of threads gives the same bits", {
  data <- toy_data(9000, seed = 8)
  for (gate in list(gate_softmax(), gate_constant(), gate_gaussian(), gate_gaussian(likelihood = "conditional"))) {
    fits <- lapply(1:2, function(threads) {
      toy_fit(gate, expert_gaussian(), 2, data, control = moe_control(threads = threads, max_iter = 15))
    })
    for (part in c("theta", "parameters", "loglik", "trace", "gradient_norm", "sizes")) {
      expect_identical(fits[[1]][[part]], fits[[2]][[part]], info = paste(gate$label, part))
    }
  }
})

test_that("a search is the same with two threads", {
  data <- toy_data(2500, seed = 9)
  fits <- lapply(1:2, function(threads) {
    set.seed(1)
    quiet(moe(y1 ~ x1 + x2 | z1, data = data, K = 3, control = moe_control(threads = threads, starts = 4)))
  })
  expect_identical(fits[[1]]$theta, fits[[2]]$theta)
  expect_identical(fits[[1]]$starts, fits[[2]]$starts)
})

test_that("more threads than blocks of rows are no problem", {
  data <- toy_data(40)
  one <- toy_fit(gate_softmax(), expert_gaussian(), 1, data)
  many <- toy_fit(gate_softmax(), expert_gaussian(), 1, data, control = moe_control(threads = 8))
  expect_identical(one$theta, many$theta)
})

test_that("statistics have the same bits in repeated passes", {
  data <- toy_data(3000)
  for (threads in 1:2) {
    problem <- toy_problem(gate_softmax(), expert_gaussian(), 2, data, control = moe_control(threads = threads))
    theta <- em_start(problem, data$group)
    expect_identical(em_accumulate(problem, theta), em_accumulate(problem, theta))
  }
})
