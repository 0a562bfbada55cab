d <- old_faithful()

test_that("tidy() has one row per coefficient, in the order of coef()", {
  fit <- faithful_fit()
  table <- tidy(fit)
  expect_named(table, c("component", "expert", "term", "estimate",
                        "std.error", "statistic", "p.value"))
  expect_equal(paste0(table$component, table$expert, ":", table$term),
               names(coef(fit)))
  expect_near(table$estimate, coef(fit), 1e-15)
  v <- vcov(fit)
  expect_near(table$std.error, sqrt(diag(v)), 1e-12)
  expect_near(table$statistic, coef(fit) / sqrt(diag(v)), 1e-12)
  expect_near(table$p.value, 2 * pnorm(-abs(table$statistic)), 1e-12)
})

test_that("tidy() gives the intervals of confint()", {
  fit <- faithful_fit()
  table <- tidy(fit, conf.int = TRUE, conf.level = 0.8)
  expect_near(as.matrix(table[c("conf.low", "conf.high")]),
              confint(fit, level = 0.8), 1e-12)
})

test_that("components can be chosen, and variances have no Wald test", {
  fit <- faithful_fit()
  table <- tidy(fit, component = c("dispersion", "gate"), conf.int = TRUE)
  expect_equal(table$component, rep(c("gate", "dispersion"), each = 2))
  spread <- table[table$component == "dispersion", ]
  expect_near(spread$estimate, as.vector(coef(fit, "dispersion")), 1e-14)
  expect_true(all(spread$std.error > 0))
  expect_near(as.matrix(spread[c("conf.low", "conf.high")]),
              confint(fit, component = "dispersion"), 1e-12)
  expect_true(all(is.na(spread$statistic) & is.na(spread$p.value)))
  expect_input_error(tidy(fit, component = "experts"), "`component` must be")
  expect_input_error(tidy(fit, conf.int = "yes"), "`conf.int` must be TRUE")
  expect_input_error(tidy(fit, conf.level = 95), "`conf.level` must be one")
  expect_input_error(tidy(fit, vcov = "HC3"), "`vcov` must be \"information")
  expect_input_error(tidy(fit, exponentiate = TRUE), "`exponentiate`")
})

test_that("the covariance matrix can be chosen", {
  fit <- faithful_fit()
  sandwich <- vcov(fit, type = "sandwich")
  table <- tidy(fit, vcov = "sandwich", conf.int = TRUE)
  expect_near(table$std.error, sqrt(diag(sandwich)), 1e-12)
  expect_near(as.matrix(table[c("conf.low", "conf.high")]),
              confint(fit, type = "sandwich"), 1e-12)
  expect_equal(tidy(fit, vcov = sandwich, conf.int = TRUE), table)
  draws <- bootstrap_moe(fit, R = 20, seed = 1)
  table <- tidy(fit, vcov = draws, conf.int = TRUE, component = "expert")
  expect_near(table$std.error,
              sqrt(diag(vcov(draws, component = "expert"))), 1e-12)
  expect_near(as.matrix(table[c("conf.low", "conf.high")]),
              confint(draws, component = "expert"), 1e-12)
  expect_warning(bare <- tidy(fit, vcov = "none"), NA)
  expect_true(all(is.na(bare$std.error)))
})

test_that("a Gaussian gate has standard errors and no Wald test", {
  table <- tidy(faithful_fit(gate = gate_gaussian()), component = "gate")
  expect_true(all(table$std.error > 0))
  expect_true(all(is.na(table$statistic) & is.na(table$p.value)))
})

test_that("a separated gate has no standard errors, its experts have", {
  apart <- data.frame(x = c(1:20, 31:50))
  apart$y <- ifelse(apart$x < 25, apart$x, 90 - apart$x) + sin(7 * apart$x)
  fit <- without_warnings(moe(y ~ x, apart, K = 2, start = rep(1:2, each = 20)))
  expect_true(fit$separated)
  expect_warning(table <- tidy(fit), "Separated experts",
                 class = "gatemix_warning_inference")
  expect_equal(is.na(table$std.error), table$component == "gate")
})

test_that("several responses have a column that names them", {
  table <- tidy(two_response_fit())
  expect_equal(unique(table$response),
               c(NA, "Sepal.Length", "Sepal.Width"))
  expect_true(all(is.na(table$response) == (table$component == "gate")))
})

