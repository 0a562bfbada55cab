# The observed information: against finite differences, and what it says about
# a fit.

observed <- function(fit) {
  parts <- gatemix:::fit_information(fit)
  parts$complete - parts$missing
}

# minus the second derivatives of the log-likelihood, from values alone
numeric_hessian <- function(fit) {
  problem <- gatemix:::stored_problem(fit)
  theta <- fit$theta
  value <- function(at) {
    gatemix:::engine_accumulate(problem, at, NULL, 1, nrow(problem$x),
                                1L)[["objective"]]
  }
  size <- length(theta)
  shift <- function(i, a, j, b) {
    theta[i] <- theta[i] + a
    theta[j] <- theta[j] + b
    value(theta)
  }
  # differences of order h^4 from two widths
  second <- function(i, j, h) {
    (shift(i, h, j, h) - shift(i, h, j, -h) - shift(i, -h, j, h) +
       shift(i, -h, j, -h)) / (4 * h^2)
  }
  out <- matrix(0, size, size)
  for (i in seq_len(size)) for (j in seq_len(i)) {
    out[i, j] <- out[j, i] <-
      -(4 * second(i, j, 2e-3) - second(i, j, 4e-3)) / 3
  }
  out
}

random_fit <- function(seed) {
  set.seed(seed)
  gates <- list(gate_softmax(), gate_constant(), gate_gaussian(),
                gate_gaussian("diagonal", likelihood = "conditional"))
  experts <- list(expert_gaussian(), expert_gaussian("diagonal", shared = TRUE))
  K <- sample(1:3, 1L)
  toy_fit(gates[[1 + seed %% 4]], experts[[1 + seed %% 2]],
          q = 1 + (seed %% 3 == 0), data = toy_data(120, K, seed), K = K)
}

test_that("the information is minus the Hessian of the log-likelihood", {
  for (seed in some_cases(12, full = 50)) {
    fit <- random_fit(seed)
    wanted <- numeric_hessian(fit)
    got <- observed(fit)
    error <- max(abs(got - wanted)) / max(abs(wanted))
    expect_lt(error, 1e-5, label = paste("seed", seed, "error"))
  }
})

test_that("the information agrees with differences of the score to 1e-7", {
  for (seed in some_cases(12, full = 50)) {
    fit <- random_fit(seed)
    problem <- gatemix:::stored_problem(fit)
    score <- function(theta) {
      stats <- gatemix:::engine_accumulate(problem, theta, NULL, 1,
                                           nrow(problem$x), 1L)
      gatemix:::engine_score(problem, theta, stats)
    }
    wanted <- -gatemix:::numeric_jacobian(score, fit$theta)
    expect_lt(max(abs(observed(fit) - wanted)) / max(abs(wanted)), 1e-7,
              label = paste("seed", seed, "error"))
  }
})

test_that("the products of the scores are those of the rows one by one", {
  fit <- toy_fit(gate_softmax(), expert_gaussian(), 2, toy_data(40))
  problem <- gatemix:::stored_problem(fit)
  rows <- vapply(seq_len(40), function(i) {
    stats <- gatemix:::engine_accumulate(problem, fit$theta, NULL, i, i, 1L)
    gatemix:::engine_score(problem, fit$theta, stats)
  }, unname(fit$theta))
  expect_equal(gatemix:::fit_information(fit)$scores, tcrossprod(rows),
               tolerance = 1e-10, ignore_attr = TRUE)
})

test_that("chunks of the model frame add up to the whole", {
  fit <- faithful_fit(weights = seq_len(272) / 100)
  chunks <- gatemix:::row_chunks(fit, numbers = 10)
  expect_length(chunks, 1L)   # at least 1000 rows each
  long <- old_faithful()[rep(1:272, 10), ]
  long$w <- seq_len(nrow(long)) / 1000
  fit <- moe(eruptions ~ waiting + site, long, K = 2, start = long$label,
             weights = w)
  chunks <- gatemix:::row_chunks(fit, numbers = 10)
  expect_identical(unlist(chunks), seq_len(2720))
  parts <- lapply(chunks, function(rows) {
    gatemix:::engine_information(gatemix:::stored_problem(fit, rows),
                                 fit$theta, 1L)
  })
  whole <- gatemix:::fit_information(fit)
  for (name in names(whole)) {
    sum <- Reduce(`+`, lapply(parts, `[[`, name))
    expect_lt(max(abs(sum - whole[[name]])), 1e-11 * max(abs(whole$complete)))
  }
})

test_that("chunks that lack values of a character variable add up too", {
  d <- toy_data(3000, 2)
  d$kind <- rep(c("a", "b", "c"), each = 1000)
  d$kind[c(1, 1001, 2001)] <- c("b", "a", "a")
  d$text <- rep(c("u", "v", "w"), each = 1000)
  fit <- moe(y1 ~ x1 + kind + text | 1, d, K = 2, start = d$group)
  whole <- gatemix:::fit_information(fit)
  chunks <- gatemix:::row_chunks(fit, numbers = 10)
  expect_length(chunks, 3L)
  parts <- lapply(chunks, function(rows) {
    problem <- gatemix:::stored_problem(fit, rows)
    expect_identical(ncol(problem$x), 6L)
    gatemix:::engine_information(problem, fit$theta, 1L)
  })
  for (name in names(whole)) {
    expect_equal(Reduce(`+`, lapply(parts, `[[`, name)), whole[[name]],
                 tolerance = 1e-9)
  }
})

test_that("a design with too few columns is refused", {
  fit <- faithful_fit()
  for (sparse in c(FALSE, TRUE)) {
    problem <- gatemix:::stored_problem(fit)
    problem$x <- problem$x[, 1L, drop = FALSE]
    if (sparse) problem$x <- Matrix::Matrix(problem$x, sparse = TRUE)
    expect_error(gatemix:::engine_information(problem, fit$theta, 1L),
                 "design matrix has 1 column")
  }
})

test_that("chunks know the levels of strings that they do not hold", {
  d <- old_faithful()
  d$kind <- rep(c("a", "b", "c"), c(100, 100, 72))
  fit <- moe(eruptions ~ waiting + kind, d, K = 2, start = d$label)
  whole <- gatemix:::stored_problem(fit)$x
  part <- gatemix:::stored_problem(fit, 1:50)$x
  expect_identical(unname(part), unname(whole[1:50, ]))
})

test_that("any number of threads gives the same bits", {
  fit <- faithful_fit()
  problem <- gatemix:::stored_problem(fit)
  expect_identical(gatemix:::engine_information(problem, fit$theta, 1L),
                   gatemix:::engine_information(problem, fit$theta, 2L))
})
