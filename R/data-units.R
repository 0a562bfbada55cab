# Conversion between the units of standardised columns and the user's units.
# `units` are those of a design, see column_units(); a `response` has center
# and scale.

# Returns the coefficients of linear predictors in the user's units; row i of
# `b` belongs to column i of the design.
unscale_terms <- function(b, units) {
  b <- b / units$scale
  constant <- units$intercept
  if (constant > 0L) {
    shift <- colSums(b[-constant, , drop = FALSE] *
                       units$center[-constant])
    b[constant, ] <- b[constant, ] - shift
  }
  b
}

# Returns the coefficients for standardised columns.
rescale_terms <- function(b, units) {
  constant <- units$intercept
  if (constant > 0L) {
    shift <- colSums(b[-constant, , drop = FALSE] *
                       units$center[-constant])
    b[constant, ] <- b[constant, ] + shift
  }
  b * units$scale
}

# Returns experts' coefficients, terms x responses x experts, in the user's
# units of columns and responses.
unscale_coefficients <- function(b, units, response) {
  d <- dim(b)
  b <- unscale_terms(matrix(b, d[1L]), units) *
    rep(response$scale, each = d[1L])
  constant <- units$intercept
  if (constant > 0L) b[constant, ] <- b[constant, ] + response$center
  array(b, d)
}

# Returns experts' coefficients for standardised columns and responses.
rescale_coefficients <- function(b, units, response) {
  d <- dim(b)
  b <- matrix(b, d[1L])
  constant <- units$intercept
  if (constant > 0L) b[constant, ] <- b[constant, ] - response$center
  array(rescale_terms(b / rep(response$scale, each = d[1L]), units), d)
}

# Returns covariance matrices in the user's units, of variables with these
# scales.
unscale_covariances <- function(covariances, scale) {
  covariances * as.vector(outer(scale, scale))
}

# Returns covariance matrices of the standardised variables.
rescale_covariances <- function(covariances, scale) {
  covariances / as.vector(outer(scale, scale))
}