test_that("one expert, no predictor, a matrix: all have tables", {
  one <- moe(eruptions ~ 1, d, K = 1)
  expect_equal(nrow(tidy(one)), 1)
  expect_equal(nrow(tidy(one, component = "gate")), 0)
  expect_near(tidy(one)$std.error, sigma(one) / sqrt(nrow(d)), 1e-8)
  matrices <- moe(cbind(waiting = d$waiting), d$eruptions, K = 2,
                  start = d$label)
  expect_equal(as.data.frame(tidy(matrices)),
               as.data.frame(tidy(faithful_fit())), tolerance = 1e-6)
})

test_that("dropped terms are rows of NA", {
  d$twice <- 2 * d$waiting
  fit <- without_warnings(moe(eruptions ~ waiting + twice, d, K = 2,
                              start = d$label))
  table <- tidy(fit, conf.int = TRUE)
  dropped <- table$term == "twice"
  expect_true(all(is.na(table[dropped, -(1:3)])))
  expect_false(anyNA(table[!dropped, ]))
})

test_that("refused standard errors are NA, with a warning that says why", {
  # an expert of four rows on a line: its variance is at the floor
  line <- rbind(d[c("eruptions", "waiting")],
                data.frame(eruptions = 9 + 1:4, waiting = 20 + 1:4))
  fit <- without_warnings(
    moe(eruptions ~ waiting, line, K = 2, start = rep(1:2, c(nrow(d), 4))))
  expect_true(any(fit$floored))
  expect_error(vcov(fit), class = "gatemix_error_inference")
  for (refused in list(fit, faithful_fit(model = FALSE))) {
    expect_warning(table <- tidy(refused, conf.int = TRUE),
                   "at its floor|model = FALSE",
                   class = "gatemix_warning_inference")
    expect_near(table$estimate, coef(refused), 1e-15)
    expect_true(all(is.na(table$std.error) & is.na(table$p.value) &
                      is.na(table$conf.low)))
  }
})

test_that("without tibble the tables are data frames", {
  fit <- faithful_fit()
  with_tibble <- requireNamespace("tibble", quietly = TRUE)
  for (table in list(tidy(fit), glance(fit), augment(fit))) {
    expect_identical(inherits(table, "tbl_df"), with_tibble)
  }
  make <- gatemix:::tidy_table
  environment(make) <- list2env(list(requireNamespace = function(...) FALSE),
                                parent = asNamespace("gatemix"))
  expect_identical(make(data.frame(a = 1:2, row.names = c("x", "y"))),
                   data.frame(a = 1:2))
})

test_that("the tables are as broom wants them", {
  skip_if_not_installed("modeltests")
  skip_if_not_installed("tibble")
  # looked up by name: R CMD check notes a declared package that is missing
  modeltests <- function(name, ...) {
    getExportedValue("modeltests", name)(...)
  }
  fit <- faithful_fit()
  others <- list(moe(eruptions ~ 1, d, K = 1),
                 faithful_fit(gate = gate_gaussian()))
  modeltests("check_glance_outputs", glance(fit), glance(others[[1]]),
             glance(others[[2]]), strict = FALSE)
  for (one in c(list(fit), others)) {
    modeltests("check_tidy_output", tidy(one, conf.int = TRUE),
               strict = FALSE)
  }
  # our own columns apart, the names are those of broom's glossary
  table <- tidy(fit, conf.int = TRUE)
  glossary <- getExportedValue("modeltests", "column_glossary")
  known <- function(verb) glossary$column[glossary$method == verb]
  expect_equal(setdiff(names(table), known("tidy")), "expert")
  expect_equal(setdiff(names(glance(fit)), known("glance")),
               c("K", "gate", "ICL"))
  modeltests("check_augment_function", generics::augment, fit, d, d[1:10, ],
             strict = FALSE)
  modeltests("check_augment_newdata_precedence", generics::augment, fit, d,
             strict = FALSE)
})

test_that("fits tell the same after saveRDS() in a new process", {
  skip_on_cran()
  path <- tempfile(fileext = ".rds")
  on.exit(unlink(path))
  fit <- faithful_fit()
  saveRDS(fit, path)
  code <- paste0(
    "library(gatemix); fit <- readRDS('", path, "'); ",
    "cat(format(c(tidy(fit)$std.error, glance(fit)$ICL, ",
    "augment(fit)$.resid[1:3]), digits = 10))")
  out <- system2(file.path(R.home("bin"), "Rscript"),
                 c("-e", shQuote(code)), stdout = TRUE)
  expect_near(scan(text = out, quiet = TRUE),
              c(tidy(fit)$std.error, glance(fit)$ICL,
                augment(fit)$.resid[1:3]), 1e-8)
})
