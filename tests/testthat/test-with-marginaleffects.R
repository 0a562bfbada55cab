# marginaleffects is in no Debian release: what calls it runs where it is
# installed, the methods themselves are tested everywhere

d <- old_faithful()
new <- data.frame(waiting = c(50, 66, 80))

me <- function(name, ...) getExportedValue("marginaleffects", name)(...)

# version 1.0.0 uses an operator that R has since 4.4
skip_without_marginaleffects <- function(env = parent.frame()) {
  skip_if_not_installed("marginaleffects")
  if (exists("%||%", baseenv())) return(invisible())
  lacking <- list(`%||%` = function(x, y) if (is.null(x)) y else x)
  attach(lacking, name = "operator of R 4.4", warn.conflicts = FALSE)
  do.call(on.exit, list(quote(detach("operator of R 4.4",
                                     character.only = TRUE)), add = TRUE),
          envir = env)
}

# every kind of coefficients that set_coef() must understand
kinds_of_fits <- function() {
  few <- function(gate = gate_softmax(), ...) {
    function(max_iter) {
      without_warnings(faithful_fit(
        gate = gate, control = moe_control(max_iter = max_iter), ...))
    }
  }
  gates <- list(gate_softmax(), gate_constant())
  for (likelihood in c("joint", "conditional")) {
    for (covariance in c("full", "diagonal", "spherical")) {
      for (shared in c(FALSE, TRUE)) {
        gates <- c(gates, list(gate_gaussian(covariance, shared, likelihood)))
      }
    }
  }
  c(lapply(gates, few),
    function(max_iter) without_warnings(
      moe(eruptions ~ waiting, d, K = 1,
          control = moe_control(max_iter = max_iter))),
    function(max_iter) without_warnings(
      two_response_fit(control = moe_control(max_iter = max_iter))))
}

test_that("a fit at its own coefficients is the fit", {
  for (kind in kinds_of_fits()) {
    fit <- kind(500L)
    again <- set_coef.moe(fit, get_coef.moe(fit))
    expect_near(again$theta, fit$theta, 1e-8)
    expect_named(again$theta, names(fit$theta))
    expect_near(predict(again), predict(fit), 1e-10)
  }
})

test_that("a fit at the coefficients of another has its predictions", {
  for (kind in kinds_of_fits()) {
    fit <- kind(500L)
    other <- kind(1L)
    moved <- set_coef.moe(fit, get_coef.moe(other))
    expect_near(coef(moved), coef(other), 1e-10)
    for (type in c("response", "gate", "expert")) {
      expect_near(predict(moved, type = type), predict(other, type = type),
                  1e-8)
    }
  }
})

test_that("coefficients that are not given stay", {
  fit <- faithful_fit()
  moved <- set_coef.moe(fit, c("expert2:waiting" = 1))
  expect_equal(coef(moved)[-6], coef(fit)[-6])
  expect_equal(unname(coef(moved)[6]), 1)
  expect_input_error(set_coef.moe(fit, c(slope = 1)), "unknown: `slope`")
  expect_input_error(set_coef.moe(fit, 1:6), "must be named")
})

test_that("dropped terms are no coefficients to vary", {
  d$twice <- 2 * d$waiting
  fit <- without_warnings(moe(eruptions ~ waiting + twice, d, K = 2,
                              start = d$label))
  expect_named(get_coef.moe(fit), names(coef(faithful_fit())))
  moved <- set_coef.moe(fit, get_coef.moe(fit))
  expect_near(predict(moved), predict(fit), 1e-10)
})

test_that("covariance matrices are in the order of the coefficients", {
  fit <- faithful_fit()
  expect_equal(get_vcov.moe(fit), vcov(fit))
  expect_equal(get_vcov.moe(fit, vcov = TRUE), vcov(fit))
  expect_equal(get_vcov.moe(fit, vcov = "sandwich"),
               vcov(fit, type = "sandwich"))
  expect_equal(get_vcov.moe(fit, vcov = stats::vcov), vcov(fit))
  expect_null(get_vcov.moe(fit, vcov = FALSE))
  v <- vcov(fit)
  expect_equal(get_vcov.moe(fit, vcov = v[6:1, 6:1]), v)
  expect_input_error(get_vcov.moe(fit, vcov = v[-1, -1]),
                     "missing: `gate1:\\(Intercept\\)`")
  expect_input_error(get_vcov.moe(fit, vcov = "HC3"), "`vcov` must be one of")
})

test_that("predictions are long, with a group for each column", {
  fit <- faithful_fit()
  expect_equal(get_predict.moe(fit, new),
               data.frame(rowid = 1:3, estimate = predict(fit, new)))
  gates <- get_predict.moe(fit, cbind(rowid = 11:13, new), type = "gate")
  expect_equal(gates$rowid, rep(11:13, 2))
  expect_equal(levels(gates$group), c("expert1", "expert2"))
  expect_near(gates$estimate, as.vector(predict(fit, new, type = "gate")))
  both <- two_response_fit()
  some <- flowers()[1:4, ]
  means <- get_predict.moe(both, some, type = "expert")
  expect_near(means$estimate[means$group == "expert2:Sepal.Length"],
              predict(both, some, type = "expert")[, 1, 2])
  expect_equal(levels(get_predict.moe(both, some)$group),
               c("Sepal.Length", "Sepal.Width"))
  expect_input_error(get_predict.moe(fit, new, type = "variance"),
                     "`type` must be one of")
})

