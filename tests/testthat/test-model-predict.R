d <- old_faithful()
fit <- faithful_fit()
new <- data.frame(waiting = c(50, 65, 80), eruptions = c(2, 3.2, 4.4))
types <- c("response", "variance", "expert", "gate", "posterior", "cluster",
           "density", "cdf", "quantile", "interval")

# everything by hand, from the coefficients alone
by_hand <- function(fit, new) {
  x <- cbind(1, new$waiting)
  score <- x %*% cbind(coef(fit, "gate"), 0)
  gate <- exp(score) / rowSums(exp(score))
  mean <- x %*% coef(fit, "expert")
  sd <- rep(sigma(fit), each = nrow(x))
  each <- matrix(dnorm(new$eruptions, mean, sd), nrow(x))
  center <- rowSums(gate * mean)
  list(gate = gate, expert = mean, response = center,
       variance = rowSums(gate * (sd^2 + (mean - center)^2)),
       density = rowSums(gate * each),
       posterior = gate * each / rowSums(gate * each), sd = sd)
}

test_that("every type equals the formulas computed from the coefficients", {
  hand <- by_hand(fit, new)
  for (type in c("gate", "expert", "response", "variance", "density",
                 "posterior")) {
    expect_near(predict(fit, new, type = type), hand[[type]], 1e-11)
  }
  expect_equal(predict(fit, new, type = "cluster"),
               max.col(hand$posterior))
  expect_equal(predict(fit, new["waiting"], type = "cluster"),
               max.col(hand$gate))
})

test_that("log = TRUE gives logarithms", {
  for (type in c("gate", "posterior", "density", "cdf")) {
    expect_near(predict(fit, new, type = type, log = TRUE),
                log(predict(fit, new, type = type)), 1e-10)
  }
  far <- data.frame(waiting = 60, eruptions = 1e4)
  expect_true(is.finite(predict(fit, far, type = "density", log = TRUE)))
  expect_input_error(predict(fit, new, log = TRUE), "log = TRUE.*response")
})

test_that("probs and level of other types are errors, not ignored", {
  expect_input_error(predict(fit, new, type = "interval", probs = 0.1),
                     "`probs` goes with type \"quantile\", not with")
  expect_input_error(predict(fit, new, level = 0.5),
                     "`level` goes with type \"interval\", not with")
})

test_that("the log-likelihood is the sum of the log densities", {
  expect_near(sum(predict(fit, type = "density", log = TRUE)), c(logLik(fit)),
              1e-12)
  two <- two_response_fit()
  expect_near(sum(predict(two, type = "density", log = TRUE)), c(logLik(two)),
              1e-12)
  gaussian <- faithful_fit(gate = gate_gaussian())
  expect_near(sum(predict(gaussian, type = "density", log = TRUE)),
              c(logLik(gaussian, type = "conditional")), 1e-10)
})

test_that("the density of the response integrates to one", {
  for (waiting in c(45, 68, 95)) {
    f <- function(y) predict(fit, data.frame(waiting = waiting, eruptions = y),
                             type = "density")
    expect_near(stats::integrate(f, -20, 30, subdivisions = 500L,
                                 rel.tol = 1e-8)$value, 1, 1e-6)
  }
})

test_that("mean and variance are the moments of the density", {
  f <- function(y) predict(fit, data.frame(waiting = 68, eruptions = y),
                           type = "density")
  y <- seq(-5, 12, length.out = 20001)
  w <- f(y) * (y[2] - y[1])
  at <- data.frame(waiting = 68)
  expect_near(sum(w * y), predict(fit, at), 1e-6)
  expect_near(sum(w * y^2) - sum(w * y)^2, predict(fit, at, type = "variance"),
              1e-6)
})

