d <- old_faithful()

test_that("augment() adds fits, residuals, experts and probabilities", {
  fit <- faithful_fit()
  rows <- augment(fit)
  expect_named(rows, c("eruptions", "waiting", ".fitted", ".resid", ".expert",
                       ".gate_1", ".gate_2", ".post_1", ".post_2"))
  expect_near(rows$.fitted, fitted(fit), 1e-14)
  expect_near(rows$.resid, residuals(fit), 1e-12)
  expect_equal(rows$.expert, factor(predict(fit, type = "cluster"), 1:2))
  expect_near(as.matrix(rows[c(".gate_1", ".gate_2")]),
              predict(fit, type = "gate"), 1e-14)
  expect_near(as.matrix(rows[c(".post_1", ".post_2")]),
              predict(fit, type = "posterior"), 1e-14)
})

test_that("augment() of the data keeps all their columns and rows", {
  d$waiting[3] <- NA
  d$eruptions[5] <- NA
  rownames(d) <- paste0("r", seq_len(nrow(d)))
  for (action in list(na.omit, na.exclude)) {
    fit <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
               na.action = action)
    rows <- augment(fit, data = d)
    expect_equal(nrow(rows), nrow(d))
    expect_equal(rows$.rownames, rownames(d))
    expect_true(all(names(d) %in% names(rows)))
    expect_equal(which(is.na(rows$.fitted)), 3L)
    expect_equal(which(is.na(rows$.resid)), c(3L, 5L))
    expect_equal(which(is.na(rows$.post_1)), c(3L, 5L))
    # no response there: the expert that the gate prefers
    expect_equal(as.integer(rows$.expert)[5],
                 predict(fit, d[5, "waiting", drop = FALSE],
                         type = "cluster"))
    kept <- augment(fit)
    expect_equal(nrow(kept), nrow(d) - 2L)
    expect_equal(kept$.rownames, rownames(d)[-c(3, 5)])
    expect_near(kept$.resid, rows$.resid[-c(3, 5)], 1e-12)
  }
})

test_that("augment() of new data needs no response", {
  fit <- faithful_fit()
  new <- data.frame(waiting = c(50, 90, NA), note = letters[1:3])
  rows <- augment(fit, newdata = new)
  expect_named(rows, c("waiting", "note", ".fitted", ".expert", ".gate_1",
                       ".gate_2"))
  expect_near(rows$.fitted, predict(fit, new), 1e-14)
  expect_equal(as.integer(rows$.expert), c(1L, 2L, NA))
  expect_equal(augment(fit, data = d, newdata = new), rows)
  expect_named(augment(fit, newdata = d[1:2, ])[".resid"], ".resid")
  expect_input_error(augment(fit, newdata = as.list(new)), "data frames")
  expect_input_error(augment(fit, newdata = new["note"]), "lacks.*`waiting`")
})

test_that("a fit without its data augments the data that it is given", {
  fit <- faithful_fit(model = FALSE)
  expect_input_error(augment(fit), "holds no data: give `data` or `newdata`")
  expect_equal(augment(fit, data = d)$.fitted, predict(fit, d))
})

test_that("row names and missing values change nothing but their rows", {
  fit <- faithful_fit()
  plain <- d[c("eruptions", "waiting")]
  plain[1, 1] <- NA
  plain[2, 2] <- NA
  named <- plain
  rownames(named) <- paste0("obs", seq_len(nrow(d)))
  rows <- augment(fit, newdata = plain)
  with_names <- augment(fit, newdata = named)
  expect_equal(with_names$.rownames, rownames(named))
  expect_equal(with_names[-1], rows)
  expect_equal(augment(fit, newdata = head(plain)), head(rows))
  if (requireNamespace("tibble", quietly = TRUE)) {
    expect_equal(augment(fit, newdata = tibble::as_tibble(plain)), rows)
  }
})

test_that("several responses have suffixes", {
  fit <- two_response_fit()
  for (rows in list(augment(fit), augment(fit, flowers()))) {
    expect_near(rows$.fitted_Sepal.Width, fitted(fit)[, 2], 1e-14)
    expect_near(rows$.resid_Sepal.Length, residuals(fit)[, 1], 1e-12)
  }
})

test_that("fits from matrices are augmented in the form of predict()", {
  x <- cbind(waiting = d$waiting)
  fit <- moe(x, d$eruptions, K = 2, start = d$label)
  expect_equal(as.data.frame(augment(fit))[-1], as.data.frame(
    augment(faithful_fit()))[-1], tolerance = 1e-6)
  rows <- augment(fit, newdata = x[1:3, , drop = FALSE])
  expect_equal(nrow(rows), 3)
  expect_false(".resid" %in% names(rows))
  both <- augment(fit, data = list(x = x, y = d$eruptions))
  expect_equal(both, augment(fit))
  own <- moe(x, d$eruptions, K = 2, z = cbind(z = sqrt(d$waiting)),
             start = d$label)
  expect_true(all(c("y", "waiting", "z", ".post_2") %in% names(augment(own))))
})

test_that("several responses are columns of their own", {
  rows <- augment(two_response_fit())
  expect_false(any(vapply(rows, is.matrix, TRUE)))
  expect_named(rows[1:4], c("Sepal.Length", "Sepal.Width", "Petal.Length",
                            "Petal.Width"))
  expect_equal(rows$Sepal.Width - rows$.fitted_Sepal.Width,
               rows$.resid_Sepal.Width)
})
