d <- old_faithful()

design_of <- function(formula, ..., data = d) {
  colnames(model.matrix(moe(formula, data, K = 1, ...)))
}

test_that("one part gives gate and experts the same predictors", {
  fit <- faithful_fit()
  both <- moe(eruptions ~ waiting | waiting, d, K = 2, start = d$label)
  expect_near(coef(fit), coef(both), 1e-12)
  expect_equal(model.matrix(fit), model.matrix(fit, component = "gate"))
})

test_that("two parts give each its own predictors", {
  fit <- moe(eruptions ~ site | waiting, d, K = 2, start = d$label)
  expect_equal(colnames(model.matrix(fit)), c("(Intercept)", "siteb", "sitec"))
  expect_equal(colnames(model.matrix(fit, component = "gate")),
               c("(Intercept)", "waiting"))
  expect_equal(rownames(coef(fit, "gate")), c("(Intercept)", "waiting"))
})

test_that("`| 1` is the constant gate", {
  one <- moe(eruptions ~ waiting | 1, d, K = 2, start = d$label)
  constant <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
                  gate = gate_constant())
  expect_equal(coef(one), coef(constant))
  expect_equal(c(logLik(one)), c(logLik(constant)))
  expect_equal(attr(logLik(one, type = "conditional"), "df"),
               attr(logLik(constant, type = "conditional"), "df"))
  gate <- predict(constant, d, type = "gate")
  expect_true(all(gate[, 1] == gate[1, 1]))
  expect_near(stats::plogis(coef(constant, "gate")[1, 1]), gate[1, 1], 1e-12)
})

test_that("`.` stands for all other columns, in either part", {
  small <- d[c("eruptions", "waiting", "site")]
  expect_equal(design_of(eruptions ~ ., data = small),
               c("(Intercept)", "waiting", "siteb", "sitec"))
  gate <- moe(eruptions ~ waiting | ., small, K = 2, start = d$label)
  expect_equal(rownames(coef(gate, "gate")),
               c("(Intercept)", "waiting", "siteb", "sitec"))
  less <- moe(eruptions ~ . - site | waiting, small, K = 2, start = d$label)
  expect_near(coef(less), coef(faithful_fit()), 1e-12)
  both <- moe(eruptions ~ . | ., small, K = 2, start = d$label)
  expect_equal(rownames(coef(both, "expert")), rownames(coef(both, "gate")))
  wide <- moe(cbind(eruptions, waiting) ~ ., small, K = 1)
  expect_equal(colnames(model.matrix(wide)),
               c("(Intercept)", "siteb", "sitec"))
})

test_that("factors, interactions, splines and polynomials make lm's design", {
  check <- function(formula) {
    design <- model.matrix(moe(formula, d, K = 1))
    expected <- model.matrix(lm(formula, d))
    expect_equal(unname(design), unname(expected), ignore_attr = TRUE)
    expect_equal(colnames(design), colnames(expected))
  }
  check(eruptions ~ site * waiting)
  check(eruptions ~ ordered(site) + two)
  check(eruptions ~ poly(waiting, 3))
  check(eruptions ~ splines::ns(waiting, 4))
  check(log(eruptions) ~ I(waiting^2) + (waiting > 60))
  check(eruptions ~ site - 1)
  check(eruptions ~ waiting:site)
})

test_that("a part without intercept has none; the gate of one part keeps its", {
  fit <- moe(eruptions ~ site - 1, d, K = 2, start = d$label)
  expect_equal(rownames(coef(fit, "expert")), c("sitea", "siteb", "sitec"))
  expect_equal(rownames(coef(fit, "gate")), c("(Intercept)", "siteb", "sitec"))
})

test_that("a factor in both parts gets the same coding", {
  fit <- moe(eruptions ~ site | site + waiting, d, K = 2, start = d$label,
             contrasts = list(site = "contr.sum"))
  expect_equal(rownames(coef(fit, "expert")), c("(Intercept)", "site1", "site2"))
  expect_equal(rownames(coef(fit, "gate")),
               c("(Intercept)", "site1", "site2", "waiting"))
  expect_near(predict(fit, d[5:8, ]), predict(fit)[5:8], 1e-12)
})

test_that("the contrasts of the fit hold at prediction, whatever the options", {
  fit <- with_options(list(contrasts = c("contr.helmert", "contr.poly")),
                      moe(eruptions ~ site + waiting, d, K = 1))
  expect_near(predict(fit, d[1:9, ]), predict(fit)[1:9], 1e-12)
})

