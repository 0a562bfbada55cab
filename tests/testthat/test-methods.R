# Every method works for every kind of fit, and after saveRDS() in a new R
# process. What the values mean is tested elsewhere.

# Attributes that hold functions or environments are left out: they are never
# identical after a copy.
all_methods <- function(fit, new) {
  plain <- function(x) {
    if (inherits(x, "terms") || inherits(x, "formula")) return(format(x))
    if (is.data.frame(x)) return(lapply(x, unclass))
    x
  }
  pictures <- function(draw) {
    grDevices::pdf(NULL)
    on.exit(grDevices::dev.off())
    types <- c("fit", "density", "gate", "residuals", "pit", "calibration",
               "trace", "coefficients")
    lapply(types, function(type) {
      tryCatch(draw(type), gatemix_error_input = conditionMessage)
    })
  }
  types <- c("response", "variance", "expert", "gate", "posterior", "cluster",
             "density", "cdf", "quantile", "interval")
  small <- moe_control(max_iter = 50)
  list(
    coef = lapply(c("all", "expert", "gate", "dispersion"), coef, object = fit),
    vcov = lapply(c("information", "sandwich"), vcov, object = fit),
    confint = confint(fit, component = c("gate", "expert", "dispersion")),
    summary = coef(summary(fit)),
    anova = tryCatch(unclass(anova(fit)), gatemix_error_input =
                       conditionMessage),
    bootstrap = bootstrap_moe(fit, R = 3, type = "weighted", seed = 1,
                              control = small)$estimates,
    likelihood = c(logLik(fit), AIC(fit), BIC(fit), nobs(fit)),
    fitted = fitted(fit), weights = weights(fit), sigma = sigma(fit),
    residuals = lapply(c("response", "pearson", "quantile", "pit"), residuals,
                       object = fit),
    predict = lapply(types, function(type) predict(fit, type = type)),
    predict_new = lapply(types, function(type) predict(fit, new, type = type)),
    scores = list(crps(fit), crps(fit, new), log_score(fit),
                  log_score(fit, new)),
    simulate = as.matrix(simulate(fit, 2, seed = 1)),
    design = list(unname(as.matrix(model.matrix(fit))),
                  unname(as.matrix(model.matrix(fit, component = "gate")))),
    formula = plain(formula(fit)), terms = plain(terms(fit)),
    tidy = plain(tidy(fit, conf.int = TRUE)), glance = plain(glance(fit)),
    augment = plain(augment(fit, newdata = if (is.data.frame(new)) new)),
    plot = lapply(pictures(function(type) plot(fit, type = type)), plain),
    printed = utils::capture.output(print(fit), print(summary(fit)))
  )
}

test_that("every method works for every kind of fit, also in a new R process", {
  skip_on_cran()
  kinds <- kinds_of_fits()
  here <- lapply(kinds, function(kind) {
    suppressWarnings(all_methods(kind[[1]], kind[[2]]))
  })
  expect_named(here, names(kinds))
  kinds <- kinds[some_cases(4, full = length(kinds))]
  there <- in_new_process(kinds, all_methods)
  for (name in names(kinds)) {
    for (part in names(here[[name]])) {
      expect_identical(there[[name]][[part]], here[[name]][[part]],
                       info = paste(name, part))
    }
  }
})

test_that("every kind of fit has as many values as rows", {
  for (kind in kinds_of_fits()) {
    fit <- kind[[1]]
    n <- NROW(fitted(fit))
    new <- kind[[2]]
    for (type in c("response", "variance", "expert", "gate", "posterior",
                   "cluster", "density", "cdf", "quantile", "interval")) {
      expect_identical(NROW(predict(fit, type = type)), n)
      expect_identical(NROW(predict(fit, new, type = type)), 3L)
    }
    expect_identical(nrow(simulate(fit, 1)), n - length(fit$na.action) *
                       !inherits(fit$na.action, "exclude"))
    expect_identical(dim(suppressWarnings(vcov(fit))), rep(length(coef(fit)), 2))
  }
})

test_that("every picture has an autoplot of the same data", {
  skip_if_not_installed("ggplot2")
  skip_on_cran()
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  kinds <- kinds_of_fits()
  types <- c("fit", "gate", "density", "residuals", "pit", "calibration",
             "trace", "coefficients")
  pictures <- all_cases(kind = names(kinds), type = types)
  for (picture in covering(pictures, together = 1)) {
    fit <- kinds[[picture$kind]][[1]]
    refusal <- NULL
    drawn <- tryCatch(suppressWarnings(plot(fit, type = picture$type)),
                      gatemix_error_input = function(e) refusal <<- e)
    if (!is.null(refusal)) {
      expect_input_error(ggplot2::autoplot(fit, type = picture$type),
                         conditionMessage(refusal), fixed = TRUE)
      next
    }
    shown <- suppressWarnings(ggplot2::autoplot(fit, type = picture$type))
    expect_equal(attr(shown, "plotted"), drawn)
    expect_s3_class(ggplot2::ggplot_build(shown), "ggplot_built")
  }
})
