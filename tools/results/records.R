# What the cases of tools/results.R are made of: records of fits, and data.

# Settings of a search that is short, but has all parts of a long one.
short <- function(threads, starts = 3, moves = 2, ...) {
  moe_control(starts = starts, moves = moves, threads = threads, ...)
}

# Adds a case that fits and keeps a record of the fit; `...` are settings.
add_fit <- function(name, fit, ...) {
  force(fit)
  settings <- list(...)
  add_case(name, function(threads) {
    fit_record(fit(do.call(short, c(threads = threads, settings))))
  })
}

# Returns a matrix, or a table of numbers, as a vector with names.
flat <- function(x) {
  if (is.data.frame(x)) x <- data.matrix(x)
  if (!is.matrix(x)) return(as.vector(x))
  label <- function(names, n) if (is.null(names)) seq_len(n) else names
  columns <- label(colnames(x), ncol(x))
  stats::setNames(as.vector(x), outer(
    label(rownames(x), nrow(x)), columns,
    function(row, column) paste(column, row, sep = ":", recycle0 = TRUE)))
}

# Returns some elements or rows that are spread over all of them.
some <- function(x, n = 25) {
  rows <- NROW(x)
  at <- unique(round(seq(1, rows, length.out = min(n, rows))))
  if (is.null(dim(x))) x[at] else flat(as.matrix(x)[at, , drop = FALSE])
}

parts <- c(gate = "gate", expert = "expert", dispersion = "dispersion")

# Returns standard errors by part, or NULL where inference refuses to give any.
standard_errors <- function(fit) {
  tryCatch(lapply(parts, function(part) {
    as.vector(sqrt(diag(vcov(fit, component = part))))
  }), gatemix_error_inference = function(e) NULL)
}

# Returns all that is compared of a fit.
fit_record <- function(fit) {
  about <- glance(fit)
  list(loglik = c(maximised = as.numeric(logLik(fit)),
                  conditional = as.numeric(logLik(fit, "conditional"))),
       coefficients = lapply(parts, function(part) flat(coef(fit, part))),
       errors = standard_errors(fit),
       values = list(mean = some(predict(fit)),
                     posterior = some(predict(fit, type = "posterior"))),
       criteria = c(AIC = AIC(fit), BIC = BIC(fit), df = about$df),
       choices = c(converged = as.character(about$converged)),
       iterations = about$iterations)
}

# Returns a record of numbers that are not coefficients, a block an argument.
values <- function(...) list(values = lapply(list(...), flat))

# --- Data ---------------------------------------------------------------------

# Returns rows of three experts: predictors x1 to xp, of which the last ones do
# not matter, and their labels.
three_lines <- function(n, p = 3, seed = 1) {
  set.seed(seed)
  x <- matrix(stats::rnorm(n * p), n)
  colnames(x) <- paste0("x", seq_len(p))
  noise <- -log(-log(matrix(stats::runif(3 * n), n)))
  label <- max.col(cbind(2 * x[, 1], x[, 2] - 1, 0) + noise)
  mean <- cbind(2 + x[, 1], 2 * x[, 2], 1 - x[, 1] - x[, 3])
  y <- mean[cbind(seq_len(n), label)] +
    c(0.4, 0.6, 0.8)[label] * stats::rnorm(n)
  list(x = x, y = y, label = label, data = data.frame(y, x))
}

# Returns the same for predictors of which most are 0.
sparse_lines <- function(n, p, seed = 1) {
  set.seed(seed)
  x <- Matrix::rsparsematrix(n, p, density = 0.1)
  colnames(x) <- paste0("x", seq_len(p))
  first <- stats::runif(n) < stats::plogis(3 * x[, 1])
  y <- ifelse(first, 2 + 2 * x[, 2], -1 + 2 * x[, 3]) + stats::rnorm(n) / 3
  list(x = x, y = y, label = 2 - first)
}

# The rows that many cases take.
big <- three_lines(5000)
