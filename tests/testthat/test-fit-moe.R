d <- old_faithful()

# K = 1 is a regression: lm() knows the answer
expect_is_lm <- function(fit, reference) {
  b <- coef(reference)
  expect_near(coef(fit), as.vector(b))
  residual <- as.matrix(residuals(reference))
  expect_near(as.matrix(fitted(fit)), as.matrix(fitted(reference)), 1e-9)
  expect_near(as.matrix(residuals(fit)), residual, 1e-7)
  w <- if (is.null(weights(reference))) rep(1, nrow(residual))
    else weights(reference)
  expect_near(as.vector(sigma(fit)),
              unname(sqrt(colSums(w * residual^2) / sum(w))), 1e-8)
  expect_true(fit$converged)
}

test_that("one expert is lm() on Longley's data", {
  fit <- moe(Employed ~ ., longley, K = 1)
  expect_is_lm(fit, lm(Employed ~ ., longley))
  expect_near(c(logLik(fit)), c(logLik(lm(Employed ~ ., longley))), 1e-8)
  expect_equal(attr(logLik(fit), "df"), 8)
  # certified values of the Statistical Reference Datasets (NIST)
  expect_near(coef(fit)[1], -3482.25863459582, 1e-9)
})

test_that("one expert is lm() with factors, weights, offsets and responses", {
  formula <- eruptions ~ site * waiting + offset(waiting / 50)
  fit <- moe(formula, d, K = 1)
  expect_is_lm(fit, lm(formula, d))
  expect_near(c(logLik(fit)), c(logLik(lm(formula, d))), 1e-8)
  expect_is_lm(moe(eruptions ~ poly(waiting, 3), d, K = 1, weights = waiting),
               lm(eruptions ~ poly(waiting, 3), d, weights = waiting))
  expect_is_lm(moe(eruptions ~ waiting - 1, d, K = 1),
               lm(eruptions ~ waiting - 1, d))
  expect_is_lm(moe(cbind(Sepal.Length, Sepal.Width) ~ Species, iris, K = 1),
               lm(cbind(Sepal.Length, Sepal.Width) ~ Species, iris))
})

test_that("one expert of several responses has the likelihood of mlm", {
  fit <- moe(cbind(Sepal.Length, Sepal.Width) ~ Species, iris, K = 1)
  r <- residuals(lm(cbind(Sepal.Length, Sepal.Width) ~ Species, iris))
  covariance <- crossprod(r) / nrow(r)
  expect_near(c(logLik(fit)),
              -nrow(r) / 2 * (2 * log(2 * pi) + log(det(covariance)) + 2),
              1e-10)
  expect_near(coef(fit, "dispersion")[, 1], covariance[c(1, 3, 4)])
})

test_that("integer weights give lm's likelihood of the replicated rows", {
  w <- rep(1:3, length.out = nrow(d))
  fit <- moe(eruptions ~ waiting, d, K = 1, weights = w)
  long <- d[rep(seq_len(nrow(d)), w), ]
  expect_near(c(logLik(fit)), c(logLik(lm(eruptions ~ waiting, long))), 1e-8)
})

test_that("the matrix method is the formula method", {
  formula <- moe(eruptions ~ waiting, d, K = 2, start = d$label)
  vector <- moe(d$waiting, d$eruptions, K = 2, start = d$label)
  matrix <- moe(cbind(waiting = d$waiting), d$eruptions, K = 2,
                start = d$label)
  frame <- moe(d["waiting"], d$eruptions, K = 2, start = d$label)
  for (fit in list(vector, matrix, frame)) {
    expect_near(coef(fit), coef(formula), 1e-12)
  }
  expect_equal(names(coef(matrix)), names(coef(formula)))
  expect_equal(rownames(coef(vector, "expert")), c("(Intercept)", "x1"))
})

test_that("the matrix method takes other predictors for the gate", {
  formula <- two_response_fit()
  f <- flowers()
  fit <- moe(f$Petal.Length, as.matrix(f[1:2]), K = 2, z = f$Petal.Width,
             start = f$label)
  expect_near(coef(fit), coef(formula), 1e-10)
  expect_equal(rownames(coef(fit, "gate")), c("(Intercept)", "z1"))
  expect_equal(dim(predict(fit, list(x = 1:3, z = 1:3))), c(3L, 2L))
  expect_near(predict(fit, list(x = f$Petal.Length[1:3],
                                z = f$Petal.Width[1:3])),
              predict(formula, f[1:3, ]), 1e-10)
})

