# parsnip is in no Debian release: these tests run where it is installed

new_rows <- function() data.frame(waiting = c(50, 65, 80, NA))

# parsnip::predict and the like, without attaching parsnip
spec <- function(...) mixture_of_experts(..., num_experts = 2)
parsnip_fit <- function(...) parsnip::fit(...)

test_that("without parsnip the specification says what is missing", {
  skip_if(requireNamespace("parsnip", quietly = TRUE), "parsnip is there")
  expect_error(mixture_of_experts(num_experts = 2),
               "mixture_of_experts\\(\\) needs package parsnip",
               class = "gatemix_error_package")
})

test_that("without dials the tuning parameter says what is missing", {
  skip_if(requireNamespace("dials", quietly = TRUE), "dials is there")
  expect_error(num_experts(), "needs package dials",
               class = "gatemix_error_package")
})

test_that("the range of num_experts can be chosen", {
  skip_if_not_installed("dials")
  values <- getExportedValue("dials", "value_seq")
  expect_equal(values(num_experts(c(2, 5)), n = 4), 2:5)
})

test_that("the model is registered once", {
  skip_if_not_installed("parsnip")
  mixture_of_experts()
  expect_true("mixture_of_experts" %in% parsnip::get_model_env()$models)
  expect_false(register_parsnip())
})

test_that("parsnip's fit() is moe()", {
  skip_if_not_installed("parsnip")
  set.seed(1)
  fit <- parsnip_fit(spec(), eruptions ~ waiting, data = faithful)
  set.seed(1)
  own <- moe(eruptions ~ waiting, data = faithful, K = 2)
  expect_s3_class(fit$fit, "moe")
  expect_equal(coef(fit$fit), coef(own))
  expect_equal(as.data.frame(predict(fit, new_rows())),
               data.frame(.pred = predict(own, new_rows())))
})

test_that("a formula with a gate's part goes through fit()", {
  skip_if_not_installed("parsnip")
  fit <- without_warnings(
    parsnip_fit(spec(), mpg ~ wt | hp, data = datasets::mtcars))
  expect_equal(rownames(coef(fit$fit, "expert")), c("(Intercept)", "wt"))
  expect_equal(rownames(coef(fit$fit, "gate")), c("(Intercept)", "hp"))
  new <- datasets::mtcars[1:3, c("wt", "hp")]
  expect_equal(predict(fit, new)$.pred, predict(fit$fit, new))
})

test_that("fit_xy() uses all predictors, factors too", {
  skip_if_not_installed("parsnip")
  d <- old_faithful()
  x <- d[c("waiting", "site")]
  set.seed(1)
  fit <- parsnip::fit_xy(spec(), x, d$eruptions)
  set.seed(1)
  own <- moe(eruptions ~ waiting + site, d, K = 2)
  expect_equal(coef(fit$fit), coef(own))
  expect_equal(predict(fit, x[1:5, ])$.pred, predict(own, d[1:5, ]))
})

test_that("gate, expert and control are arguments of the engine", {
  skip_if_not_installed("parsnip")
  spec <- parsnip::set_engine(spec(), "gatemix", gate = gate_gaussian(),
                              control = moe_control(starts = 2))
  fit <- parsnip_fit(spec, eruptions ~ waiting, data = faithful)
  expect_s3_class(fit$fit$gate, "gate_gaussian")
  expect_equal(fit$fit$control$starts, 2L)
})

test_that("case weights are weights", {
  skip_if_not_installed("parsnip")
  skip_if_not_installed("hardhat")
  n <- rep(1:2, length.out = nrow(faithful))
  own <- moe(eruptions ~ waiting, faithful, K = 1, weights = n)
  one <- mixture_of_experts(num_experts = 1)
  for (w in list(hardhat::frequency_weights(n),
                 hardhat::importance_weights(as.numeric(n)))) {
    fit <- parsnip_fit(one, eruptions ~ waiting, data = faithful,
                       case_weights = w)
    expect_equal(coef(fit$fit), coef(own))
    fit <- parsnip::fit_xy(one, faithful["waiting"], faithful$eruptions,
                           case_weights = w)
    expect_equal(unname(coef(fit$fit)), unname(coef(own)))
  }
})