test_that("character, logical and matrix predictors work", {
  d$big <- d$waiting > 70
  d$m <- cbind(first = d$waiting, second = d$waiting^2)
  expect_equal(design_of(eruptions ~ two + big, data = d),
               c("(Intercept)", "twov", "bigTRUE"))
  fit <- moe(eruptions ~ m, d, K = 2, start = d$label)
  expect_equal(rownames(coef(fit, "expert")),
               c("(Intercept)", "mfirst", "msecond"))
  expect_near(predict(fit, d[3:5, ]), predict(fit)[3:5], 1e-12)
})

test_that("variables may come from the environment, with or without data", {
  y <- d$eruptions
  x <- d$waiting
  start <- d$label
  reference <- coef(faithful_fit())
  expect_near(coef(moe(y ~ x, K = 2, start = start)), reference, 1e-12)
  expect_near(coef(moe(eruptions ~ x, d, K = 2, start = start)), reference,
              1e-12)
  expect_near(coef(moe(formula = y ~ x, K = 2, start = start)), reference,
              1e-12)
})

test_that("constants of the environment are found at prediction", {
  knots <- c(60, 75)
  fit <- moe(eruptions ~ splines::ns(waiting, knots = knots), d, K = 1)
  expect_near(predict(fit, data.frame(waiting = 70)),
              predict(lm(eruptions ~ splines::ns(waiting, knots = knots), d),
                      data.frame(waiting = 70)))
})

test_that("subset and weights are evaluated in the data", {
  part <- moe(eruptions ~ waiting, d, K = 1, subset = site == "a",
              weights = waiting)
  reference <- lm(eruptions ~ waiting, d, subset = site == "a",
                  weights = waiting)
  expect_near(coef(part), coef(reference))
  expect_equal(nobs(part), sum(d$site == "a"))
})

test_that("levels that the subset does not use are dropped, as lm does", {
  fit <- moe(eruptions ~ site, d, K = 1, subset = site != "c")
  expect_equal(rownames(coef(fit, "expert")), c("(Intercept)", "siteb"))
})

test_that("doubling the weights equals doubling the rows", {
  once <- moe(eruptions ~ waiting, d, K = 2, weights = rep(2, nrow(d)),
              start = d$label)
  twice <- moe(eruptions ~ waiting, rbind(d, d), K = 2,
               start = rep(d$label, 2))
  expect_near(coef(once), coef(twice), 1e-8)
  expect_near(c(logLik(once)), c(logLik(twice)), 1e-10)
})

test_that("rows of weight zero count for nothing", {
  w <- rep(c(1, 0), length.out = nrow(d))
  zero <- moe(eruptions ~ waiting, d, K = 2, weights = w, start = d$label)
  half <- moe(eruptions ~ waiting, d[w > 0, ], K = 2, start = d$label[w > 0])
  expect_near(coef(zero), coef(half), 1e-8)
  expect_near(c(logLik(zero)), c(logLik(half)), 1e-10)
  expect_equal(nobs(zero), nobs(half))
  expect_equal(BIC(zero), BIC(half), tolerance = 1e-10)
})

test_that("rows with NA are left out, or padded by na.exclude", {
  holes <- d
  holes$waiting[c(3, 10)] <- NA
  holes$eruptions[20] <- NA
  gone <- c(3, 10, 20)
  left <- moe(eruptions ~ waiting, d[-gone, ], K = 2, start = d$label[-gone])
  omit <- moe(eruptions ~ waiting, holes, K = 2, start = d$label)
  expect_near(coef(omit), coef(left), 1e-12)
  expect_equal(nobs(omit), nrow(d) - 3L)
  expect_length(fitted(omit), nrow(d) - 3L)
  padded <- moe(eruptions ~ waiting, holes, K = 2, start = d$label,
                na.action = na.exclude)
  expect_near(coef(padded), coef(left), 1e-12)
  for (values in list(fitted(padded), residuals(padded), predict(padded),
                      residuals(padded, type = "pearson"),
                      predict(padded, type = "posterior")[, 1],
                      predict(padded, type = "cluster"))) {
    expect_length(values, nrow(d))
    expect_equal(which(is.na(values)), gone)
  }
  expect_near(fitted(padded)[-gone], fitted(left), 1e-10)
  expect_input_error(moe(eruptions ~ waiting, holes, K = 2,
                         na.action = na.fail), "missing values")
})

test_that("weights that are NA drop their rows", {
  w <- replace(rep(1, nrow(d)), 7, NA)
  fit <- moe(eruptions ~ waiting, d, K = 1, weights = w)
  expect_equal(nobs(fit), nrow(d) - 1L)
})

