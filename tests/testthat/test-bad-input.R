# Bad input is an error of class gatemix_error_input whose message names the
# argument, says what was found and what to do. Bad luck is a fit without NaN,
# a classed warning and a status.

d <- lattice::ethanol
# weights and subset are evaluated in the data, so the call is passed on as is
run <- function(formula = NOx ~ E, data = d, K = 2, ...) {
  eval(substitute(moe(formula, data, K, ...)), parent.frame())
}

# all numbers of a fit and what it predicts are numbers
expect_sound <- function(fit) {
  expect_true(all(is.finite(fit$loglik)))
  expect_true(all(is.finite(unlist(fit$parameters))))
  expect_true(all(is.finite(fit$sizes)))
  expect_true(is.finite(fit$gradient_norm))
  expect_false(anyNA(fit$trace))
  if (!is.null(fit$model)) {
    for (type in c("response", "variance", "gate", "posterior", "density",
                   "interval")) {
      expect_true(all(is.finite(predict(fit, type = type))))
    }
  }
}

conditions_of <- function(expr) {
  seen <- character()
  value <- withCallingHandlers(expr, gatemix_warning = function(w) {
    seen <<- c(seen, class(w)[1L])
    invokeRestart("muffleWarning")
  })
  list(value = value, seen = sub("gatemix_warning_", "", seen))
}

test_that("K must be a whole number from 1 to the number of rows", {
  expect_input_error(moe(NOx ~ E, d), "`K` is missing: give the number")
  expect_input_error(run(K = 0), "`K` must be one whole number of at least 1; found 0")
  expect_input_error(run(K = -2), "found -2")
  expect_input_error(run(K = 2.5), "found 2.5")
  expect_input_error(run(K = NA), "found NA")
  expect_input_error(run(K = NULL), "`K`")
  expect_input_error(run(K = 1:3), "length 3")
  expect_input_error(run(K = "2"), "found \"2\"")
  expect_input_error(run(K = Inf), "found Inf")
  expect_input_error(run(K = 89), "`K` must not exceed the number of rows; found K = 89 for 88")
  expect_input_error(run(K = 3, weights = c(1, 1, rep(0, 86))),
                     "found K = 3 for 2 row\\(s\\) with positive weight")
})

test_that("the response must be numeric", {
  expect_input_error(run(factor(C) ~ E), "must be numeric .* found .*factor")
  expect_input_error(run(as.character(C) ~ E), "must be numeric .* found .*character")
  expect_input_error(run(complex(88) ~ E), "must be numeric")
  expect_input_error(run(~ E), "y ~ experts \\| gate.*found 0 part")
  expect_input_error(moe(d$E, factor(d$C), K = 2), "factor")
  expect_input_error(moe(d$E, K = 2), "`y` is missing")
  expect_input_error(moe(d$E, NULL, K = 2), "response")
})

test_that("the predictors must be numeric in the matrix method", {
  expect_input_error(moe(matrix("a", 88, 1), d$NOx, K = 1), "`x` must be a numeric matrix")
  expect_input_error(moe(list(1, 2), d$NOx, K = 1), "`x` must be a numeric matrix")
  expect_input_error(moe(NULL, d$NOx, K = 1), "`x` must be .* found NULL")
  expect_input_error(moe(iris, iris$Sepal.Length, K = 1), "`x` must be a numeric matrix")
  expect_input_error(moe(d$E, d$NOx, K = 1, z = letters), "`z` must be a numeric matrix")
})

test_that("lengths must agree", {
  expect_input_error(moe(d$E, d$NOx[1:3], K = 2), "`y` has 3 rows and `x` has 88")
  expect_input_error(moe(d$E, d$NOx, K = 2, z = d$C[1:3]), "`z` has 3 rows and `x` has 88")
  expect_input_error(moe(d$E, d$NOx, K = 2, weights = 1:3), "`weights` must be 88 numbers")
  expect_input_error(run(weights = 1:3), "variable lengths differ.*weights")
  x <- 1:3
  expect_input_error(run(NOx ~ x), "variable lengths differ.*'x'")
  expect_input_error(run(NOx ~ E + offset(x)), "variable lengths differ")
})

test_that("weights must be finite and not negative", {
  expect_input_error(run(weights = -E), "`weights` must be finite and not negative; found 88")
  expect_input_error(run(weights = ifelse(E > 1, Inf, 1)), "`weights` must be finite")
  expect_input_error(run(weights = as.character(E)), "`weights` must be 88 numbers")
  expect_input_error(run(weights = 0 * E), "`weights`: all are zero")
  expect_input_error(moe(d$E, d$NOx, K = 1, weights = rep(NA_real_, 88)), "`weights`")
})