test_that("intervals and quantiles are those of predict()", {
  skip_if_not_installed("parsnip")
  fit <- parsnip_fit(spec(), eruptions ~ waiting, data = faithful)
  interval <- predict(fit, new_rows(), type = "pred_int", level = 0.8)
  expect_named(interval, c(".pred_lower", ".pred_upper"))
  expect_near(as.matrix(interval),
              predict(fit$fit, new_rows(), type = "interval", level = 0.8))
  expect_equal(predict(fit, new_rows(), type = "raw",
                       opts = list(type = "gate")),
               predict(fit$fit, new_rows(), type = "gate"))
  skip_if_not_installed("parsnip", "1.3.0")
  quantiles <- predict(fit, new_rows(), type = "quantile",
                       quantile_levels = c(0.1, 0.5))
  expect_near(as.matrix(quantiles$.pred_quantile),
              predict(fit$fit, new_rows(), type = "quantile",
                      probs = c(0.1, 0.5)))
})

test_that("the mode of quantile regression predicts its levels", {
  skip_if_not_installed("parsnip", "1.3.0")
  quantile_spec <- parsnip::set_mode(spec(), "quantile regression",
                                     quantile_levels = c(0.25, 0.75))
  fit <- parsnip_fit(quantile_spec, eruptions ~ waiting, data = faithful)
  expect_near(as.matrix(predict(fit, new_rows())$.pred_quantile),
              predict(fit$fit, new_rows(), type = "quantile",
                      probs = c(0.25, 0.75)))
})

test_that("quantiles in the form before parsnip 1.3.0 are nested", {
  x <- predict(faithful_fit(), new_rows(), type = "quantile",
               probs = c(0.1, 0.5))
  nested <- nested_quantiles(x)
  expect_equal(dim(nested), c(4L, 1L))
  expect_equal(nested$.pred[[2]]$.quantile, c(0.1, 0.5))
  expect_near(nested$.pred[[2]]$.pred_quantile, x[2, ])
})

test_that("several responses have columns of their own", {
  skip_if_not_installed("parsnip")
  fit <- parsnip_fit(spec(), cbind(Sepal.Length, Sepal.Width) ~ Petal.Length,
                     data = flowers())
  new <- flowers()[1:3, ]
  expect_near(as.matrix(predict(fit, new)), predict(fit$fit, new))
  interval <- predict(fit, new, type = "pred_int", level = 0.9)
  expect_near(interval$.pred_upper_Sepal.Width,
              predict(fit$fit, new, type = "interval")[, "upper", 2])
  expect_input_error(predict(fit, new, type = "quantile"),
                     "is for one response; this fit has 2")
})

test_that("a specification without num_experts cannot be fitted", {
  skip_if_not_installed("parsnip")
  expect_input_error(
    parsnip_fit(mixture_of_experts(), eruptions ~ waiting, data = faithful),
    "`num_experts` is missing")
})

test_that("update() changes a specification", {
  skip_if_not_installed("parsnip")
  skip_if_not_installed("rlang")
  three <- update(spec(), num_experts = 3)
  expect_s3_class(three, "mixture_of_experts")
  expect_equal(rlang::eval_tidy(three$args$num_experts), 3)
  four <- update(spec(), parameters = list(num_experts = 4))
  expect_equal(rlang::eval_tidy(four$args$num_experts), 4)
  engine <- parsnip::set_engine(spec(), "gatemix",
                                control = moe_control(starts = 5))
  one <- update(engine, num_experts = 1, control = moe_control(starts = 1))
  fit <- parsnip_fit(one, eruptions ~ waiting, data = faithful)
  expect_equal(list(fit$fit$K, fit$fit$control$starts), list(1L, 1L))
})

test_that("tidy() and glance() reach the fit inside", {
  skip_if_not_installed("parsnip")
  fit <- parsnip_fit(spec(), eruptions ~ waiting, data = faithful)
  expect_equal(tidy(fit), tidy(fit$fit))
  expect_equal(glance(fit), glance(fit$fit))
})
