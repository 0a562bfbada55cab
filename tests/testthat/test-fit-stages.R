d <- old_faithful()
problem <- em_problem(eruptions ~ waiting, d, K = 2)

em_by_hand <- function(problem, start, tol = 1e-9) {
  theta <- em_start(problem, start)
  repeat {
    statistics <- em_accumulate(problem, theta)
    if (max(abs(em_score(problem, theta, statistics))) < tol * 272) break
    theta <- em_solve(problem, theta, statistics)
  }
  em_finish(problem, theta)
}

test_that("EM written by hand reaches the fit of moe()", {
  fit <- em_by_hand(problem, d$label)
  expect_s3_class(fit, "moe")
  expect_true(fit$converged)
  expect_near(c(logLik(fit)), c(logLik(faithful_fit())), 1e-10)
  expect_near(coef(fit), coef(faithful_fit()), 1e-5)
  expect_near(predict(fit, d[1:3, ]), predict(faithful_fit(), d[1:3, ]), 1e-6)
})

test_that("so it does for a Gaussian gate and two responses", {
  p <- em_problem(eruptions ~ waiting, d, K = 2, gate = gate_gaussian())
  expect_near(c(logLik(em_by_hand(p, d$label))),
              c(logLik(faithful_fit(gate = gate_gaussian()))), 1e-10)
  f <- flowers()
  p <- em_problem(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length | Petal.Width,
                  f, K = 2)
  expect_near(c(logLik(em_by_hand(p, f$label))),
              c(logLik(two_response_fit())), 1e-8)
})

test_that("each step raises the objective", {
  theta <- em_start(problem, rep(1:2, 136))
  objective <- numeric(30)
  for (i in seq_along(objective)) {
    s <- em_accumulate(problem, theta)
    objective[i] <- s[[1]]
    theta <- em_solve(problem, theta, s)
  }
  expect_true(all(diff(objective) >= -1e-9))
})

test_that("statistics of pieces add up to those of all rows", {
  theta <- em_start(problem, d$label)
  all <- em_accumulate(problem, theta)
  pieces <- em_merge(em_accumulate(problem, theta, c(1, 100)),
                     em_accumulate(problem, theta, c(101, 101)),
                     em_accumulate(problem, theta, rows = c(102, 272)))
  expect_named(pieces, names(all))
  expect_near(pieces, all, 1e-12)
  expect_near(em_solve(problem, theta, pieces), em_solve(problem, theta, all),
              1e-10)
  expect_equal(all[[2]], 272)
  expect_identical(em_merge(all), all)
})

test_that("the score is the gradient of the objective", {
  theta <- em_start(problem, d$label) + 0.05
  objective <- function(theta) em_accumulate(problem, theta)[[1]]
  numeric <- vapply(seq_along(theta), function(j) {
    h <- replace(0 * theta, j, 1e-5)
    (objective(theta + h) - objective(theta - h)) / 2e-5
  }, 0)
  expect_near(em_score(problem, theta, em_accumulate(problem, theta)), numeric,
              1e-5)
})

test_that("parameters and statistics are named vectors", {
  theta <- em_start(problem, d$label)
  expect_length(theta, 8L)
  expect_false(is.null(names(theta)))
  expect_false(is.null(names(em_accumulate(problem, theta))))
})

test_that("a fit is a start that needs no step", {
  fit <- faithful_fit()
  theta <- em_start(problem, fit)
  s <- em_accumulate(problem, theta)
  expect_lt(max(abs(em_score(problem, theta, s))) / 272, 1e-6)
})

test_that("weights, NA and variables of the environment work as in moe()", {
  holes <- d
  holes$waiting[4] <- NA
  w <- seq(0.5, 2, length.out = 272)
  p <- em_problem(eruptions ~ waiting, holes, K = 2, weights = w)
  fit <- em_finish(p, em_start(p, holes$label))  |> without_warnings()
  expect_equal(nobs(fit), 271L)
  expect_near(c(logLik(em_by_hand(p, holes$label))),
              c(logLik(moe(eruptions ~ waiting, holes, K = 2, weights = w,
                           start = holes$label))), 1e-9)
  y <- d$eruptions
  x <- d$waiting
  expect_equal(nrow(em_problem(y ~ x, K = 2)$x), 272L)
})

test_that("parameters at which the likelihood is not finite are an error", {
  theta <- em_start(problem, d$label)
  theta[] <- 1e200
  expect_error(em_accumulate(problem, theta), "could not be evaluated",
               class = "gatemix_error_numeric")
})

test_that("rows must be a first and a last row", {
  theta <- em_start(problem, d$label)
  for (bad in list(0:1, c(1, 273), c(5, 4), 1, 1:3, c(NA, 3), "a", c(1.5, 3))) {
    expect_input_error(em_accumulate(problem, theta, rows = bad),
                       "`rows` must be a first and a last row between 1 and 272")
  }
})

test_that("what does not belong together is refused", {
  theta <- em_start(problem, d$label)
  s <- em_accumulate(problem, theta)
  expect_input_error(em_merge(), "Only statistics of the same model")
  expect_input_error(em_merge(s, s[-1]), "found lengths")
  expect_input_error(em_merge(s, "a"), "Only statistics")
  expect_input_error(em_solve(problem, theta, s, newton_fraction = 2),
                     "`newton_fraction`")
  for (f in list(function() em_accumulate(problem, theta[-1]),
                 function() em_solve(problem, theta[-1], s),
                 function() em_solve(problem, theta, s[-1]),
                 function() em_score(problem, theta, s[-1]),
                 function() em_finish(problem, theta[-1]),
                 function() em_accumulate(problem, "a"),
                 function() em_accumulate(problem, theta + NA),
                 function() em_accumulate(list(), theta),
                 function() em_start(d, d$label))) {
    expect_error(f(), class = "gatemix_error_input")
  }
  expect_input_error(em_start(problem, 1:5), "`start`")
  expect_input_error(em_problem(eruptions ~ waiting, d), "`K` is missing")
  expect_input_error(em_problem(eruptions ~ waiting, d, K = 2, weights = 1:3),
                     "`weights`")
})
