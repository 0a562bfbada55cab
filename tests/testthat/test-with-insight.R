d <- old_faithful()

insight <- function(name, ...) getExportedValue("insight", name)(...)

test_that("formulas and variables of both parts are found", {
  skip_if_not_installed("insight")
  fit <- two_response_fit()
  formulas <- insight("find_formula", fit)
  expect_equal(deparse(formulas$conditional),
               "cbind(Sepal.Length, Sepal.Width) ~ Petal.Length")
  expect_equal(deparse(formulas$gate), "~Petal.Width")
  expect_equal(insight("find_predictors", fit),
               list(conditional = c("Petal.Length", "Petal.Width"),
                    gate = "Petal.Width"))
  expect_equal(insight("find_predictors", fit, flatten = TRUE),
               c("Petal.Length", "Petal.Width"))
  expect_equal(insight("find_predictors", fit, component = "gate"),
               list(gate = "Petal.Width"))
  expect_equal(insight("find_response", fit),
               c("Sepal.Length", "Sepal.Width"))
  expect_equal(insight("find_variables", fit)$response,
               c("Sepal.Length", "Sepal.Width"))
})

test_that("dots are written out, and constants are no predictors", {
  skip_if_not_installed("insight")
  small <- d[c("eruptions", "waiting", "site")]
  fit <- moe(log(eruptions) ~ . | 1, small, K = 2, start = d$label)
  expect_equal(deparse(insight("find_formula", fit)$conditional),
               "log(eruptions) ~ waiting + site")
  expect_equal(insight("find_predictors", fit),
               list(conditional = c("waiting", "site")))
  expect_equal(insight("find_response", fit), "eruptions")
  expect_null(insight("find_predictors", moe(eruptions ~ 1, d, K = 1)))
})

test_that("parameters, covariances and statistics have the same names", {
  skip_if_not_installed("insight")
  for (fit in list(faithful_fit(), two_response_fit(),
                   faithful_fit(gate = gate_gaussian()),
                   moe(eruptions ~ 1, d, K = 1),
                   moe(cbind(x = d$waiting), d$eruptions, K = 2,
                       start = d$label))) {
    table <- insight("get_parameters", fit)
    expect_near(table$Estimate, coef(fit)[table$Parameter], 1e-14)
    expect_setequal(table$Parameter, names(coef(fit)))
    expect_equal(unlist(insight("find_parameters", fit), use.names = FALSE),
                 table$Parameter)
    v <- insight("get_varcov", fit)
    expect_equal(rownames(v), table$Parameter)
    statistic <- insight("get_statistic", fit)
    expect_equal(statistic$Parameter, table$Parameter)
    tested <- !is.na(statistic$Statistic)
    expect_near(statistic$Statistic[tested],
                (table$Estimate / sqrt(diag(v)))[tested], 1e-8)
    expect_equal(insight("n_obs", fit), nobs(fit))
  }
  expect_true(all(grepl("^gate", insight("get_parameters", faithful_fit(),
                                         component = "gate")$Parameter)))
  expect_equal(dim(insight("get_varcov", faithful_fit(),
                           component = "conditional")), c(4L, 4L))
})

test_that("dropped terms are no parameters", {
  skip_if_not_installed("insight")
  d$twice <- 2 * d$waiting
  fit <- without_warnings(moe(eruptions ~ waiting + twice, d, K = 2,
                              start = d$label))
  expect_false(anyNA(insight("get_parameters", fit)$Estimate))
  expect_equal(nrow(insight("get_varcov", fit)), 6)
})

