# Small fits that many tests of the front end look at.

# the model of the front end's tests: well separated in y, overlapping in x
old_faithful <- function() {
  d <- datasets::faithful
  d$label <- 1L + (d$eruptions > 3)
  d$site <- factor(rep(c("a", "b", "c", "a"), length.out = nrow(d)))
  d$two <- rep(c("u", "v"), length.out = nrow(d))
  d
}

faithful_fit <- function(...) {
  moe(eruptions ~ waiting, old_faithful(), K = 2,
      start = old_faithful()$label, ...)
}

# two responses, a gate with predictors of its own
flowers <- function() {
  d <- datasets::iris[51:150, ]
  d$label <- 1L + (d$Sepal.Width > 2.9)
  rownames(d) <- NULL
  d
}

two_response_fit <- function(...) {
  moe(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length | Petal.Width,
      flowers(), K = 2, start = flowers()$label, ...)
}

without_warnings <- function(expr) {
  suppressWarnings(expr, classes = "gatemix_warning")
}

expect_input_error <- function(object, regexp) {
  expect_error(object, regexp, class = "gatemix_error_input")
}

# the same to `tol`, relative to the size of what is expected
expect_near <- function(object, expected, tol = 1e-10) {
  expect_equal(unname(object), unname(expected), tolerance = tol)
}

with_options <- function(new, expr) {
  old <- options(new)
  on.exit(options(old))
  force(expr)
}

suppressOutput <- function(expr) {
  utils::capture.output(value <- expr)
  value
}