test_that("quantiles invert the distribution function of the mixture", {
  probs <- c(1e-6, 0.025, 0.1, 0.3, 0.5, 0.9, 1 - 1e-6)
  at <- data.frame(waiting = c(20, 43:96, 150, 1e3))
  q <- predict(fit, at, type = "quantile", probs = probs)
  hand <- by_hand(fit, cbind(at, eruptions = 0))
  hand$gate <- predict(fit, at, type = "gate")
  for (i in seq_along(probs)) {
    p <- rowSums(hand$gate * pnorm(q[, i], hand$expert, hand$sd))
    expect_lt(max(abs(p - probs[i])), 1e-10)
  }
  expect_false(any(apply(q, 1, is.unsorted)))
  tiny <- predict(fit, at, type = "quantile", probs = 1e-40)
  reached <- rowSums(hand$gate * pnorm(tiny[, 1], hand$expert, hand$sd))
  expect_near(reached / 1e-40, rep(1, nrow(at)), 1e-8)
  expect_equal(colnames(predict(fit, at, type = "quantile")),
               c("5%", "50%", "95%"))
})

test_that("the distribution function is the integral of the density", {
  for (waiting in c(45, 68, 95)) {
    f <- function(y) predict(fit, data.frame(waiting = waiting, eruptions = y),
                             type = "density")
    for (y in c(1.5, 3, 4.2)) {
      at <- data.frame(waiting = waiting, eruptions = y)
      expect_near(predict(fit, at, type = "cdf"),
                  stats::integrate(f, -10, y, subdivisions = 500L,
                                   rel.tol = 1e-9)$value, 1e-7)
    }
  }
})

test_that("the distribution function is the gate's average of the experts'", {
  hand <- by_hand(fit, new)
  each <- pnorm((new$eruptions - hand$expert) / hand$sd)
  expect_near(predict(fit, new, type = "cdf"), rowSums(hand$gate * each), 1e-11)
  expect_near(predict(fit, new, type = "cdf", lower_tail = FALSE),
              rowSums(hand$gate * (1 - each)), 1e-9)
})

test_that("quantiles and cdf are inverse, also far in the upper tail", {
  at <- data.frame(waiting = c(43, 66, 68, 96, 300), eruptions = 0)
  for (lower in c(TRUE, FALSE)) {
    for (p in c(1e-200, 1e-12, 1e-3, 0.5, 0.999, 1 - 1e-12)) {
      at$eruptions <- predict(fit, at, type = "quantile", probs = p,
                              lower_tail = lower)[, 1]
      expect_near(predict(fit, at, type = "cdf", lower_tail = lower),
                  rep(p, 5), 1e-10)
    }
  }
  expect_near(predict(fit, at, type = "quantile", probs = 0.25,
                      lower_tail = FALSE),
              predict(fit, at, type = "quantile", probs = 0.75), 1e-14)
})

test_that("lower_tail goes with cdf and quantile only", {
  expect_input_error(predict(fit, new, lower_tail = FALSE),
                     "lower_tail = FALSE.*\"cdf\", \"quantile\".*response")
  expect_input_error(predict(fit, new, type = "cdf", lower_tail = NA),
                     "lower_tail")
})

test_that("the distribution functions of several responses stand alone", {
  two <- two_response_fit()
  at <- flowers()[c(3, 60, 99), ]
  out <- predict(two, at, type = "cdf")
  expect_equal(colnames(out), c("Sepal.Length", "Sepal.Width"))
  gate <- predict(two, at, type = "gate")
  mean <- predict(two, at, type = "expert")
  for (j in 1:2) {
    sd <- sqrt(two$parameters$expert$covariances[j, j, ])
    expect_near(out[, j], rowSums(gate * pnorm(at[, j], mean[, j, ],
                                               rep(sd, each = 3))), 1e-11)
  }
  q <- predict(two, at, type = "quantile", probs = c(1e-12, 0.3))
  at[1:2] <- q[, 1, ]
  expect_near(predict(two, at, type = "cdf"), matrix(1e-12, 3, 2), 1e-10)
})

