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

expect_input_error <- function(object, regexp, ...) {
  expect_error(object, regexp, class = "gatemix_error_input", ...)
}

# the same to `tol`, relative to the size of what is expected
expect_near <- function(object, expected, tol = 1e-10) {
  expect_equal(unname(object), unname(expected), tolerance = tol)
}

# What is printed are these lines, but for how fast the engine got there.
expect_prints <- function(x, text) {
  shown <- utils::capture.output(print(x))
  shown <- sub("in [0-9]+ iterations, gradient [-0-9.e]+ per",
               "in N iterations, gradient G per", shown)
  expect_identical(shown, strsplit(text, "\n")[[1L]][-1L])
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

# Every kind of fit that a method must work for, each with three rows of new
# data that hold the response.
kinds_of_fits <- function() {
  d <- old_faithful()
  set.seed(8)
  x <- cbind(a = rnorm(150), b = rnorm(150))
  start <- 1L + (runif(150) > plogis(x[, 1]))
  y <- 4 * start + drop(x %*% c(1, -1)) + rnorm(150)
  holes <- d
  holes$waiting[4] <- NA
  rows <- d[c(1, 40, 90), ]
  list(
    "one expert" = list(moe(eruptions ~ waiting, d, K = 1), rows),
    "no predictor" = list(moe(eruptions ~ 1, d, K = 2, start = d$label), rows),
    "factors" = list(moe(eruptions ~ waiting + site | two, d, K = 2,
                         start = d$label), rows),
    "weights" = list(faithful_fit(weights = rep(1:2, 136)), rows),
    "na.exclude" = list(moe(eruptions ~ waiting, holes, K = 2,
                            start = d$label, na.action = na.exclude), rows),
    "Gaussian gate" = list(faithful_fit(gate = gate_gaussian()), rows),
    "constant gate" = list(moe(eruptions ~ waiting | 1, d, K = 2,
                               start = d$label), rows),
    "offset" = list(moe(eruptions ~ waiting + offset(waiting / 50), d, K = 2,
                        start = d$label), rows),
    "several responses" = list(two_response_fit(), flowers()[c(1, 50, 99), ]),
    "matrices" = list(moe(x, y, K = 2, start = start),
                      list(x = x[1:3, ], y = y[1:3])),
    "matrices, own gate" = list(moe(x, y, K = 2, z = x[, 1], start = start),
                                list(x = x[1:3, ], z = x[1:3, 1], y = y[1:3])))
}

# The values of f(fit, new) for each of the kinds, computed in a new R process
# from a file that saveRDS() wrote.
in_new_process <- function(kinds, f) {
  file <- tempfile(fileext = ".rds")
  result <- tempfile(fileext = ".rds")
  script <- tempfile(fileext = ".R")
  on.exit(unlink(c(file, result, script)))
  environment(f) <- globalenv()
  saveRDS(list(kinds = kinds, f = f), file)
  writeLines(c(
    sprintf(".libPaths(c(%s))", paste(deparse(.libPaths()), collapse = "")),
    "library(gatemix)",
    sprintf("a <- readRDS(%s)", deparse(file)),
    "r <- lapply(a$kinds, function(kind) a$f(kind[[1]], kind[[2]]))",
    sprintf("saveRDS(r, %s)", deparse(result))), script)
  status <- system2(file.path(R.home("bin"), "Rscript"),
                    c("--vanilla", shQuote(script)), stdout = FALSE,
                    stderr = FALSE)
  if (status != 0L) stop("the new R process failed with status ", status)
  readRDS(result)
}