test_that("an offset shifts the experts' means by a known amount", {
  shifted <- moe(I(eruptions + 0.1 * waiting) ~ waiting + offset(0.1 * waiting),
                 d, K = 2, start = d$label)
  expect_near(coef(shifted), coef(faithful_fit()), 1e-7)
  expect_near(predict(shifted, d[1:3, ]),
              predict(faithful_fit(), d[1:3, ]) + 0.1 * d$waiting[1:3], 1e-8)
  two <- moe(eruptions ~ offset(waiting / 20) + offset(waiting / 30), d, K = 1)
  expect_near(coef(two),
              coef(lm(eruptions ~ offset(waiting / 20 + waiting / 30), d)))
})

test_that("an offset in the gate's part is an error that says why", {
  expect_input_error(moe(eruptions ~ waiting | offset(waiting), d, K = 2),
                     "offset\\(\\) in the gate's part .* every expert's linear predictor .* remove it")
})

test_that("columns of cbind() without a name get one", {
  fit <- moe(cbind(log(eruptions), waiting) ~ site, d, K = 1)
  expect_equal(colnames(predict(fit)), c("y1", "waiting"))
  expect_near(coef(fit),
              as.vector(coef(lm(cbind(log(eruptions), waiting) ~ site, d))))
})

test_that("time series are ordinary responses", {
  y <- stats::ts(d$eruptions, start = 1990)
  fit <- moe(y ~ waiting, d, K = 1)
  expect_near(coef(fit), coef(lm(eruptions ~ waiting, d)))
})

test_that("formulas of many kinds predict the rows of the fit as fitted", {
  d$n <- seq_len(nrow(d)) / 100
  formulas <- list(
    eruptions ~ site:waiting | two, eruptions ~ I(pi * waiting) + 0,
    sqrt(eruptions) ~ log(waiting) + offset(log(n)) | site * two,
    eruptions ~ cut(waiting, c(0, 60, 75, 100)) | poly(waiting, 2, raw = TRUE),
    cbind(eruptions, n) ~ ordered(site) | splines::bs(waiting, 3),
    eruptions ~ 1 | waiting, eruptions ~ waiting | 0 + waiting)
  for (f in formulas) {
    fit <- without_warnings(moe(f, d, K = 2, start = d$label))
    for (type in c("response", "gate", "variance")) {
      all <- as.matrix(predict(fit, type = type))
      expect_false(anyNA(all))
      expect_near(as.matrix(predict(fit, d[c(7, 100, 101), ], type = type)),
                  all[c(7, 100, 101), , drop = FALSE], 1e-9)
    }
  }
})

test_that("a term that depends on the other rows is warned about", {
  for (f in list(eruptions ~ I(waiting - mean(waiting)),
                 eruptions ~ waiting | rank(waiting))) {
    expect_warning(moe(f, d, K = 1), "depends on which rows are in the data",
                   class = "gatemix_warning_prediction")
  }
  for (f in list(I(eruptions - mean(eruptions)) ~ log(waiting) + I(waiting^2),
                 eruptions ~ scale(waiting) + factor(site),
                 eruptions ~ poly(waiting, 3) | splines::ns(waiting, 3),
                 eruptions ~ I(waiting > 60) + site + offset(log(waiting)))) {
    expect_silent(moe(f, d, K = 1))
    expect_silent(moe(f, d[d$waiting > 50, ], K = 1, subset = two == "u"))
  }
})

test_that("a variable that cannot be built from two rows is left alone", {
  built <- function(v) if (length(v) > 100) v else stop("too few values")
  expect_silent(fit <- moe(eruptions ~ built(waiting), old_faithful(), K = 1))
  expect_near(coef(fit), coef(moe(eruptions ~ waiting, old_faithful(), K = 1)))
})

test_that("new data whose variables give another number of rows are refused", {
  d <- old_faithful()
  fit <- without_warnings(
    moe(eruptions ~ I(rev(sort(waiting, na.last = NA))), d, K = 1))
  new <- data.frame(waiting = c(50, NA, 60, 70))
  expect_input_error(suppressWarnings(predict(fit, new)),
                     "has 4 rows, but its variables give 3")
})

test_that("a formula without a response is an error", {
  expect_input_error(moe(~ waiting, old_faithful(), K = 2), "response")
})

test_that("the expression of `data` is evaluated once", {
  set.seed(6)
  fit <- moe(eruptions ~ log(waiting), d[sample(272, 100), ], K = 1)
  after <- runif(1)
  set.seed(6)
  expect_near(coef(fit), coef(lm(eruptions ~ log(waiting), d[sample(272, 100), ])))
  expect_identical(runif(1), after)
})