test_that("intervals cover what the model promises", {
  big <- d[rep(seq_len(nrow(d)), 200), c("waiting", "eruptions")]
  y <- simulate(fit, seed = 12, newdata = big)$sim_1
  for (level in c(0.5, 0.8, 0.9, 0.95)) {
    # the rows of the fit, repeated as those of `big`
    ends <- predict(fit, type = "interval", level = level)
    covered <- y >= rep(ends[, 1], 200) & y <= rep(ends[, 2], 200)
    # 54,400 rows: 0.01 is more than four standard errors
    expect_lt(abs(mean(covered) - level), 0.01)
  }
})

test_that("an interval is a pair of quantiles", {
  interval <- predict(fit, new, type = "interval", level = 0.8)
  expect_equal(colnames(interval), c("lower", "upper"))
  expect_near(interval, predict(fit, new, type = "quantile",
                                probs = c(0.1, 0.9)), 1e-14)
  expect_input_error(predict(fit, new, type = "interval", level = 1), "level")
  expect_input_error(predict(fit, new, type = "interval", level = 95), "level")
  expect_input_error(predict(fit, new, type = "quantile", probs = c(0.5, 1)),
                     "probs")
})

test_that("one expert predicts what lm predicts", {
  one <- moe(eruptions ~ waiting, d, K = 1)
  expect_near(predict(one, new), predict(lm(eruptions ~ waiting, d), new))
  q <- predict(one, new, type = "interval")
  expect_near(q[, 2], predict(one, new) + qnorm(0.95) * sigma(one), 1e-12)
})

test_that("n rows in give n rows out, NA where a predictor is NA", {
  holes <- new[c(1, 2, 2, 3), ]
  holes$waiting[2] <- NA
  for (type in types) {
    out <- predict(fit, holes, type = type)
    expect_equal(NROW(out), 4L)
    rows <- as.matrix(out)
    expect_true(all(is.na(rows[2, ])))
    expect_false(anyNA(rows[-2, ]))
    expect_equal(as.matrix(predict(fit, new, type = type)), rows[-2, ],
                 ignore_attr = TRUE, tolerance = 1e-12)
  }
})

test_that("no rows, one row, only NA and infinite predictors are all right", {
  for (type in types) {
    expect_equal(NROW(predict(fit, new[0, ], type = type)), 0L)
    expect_equal(NROW(predict(fit, new[1, ], type = type)), 1L)
    expect_true(all(is.na(predict(fit, data.frame(waiting = c(NA, Inf, NaN),
                                                  eruptions = 1),
                                  type = type))))
  }
})

test_that("a missing response gives NA only where it is needed", {
  holes <- transform(new, eruptions = c(NA, 3, 4))
  expect_equal(which(is.na(predict(fit, holes, type = "density"))), 1L)
  expect_equal(which(is.na(predict(fit, holes, type = "cdf"))), 1L)
  expect_false(anyNA(predict(fit, holes)))
})

test_that("predictions do not depend on the other rows of newdata", {
  d$square <- d$waiting^2
  f <- moe(eruptions ~ poly(waiting, 2) | splines::ns(waiting, 2) +
             scale(square), d, K = 2, start = d$label)
  rows <- c(4, 99, 200)
  for (type in c("response", "gate", "interval")) {
    all <- as.matrix(predict(f, type = type))
    some <- as.matrix(predict(f, d[rows, ], type = type))
    expect_near(some, all[rows, , drop = FALSE], 1e-11)
    expect_near(as.matrix(predict(f, d[99, ], type = type)),
                all[99, , drop = FALSE], 1e-11)
  }
})

test_that("a new level is an error that names factor, level and known levels", {
  f <- moe(eruptions ~ site + two, d, K = 1)
  expect_input_error(predict(f, data.frame(site = c("a", "z"), two = "u")),
                     "`site` has the new level.*\"z\".*\"a\", \"b\", \"c\"")
  expect_input_error(predict(f, data.frame(site = "a", two = "w")),
                     "`two` has the new level.*\"w\"")
  g <- moe(eruptions ~ factor(site), d, K = 1)
  expect_input_error(predict(g, data.frame(site = "z")), "new level.* z")
})

