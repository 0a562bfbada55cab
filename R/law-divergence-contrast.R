# The functions of two densities whose integrals are the divergences.

# Returns the integrand as a function of both log densities, relative to the
# density that gives nodes or draws: that of p for "kl" and "jkl", the average
# of both for the others. `root` says that a row's value is the root of its
# integral.
contrast_function <- function(type, rho) {
  f <- switch(type,
    kl = function(lp, lq) lp - lq,
    jkl = function(lp, lq) {
      d <- lq - lp
      # log of 1 - rho + rho exp(d)
      -ifelse(d > 30, d + log(rho), log1p(rho * expm1(pmin(d, 30)))) / rho
    },
    hellinger = function(lp, lq) {
      d <- abs(lp - lq)
      expm1(-d / 2)^2 / (1 + exp(-d))
    },
    tv = function(lp, lq) {
      d <- abs(lp - lq)
      -expm1(-d) / (1 + exp(-d))
    },
    l2 = function(lp, lq) {
      d <- abs(lp - lq)
      2 * exp(pmax(lp, lq)) * expm1(-d)^2 / (1 + exp(-d))
    })
  list(value = f, both = !type %in% c("kl", "jkl"), kink = type == "tv",
       root = type %in% c("hellinger", "l2"))
}

# Returns the logarithm of the density that the contrast is relative to.
reference_density <- function(contrast, lp, lq) {
  if (!contrast$both) return(lp)
  pmax(lp, lq) + log1p(exp(-abs(lp - lq))) - log(2)
}
