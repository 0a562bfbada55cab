d <- old_faithful()

test_that("coefficients are named by expert and term, gate first", {
  fit <- faithful_fit()
  expect_named(coef(fit), c("gate1:(Intercept)", "gate1:waiting",
                            "expert1:(Intercept)", "expert1:waiting",
                            "expert2:(Intercept)", "expert2:waiting"))
  expect_equal(dim(coef(fit, "expert")), c(2L, 2L))
  expect_equal(dimnames(coef(fit, "expert")),
               list(c("(Intercept)", "waiting"), c("expert1", "expert2")))
  expect_equal(dimnames(coef(fit, "gate")),
               list(c("(Intercept)", "waiting"), "expert1"))
  expect_near(coef(fit), c(coef(fit, "gate"), coef(fit, "expert")), 1e-15)
  expect_near(coef(fit, "dispersion"), t(sigma(fit)^2), 1e-14)
  expect_equal(rownames(coef(fit, "dispersion")), "var(eruptions)")
  expect_input_error(coef(fit, "experts"), "`component` must be one of")
})

test_that("coefficients of several responses are named response:term", {
  fit <- two_response_fit()
  expect_equal(rownames(coef(fit, "expert")),
               c("Sepal.Length:(Intercept)", "Sepal.Length:Petal.Length",
                 "Sepal.Width:(Intercept)", "Sepal.Width:Petal.Length"))
  expect_equal(rownames(coef(fit, "dispersion")),
               c("var(Sepal.Length)", "cov(Sepal.Length,Sepal.Width)",
                 "var(Sepal.Width)"))
  expect_true("expert2:Sepal.Width:Petal.Length" %in% names(coef(fit)))
})

test_that("one expert has no gate coefficients", {
  for (gate in list(gate_softmax(), gate_constant())) {
    one <- moe(eruptions ~ waiting, d, K = 1, gate = gate)
    expect_named(coef(one), c("expert1:(Intercept)", "expert1:waiting"))
    expect_equal(ncol(coef(one, "gate")), 0L)
  }
})

test_that("a Gaussian gate has weights, means and covariances", {
  one <- moe(eruptions ~ waiting, d, K = 1, gate = gate_gaussian())
  n <- nrow(d)
  expect_near(coef(one, "gate"), cbind(c(1, mean(d$waiting),
                                         var(d$waiting) * (n - 1) / n)))
  two <- faithful_fit(gate = gate_gaussian())
  expect_equal(rownames(coef(two, "gate")),
               c("weight", "mean(waiting)", "cov(waiting,waiting)"))
  expect_near(sum(coef(two, "gate")["weight", ]), 1, 1e-14)
})

test_that("the gate of a Gaussian gate follows from its coefficients", {
  # conditional, too: the reported Gaussians are one representative
  d$other <- sin(d$waiting) + d$waiting / 20
  for (likelihood in c("joint", "conditional")) {
    for (covariance in c("full", "diagonal", "spherical")) {
      for (shared in c(FALSE, TRUE)) {
        fit <- moe(eruptions ~ waiting + other, d, K = 2,
                   start = d$label, gate = gate_gaussian(covariance, shared,
                                                         likelihood))
        p <- fit$parameters$gate
        z <- model.matrix(fit, component = "gate")[, -1]
        score <- vapply(1:2, function(k) {
          r <- sweep(z, 2, p$means[, k])
          s <- p$covariances[, , k]
          log(p$weights[k]) - log(det(s)) / 2 -
            rowSums(r %*% solve(s) * r) / 2
        }, numeric(nrow(d)))
        expect_near(stats::plogis(score[, 1] - score[, 2]),
                    predict(fit, type = "gate")[, 1], 1e-6)
      }
    }
  }
})

test_that("dropped terms have the coefficient NA and predictions are fine", {
  d$twice <- 2 * d$waiting + 1
  d$constant <- 5
  expect_warning(
    fit <- moe(eruptions ~ waiting + twice + constant, d, K = 2,
               start = d$label),
    "dropped.*`twice`, `constant`", class = "gatemix_warning_rank")
  expect_equal(rownames(coef(fit, "expert")),
               c("(Intercept)", "waiting", "twice", "constant"))
  expect_true(all(is.na(coef(fit, "expert")[3:4, ])))
  expect_true(all(is.na(coef(fit, "gate")[3:4, ])))
  expect_near(coef(fit, "expert")[1:2, ], coef(faithful_fit(), "expert"), 1e-8)
  expect_near(predict(fit, d[1:5, ]), predict(faithful_fit(), d[1:5, ]), 1e-8)
  expect_equal(attr(logLik(fit), "df"), 8)
  expect_equal(coef(fit, complete = FALSE), coef(fit)[!is.na(coef(fit))])
  expect_equal(coef(fit, "expert", complete = FALSE),
               coef(fit, "expert")[1:2, ])
})

test_that("the columns that are dropped are those that lm drops", {
  d$other <- rev(d$waiting)
  d$sum <- d$waiting + d$other
  formula <- eruptions ~ sum + waiting + other + site
  fit <- without_warnings(moe(formula, d, K = 1))
  reference <- coef(lm(formula, d))
  expect_equal(which(is.na(unname(coef(fit)))), which(is.na(unname(reference))))
  expect_near(coef(fit), reference, 1e-9)
})

test_that("columns of a matrix with the same name get names of their own", {
  d <- old_faithful()
  set.seed(1)
  x <- cbind(a = d$waiting, a = rnorm(272))
  for (m in list(x, Matrix::Matrix(x, sparse = TRUE))) {
    fit <- moe(m, d$eruptions, K = 2, start = d$label)
    expect_identical(rownames(coef(fit, "expert")),
                     c("(Intercept)", "a", "a.1"))
    expect_identical(rownames(confint(fit)), names(coef(fit)))
    expect_equal(predict(fit, m), fitted(fit))
  }
})
