# What the tests of cross-validation share.

few <- moe_control(starts = 2, moves = 0)

quiet_cv <- function(...) without_warnings(cv_moe(..., control = few))

# scores of lm() with the maximum likelihood variance, row by row
lm_scores <- function(formula, data, test, weights = rep(1, nrow(data))) {
  data$.w <- weights
  fit <- lm(formula, data[-test, ], weights = .w)
  w <- data$.w[-test]
  s <- sqrt(sum(w * residuals(fit)^2) / sum(w))
  y <- model.response(model.frame(formula, data[test, ]))
  m <- predict(fit, data[test, ])
  z <- (y - m) / s
  cbind(log_score = -dnorm(y, m, s, log = TRUE),
        crps = s * (z * (2 * pnorm(z) - 1) + 2 * dnorm(z) - 1 / sqrt(pi)),
        squared_error = (y - m)^2)
}
