test_that("errors have the classes of their kind and no call", {
  e <- tryCatch(abort_input("`x` is ", 1, "."), error = identity)
  expect_s3_class(e, c("gatemix_error_input", "gatemix_error", "error",
                       "condition"), exact = TRUE)
  expect_equal(conditionMessage(e), "`x` is 1.")
  expect_null(conditionCall(e))
  expect_s3_class(tryCatch(abort("numeric", "no"), error = identity),
                  "gatemix_error_numeric")
})

test_that("warnings can be muffled by class", {
  expect_warning(warn("floor", "low"), "low", class = "gatemix_warning_floor")
  expect_silent(suppressWarnings(warn("rank", "x"), classes = "gatemix_warning"))
})

test_that("conditions carry data", {
  e <- tryCatch(abort("input", "x", data = list(rows = 3)), error = identity)
  expect_equal(e$rows, 3)
})

test_that("errors of R's model functions become errors of the input, once", {
  expect_input_error(input_error(stop("bad."), "`data`"), "`data`: bad\\.$")
  expect_input_error(input_error(abort_input("mine"), "`data`"), "^mine$")
  expect_equal(input_error(3, "x"), 3)
})

test_that("counts are whole numbers in a range", {
  expect_identical(check_count(3, "K"), 3L)
  for (bad in list(0, 1.5, NA, NaN, Inf, "2", NULL, 1:2, TRUE, -1, 1e10)) {
    expect_input_error(check_count(bad, "K"), "`K` must be one whole number")
  }
})

test_that("numbers, flags and choices are checked", {
  expect_identical(check_number(0.5, "tol"), 0.5)
  for (bad in list(-1, NA, Inf, "a", 1:2)) {
    expect_input_error(check_number(bad, "tol"), "`tol` must be one number")
  }
  expect_input_error(check_number(1, "level", 0, 1, open = TRUE),
                     "between 0 and 1; found 1")
  expect_true(check_flag(TRUE, "log"))
  for (bad in list(NA, 1, "yes", c(TRUE, FALSE), NULL)) {
    expect_input_error(check_flag(bad, "log"), "`log` must be TRUE or FALSE")
  }
  expect_identical(check_choice(c("a", "b"), "type", c("a", "b")), "a")
  expect_identical(check_choice("b", "type", c("a", "b")), "b")
  for (bad in list("c", NA_character_, 1, c("b", "a"), NULL)) {
    expect_input_error(check_choice(bad, "type", c("a", "b")),
                       "`type` must be one of \"a\", \"b\"; found ")
  }
})

test_that("every object can be described in a message", {
  expect_equal(describe(NULL), "NULL")
  expect_equal(describe("x"), "\"x\"")
  expect_equal(describe(2.5), "2.5")
  expect_equal(describe(NA), "NA")
  expect_equal(describe(1:3), "an object of class \"integer\" and length 3")
  expect_match(describe(mean), "function")
  expect_match(describe(quote(x)), "name")
  expect_match(describe(new.env()), "environment")
})
