# From the units of standardised columns to the user's, and back. A `design` is
# a list with the center and scale of its columns and the number of its
# intercept (0: none), a `response` one with center and scale.

# Returns coefficients of linear predictors on the user's scale; a row of `b`
# belongs to a column of the design.
unscale_scores <- function(b, design) {
  b <- b / design$scale
  constant <- design$intercept
  if (constant > 0L) {
    shift <- colSums(b[-constant, , drop = FALSE] *
                       design$center[-constant])
    b[constant, ] <- b[constant, ] - shift
  }
  b
}

# Returns the coefficients of standardised columns.
rescale_scores <- function(b, design) {
  constant <- design$intercept
  if (constant > 0L) {
    shift <- colSums(b[-constant, , drop = FALSE] *
                       design$center[-constant])
    b[constant, ] <- b[constant, ] + shift
  }
  b * design$scale
}

# The same for experts' coefficients, terms x responses x experts, whose
# responses are standardised too.
unscale_coefficients <- function(b, design, response) {
  d <- dim(b)
  b <- unscale_scores(matrix(b, d[1L]), design) *
    rep(response$scale, each = d[1L])
  constant <- design$intercept
  if (constant > 0L) b[constant, ] <- b[constant, ] + response$center
  array(b, d)
}

rescale_coefficients <- function(b, design, response) {
  d <- dim(b)
  b <- matrix(b, d[1L])
  constant <- design$intercept
  if (constant > 0L) b[constant, ] <- b[constant, ] - response$center
  array(rescale_scores(b / rep(response$scale, each = d[1L]), design), d)
}

# The same for covariance matrices of variables with these scales.
unscale_covariances <- function(covariances, scale) {
  covariances * as.vector(outer(scale, scale))
}

rescale_covariances <- function(covariances, scale) {
  covariances / as.vector(outer(scale, scale))
}
