# What a model takes from its neighbours in K.

neighbour_data <- function(n = 60) {
  set.seed(2)
  list(x = matrix(rnorm(n), n), z = matrix(rnorm(n), n),
       y = matrix(rnorm(n), n), n = n)
}

neighbour_labels <- function(data, K) {
  list(first = rep_len(seq_len(K), data$n),
       second = rep_len(seq_len(K) %% K + 1L, data$n),
       residual = data$y)
}

test_that("growing makes as many starts for every K, and only new experts", {
  data <- neighbour_data()
  for (from in c(1L, 2L, 5L)) {
    labels <- neighbour_labels(data, from)
    for (K in from + 1:2) {
      starts <- gatemix:::grow_labels(labels, data, from, K, 4L)
      expect_identical(names(starts), rep(c("split", "insert"), each = 4L))
      for (start in starts) {
        expect_length(start, data$n)
        expect_true(all(start %in% seq_len(K)))
        kept <- start <= from
        expect_identical(start[kept], labels$first[kept])
        expect_true(any(!kept))
      }
    }
  }
})

test_that("a new expert gets the rows nearest to one of them", {
  data <- neighbour_data()
  labels <- neighbour_labels(data, 2L)
  space <- cbind(data$z, data$y)
  distance <- as.matrix(dist(space))
  for (i in 1:20) {
    start <- gatemix:::insert_experts(labels, data, 2L, 3L)
    rows <- which(start == 3L)
    expect_gte(length(rows), 6L)
    balls <- apply(distance, 1L, function(d) {
      setequal(order(d)[seq_along(rows)], rows)
    })
    expect_true(any(balls))
  }
})

test_that("shrinking gives up each expert in turn, to the second choice", {
  data <- neighbour_data()
  labels <- neighbour_labels(data, 4L)
  starts <- gatemix:::shrink_labels(labels, 4L, 3L)
  expect_length(starts, 4L)
  for (k in 1:4) {
    left <- setdiff(1:4, k)
    expected <- ifelse(labels$first == k, labels$second, labels$first)
    expect_identical(starts[[k]], match(expected, left))
  }
  for (start in gatemix:::shrink_labels(labels, 4L, 2L)) {
    expect_setequal(start, 1:2)
  }
})

test_that("exchanged fits are at least as good as those on their own", {
  fit <- function(exchange) {
    set.seed(11)
    suppressWarnings(moe_select(
      NOx ~ E, lattice::ethanol, K = 1:5, gate = gate_gaussian(),
      exchange = exchange, control = moe_control(starts = 2)))
  }
  alone <- fit(0)
  once <- fit(1)
  expect_true(all(once$table$logLik >= alone$table$logLik - 1e-6))
  expect_gt(max(once$table$logLik - alone$table$logLik), 1)
  expect_input_error(moe_select(waiting ~ eruptions, faithful,
                                exchange = -1), "exchange")
})