test_that("the model is linear, with the identity as its link", {
  skip_if_not_installed("insight")
  info <- insight("model_info", faithful_fit())
  expect_true(info$is_linear)
  expect_true(info$is_mixture)
  expect_false(info$is_multivariate)
  expect_equal(info$n_obs, nrow(d))
  expect_true(insight("model_info", two_response_fit())$is_multivariate)
  expect_equal(insight("link_inverse", faithful_fit())(2), 2)
  expect_equal(insight("link_function", faithful_fit())(2), 2)
  expect_equal(find_statistic.moe(faithful_fit()), "z-statistic")
  expect_equal(c(get_df.moe(faithful_fit()),
                 get_df.moe(faithful_fit(), "model"),
                 get_df.moe(faithful_fit(), "wald")), c(264, 8, Inf))
})

test_that("get_data() has the variables, not the terms", {
  skip_if_not_installed("insight")
  fit <- moe(log(eruptions) ~ poly(waiting, 2) + site, d, K = 1)
  data <- insight("get_data", fit)
  expect_equal(data, d[c("eruptions", "waiting", "site")])
  both <- two_response_fit()
  names <- c("Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width")
  expect_equal(insight("get_data", both)[names], flowers()[names])
  d$waiting[3] <- NA
  left <- moe(eruptions ~ waiting, d, K = 1, na.action = na.exclude)
  expect_equal(rownames(insight("get_data", left)), rownames(d)[-3])
  bare <- moe(eruptions ~ waiting, d, K = 1, model = FALSE)
  expect_equal(insight("get_data", bare), d[-3, c("eruptions", "waiting")])
  matrices <- moe(cbind(x = d$label), d$eruptions, K = 1)
  expect_named(insight("get_data", matrices), c("y", "x"))
})

test_that("get_data() warns of variables that are gone", {
  gone <- local({
    passing <- d
    moe(eruptions ~ log(waiting), passing, K = 1)
  })
  rm("passing", envir = environment(formula(gone)))
  expect_warning(data <- get_data.moe(gone), "`waiting`.*data are gone",
                 class = "gatemix_warning_data")
  expect_named(data, "eruptions")
  gone$model <- NULL
  expect_warning(data <- get_data.moe(gone), "model = FALSE",
                 class = "gatemix_warning_data")
  expect_null(data)
})

test_that("R2 and RMSE are those of the weighted fitted means", {
  w <- rep(1:2, length.out = nrow(d))
  fit <- faithful_fit(weights = w)
  errors <- w * residuals(fit)^2
  r2 <- 1 - sum(errors) / sum(w * (d$eruptions -
                                     weighted.mean(d$eruptions, w))^2)
  line <- model_performance.moe(fit)
  expect_equal(unclass(line)[c("AIC", "BIC", "R2", "RMSE")],
               list(AIC = AIC(fit), BIC = BIC(fit), R2 = r2,
                    RMSE = sqrt(sum(errors) / sum(w))), ignore_attr = TRUE)
  expect_near(r2.moe(fit)$R2, r2, 1e-12)
  expect_named(model_performance.moe(fit, "R2"), "R2")
  expect_input_error(model_performance.moe(fit, "PCP"), "`metrics` must be")
  one <- moe(eruptions ~ waiting, d, K = 1)
  expect_near(r2.moe(one)$R2, summary(lm(eruptions ~ waiting, d))$r.squared)
  both <- model_performance.moe(two_response_fit())
  expect_named(both, c("AIC", "BIC", "R2_Sepal.Length", "R2_Sepal.Width",
                       "RMSE_Sepal.Length", "RMSE_Sepal.Width"))
  expect_named(r2.moe(two_response_fit())$R2,
               c("R2_Sepal.Length", "R2_Sepal.Width"))
  bare <- model_performance.moe(faithful_fit(model = FALSE))
  expect_true(is.na(bare$R2))
})

test_that("performance finds its methods", {
  skip_if_not_installed("performance")
  performance <- function(name, ...) {
    getExportedValue("performance", name)(...)
  }
  fit <- faithful_fit()
  expect_output(print(performance("model_performance", fit)), "RMSE")
  expect_output(print(performance("r2", fit)), "R2: 0.89")
  expect_near(performance("performance_rmse", fit),
              sqrt(mean(residuals(fit)^2)), 1e-12)
})
