# Fits that the tests of pictures draw.

# from the same random numbers in each test
quietly <- function(expr) {
  set.seed(1)
  without_warnings(expr)
}

quick <- function(...) {
  quietly(do.call(moe, list(..., control = moe_control(starts = 4))))
}

# weights and a missing response
fit_with_holes <- function() {
  d <- MASS::mcycle
  d$accel[3] <- NA
  quick(accel ~ times, data = d, K = 2, na.action = na.exclude,
        weights = rep(1:2, length.out = nrow(d)))
}
