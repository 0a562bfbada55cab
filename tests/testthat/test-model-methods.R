test_that("a model says what it is", {
  truth <- moe_truth("sgmoe")
  out <- capture.output(print(truth))
  expect_match(out[1], "Truth \"sgmoe\"")
  expect_true(any(grepl("Formula: y ~ x", out)))
  expect_true(any(grepl("equispaced", out)))
  expect_output(print(moe_model(y ~ x + offset(2 * x) | 1, expert_coef = 1:2,
                                variance = 1)),
                "Formula: y ~ x + offset(2 * x) | 1", fixed = TRUE)
  fit <- as_moe_model(faithful_fit())
  expect_true(any(grepl("predictors: none", capture.output(print(fit)))))
  expect_true(any(grepl("the gate's mixture", capture.output(
    print(as_moe_model(faithful_fit(gate = gate_gaussian())))))))
})

test_that("a model without new data says that it has none", {
  truth <- moe_truth("sgmoe")
  expect_input_error(predict(truth), "holds no data")
  expect_input_error(residuals(truth), "holds no data")
  expect_input_error(logLik(truth), "holds no data; give `data`")
  expect_input_error(AIC(truth), "give `data`")
  expect_input_error(predict(truth, data.frame(x = 1), type = "density"),
                     "must hold the response")
  expect_input_error(logLik(truth, data.frame(x = 1)),
                     "`data` must hold the response")
  expect_input_error(logLik(truth, data.frame(x = 1, y = 1), type = "joint"),
                     "Gaussian gates only")
  expect_input_error(predict(truth, data.frame(x = 1), logg = TRUE), "logg")
})

test_that("quantile residuals under the truth are standard normal", {
  truth <- moe_truth("glome_ms")
  d <- simulate(truth, n = 2000, seed = 3)
  expect_gt(ks.test(residuals(truth, d, type = "quantile"), "pnorm")$p.value,
            0.01)
  expect_near(residuals(truth, d), d$y - predict(truth, d), 1e-12)
  expect_near(mean(residuals(truth, d, type = "pearson")^2), 1, 0.1)
})

test_that("accessors are those of fits", {
  fit <- faithful_fit()
  model <- as_moe_model(fit)
  expect_equal(sigma(model), sigma(fit))
  expect_equal(formula(model), formula(fit))
  expect_equal(terms(model), terms(fit))
  expect_equal(family(model), family(fit))
  expect_equal(coef(model, "dispersion"), coef(fit, "dispersion"))
})

test_that("tables of a model are those of fits, without inference", {
  fit <- faithful_fit()
  model <- as_moe_model(fit)
  expect_equal(augment(model, newdata = faithful[1:5, ]),
               augment(fit, newdata = faithful[1:5, ]))
  expect_equal(augment(model, faithful[1:5, ]),
               augment(model, newdata = faithful[1:5, ]))
  expect_input_error(augment(model), "give `newdata`")
  table <- tidy(model)
  same <- c("component", "expert", "term", "estimate")
  expect_named(table, same)
  expect_equal(table, tidy(fit)[same])
  expect_equal(unique(tidy(model, "dispersion")$component), "dispersion")
  expect_input_error(tidy(model, conf.int = TRUE), "conf.int")
})

test_that("a fit is a model with data: it has the methods of both", {
  expect_s3_class(faithful_fit(), c("moe", "moe_model"), exact = TRUE)
  expect_s3_class(as_moe_model(faithful_fit()), "moe_model", exact = TRUE)
  generics <- function(class) attr(methods(class = class), "info")$generic
  need_data <- c("anova", "case.names", "confint", "df.residual", "fitted",
                 "glance", "model.frame", "model.matrix", "nobs", "summary",
                 "update", "vcov", "weights")
  shared <- c("as_moe_model", "augment", "coef", "crps", "family", "formula",
              "logLik", "log_score", "plot", "predict", "print", "residuals",
              "sigma", "simulate", "terms", "tidy")
  own <- generics("moe")
  inherited <- generics("moe_model")
  # a model refuses what needs data; no fit may inherit that
  expect_true(all(c(need_data, "cv_moe") %in% own))
  expect_true(all(c(need_data, shared) %in% inherited))
})

test_that("a fit and its model agree on every method that both have", {
  for (kind in kinds_of_fits()) {
    fit <- kind[[1]]
    new <- kind[[2]]
    model <- as_moe_model(fit)
    same <- function(f, ...) expect_identical(f(model, ...), f(fit, ...))
    for (part in c("all", "expert", "gate", "dispersion")) same(coef, part)
    same(coef, complete = FALSE)
    for (f in list(sigma, family, formula, terms)) same(f)
    for (type in eval(formals(gatemix:::predict.moe_model)$type)) {
      same(predict, new, type = type)
    }
    same(predict, new, type = "cdf", log = TRUE, lower_tail = FALSE)
    same(crps, new)
    same(log_score, new)
    same(simulate, nsim = 2, seed = 1, newdata = new)
    same(augment, newdata = new[setdiff(names(new), "y")])
    same(augment, newdata = new)
    table <- tidy(model)
    expect_identical(table, suppressWarnings(tidy(fit))[names(table)])
  }
})

test_that("residuals and likelihoods of a fit are its model's at its own rows", {
  for (type in c("response", "pearson", "quantile", "pit")) {
    for (fit in list(faithful_fit(), faithful_fit(gate = gate_gaussian()))) {
      model <- as_moe_model(fit)
      expect_identical(residuals(model, old_faithful(), type),
                       residuals(fit, type))
    }
  }
  gates <- list(gate_softmax(), gate_gaussian(),
                gate_gaussian(likelihood = "conditional"),
                gate_gaussian(shared = TRUE, likelihood = "conditional"))
  for (gate in gates) {
    fit <- faithful_fit(gate = gate)
    for (type in names(fit$loglik)) {
      expect_equal(logLik(as_moe_model(fit), old_faithful(), type),
                   logLik(fit, type), tolerance = 1e-9)
    }
  }
})

test_that("a fit is no truth, and rows are not drawn by its gate", {
  fit <- faithful_fit(gate = gate_gaussian())
  expect_input_error(rate_experiment(fit, K = 2, n = c(100, 200)),
                     "must be a model given by its parameters")
  expect_input_error(moe_divergence(fit, fit, 10), "neither `p` nor `q`")
})
