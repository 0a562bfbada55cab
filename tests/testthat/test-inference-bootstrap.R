# The bootstrap.

test_that("a bootstrap agrees with the information on a regular problem", {
  skip_on_cran()
  set.seed(5)
  n <- 1500
  d <- data.frame(x = runif(n, -1, 1))
  d$label <- 1L + (runif(n) < plogis(2 * d$x))
  d$y <- c(-2, 2)[d$label] + c(1, -1)[d$label] * d$x + 0.5 * rnorm(n)
  fit <- moe(y ~ x, d, K = 2, start = d$label)
  se <- sqrt(diag(vcov(fit, component = c("gate", "expert", "dispersion"))))
  for (type in c("parametric", "case", "weighted")) {
    b <- bootstrap_moe(fit, R = 300, type = type, seed = 1)
    expect_true(all(b$status == "converged"))
    ratio <- sqrt(diag(vcov(b, c("gate", "expert", "dispersion")))) / se
    # the standard deviation of 300 draws is off by 4 % (one sigma)
    expect_lt(max(abs(log(ratio))), 0.25)
    expect_lt(max(abs(colMeans(b$estimates) - b$table$estimate) / se), 0.5)
  }
})

test_that("the seed decides, and leaves the generator alone", {
  fit <- faithful_fit()
  set.seed(1)
  state <- .Random.seed
  a <- bootstrap_moe(fit, R = 5, seed = 9)
  expect_identical(.Random.seed, state)
  b <- bootstrap_moe(fit, R = 5, seed = 9)
  expect_identical(a$estimates, b$estimates)
  set.seed(9)
  c <- bootstrap_moe(fit, R = 5)
  expect_identical(a$estimates, c$estimates)
  d <- bootstrap_moe(fit, R = 5)
  expect_false(identical(c$estimates, d$estimates))
})

test_that("any plan of the futures gives the same replicates", {
  fit <- faithful_fit()
  here <- bootstrap_moe(fit, R = 6, type = "case", seed = 3)
  local_workers()
  there <- bootstrap_moe(fit, R = 6, type = "case", seed = 3)
  expect_identical(there$estimates, here$estimates)
  expect_identical(there$loglik, here$loglik)
})

test_that("a bootstrap goes on where it was stopped, and grows", {
  fit <- faithful_fit()
  folder <- tempfile("bootstrap")
  on.exit(unlink(folder, recursive = TRUE))
  plain <- bootstrap_moe(fit, R = 6, type = "case", seed = 2)
  first <- bootstrap_moe(fit, R = 4, type = "case", seed = 2,
                         checkpoint = folder)
  expect_identical(first$estimates, plain$estimates[1:4, ])
  files <- list.files(folder, "[.]rds$", full.names = TRUE)
  expect_length(files, 4)
  Sys.setFileTime(files, as.POSIXct("2001-01-01"))
  again <- bootstrap_moe(faithful_fit(), R = 6, type = "case", seed = 2,
                         control = moe_control(threads = 2),
                         checkpoint = folder)
  expect_identical(again$estimates, plain$estimates)
  expect_identical(again$loglik, plain$loglik)
  expect_true(all(file.mtime(files) < as.POSIXct("2002-01-01")))
  refused <- function(object = fit, type = "case", seed = 2) {
    expect_error(bootstrap_moe(object, R = 4, type = type, seed = seed,
                               checkpoint = folder),
                 class = "gatemix_error_checkpoint")
  }
  expect_match(conditionMessage(refused(type = "weighted")), "`type`")
  expect_match(conditionMessage(refused(faithful_fit(weights = rep(2, 272)))),
               "`data`")
  expect_match(conditionMessage(refused(seed = 3)), "another seed")
  expect_input_error(bootstrap_moe(fit, R = 4, checkpoint = 1), "`checkpoint`")
})

test_that("weights count rows in every type", {
  d <- old_faithful()[1:60, ]
  d$w <- rep(1:3, 20)
  fit <- moe(eruptions ~ 1, d, K = 2, start = d$label, weights = w)
  wide <- d[rep(1:60, d$w), ]
  long <- moe(eruptions ~ 1, wide, K = 2, start = wide$label)
  set.seed(1)
  for (type in c("parametric", "case", "weighted")) {
    drawn <- gatemix:::bootstrap_draws(fit, type)()
    total <- if (is.null(drawn$weights)) nrow(drawn$x) else sum(drawn$weights)
    expect_equal(total, 120)
  }
  a <- vcov(bootstrap_moe(fit, R = 400, type = "weighted", seed = 1))
  b <- vcov(bootstrap_moe(long, R = 400, type = "weighted", seed = 2))
  expect_lt(max(abs(log(diag(a) / diag(b)))), 0.5)
})

test_that("experts keep their numbers in all replicates", {
  fit <- faithful_fit()
  b <- bootstrap_moe(fit, R = 50, type = "case", seed = 2)
  center <- function(k) {
    b$estimates[, paste0("expert", k, ":(Intercept)")] +
      71 * b$estimates[, paste0("expert", k, ":waiting")]
  }
  expect_true(all(center(1) < center(2)))
})

test_that("every kind of fit can be bootstrapped", {
  d <- old_faithful()
  d$twice <- 2 * d$waiting
  fits <- list(
    moe(eruptions ~ waiting, d, K = 1), two_response_fit(),
    moe(eruptions ~ 1, d, K = 2, start = d$label),
    faithful_fit(gate = gate_gaussian()),
    moe(eruptions ~ waiting + offset(waiting / 100), d, K = 2,
        start = d$label),
    suppressWarnings(moe(eruptions ~ waiting + twice | 1, d, K = 2,
                         start = d$label)),
    moe(Matrix::Matrix(cbind(waiting = d$waiting), sparse = TRUE),
        d$eruptions, K = 2, start = d$label))
  for (fit in fits) {
    b <- without_warnings(bootstrap_moe(fit, R = 3, seed = 1))
    expect_identical(b$table, gatemix:::parameter_table(fit))
    expect_identical(is.na(b$estimates[1, ]),
                     stats::setNames(is.na(b$table$estimate), b$table$name))
    expect_output(print(b), "3 replicates")
    again <- unserialize(serialize(fit, NULL))
    expect_identical(
      without_warnings(bootstrap_moe(again, R = 3, seed = 1))$estimates,
      b$estimates)
  }
})