test_that("infinite values are named, not fitted", {
  bad <- transform(d, E = replace(E, 3, Inf), NOx = replace(NOx, 4, -Inf))
  expect_input_error(run(NOx ~ C, bad), "The response `NOx` holds infinite values")
  expect_input_error(run(C ~ E, bad), "`E` of the experts' design hold infinite")
  expect_input_error(run(C ~ 1 | E, bad), "`E` of the gate's design hold infinite")
  expect_input_error(run(C ~ offset(NOx), bad), "offset\\(\\) has 1 value\\(s\\) that are not finite")
  expect_input_error(moe(bad$E, d$NOx, K = 2), "`x1` of the experts' design hold infinite")
  expect_input_error(moe(d$E, bad$NOx, K = 2), "`y` holds infinite")
  expect_input_error(run(log(NOx - min(NOx)) ~ E), "`log\\(NOx - min\\(NOx\\)\\)`")
})

test_that("missing values that are not dropped are an error", {
  expect_input_error(moe(c(NA, d$E[-1]), d$NOx, K = 1), "`x` has 1 missing value")
  expect_input_error(moe(d$E, c(NA, d$NOx[-1]), K = 1), "`y` has 1 missing value")
  holes <- transform(d, E = replace(E, 1, NA))
  expect_input_error(run(data = holes, na.action = na.pass), "infinite values or NA")
})

test_that("no rows are an error", {
  expect_input_error(run(data = d[0, ]), "no complete row is left")
  expect_input_error(run(data = transform(d, E = NA)), "no complete row is left")
  expect_input_error(run(data = transform(d, NOx = NA_real_)), "no complete row is left")
  expect_input_error(run(subset = E > 100), "no complete row is left")
  expect_error(moe(matrix(0, 0, 1), numeric(), K = 1), class = "gatemix_error_input")
})

test_that("the formula must have one response and one or two parts", {
  expect_input_error(run(NOx ~ E | C | E), "found 1 part\\(s\\) on the left and 3 on the right")
  expect_input_error(run(NOx | E ~ C), "found 2 part\\(s\\) on the left")
  expect_input_error(run(NOx ~ 0), "no terms")
  expect_input_error(run(NOx ~ nothere), "'nothere' not found")
  expect_input_error(run(NOx ~ nofunction(E)), "nofunction")
  expect_input_error(moe(NOx ~ ., K = 2), "no 'data' argument")
  expect_input_error(run(data = as.matrix(d)), "'data' must be a data.frame")
  expect_input_error(run(data = "d"), "`data`")
})

test_that("factors need two levels, contrasts a factor", {
  one <- transform(d, f = "only")
  expect_input_error(run(NOx ~ E + f, one), "`f` has the same level \"only\" in all rows")
  expect_input_error(run(contrasts = "contr.sum"), "`contrasts` must be a named list")
  expect_input_error(run(contrasts = list(f = "contr.sum")), "no variable `f`")
  expect_input_error(run(NOx ~ factor(C), contrasts = list(`factor(C)` = "contr.none")),
                     "contr.none")
})

test_that("unknown arguments are an error that names them", {
  expect_input_error(run(maxiter = 3), "Unknown argument.*`maxiter`")
  expect_input_error(moe(d$E, d$NOx, K = 2, offset = 1), "Unknown argument.*`offset`")
  expect_input_error(moe(NOx ~ E, d, K = 1, model = NA),
                     "`model` must be TRUE or FALSE")
  expect_input_error(run(control = 3), "`control` must be made by moe_control")
  expect_input_error(run(control = list(tolerance = 1)), "no setting `tolerance`")
})

test_that("gate and expert must be made by their constructors", {
  expect_input_error(run(gate = "softmax"), "`gate` must be made by gate_softmax.*found \"softmax\"")
  expect_input_error(run(gate = NULL), "`gate` must be made by")
  expect_input_error(run(gate = expert_gaussian()), "`gate` must be made by")
  expect_input_error(run(expert = "gaussian"), "`expert` must be made by expert_gaussian")
  expect_input_error(run(gate = gate_gaussian("oval")), "`covariance` must be one of")
  expect_input_error(run(expert = expert_gaussian(shared = NA)), "`shared` must be TRUE or FALSE")
  expect_input_error(run(NOx ~ E | 1, gate = gate_gaussian()), "needs at least one predictor")
  # the constructor itself is as good as its call
  expect_near(coef(run(gate = gate_constant, start = rep(1:2, 44))),
              coef(run(gate = gate_constant(), start = rep(1:2, 44))), 1e-12)
})

test_that("constant and collinear columns are dropped and named", {
  d$one <- 7
  d$double <- 2 * d$E
  out <- conditions_of(run(NOx ~ E + one + double | C + one, d,
                           start = rep(1:2, 44)))
  expect_equal(out$seen, c("rank", "rank"))
  expect_equal(out$value$dropped, list(expert = c("one", "double"), gate = "one"))
  expect_sound(out$value)
  expect_warning(moe(NOx ~ E + double, d, K = 1),
                 "experts' design is rank deficient; dropped .coefficient NA.: `double`",
                 class = "gatemix_warning_rank")
})

test_that("duplicated rows are ordinary rows", {
  set.seed(1)
  few <- d[rep(1:6, 20), ]
  out <- conditions_of(run(data = few))
  expect_sound(out$value)
  expect_equal(nobs(out$value), 120L)
})

