d <- old_faithful()

df_of <- function(fit, ...) attr(logLik(fit, ...), "df")

test_that("degrees of freedom are those of the papers", {
  set.seed(2)
  n <- 200
  for (dim in 1:2) {
    x <- matrix(rnorm(n * dim), n)
    labels <- 1L + (runif(n) < plogis(2 * x[, 1]))
    y <- rnorm(n, ifelse(labels == 1L, -2, 2) + x[, 1])
    y2 <- cbind(y, rnorm(n, x[, 1]))
    K <- 2
    softmax <- moe(x, y, K = K, start = labels)
    expect_equal(df_of(softmax), (K - 1) * (dim + 1) + K * (dim + 1) + K)
    for (q in 1:2) {
      gaussian <- moe(x, if (q == 1) y else y2, K = K, start = labels,
                      gate = gate_gaussian())
      expect_equal(df_of(gaussian),
                   K - 1 + K * (dim + dim * (dim + 1) / 2 + q * (dim + 1) +
                                  q * (q + 1) / 2))
    }
  }
  one <- moe(eruptions ~ waiting, d, K = 1, gate = gate_gaussian())
  expect_equal(df_of(one), 5)
  expect_equal(df_of(one, type = "conditional"), 3)
  expect_equal(df_of(faithful_fit(gate = gate_gaussian())), 6 * 2 - 1)
})

test_that("restrictions save the degrees of freedom that they should", {
  two <- function(...) two_response_fit(expert = expert_gaussian(...))
  fixed <- 2 + 2 * 4
  expect_equal(df_of(two("full")), fixed + 2 * 3)
  expect_equal(df_of(two("diagonal")), fixed + 2 * 2)
  expect_equal(df_of(two("spherical")), fixed + 2)
  expect_equal(df_of(two("full", shared = TRUE)), fixed + 3)
  expect_equal(df_of(two("spherical", shared = TRUE)), fixed + 1)
  expect_equal(df_of(faithful_fit(gate = gate_constant())), 1 + 4 + 2)
})

test_that("nested models are ordered by their likelihood", {
  two <- function(...) {
    c(logLik(two_response_fit(expert = expert_gaussian(...))))
  }
  expect_lte(two("diagonal"), two("full"))
  expect_lte(two("full", shared = TRUE), two("full"))
  expect_lte(c(logLik(faithful_fit(gate = gate_constant()))),
             c(logLik(faithful_fit())))
})

test_that("AIC, BIC and nobs follow from the log-likelihood", {
  fit <- faithful_fit()
  l <- logLik(fit)
  expect_s3_class(l, "logLik")
  expect_equal(nobs(fit), 272L)
  expect_equal(attr(l, "nobs"), 272L)
  expect_equal(AIC(fit), -2 * c(l) + 2 * 8)
  expect_equal(BIC(fit), -2 * c(l) + 8 * log(272))
})

test_that("the types of likelihood are what they say", {
  fit <- faithful_fit()
  expect_equal(c(logLik(fit)), c(logLik(fit, type = "conditional")))
  expect_input_error(logLik(fit, type = "joint"), "Gaussian gates only")
  expect_input_error(logLik(fit, type = "marginal"), "`type` must be one of")
  gaussian <- faithful_fit(gate = gate_gaussian())
  expect_equal(c(logLik(gaussian)), c(logLik(gaussian, type = "joint")))
  p <- gaussian$parameters$gate
  z <- vapply(1:2, function(k) p$weights[k] *
                dnorm(d$waiting, p$means[, k], sqrt(p$covariances[, , k])),
              numeric(nrow(d)))
  expect_near(c(logLik(gaussian)) - c(logLik(gaussian, type = "conditional")),
              sum(log(rowSums(z))), 1e-8)
  conditional <- faithful_fit(gate = gate_gaussian(likelihood = "conditional"))
  expect_gte(c(logLik(conditional)),
             c(logLik(gaussian, type = "conditional")) - 1e-6)
  expect_lte(c(logLik(conditional, type = "joint")), c(logLik(gaussian)))
})

test_that("the likelihood follows the units of the response", {
  a <- faithful_fit()
  b <- moe(I(60 * eruptions) ~ waiting, d, K = 2, start = d$label)
  expect_near(c(logLik(b)), c(logLik(a)) - nrow(d) * log(60), 1e-10)
})

test_that("the likelihood of other data is that of the fit's model", {
  new <- d[1:20, ]
  for (fit in list(faithful_fit(), faithful_fit(gate = gate_gaussian()))) {
    model <- as_moe_model(fit)
    for (type in names(fit$loglik)) {
      expect_identical(logLik(fit, data = new, type = type),
                       logLik(model, new, type))
      expect_near(c(logLik(fit, type, data = d)), c(logLik(fit, type)), 1e-8)
    }
  }
  expect_identical(logLik(fit, data = new, weights = rep(2, 20)),
                   logLik(model, new, weights = rep(2, 20)))
  expect_input_error(logLik(fit, data = new["waiting"]),
                     "`data` must hold the response")
  expect_input_error(logLik(fit, weights = rep(1, nrow(d))), "`data`")
  expect_input_error(logLik(fit, newdata = new), "`newdata`.*logLik.moe")
  lean <- faithful_fit(model = FALSE)
  expect_identical(logLik(lean, data = new), logLik(faithful_fit(), data = new))
})

test_that("weights() gives the weights, NULL without", {
  expect_null(weights(faithful_fit()))
  w <- seq(0.5, 2, length.out = nrow(d))
  expect_equal(weights(faithful_fit(weights = w)), w)
})