test_that("dropped coefficients leave the others their standard errors", {
  d <- old_faithful()
  d$twice <- 2 * d$waiting
  fit <- suppressWarnings(moe(eruptions ~ waiting + twice | 1, d, K = 2,
                              start = d$label))
  plain <- moe(eruptions ~ waiting | 1, d, K = 2, start = fit)
  b <- bootstrap_moe(fit, R = 20, type = "weighted", seed = 1)
  v <- vcov(b)
  expect_identical(unname(is.na(diag(v))), unname(is.na(coef(fit))))
  wanted <- vcov(bootstrap_moe(plain, R = 20, type = "weighted", seed = 1))
  expect_equal(vcov(b, complete = FALSE), wanted, tolerance = 1e-5)
  expect_equal(coef(summary(fit, vcov = b))[rownames(wanted), 2],
               sqrt(diag(wanted)), tolerance = 1e-5)
})

test_that("the log-likelihood of a replicate is that of its data", {
  fit <- faithful_fit()
  b <- bootstrap_moe(fit, R = 2, type = "weighted", seed = 4)
  seeds <- gatemix:::replicate_seeds(2, 4)
  old <- .Random.seed
  assign(".Random.seed", seeds[[2]], globalenv())
  w <- gatemix:::bootstrap_draws(fit, "weighted")()$weights
  assign(".Random.seed", old, globalenv())
  refit <- moe(eruptions ~ waiting, old_faithful(), K = 2, weights = w,
               start = fit)
  expect_equal(b$loglik[2], as.numeric(logLik(refit)), tolerance = 1e-9)
  expect_equal(unname(b$estimates[2, names(coef(fit))]), unname(coef(refit)),
               tolerance = 1e-5)
})

test_that("refits that lack a level of a factor are counted", {
  d <- old_faithful()
  d$kind <- factor(rep(c("rare", "common"), c(2, 270)))
  fit <- moe(eruptions ~ waiting + kind | 1, d, K = 2, start = d$label)
  problem <- gatemix:::stored_problem(fit)
  without <- gatemix:::subset_problem(problem, 3:272)
  expect_identical(
    gatemix:::bootstrap_replicate(fit, without, moe_control())$status,
    "terms undetermined")
  expect_identical(
    gatemix:::bootstrap_replicate(fit, problem, moe_control())$status,
    "converged")
  expect_warning(bootstrap_moe(fit, R = 20, type = "case", seed = 1),
                 "terms undetermined", class = "gatemix_warning_bootstrap")
})

test_that("refits that fail or do not converge are counted", {
  fit <- faithful_fit()
  expect_warning(
    b <- bootstrap_moe(fit, R = 4, type = "case", seed = 1,
                       control = moe_control(max_iter = 0)),
    "did not end at a regular maximum", class = "gatemix_warning_bootstrap")
  expect_true(all(b$status != "converged"))
  expect_output(print(b), "max_iter|stopped|iterations")
  failed <- gatemix:::bootstrap_replicate(fit, local({
    problem <- gatemix:::stored_problem(fit)
    problem$y[1] <- 1e300
    problem
  }), moe_control())
  expect_identical(failed$status, "failed")
  out <- without_warnings(gatemix:::finish_bootstrap(
    fit, list(failed, failed), "case", quote(f())))
  expect_true(all(is.na(out$estimates)))
})

test_that("a bootstrap is a data frame, and belongs to one fit", {
  fit <- faithful_fit()
  b <- bootstrap_moe(fit, R = 3, seed = 1)
  frame <- as.data.frame(b)
  expect_identical(names(frame)[1:4], c("replicate", "status", "loglik",
                                        "gate1:(Intercept)"))
  table <- summary(b)
  expect_equal(table[, "std.error"], sqrt(diag(vcov(b, c("gate", "expert",
                                                         "dispersion")))))
  expect_identical(table[, 4:5], confint(b, rownames(table)))
  expect_input_error(vcov(two_response_fit(), type = "bootstrap",
                          bootstrap = b), "one of another fit")
  expect_equal(vcov(fit, type = "bootstrap", R = 3, seed = 1), vcov(b))
})

test_that("wrong arguments are named", {
  fit <- faithful_fit()
  expect_input_error(bootstrap_moe(1), "`object`")
  expect_input_error(bootstrap_moe(fit, R = 1), "`R`")
  expect_input_error(bootstrap_moe(fit, type = "block"), "`type`")
  expect_input_error(bootstrap_moe(fit, seed = "a"), "`seed`")
  expect_input_error(
    bootstrap_moe(faithful_fit(gate = gate_gaussian()), type = "parametric"),
    "joint likelihood")
  half <- faithful_fit(weights = rep(1.5, 272))
  expect_input_error(bootstrap_moe(half, type = "parametric"), "whole numbers")
  expect_s3_class(bootstrap_moe(half, R = 2, type = "case"), "moe_bootstrap")
  tiny <- faithful_fit(weights = rep(1 / 272, 272))
  expect_input_error(bootstrap_moe(tiny, type = "case"), "sum to 1")
  expect_input_error(bootstrap_moe(faithful_fit(model = FALSE)),
                     "model = FALSE")
})