test_that("the class is known to marginaleffects, and others stay known", {
  old <- options(marginaleffects_model_classes = "other")
  on.exit(options(old))
  allow_marginaleffects()
  expect_equal(getOption("marginaleffects_model_classes"), c("other", "moe"))
  allow_marginaleffects()
  expect_equal(getOption("marginaleffects_model_classes"), c("other", "moe"))
})

# the mean of two experts with a softmax gate, from the coefficients alone
mean_by_hand <- function(b, x) {
  gate <- plogis(b[1] + b[2] * x)
  gate * (b[3] + b[4] * x) + (1 - gate) * (b[5] + b[6] * x)
}

jacobian_by_hand <- function(f, b) {
  vapply(seq_along(b), function(j) {
    h <- 1e-5 * max(abs(b[j]), 1e-2)
    up <- down <- b
    up[j] <- b[j] + h
    down[j] <- b[j] - h
    (f(up) - f(down)) / (2 * h)
  }, f(b))
}

test_that("standard errors of predictions and slopes are the delta method's", {
  skip_without_marginaleffects()
  fit <- faithful_fit()
  delta <- function(f) {
    j <- rbind(jacobian_by_hand(f, coef(fit)))
    sqrt(diag(j %*% vcov(fit) %*% t(j)))
  }
  at <- me("predictions", fit, newdata = new)
  expect_near(at$estimate, predict(fit, new), 1e-12)
  expect_near(at$std.error, delta(function(b) mean_by_hand(b, new$waiting)),
              1e-4)
  h <- 1e-4
  slope <- function(b) {
    (mean_by_hand(b, new$waiting + h) - mean_by_hand(b, new$waiting - h)) /
      (2 * h)
  }
  slopes <- me("slopes", fit, newdata = new)
  expect_near(slopes$estimate, slope(coef(fit)), 1e-3)
  expect_near(slopes$std.error, delta(slope), 1e-2)
  average <- function(b) {
    mean(mean_by_hand(b, d$waiting + 1) - mean_by_hand(b, d$waiting))
  }
  compared <- me("avg_comparisons", fit, variables = list(waiting = 1))
  centred <- function(b) {
    mean(mean_by_hand(b, d$waiting + 0.5) - mean_by_hand(b, d$waiting - 0.5))
  }
  expect_true(any(abs(compared$estimate -
                        c(average(coef(fit)), centred(coef(fit)))) < 1e-10))
  expect_lt(min(abs(compared$std.error / c(delta(average), delta(centred)) -
                      1)), 1e-3)
})

test_that("slopes of one expert are those of a linear model", {
  skip_without_marginaleffects()
  one <- moe(eruptions ~ waiting, d, K = 1)
  reference <- summary(lm(eruptions ~ waiting, d))$coefficients["waiting", ]
  slope <- me("avg_slopes", one)
  expect_near(slope$estimate, reference[[1]], 1e-5)
  n <- nrow(d)
  expect_near(slope$std.error, reference[[2]] * sqrt((n - 2) / n), 1e-4)
})

test_that("the predictors of both parts have effects", {
  skip_without_marginaleffects()
  both <- me("avg_slopes", two_response_fit())
  expect_setequal(both$term, c("Petal.Length", "Petal.Width"))
  expect_setequal(both$group, c("Sepal.Length", "Sepal.Width"))
  expect_true(all(both$std.error > 0))
  gates <- me("avg_slopes", two_response_fit(), variables = "Petal.Width",
              type = "gate")
  expect_near(sum(gates$estimate), 0, 1e-8)
})

test_that("factors, Gaussian gates, no predictor and no standard errors", {
  skip_without_marginaleffects()
  fit <- moe(eruptions ~ poly(waiting, 2) + site | waiting, d, K = 2,
             start = d$label)
  effects <- me("avg_slopes", fit)
  expect_setequal(effects$term, c("site", "waiting"))
  expect_false(anyNA(effects$std.error))
  gaussian <- me("avg_slopes", faithful_fit(gate = gate_gaussian()))
  softmax <- me("avg_slopes", faithful_fit())
  expect_near(gaussian$estimate, softmax$estimate, 0.1)
  expect_near(gaussian$std.error, softmax$std.error, 0.2)
  none <- me("avg_predictions", moe(eruptions ~ 1, d, K = 1))
  expect_near(none$estimate, mean(d$eruptions), 1e-10)
  bare <- me("avg_slopes", faithful_fit(), vcov = FALSE)
  expect_near(bare$estimate, softmax$estimate, 1e-10)
  expect_null(bare$std.error)
})