test_that("a sparse matrix gives the dense answer", {
  set.seed(7)
  x <- matrix(rnorm(900) * rbinom(900, 1, 0.3), 300, 3)
  labels <- 1L + (runif(300) < plogis(x[, 1]))
  y <- rnorm(300, ifelse(labels == 2L, 2 + x[, 2], -1))
  sparse <- Matrix::Matrix(x, sparse = TRUE)
  a <- moe(x, y, K = 2, start = labels)
  b <- moe(sparse, y, K = 2, start = labels)
  expect_near(coef(b), coef(a), 1e-8)
  expect_near(c(logLik(b)), c(logLik(a)), 1e-10)
  expect_near(fitted(b), fitted(a), 1e-8)
  expect_near(predict(b, sparse[1:5, ], type = "interval"),
              predict(a, x[1:5, ], type = "interval"), 1e-8)
})

test_that("data frames and sparse matrices of any kind are matrices", {
  plain <- moe(as.matrix(mtcars["wt"]), as.matrix(mtcars[c("mpg", "qsec")]),
               K = 1)
  frames <- moe(mtcars["wt"], mtcars[c("mpg", "qsec")], K = 1)
  expect_identical(coef(frames), coef(plain))
  square <- crossprod(matrix(sin(1:16), 4))
  symmetric <- methods::as(Matrix::Matrix(square, sparse = TRUE),
                           "symmetricMatrix")
  expect_s4_class(symmetric, "dsCMatrix")
  expect_near(fitted(without_warnings(moe(symmetric, 1:4, K = 1))),
              fitted(without_warnings(moe(square, 1:4, K = 1))), 1e-8)
})

test_that("the formula may be named, and must be there", {
  named <- moe(formula = eruptions ~ waiting, data = d, K = 2, start = d$label)
  expect_identical(coef(named), coef(faithful_fit()))
  expect_input_error(moe(), "`x` is missing: give a formula")
})

test_that("a fit says how it converged", {
  fit <- faithful_fit()
  expect_true(fit$converged)
  expect_lt(fit$gradient_norm, 1e-6)
  expect_true(all(diff(fit$trace) >= -1e-9))
  expect_equal(tail(fit$trace, 1), c(logLik(fit)), ignore_attr = TRUE)
  expect_equal(nrow(fit$starts), 1L)
  expect_equal(sum(fit$sizes), nrow(d))
})

test_that("the experts are sorted by their mean at average predictors", {
  a <- faithful_fit()
  b <- moe(eruptions ~ waiting, d, K = 2, start = 3L - d$label)
  expect_near(coef(a), coef(b), 1e-6)
  middle <- data.frame(waiting = mean(d$waiting))
  expect_false(is.unsorted(predict(a, middle, type = "expert")))
})

test_that("the search is repeatable under set.seed()", {
  run <- function() {
    set.seed(3)
    moe(eruptions ~ waiting, d, K = 2)
  }
  a <- run()
  b <- run()
  expect_identical(coef(a), coef(b))
  expect_identical(a$starts, b$starts)
  expect_equal(nrow(a$starts), moe_control()$starts)
})

test_that("a fit survives saveRDS and predicts the same in a new R", {
  fit <- moe(eruptions ~ poly(waiting, 2) + site | two, d, K = 2,
             start = d$label)
  new <- d[c(1, 5, 9), ]
  predicted <- function(fit, new) {
    list(predict(fit, new), predict(fit, new, type = "density"))
  }
  expect_identical(in_new_process(list(list(fit, new)), predicted),
                   list(predicted(fit, new)))
})

test_that("model = FALSE keeps no data and predicts for new rows", {
  full <- faithful_fit()
  lean <- faithful_fit(model = FALSE)
  expect_null(lean$model)
  expect_identical(predict(lean, d[1:4, ]), predict(full, d[1:4, ]))
  expect_identical(c(logLik(lean)), c(logLik(full)))
  for (f in list(fitted, residuals, predict, model.frame, model.matrix)) {
    expect_input_error(f(lean), "model = FALSE")
  }
})
