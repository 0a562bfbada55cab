# What users do with a path.

test_that("best(), coef() and predict() are of the same point", {
  d <- lasso_data()
  path <- quick_path(d, relax = TRUE)
  for (relax in c(FALSE, TRUE)) {
    for (s in list("bic", "ebic", "aic", path$table$lambda[5])) {
      fit <- best(path, s, relax = relax)
      expect_s3_class(fit, "moe")
      expect_identical(coef(path, s, relax = relax), coef(fit))
      expect_identical(predict(path, d$x, s = s, relax = relax),
                       predict(fit, d$x))
      expect_identical(
        predict(path, d$x, s = s, relax = relax, type = "cluster"),
        predict(fit, d$x, type = "cluster"))
    }
  }
})

test_that("the fit at a point has the numbers of the table", {
  path <- quick_path(lasso_data())
  for (i in c(1, 5, 9)) {
    fit <- best(path, path$table$lambda[i])
    expect_near(as.numeric(logLik(fit)), path$table$logLik[i], 1e-10)
    expect_near(fit$objective, path$table$objective[i], 1e-10)
    expect_equal(attr(logLik(fit), "df"), path$table$df[i])
    expect_near(BIC(fit), path$table$BIC[i], 1e-10)
    expect_near(AIC(fit), path$table$AIC[i], 1e-10)
  }
  expect_error(vcov(fit), class = "gatemix_error_inference")
})

test_that("a criterion chooses its smallest value among regular points", {
  path <- quick_path(lasso_data())
  table <- path$table[regular(path), ]
  for (name in c("AIC", "BIC", "EBIC")) {
    fit <- best(path, tolower(name))
    expect_equal(fit$expert$penalty$lambda,
                 table$lambda[which.min(table[[name]])])
  }
  penalised <- 2 * 6 + 6
  chosen <- path$table$nonzero_expert + path$table$nonzero_gate
  expect_near(path$table$EBIC - path$table$BIC, lchoose(penalised, chosen))
})

test_that("a number is the nearest point on the log scale", {
  path <- quick_path(lasso_data())
  lambda <- path$table$lambda
  expect_identical(coef(path, sqrt(lambda[3] * lambda[4]) * 1.01),
                   coef(path, lambda[3]))
  expect_input_error(coef(path, 2 * lambda[1]), "ends of the path")
  expect_input_error(coef(path, min(lambda) / 2), "ends of the path")
  expect_input_error(coef(path, "cv"), "`s`")
})

test_that("with several ratios a criterion chooses among all", {
  path <- quick_path(lasso_data(), lambda_ratio_gate = c(0.5, 2),
                     nlambda = 6)
  table <- path$table[regular(path), ]
  fit <- best(path)
  least <- which.min(table$BIC)
  expect_equal(fit$expert$penalty$lambda, table$lambda[least])
  expect_equal(fit$gate$penalty$lambda, table$lambda_gate[least])
  own <- table[table$ratio == 2, ]
  expect_equal(best(path, ratio = 2)$gate$penalty$lambda,
               own$lambda_gate[which.min(own$BIC)])
  lambda <- own$lambda[3]
  expect_input_error(coef(path, lambda), "several ratios")
  expect_equal(best(path, lambda, ratio = 2)$gate$penalty$lambda, 2 * lambda)
  expect_input_error(coef(path, ratio = 3), "`ratio`")
})

test_that("slope heuristics choose a point or say what they lack", {
  d <- lasso_data(200, 12)
  path <- quick_path(d, nlambda = 40)
  for (s in c("jump", "slope")) {
    found <- without_warnings(path_point(path, s))
    expect_true(regular(path)[found])
  }
  short <- quick_path(d, nlambda = 3)
  expect_error(best(short, "slope"), class = "gatemix_error")
  expect_error(best(short, "jump"), class = "gatemix_error")
})

test_that("tidy() has the coefficients, with zeros if wanted", {
  d <- lasso_data()
  path <- quick_path(d)
  rows <- tidy(path)
  expect_true(all(rows$estimate != 0))
  all_rows <- tidy(path, zeros = TRUE)
  expect_equal(nrow(all_rows), 10 * (2 * 7 + 7))
  at <- all_rows[all_rows$point == 6 & all_rows$component == "expert", ]
  expect_equal(at$estimate, as.vector(coef(path, path$table$lambda[6],
                                           "expert")))
  expect_identical(as.data.frame(path), path$table)
  expect_equal(nobs(path), 120)
})

test_that("several responses have several coefficients", {
  d <- lasso_data()
  y <- cbind(a = d$y, b = 2 * d$x[, 4] + d$x[, 5]^2)
  path <- quick_path(list(x = d$x, y = y), nlambda = 5)
  expect_identical(sort(unique(tidy(path)$response)), c("a", "b"))
  expect_null_point(path$table)
  expect_equal(dim(predict(path, d$x[1:3, ])), c(3L, 2L))
})

test_that("print() shows points and choices", {
  path <- quick_path(lasso_data())
  text <- capture.output(print(path))
  expect_match(text, "Path of mixtures of 2 experts: 10 points", all = FALSE)
  expect_match(text, "BIC +chooses lambda = ", all = FALSE)
  one <- capture.output(print(quick_path(lasso_data(), K = 1)))
  expect_match(one, "mixtures of 1 expert: ", all = FALSE)
  grid <- quick_path(lasso_data(), lambda_ratio_gate = 1:2, nlambda = 4)
  expect_match(capture.output(print(grid)), "2 ratios", all = FALSE)
})
