# parsnip is in no Debian release. What gatemix tells it is tested with a
# stand-in (helper-parsnip.R); tests of parsnip itself run where it is installed.

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

# ---- With a stand-in for parsnip ---------------------------------------------

test_that("the model is registered once, as moe() with its argument K", {
  parsnip <- stand_in()
  ours <- with_stand_in(parsnip)
  expect_true(ours$register_parsnip())
  expect_identical(parsnip$kept$models, "mixture_of_experts")
  fit <- registered(parsnip, "fits", "regression")[[4]]
  expect_identical(fit$func, c(pkg = "gatemix", fun = "moe"))
  expect_identical(fit$interface, "formula")
  expect_true(all(fit$protect %in% names(formals(moe.formula))))
  argument <- parsnip$kept$arguments[[1]]
  expect_identical(argument$original, "K")
  expect_identical(argument$func, list(pkg = "gatemix", fun = "num_experts"))
  # factors are left to moe()
  encoding <- registered(parsnip, "encodings", "regression")[[4]]
  expect_identical(encoding$predictor_indicators, "none")
  before <- as.list(parsnip$kept)
  expect_false(ours$register_parsnip())
  expect_identical(as.list(parsnip$kept), before)
})

test_that("quantile regression is a mode where parsnip has it", {
  parsnip <- stand_in(c("classification", "regression", "quantile regression"))
  with_stand_in(parsnip)$register_parsnip()
  expect_identical(vapply(parsnip$kept$modes, `[[`, "", 2),
                   c("regression", "quantile regression"))
  types <- function(mode) {
    own <- Filter(function(x) x[[2]] == mode, parsnip$kept$predictions)
    vapply(own, `[[`, "", 4)
  }
  expect_setequal(types("regression"),
                  c("numeric", "pred_int", "quantile", "raw"))
  expect_setequal(types("quantile regression"), c("quantile", "raw"))
})

test_that("registered fits and predictions are those of moe() and predict()", {
  parsnip <- stand_in()
  with_stand_in(parsnip)$register_parsnip()
  d <- old_faithful()
  fit <- fit_as_registered(parsnip, eruptions ~ waiting, d, num_experts = 2,
                           start = d$label)
  own <- faithful_fit()
  expect_equal(coef(fit$fit), coef(own))
  predicted <- function(...) {
    predict_as_registered(parsnip, fit, new_rows(), ...)
  }
  expect_identical(predicted("numeric"), predict(fit$fit, new_rows()))
  interval <- predicted("pred_int", level = 0.8)
  expect_named(interval, c(".pred_lower", ".pred_upper"))
  expect_near(as.matrix(interval),
              predict(fit$fit, new_rows(), type = "interval", level = 0.8))
  nested <- predicted("quantile", quantile = c(0.1, 0.5))
  expect_identical(nested$.pred[[1]]$.quantile, c(0.1, 0.5))
  expect_near(t(vapply(nested$.pred, `[[`, numeric(2), ".pred_quantile")),
              predict(fit$fit, new_rows(), type = "quantile",
                      probs = c(0.1, 0.5)))
  expect_identical(predicted("raw", opts = list(type = "gate")),
                   predict(fit$fit, new_rows(), type = "gate"))
})

test_that("levels of a quantile regression are those of the specification", {
  parsnip <- stand_in(c("regression", "quantile regression"),
                      "matrix_to_quantile_pred")
  with_stand_in(parsnip)$register_parsnip()
  fit <- list(fit = faithful_fit(),
              spec = list(quantile_levels = c(0.25, 0.75)))
  out <- predict_as_registered(parsnip, fit, new_rows(), "quantile",
                               mode = "quantile regression")
  expect_identical(out$levels, c(0.25, 0.75))
  expect_null(colnames(out$x))
  expect_near(out$x, predict(fit$fit, new_rows(), type = "quantile",
                             probs = c(0.25, 0.75)))
})

test_that("several responses have intervals of their own, and no quantiles", {
  parsnip <- stand_in()
  with_stand_in(parsnip)$register_parsnip()
  fit <- list(fit = two_response_fit(), spec = list())
  new <- flowers()[1:3, ]
  interval <- predict_as_registered(parsnip, fit, new, "pred_int", level = 0.9)
  wanted <- predict(fit$fit, new, type = "interval", level = 0.9)
  for (response in c("Sepal.Length", "Sepal.Width")) {
    for (end in c("lower", "upper")) {
      expect_near(interval[[paste0(".pred_", end, "_", response)]],
                  wanted[, end, response])
    }
  }
  expect_input_error(
    predict_as_registered(parsnip, fit, new, "quantile", quantile = 0.5),
    "is for one response; this fit has 2")
})

test_that("a specification holds the number of experts, and needs it", {
  skip_if_not_installed("rlang")
  parsnip <- stand_in()
  ours <- with_stand_in(parsnip)
  size <- 2
  spec <- ours$mixture_of_experts(num_experts = size + 1)
  expect_s3_class(spec, "mixture_of_experts")
  expect_identical(parsnip$kept$models, "mixture_of_experts")
  expect_equal(rlang::eval_tidy(spec$args$num_experts), 3)
  expect_identical(spec[c("mode", "engine")],
                   list(mode = "regression", engine = "gatemix"))
  expect_false(spec$user_specified_mode || spec$user_specified_engine)
  expect_identical(ours$check_args.mixture_of_experts(spec), spec)
  expect_input_error(
    ours$check_args.mixture_of_experts(ours$mixture_of_experts()),
    "`num_experts` is missing")
  new <- ours$update.mixture_of_experts(spec, num_experts = 4, fresh = TRUE,
                                        control = "x")
  expect_identical(new$object, spec)
  expect_equal(rlang::eval_tidy(new$args_enquo_list$num_experts), 4)
  expect_identical(new[c("fresh", "cls", "control")],
                   list(fresh = TRUE, cls = "mixture_of_experts",
                        control = "x"))
})

test_that("num_experts() is a whole number of dials in the given range", {
  dials <- c(stand_in(), list(new_quant_param = function(...) list(...)))
  parameter <- with_stand_in(dials)$num_experts(c(2L, 5L))
  expect_identical(parameter[c("type", "range", "inclusive")],
                   list(type = "integer", range = c(2L, 5L),
                        inclusive = c(TRUE, TRUE)))
  expect_named(parameter$label, "num_experts")
})

# ---- Where parsnip is installed ----------------------------------------------

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