test_that("formula, terms, frame and design come back", {
  fit <- moe(log(eruptions) ~ waiting | site, d, K = 2, start = d$label)
  expect_equal(deparse(formula(fit)), "log(eruptions) ~ waiting | site")
  expect_s3_class(terms(fit), "terms")
  expect_setequal(all.vars(terms(fit)), c("eruptions", "waiting", "site"))
  expect_equal(dim(model.frame(fit)), c(272L, 3L))
  expect_equal(colnames(model.matrix(fit, component = "gate")),
               c("(Intercept)", "siteb", "sitec"))
  expect_input_error(model.matrix(fit, component = "z"), "`component`")
})

test_that("sigma is named by expert, and by response", {
  expect_named(sigma(faithful_fit()), c("expert1", "expert2"))
  expect_equal(dimnames(sigma(two_response_fit())),
               list(c("Sepal.Length", "Sepal.Width"), c("expert1", "expert2")))
})

test_that("update changes one thing and keeps the rest", {
  fit <- moe(eruptions ~ waiting | site, d, K = 2, start = d$label)
  three <- update(fit, K = 1, start = NULL)
  expect_equal(three$K, 1L)
  expect_equal(deparse(formula(update(fit, . ~ . | waiting))),
               "eruptions ~ waiting | waiting")
  expect_equal(deparse(formula(update(fit, log(.) ~ poly(waiting, 2) | .))),
               "log(eruptions) ~ poly(waiting, 2) | site")
  half <- update(fit, data = d[1:100, ], start = d$label[1:100])
  expect_equal(nobs(half), 100L)
  expect_s3_class(update(fit, gate = gate_gaussian(), . ~ . | waiting)$gate,
                  "gate_gaussian")
  call <- update(fit, K = 5, evaluate = FALSE)
  expect_true(is.call(call))
  expect_equal(call$K, 5)
  expect_output(print(update(fit, . ~ waiting)),
                "Call: moe\\(formula = eruptions ~ waiting")
})

test_that("update keeps what the formula meant where it was written", {
  inside <- function() {
    data <- d
    power <- 2
    labels <- d$label
    moe(eruptions ~ I(waiting^power), data, K = 2, start = labels)
  }
  fit <- inside()
  again <- update(fit, control = moe_control(starts = 1))
  expect_near(coef(again), coef(fit), 1e-10)
})

test_that("methods work inside functions and loops", {
  analyse <- function(data, K, labels) {
    fit <- moe(eruptions ~ waiting, data = data, K = K, start = labels)
    c(nobs(update(fit, data = data[1:50, ], start = labels[1:50])),
      BIC(fit), length(predict(fit, data[1:3, ])))
  }
  expect_equal(analyse(d, 2, d$label)[c(1, 3)], c(50, 3))
  fits <- lapply(1:2, function(k) moe(eruptions ~ waiting, d, K = k,
                                      start = pmin(d$label, k)))
  expect_equal(BIC(fits[[2]]), BIC(faithful_fit()), tolerance = 1e-10)
  f <- eruptions ~ waiting
  expect_near(coef(do.call(moe, list(f, data = d, K = 2, start = d$label))),
              coef(faithful_fit()), 1e-12)
})

test_that("update works where gatemix is not attached", {
  d <- old_faithful()
  fit <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
             gate = gate_constant())
  bare <- list2env(list(fit = fit, update = stats::update), parent = baseenv())
  one <- eval(quote(update(fit, K = 1, start = NULL)), bare)
  expect_identical(one$K, 1L)
})

test_that("a fit finished by hand has no call to update", {
  d <- old_faithful()
  problem <- em_problem(eruptions ~ waiting, d, K = 2)
  fit <- without_warnings(em_finish(problem, em_start(problem, d$label)))
  expect_input_error(update(fit, K = 3), "made by em_finish")
})

test_that("update of a fit from matrices changes arguments, not a formula", {
  fit <- moe(d$waiting, d$eruptions, K = 2, start = d$label)
  expect_equal(update(fit, K = 1, start = NULL)$K, 1L)
  expect_input_error(update(fit, . ~ 1), "made from matrices")
})

test_that("family, residual degrees of freedom and names of cases", {
  fit <- faithful_fit()
  expect_equal(df.residual(fit), nobs(fit) - attr(logLik(fit), "df"))
  expect_equal(family(fit)$family, "gaussian")
  used <- without_warnings(moe(Ozone ~ Temp, airquality, K = 1))
  expect_equal(case.names(used), case.names(lm(Ozone ~ Temp, airquality)))
  expect_length(case.names(used), length(residuals(used)))
  expect_null(case.names(moe(cbind(a = 1:20), (1:20)^2, K = 1)))
})

test_that("an unknown argument is an error, not ignored", {
  fit <- faithful_fit()
  expect_input_error(model.matrix(fit, part = "gate"), "`part`")
  expect_input_error(coef(fit, part = "gate"), "`part`")
  expect_input_error(fitted(fit, type = "expert"), "`type`")
  expect_input_error(df.residual(fit, type = "joint"), "`type`")
  expect_input_error(case.names(fit, data = d), "`data`")
  expect_input_error(model.frame(fit, data = d[1:3, ]), "`data`.*own data")
})

test_that("arguments that tools give to any model are let through", {
  fit <- faithful_fit()
  expect_identical(nobs(fit, use.fallback = TRUE), 272L)
  expect_null(weights(fit, type = "prior"))
  expect_identical(logLik(fit, REML = FALSE), logLik(fit))
  expect_identical(model.frame(fit, drop.unused.levels = TRUE),
                   model.frame(fit))
})
