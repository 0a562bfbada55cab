# Moves from one optimum to another.

# labels of K experts: a first and a second choice, and residuals
some_labels <- function(K, n = 200, seed = 1) {
  set.seed(seed)
  first <- sample(rep_len(seq_len(K), n))
  other <- first + sample.int(K - 1L, n, replace = TRUE)
  list(first = first, second = (other - 1L) %% K + 1L,
       residual = matrix(stats::rnorm(n), n))
}

some_data <- function(n = 200) list(z = matrix(stats::rnorm(2 * n), n), n = n)

# the pairs of labels that a move has exchanged
changes <- function(before, after) {
  moved <- before != after
  unique(data.frame(from = before[moved], to = after[moved]))
}

# Can these labels be what is left when `gone` gives its rows to their second
# choice, and gets the far part of the rows of `split`?
is_split_and_merge <- function(labels, after, gone, split) {
  rest <- ifelse(labels$first == gone, labels$second, labels$first)
  share <- mean(after[rest == split] == gone)
  setequal(after[after != rest], gone) && all(rest[after != rest] == split) &&
    share > 0.15 && share < 0.85
}

test_that("one expert is given up to the second choice, another is split", {
  for (K in c(2L, 3L, 5L)) for (seed in 1:10) {
    labels <- some_labels(K, seed = seed)
    after <- split_and_merge(labels, some_data(), K)
    pairs <- subset(expand.grid(gone = seq_len(K), split = seq_len(K)),
                    gone != split)
    found <- mapply(is_split_and_merge, gone = pairs$gone, split = pairs$split,
                    MoreArgs = list(labels = labels, after = after))
    # two experts can have exchanged their roles
    expect_identical(sum(found), if (K == 2L) 2L else 1L)
  }
})

test_that("a border shift takes some rows, and at most half, from one expert", {
  for (K in 2:4) for (seed in 1:10) {
    labels <- some_labels(K, seed = seed)
    after <- shift_border(labels, some_data(), K)
    pair <- changes(labels$first, after)
    expect_identical(nrow(pair), 1L)
    expect_lte(sum(after != labels$first),
               sum(labels$first == pair$from) / 2 + 1)
  }
  # an expert of one row has none to give
  labels$first <- c(1L, rep(2L, 199))
  after <- replicate(20, shift_border(labels, some_data(), 2L))
  expect_identical(unique(after[1, ]), 1L)
})

test_that("every expert has rows after a move", {
  labels <- some_labels(3L)
  labels$first[] <- 1L
  labels$second[] <- 1L
  for (seed in 1:10) {
    set.seed(seed)
    expect_setequal(move_labels(labels, some_data(), 3L), 1:3)
  }
})

test_that("a direction is a combination of predictors, residuals or both", {
  labels <- some_labels(2L)
  data <- some_data()
  rows <- c(3L, 50L, 7L, 110L, 21L, 90L)
  space <- cbind(1, data$z, labels$residual)[rows, ]
  for (seed in 1:10) {
    set.seed(seed)
    along <- random_direction(labels, data, rows)
    expect_lt(max(abs(qr.resid(qr(space), along))), 1e-12)
  }
  # without predictors there are the residuals
  data$z <- matrix(0, 200, 0)
  for (seed in 1:6) {
    set.seed(seed)
    along <- random_direction(labels, data, rows)
    expect_near(abs(cor(along, labels$residual[rows])), 1)
  }
})

test_that("labels are ranked by the posterior, residuals those of the first", {
  data <- toy_data(100)
  data$o <- data$o * 5
  fit <- quiet(moe(y1 ~ x1 + offset(o) | z1, data, K = 3, start = data$group))
  problem <- stored_problem(fit)
  labels <- ranked_labels(problem, list(theta = fit$theta))
  posterior <- predict(fit, type = "posterior")
  order <- t(apply(-posterior, 1, order))
  expect_equal(labels$first, order[, 1])
  expect_equal(labels$second, order[, 2])
  mean <- predict(fit, type = "expert")[cbind(1:100, labels$first)]
  expect_near(labels$residual[, 1] * problem$y_scale, data$y1 - mean, 1e-8)
})

test_that("few rows have more moves, up to ten for a start", {
  moves <- function(rows, ...) {
    number_of_moves(moe_control(starts = 4, ...), rows)
  }
  expect_identical(moves(1e5), 4L)
  expect_identical(moves(3000), 4L)
  expect_identical(moves(1000), 12L)
  expect_identical(moves(10), 40L)
  expect_identical(moves(10, moves = 7), 7L)
})

test_that("a run is better by a thousandth of a row, or if it is regular", {
  run <- function(objective, degenerate = FALSE) {
    list(objective = objective, degenerate = degenerate, unit = 2)
  }
  expect_false(better_run(run(-10 + 1e-3), run(-10)))
  expect_true(better_run(run(-10 + 3e-3), run(-10)))
  expect_true(better_run(run(-99), run(-10, TRUE)))
  expect_false(better_run(run(0, TRUE), run(-10)))
  expect_true(better_run(run(0, TRUE), run(-10, TRUE)))
})

# three lines; a start that gives two experts one of them
stuck <- function() {
  set.seed(3)
  d <- data.frame(x = stats::runif(150, -1, 1), group = rep(1:3, 50))
  d$y <- c(-6, 0, 6)[d$group] + c(2, -2, 2)[d$group] * d$x + stats::rnorm(150)
  problem <- model_problem(stored_problem(moe(y ~ x | 1, d, K = 1)), 3L,
                           gate_constant(), expert_gaussian())
  run <- function(labels) {
    run_engine(problem, engine_initial(problem), labels,
               engine_control(moe_control()))
  }
  list(problem = problem, best = run(d$group),
       start = run(ifelse(d$group == 1, 1L + (d$x > 0), 3L)))
}

test_that("moves lead from a local optimum to the best, then end", {
  s <- stuck()
  expect_lt(s$start$objective, s$best$objective - 10)
  failures <- 0
  set.seed(2)
  found <- improve_best(s$problem, start_data(s$problem), s$start,
                        moe_control(), 5L, function() failures <<- failures + 1)
  expect_near(found$objective, s$best$objective, 1e-8)
  # a success begins the count anew: here some moves had failed before it
  expect_gt(failures, 5)
  expect_gt(found$iterations, s$start$iterations)
})

test_that("from the best no move leads away", {
  s <- stuck()
  failures <- 0
  set.seed(2)
  found <- improve_best(s$problem, start_data(s$problem), s$best,
                        moe_control(), 4L, function() failures <<- failures + 1)
  expect_identical(found, s$best)
  expect_identical(failures, 4)
})