test_that("factors of newdata may have fewer levels or be characters", {
  f <- moe(eruptions ~ site + ordered(two) + two, d, K = 1) |>
    without_warnings()
  all <- fitted(f)
  alone <- data.frame(site = "c", two = d$two[3])
  expect_near(predict(f, alone), all[3], 1e-12)
  expect_near(predict(f, transform(alone, site = factor(site),
                                   two = factor(two))), all[3], 1e-12)
})

test_that("a variable that newdata lacks is an error that names it", {
  expect_input_error(predict(fit, data.frame(eruptions = 1)),
                     "lacks the variable.*`waiting`")
  # functions and variables of the same name are no substitute
  C <- rnorm(3)
  f <- moe(NOx ~ E | C, lattice::ethanol, K = 1)
  expect_input_error(predict(f, data.frame(E = 1:3)), "lacks.*`C`")
  x <- d$waiting
  g <- moe(d$eruptions ~ x, K = 1)
  expect_input_error(predict(g, d[1:3, ]), "lacks.*`x`")
})

test_that("types that need the response say so", {
  for (type in c("posterior", "density", "cdf")) {
    expect_input_error(predict(fit, new["waiting"], type = type),
                       paste0("must hold the response.*`eruptions`.*", type))
  }
  expect_input_error(predict(fit, new, type = "class"), "classification")
  expect_input_error(predict(fit, new, type = "mean"),
                     "`type` must be one of \"response\"")
})

test_that("newdata of the wrong kind is an error", {
  expect_input_error(predict(fit, c(50, 60)), "`newdata` must be a data frame")
  expect_input_error(predict(fit, data.frame(waiting = c("a", "b"))),
                     "`waiting` was numeric in the fit and is ")
  expect_input_error(predict(fit, data.frame(waiting = factor(1:2))),
                     "`waiting` was numeric in the fit and is factor")
  expect_input_error(predict(fit, new, interval = "prediction"),
                     "Unknown argument.*`interval`")
  m <- moe(cbind(a = d$waiting, b = d$waiting^2), d$eruptions, K = 1)
  expect_input_error(predict(m, matrix(1, 2, 3)), "must have 2 columns; found 3")
  expect_input_error(predict(m, d["waiting"]), "must have 2 columns; found 1")
  expect_input_error(predict(m, list(y = 1)), "list\\(x = ")
  expect_input_error(predict(m, matrix(1, 2, 2), type = "density"),
                     "must hold the response")
  own <- moe(d$waiting, d$eruptions, K = 1, z = d$waiting^2)
  expect_input_error(predict(own, 1:3), "the gate of this fit has its own")
  expect_input_error(predict(own, list(x = 1:3, z = 1:2)), "x has 3 rows")
})

test_that("several responses give a column each, experts a slice each", {
  two <- two_response_fit()
  at <- flowers()[c(1, 20, 70, 90), ]
  names <- c("Sepal.Length", "Sepal.Width")
  for (type in c("response", "variance")) {
    out <- predict(two, at, type = type)
    expect_equal(dim(out), c(4L, 2L))
    expect_equal(colnames(out), names)
  }
  each <- predict(two, at, type = "expert")
  expect_equal(dim(each), c(4L, 2L, 2L))
  expect_equal(dimnames(each)[2:3], list(names, c("expert1", "expert2")))
  b <- coef(two, "expert")
  expect_near(each[, 2, 1], drop(cbind(1, at$Petal.Length) %*% b[3:4, 1]),
              1e-12)
  gate <- predict(two, at, type = "gate")
  expect_near(predict(two, at), gate[, 1] * each[, , 1] + gate[, 2] *
                each[, , 2], 1e-12)
  interval <- predict(two, at, type = "interval")
  expect_equal(dim(interval), c(4L, 2L, 2L))
  expect_true(all(interval[, "lower", ] < interval[, "upper", ]))
  expect_equal(dim(predict(two, at[1, ])), c(1L, 2L))
})