test_that("an expert that fits perfectly is stopped at the floor, with a warning", {
  set.seed(4)
  exact <- data.frame(x = 1:40, y = c(2 * (1:20), rnorm(20)))
  expect_warning(
    fit <- moe(y ~ x | 1, exact, K = 2, start = rep(1:2, each = 20)),
    "variance of `expert2` is at its floor", class = "gatemix_warning_floor")
  expect_equal(fit$floored, c(expert1 = FALSE, expert2 = TRUE))
  expect_true(fit$converged)
  expect_sound(fit)
  expect_output(print(fit), "at its floor")
  set.seed(1)
  searched <- conditions_of(moe(y ~ x | 1, exact, K = 2))
  expect_true("floor" %in% searched$seen || !any(searched$value$floored))
})

test_that("a perfect fit of one expert is at the floor and keeps lm's line", {
  line <- data.frame(x = 1:10, y = 2 * (1:10))
  out <- conditions_of(moe(y ~ x, line, K = 1))
  expect_sound(out$value)
  expect_near(coef(out$value), c(0, 2), 1e-6)
  expect_true("floor" %in% out$seen)
  expect_false("convergence" %in% out$seen)
})

test_that("a constant response is fitted, at the floor", {
  flat <- data.frame(x = 1:20, y = 3)
  for (K in 1:2) {
    out <- conditions_of(moe(y ~ x, flat, K = K, start = rep_len(1:K, 20)))
    expect_sound(out$value)
    expect_near(fitted(out$value), rep(3, 20), 1e-8)
    expect_true("floor" %in% out$seen)
  }
})

test_that("a start that leaves an expert without rows does not stay there", {
  tau <- cbind(rep(1, 88), 0)
  out <- conditions_of(run(start = tau))
  expect_sound(out$value)
  expect_false("empty" %in% out$seen)
  expect_gt(min(out$value$sizes), 10)
  expect_gt(c(logLik(out$value)), c(logLik(lm(NOx ~ E, d))) + 10)
})

test_that("fewer rows than predictors give a fit without NaN", {
  set.seed(3)
  x <- matrix(rnorm(50), 5)
  for (K in 1:2) {
    out <- conditions_of(moe(x, rnorm(5), K = K, start = rep_len(1:K, 5)))
    expect_sound(out$value)
    expect_true("rank" %in% out$seen)
    expect_equal(length(out$value$dropped$expert), 6L)
  }
})

test_that("as many experts as rows, and one row alone, give a fit without NaN", {
  set.seed(5)
  small <- data.frame(x = c(1, 2, 4, 7), y = c(0, 3, 1, 5))
  out <- conditions_of(moe(y ~ x, small, K = 4))
  expect_sound(out$value)
  expect_true("floor" %in% out$seen)
  out <- conditions_of(moe(y ~ 1, small[1, ], K = 1))
  expect_sound(out$value)
  expect_near(coef(out$value), 0, 1e-8)
})

test_that("separated gates are found, warned about and recorded", {
  expect_warning(fit <- run(start = 1L + (d$E > 0.9)), "Separated experts",
                 class = "gatemix_warning_separation")
  expect_true(fit$separated)
  expect_true(fit$converged)
  expect_sound(fit)
  expect_output(print(fit), "gate slopes diverge")
})

test_that("extreme scales of the data change nothing", {
  f <- old_faithful()
  reference <- faithful_fit()
  for (scale in c(1e-12, 1e12)) {
    big <- transform(f, eruptions = eruptions * scale, waiting = waiting * scale)
    fit <- moe(eruptions ~ waiting, big, K = 2, start = f$label)
    expect_near(fitted(fit) / scale, fitted(reference), 1e-6)
    expect_near(c(logLik(fit)) + 272 * log(scale), c(logLik(reference)), 1e-8)
  }
  shifted <- transform(f, waiting = waiting + 1e6, eruptions = eruptions + 1e6)
  fit <- moe(eruptions ~ waiting, shifted, K = 2, start = f$label)
  expect_near(c(logLik(fit)), c(logLik(reference)), 1e-7)
})

test_that("an outlier of any size leaves no NaN", {
  f <- transform(old_faithful(), eruptions = replace(eruptions, 1, 1e8))
  expect_sound(conditions_of(moe(eruptions ~ waiting, f, K = 2,
                                 start = f$label))$value)
  f <- transform(old_faithful(), waiting = replace(waiting, 1, 1e8))
  expect_sound(conditions_of(moe(eruptions ~ waiting, f, K = 2,
                                 start = f$label))$value)
})

test_that("a few small random problems with every gate are sound", {
  for (seed in some_cases(2, full = 6)) {
    set.seed(seed)
    n <- sample(4:12, 1)
    small <- data.frame(x = sample(3, n, TRUE), y = round(rnorm(n), 1),
                        y2 = rnorm(n))
    for (gate in list(gate_softmax(), gate_constant(), gate_gaussian(),
                      gate_gaussian("spherical", TRUE))) {
      expect_sound(conditions_of(moe(y ~ x, small, K = 2, gate = gate,
                                     control = moe_control(starts = 2)))$value)
      expect_sound(conditions_of(moe(cbind(y, y2) ~ x, small, K = 2,
                                     gate = gate, start = rep_len(1:2, n)))$value)
    }
  }
})