test_that("the density of two responses is the mixture of normal densities", {
  two <- two_response_fit()
  at <- flowers()[c(3, 60), ]
  gate <- predict(two, at, type = "gate")
  each <- predict(two, at, type = "expert")
  y <- as.matrix(at[1:2])
  hand <- 0
  for (k in 1:2) {
    s <- two$parameters$expert$covariances[, , k]
    r <- y - each[, , k]
    hand <- hand + gate[, k] * exp(-rowSums(r %*% solve(s) * r) / 2) /
      (2 * pi * sqrt(det(s)))
  }
  expect_near(predict(two, at, type = "density"), hand, 1e-11)
})

test_that("a transformed response is predicted on its own scale", {
  f <- moe(log(eruptions) ~ waiting, d, K = 2, start = d$label)
  out <- predict(f, new, type = "density")
  center <- predict(f, new, type = "expert")
  each <- matrix(dnorm(log(new$eruptions), center,
                       rep(sigma(f), each = 3)), 3)
  expect_near(out, rowSums(predict(f, new, type = "gate") * each), 1e-11)
})

test_that("posterior probabilities sum to one, also far from all experts", {
  far <- data.frame(waiting = c(60, 1e3, -1e3), eruptions = c(1e6, -1e6, 0))
  posterior <- predict(fit, far, type = "posterior")
  expect_near(rowSums(posterior), rep(1, 3), 1e-12)
})

test_that("matrix newdata is matched by the names of its columns", {
  set.seed(1)
  x <- matrix(rnorm(400), 200, dimnames = list(NULL, c("a", "b")))
  y <- 2 * x[, 1] + 0.1 * rnorm(200)
  fit <- moe(x, y, K = 1)
  expect_equal(predict(fit, x[, 2:1]), predict(fit, x))
  expect_equal(predict(fit, unname(x)), predict(fit, x))
  colnames(x) <- c("a", "c")
  expect_error(predict(fit, x), "columns `a`, `b`",
               class = "gatemix_error_input")
  expect_error(predict(fit, list(x = unname(x), foo = 1)), "`foo`",
               class = "gatemix_error_input")
})

test_that("a row far from every expert has a posterior all the same", {
  fit <- moe(eruptions ~ waiting, faithful, K = 2,
             start = 1L + (faithful$waiting > 68))
  far <- data.frame(waiting = 60, eruptions = 1e200)
  expect_false(anyNA(predict(fit, far, type = "posterior")))
  expect_identical(predict(fit, far, type = "density"), 0)
})

# ---- Distributions of every kind of fit ------------------------------------

distributions <- function(fit, new) {
  list(cdf = predict(fit, new, type = "cdf"),
       upper = predict(fit, new, type = "cdf", lower_tail = FALSE, log = TRUE),
       quantile = predict(fit, new, type = "quantile", probs = c(1e-12, 0.7)),
       crps = crps(fit, new), log_score = log_score(fit, new),
       residuals = lapply(c("pit", "quantile"), residuals, object = fit),
       fitted_crps = crps(fit))
}

test_that("every kind of fit predicts distributions", {
  kinds <- kinds_of_fits()
  here <- lapply(kinds, function(kind) distributions(kind[[1]], kind[[2]]))
  for (name in names(kinds)) {
    out <- here[[name]]
    q <- length(kinds[[name]][[1]]$problem$y_scale)
    sizes <- lapply(out[c("cdf", "upper", "crps")], NROW)
    expect_true(all(unlist(sizes) == 3L), label = name)
    expect_equal(NCOL(out$cdf), q, label = name)
    expect_false(anyNA(unlist(out[1:5])), label = name)
    expect_near(out$cdf + exp(out$upper), 0 * out$cdf + 1, 1e-12)
    expect_true(all(out$crps > 0), label = name)
    rows <- NROW(residuals(kinds[[name]][[1]]))
    expect_true(all(vapply(out$residuals, NROW, 1L) == rows), label = name)
    expect_equal(sum(is.na(out$fitted_crps)), as.integer(name == "na.exclude"))
  }
})
