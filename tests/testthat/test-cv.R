# Cross-validation: what is left out, what is scored, what is chosen.

few <- moe_control(starts = 2, moves = 0)

quiet_cv <- function(...) without_warnings(cv_moe(..., control = few))

# scores of lm() with the maximum likelihood variance, row by row
lm_scores <- function(formula, data, test, weights = rep(1, nrow(data))) {
  data$.w <- weights
  fit <- lm(formula, data[-test, ], weights = .w)
  w <- data$.w[-test]
  s <- sqrt(sum(w * residuals(fit)^2) / sum(w))
  y <- model.response(model.frame(formula, data[test, ]))
  m <- predict(fit, data[test, ])
  z <- (y - m) / s
  cbind(log_score = -dnorm(y, m, s, log = TRUE),
        crps = s * (z * (2 * pnorm(z) - 1) + 2 * dnorm(z) - 1 / sqrt(pi)),
        squared_error = (y - m)^2)
}

test_that("K = 1 is the cross-validation of lm()", {
  cv <- cv_moe(mpg ~ wt + hp, mtcars, K = 1, folds = 4, seed = 1)
  rows <- as.data.frame(cv, what = "rows")
  expect_setequal(rows$row, 1:32)
  for (part in split(rows, rows$fold)) {
    expect_near(as.matrix(part[names(gatemix:::cv_scores)]),
                lm_scores(mpg ~ wt + hp, mtcars, part$row))
  }
  byhand <- do.call(rbind, lapply(split(rows$row, rows$fold), function(test) {
    lm_scores(mpg ~ wt + hp, mtcars, test)
  }))
  expect_near(cv$table$mean, colMeans(byhand))
  # all folds have 8 rows: the usual standard error
  means <- tapply(rows$squared_error, rows$fold, mean)
  expect_near(cv$table$std.error[3], sd(means) / 2)
})

test_that("weights count in fits and in averages", {
  w <- rep(c(0.5, 1, 3, 0), 8)
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, weights = w, folds = rep(1:4, each = 8))
  rows <- as.data.frame(cv, what = "rows")
  expect_equal(rows$weight, w[rows$row])
  byhand <- do.call(rbind, lapply(1:4, function(v) {
    lm_scores(mpg ~ wt, mtcars, 8 * (v - 1) + 1:8, w)
  }))
  expect_near(as.matrix(rows[names(gatemix:::cv_scores)]), byhand)
  expect_near(cv$table$mean, colSums(byhand * w) / sum(w))
  # folds of different weight
  fold <- rep(1:3, c(4, 10, 18))
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, weights = w, folds = fold)
  v <- cv$folds$log_score
  W <- as.vector(tapply(w, fold, sum))
  expect_equal(cv$folds$weight, W)
  mean <- sum(W * v) / sum(W)
  expect_near(cv$table$mean[1], mean)
  expect_near(cv$table$std.error[1], sqrt(sum(W * (v - mean)^2) / sum(W) / 2))
})

test_that("rows without weight change nothing", {
  w <- rep(c(1, 0), 16)
  fold <- rep(1:4, each = 8)
  a <- cv_moe(mpg ~ wt, mtcars, K = 1, weights = w, folds = fold)
  b <- cv_moe(mpg ~ wt, mtcars[w > 0, ], K = 1, folds = fold[w > 0])
  expect_near(a$table$mean, b$table$mean)
  expect_near(a$table$std.error, b$table$std.error)
})

test_that("scores of a mixture are those of its fit to the other rows", {
  d <- old_faithful()
  cv <- cv_moe(eruptions ~ waiting, d, K = 2, control = few, seed = 3,
               folds = list(test = seq(2, 272, 4)))
  test <- cv$rows$row
  expect_equal(test, seq(2, 272, 4))
  fit <- moe(eruptions ~ waiting, d[-test, ], K = 2, start = d$label[-test])
  expect_near(cv$scores[, 1, 1], log_score(fit, d[test, ]), 1e-5)
  expect_near(cv$scores[, 1, 2], crps(fit, d[test, ]), 1e-5)
  expect_near(cv$scores[, 1, 3],
              (d$eruptions[test] - predict(fit, d[test, ]))^2, 1e-5)
  expect_true(all(is.na(cv$table$std.error)))
  expect_equal(best(cv)$K, 2)
  expect_input_error(best(cv, rule = "one_se"), "standard error")
})

test_that("several responses are scored together", {
  d <- flowers()
  cv <- quiet_cv(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length, d, K = 1,
                 folds = 5, seed = 1)
  each <- lapply(split(cv$rows$row, cv$rows$fold), function(test) {
    lm_scores(Sepal.Length ~ Petal.Length, d, test)[, 2:3] +
      lm_scores(Sepal.Width ~ Petal.Length, d, test)[, 2:3]
  })
  expect_near(cv$scores[, 1, 2:3], do.call(rbind, each))
})

test_that("every row is left out once in each repeat, and repeats differ", {
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = 5, repeats = 3, seed = 1)
  parts <- split(cv$rows, cv$rows[["repeat"]])
  folds <- lapply(parts, function(part) {
    expect_equal(sort(part$row), 1:32)
    part$fold[order(part$row)]
  })
  expect_false(anyDuplicated(folds) > 0)
  expect_true(all(cv$folds$n %in% 6:7))
  # mean and squared standard error are averages over the repeats
  one <- vapply(parts, function(part) {
    w <- table(part$fold)
    v <- cv$folds$crps[cv$folds[["repeat"]] == part[["repeat"]][1]]
    c(sum(w * v) / 32, sum(w * (v - sum(w * v) / 32)^2) / 32 / 4)
  }, c(0, 0))
  expect_near(cv$table$mean[2], mean(one[1, ]))
  expect_near(cv$table$std.error[2], sqrt(mean(one[2, ])))
})

test_that("grouped folds keep groups together and are balanced", {
  d <- as.data.frame(ChickWeight)
  cv <- cv_moe(weight ~ Time, d, K = 1, groups = Chick, folds = 5, repeats = 2,
               seed = 2)
  for (part in split(cv$rows, cv$rows[["repeat"]])) {
    each <- tapply(part$fold, droplevels(d$Chick[part$row]),
                   function(v) length(unique(v)))
    expect_true(all(each == 1))
    expect_lte(diff(range(table(part$fold))), 12)
  }
  # one group at a time
  cv <- cv_moe(weight ~ Time, d, K = 1, groups = d$Diet, folds = Inf)
  expect_equal(sort(cv$folds$n), sort(as.vector(table(d$Diet))))
})

test_that("leaving one row out is the well known formula for lm()", {
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = Inf)
  fit <- lm(mpg ~ wt, mtcars)
  press <- (residuals(fit) / (1 - hatvalues(fit)))^2
  expect_near(cv$table$mean[3], mean(press))
  expect_near(cv$table$std.error[3], sd(press) / sqrt(32))
})

test_that("the seed fixes folds and numbers, whatever the models", {
  a <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5)
  set.seed(99)
  before <- .Random.seed
  b <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5)
  expect_identical(.Random.seed, before)
  a$call <- b$call <- NULL
  expect_identical(a, b)
  two <- quiet_cv(eruptions ~ waiting, faithful, K = 2, folds = 3, seed = 5)
  expect_identical(two$rows, a$rows)
  expect_identical(two$scores[, 1, ], a$scores[, 2, ])
  other <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3, seed = 6)
  expect_false(identical(other$rows, a$rows))
  set.seed(1)
  c1 <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3)
  c2 <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3)
  set.seed(1)
  c3 <- quiet_cv(eruptions ~ waiting, faithful, K = 1, folds = 3)
  expect_identical(c1$rows, c3$rows)
  expect_false(identical(c1$rows, c2$rows))
})

test_that("the numbers are the same under a parallel plan", {
  skip_on_cran()
  skip_if_not_installed("future.apply")
  old <- future::plan()
  on.exit(future::plan(old))
  future::plan("sequential")
  a <- quiet_cv(eruptions ~ waiting, faithful, K = 2, folds = 3, seed = 1)
  future::plan("multisession", workers = 2)
  b <- quiet_cv(eruptions ~ waiting, faithful, K = 2, folds = 3, seed = 1)
  a$call <- b$call <- NULL
  environment(a$formula) <- environment(b$formula)
  expect_identical(a, b)
})

test_that("the formula takes along what it uses of the global environment", {
  assign("my_knot", 70, globalenv())
  assign("my_hinge", function(x, at) pmax(x - at, 0), globalenv())
  on.exit(rm(my_knot, my_hinge, envir = globalenv()))
  formula <- as.formula("eruptions ~ waiting + my_hinge(waiting, my_knot)",
                        globalenv())
  carried <- gatemix:::portable_formula(formula, names(faithful))
  expect_setequal(ls(environment(carried)), c("my_knot", "my_hinge"))
  expect_identical(gatemix:::portable_formula(y ~ x, "x"), y ~ x)
  cv <- cv_moe(formula, faithful, K = 1, folds = 3, seed = 1)
  expect_true(all(is.finite(cv$table$mean)))
})

test_that("progress counts fits, and is silent without a handler", {
  skip_if_not_installed("progressr")
  steps <- 0
  one <- function() {
    quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 2, seed = 1)
  }
  withCallingHandlers(
    progressr::with_progress(one(), handlers = progressr::handler_void(),
                             enable = TRUE),
    progression = function(p) {
      if (identical(p$type, "update")) steps <<- steps + p$amount
    })
  expect_equal(steps, 4)
  expect_silent(one())
})

test_that("a checkpoint is read back", {
  directory <- tempfile()
  on.exit(unlink(directory, recursive = TRUE))
  a <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5,
                checkpoint = directory)
  expect_length(list.files(directory, "rds$"), 6)
  b <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 5,
                checkpoint = directory)
  expect_identical(a$table, b$table)
  expect_error(quiet_cv(eruptions ~ 1, faithful, K = 1:2, folds = 3, seed = 5,
                        checkpoint = directory),
               class = "gatemix_error_checkpoint")
})

test_that("rows are numbered as in the data, whatever is left out", {
  d <- mtcars
  d$wt[c(3, 7)] <- NA
  fold <- rep(1:4, 8)
  cv <- cv_moe(mpg ~ wt, d, K = 1, subset = cyl != 6, folds = fold)
  used <- which(d$cyl != 6 & !is.na(d$wt))
  expect_equal(cv$n, length(used))
  expect_equal(sort(cv$rows$row), used)
  expect_equal(cv$rows$fold, fold[cv$rows$row])
  again <- cv_moe(mpg ~ wt, d[used, ], K = 1, folds = fold[used])
  expect_near(cv$table$mean, again$table$mean)
  listed <- cv_moe(mpg ~ wt, d, K = 1, subset = cyl != 6,
                   folds = split(1:32, fold))
  expect_equal(listed$table$mean, cv$table$mean)
})

test_that("rows without a fold are never left out", {
  fold <- rep(c(1, 2, NA, NA), 8)
  cv <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = fold)
  expect_equal(sort(cv$rows$row), which(!is.na(fold)))
  expect_near(cv$scores[cv$rows$fold == 1, 1, ],
              lm_scores(mpg ~ wt, mtcars, which(fold == 1)))
})

test_that("transformations see the rows of the fit only", {
  cv <- cv_moe(log(mpg) ~ scale(wt) + poly(hp, 2), mtcars, K = 1, folds = 4,
               seed = 1)
  test <- cv$rows$row[cv$rows$fold == 1]
  expect_near(cv$scores[cv$rows$fold == 1, 1, ],
              lm_scores(log(mpg) ~ wt + hp + I(hp^2), mtcars, test), 1e-8)
})

test_that("offsets, dots and variables outside the data are understood", {
  y <- mtcars$mpg
  a <- cv_moe(y ~ wt + offset(hp / 50), mtcars, K = 1, folds = 4, seed = 1)
  b <- cv_moe(I(mpg - hp / 50) ~ wt, mtcars, K = 1, folds = 4, seed = 1)
  expect_near(a$table$mean, b$table$mean)
  d <- mtcars[c("mpg", "wt", "hp")]
  a <- cv_moe(mpg ~ . | 1, d, K = 1, weights = rep(1:2, 16), folds = 4,
              seed = 1)
  b <- cv_moe(mpg ~ wt + hp, d, K = 1, weights = rep(1:2, 16), folds = 4,
              seed = 1)
  expect_near(a$table$mean, b$table$mean)
})

test_that("a level that the fit has not seen has no score", {
  d <- mtcars
  d$gear <- factor(d$gear)
  d$site <- c("a", rep(c("b", "c"), length.out = 31))
  fold <- rep(1:4, 8)
  expect_warning(
    cv <- cv_moe(mpg ~ wt + site, d, K = 1, folds = fold),
    "1 held-out row.*factor level", class = "gatemix_warning_cv")
  expect_equal(which(is.na(cv$scores[, 1, 1])), which(cv$rows$row == 1))
  expect_true(all(is.finite(cv$table$mean)))
  expect_equal(sum(cv$folds$n), 31)
  expect_output(print(cv), "1 held-out row")
  # also where the formula makes the factor
  expect_warning(
    again <- cv_moe(mpg ~ wt + factor(site), d, K = 1, folds = fold),
    class = "gatemix_warning_cv")
  expect_near(again$table$mean, cv$table$mean)
})

test_that("a fit that fails is recorded and has no mean", {
  d <- faithful[1:20, ]
  expect_warning(
    cv <- cv_moe(eruptions ~ waiting, d, K = c(1, 12), control = few,
                 folds = list(1:10, 11:15), seed = 1),
    "failed.*The first failure \\(K=12, fold 1\\)",
    class = "gatemix_warning_cv")
  first <- cv$folds[cv$folds$model == "K=12" & cv$folds$fold == 1, ]
  expect_equal(first$status, "failed")
  expect_match(first$message, "`K` must not exceed")
  expect_true(is.na(cv$table$mean[2]))
  expect_equal(best(cv)$K, 1)
  expect_output(print(cv), "NA.*1 failed")
  expect_error(cv_moe(eruptions ~ waiting, d, K = 30, folds = 4),
               "All 4 fits failed. The first error: `K` must not",
               class = "gatemix_error_cv")
})

test_that("warnings of fits are counted", {
  d <- faithful
  expect_warning(
    cv <- cv_moe(eruptions ~ waiting, d, K = 2, folds = 3, seed = 1,
                 control = moe_control(starts = 1, moves = 0, max_iter = 1)),
    "Of 3 fits 3 raised warnings \\(3 convergence\\)",
    class = "gatemix_warning_cv")
  expect_equal(cv$folds$status, rep("convergence", 3))
})

constructed <- function(mean, se, df, score = "log_score") {
  data.frame(mean = mean, std.error = se, df = df)
}

test_that("the one-standard-error rule takes the fewest parameters", {
  choose <- gatemix:::choose_models
  expect_equal(choose(c(5, 2.1, 2, 2.05), c(1, 1, 0.15, 1), c(3, 8, 13, 18)),
               list(best = 3, one_se = 2))
  # the standard error is that of the best
  expect_equal(choose(c(2.5, 2), c(9, 0.1), 1:2), list(best = 2, one_se = 2))
  # on the limit counts; ties in parameters go to the smaller mean
  expect_equal(choose(c(2.5, 2.25, 2), c(1, 1, 0.5), c(4, 4, 9))$one_se, 2)
  # models without a mean are not chosen
  expect_equal(choose(c(NA, 2, Inf), c(NA, 1, NA), 1:3),
               list(best = 2, one_se = 2))
  expect_equal(choose(c(NA, NA), c(1, 1), 1:2), list(best = NA, one_se = NULL))
  expect_null(choose(1:2, c(NA, NA), 1:2)$one_se)
})

test_that("best() describes a model that moe() can fit", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:3, folds = 4, seed = 1,
                 gate = list(gate_softmax(), gate_constant()))
  for (score in names(gatemix:::cv_scores)) {
    table <- cv$table[cv$table$score == score, ]
    a <- best(cv, score)
    expect_equal(a$mean, min(table$mean))
    expect_equal(a$model, table$model[which.min(table$mean)])
    b <- best(cv, score, "one_se")
    expect_lte(b$mean, a$mean + a$std.error)
    expect_lte(b$df, a$df)
    close <- table$mean <= a$mean + a$std.error
    expect_equal(b$df, min(table$df[close]))
  }
  fit <- without_warnings(moe(eruptions ~ waiting, faithful, K = b$K,
                              gate = b$gate, expert = b$expert))
  expect_equal(fit$df[["conditional"]], b$df)
  expect_input_error(best(cv, "mse"), "`score` must be one of")
  expect_input_error(best(cv, rule = "max"), "`rule`")
  expect_input_error(best(1), "best\\(\\) chooses")
})

test_that("differences from the best have standard errors of their own", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 4, seed = 1)
  wide <- matrix(cv$folds$crps, ncol = 2, byrow = TRUE)
  part <- cv$table[cv$table$score == "crps", ]
  expect_equal(part$difference[part$best], 0)
  expect_near(part$difference[1], mean(wide[, 1] - wide[, 2]))
  # 272 rows: folds of one size
  expect_near(part$difference.se[1], sd(wide[, 1] - wide[, 2]) / 2)
})

test_that("a fit can be cross-validated itself", {
  d <- old_faithful()
  d$waiting[4] <- NA
  d$block <- rep(1:4, each = 68)
  fit <- moe(eruptions ~ waiting | site, d, K = 2, weights = rep(1:2, 136),
             start = d$label, control = few)
  a <- without_warnings(cv_moe(fit, folds = 3, seed = 1))
  b <- without_warnings(cv_moe(eruptions ~ waiting | site, d, K = 2,
                               weights = rep(1:2, 136), folds = 3, seed = 1,
                               control = few))
  expect_equal(a$rows, b$rows)
  expect_equal(a$table, b$table)
  # other models for the same rows, groups of its data
  several <- without_warnings(cv_moe(fit, K = 1:2, groups = block, folds = 2))
  expect_equal(unique(several$table$K), 1:2)
  expect_setequal(several$folds$n, 135:136)
})

test_that("fits whose frame lacks the variables find their data again", {
  d <- mtcars
  fit <- moe(log(mpg) ~ poly(wt, 2), d, K = 1, subset = cyl != 6)
  a <- cv_moe(fit, folds = 4, seed = 1)
  b <- cv_moe(log(mpg) ~ poly(wt, 2), d, K = 1, subset = cyl != 6, folds = 4,
              seed = 1)
  expect_equal(a$table, b$table)
  bare <- moe(mpg ~ wt, d, K = 1, model = FALSE)
  expect_equal(cv_moe(bare, folds = 4, seed = 1)$table,
               cv_moe(mpg ~ wt, d, K = 1, folds = 4, seed = 1)$table)
  d$mpg <- rev(d$mpg)
  expect_input_error(cv_moe(fit, folds = 4), "have changed since")
  rm(d)
  expect_input_error(cv_moe(fit, folds = 4), "`d`\\) are not found")
})

test_that("fits from matrices can be cross-validated", {
  x <- as.matrix(mtcars[c("wt", "hp")])
  w <- rep(1:2, 16)
  a <- cv_moe(moe(x, mtcars$mpg, K = 1, weights = w), folds = 4, seed = 1)
  b <- cv_moe(mpg ~ wt + hp, mtcars, K = 1, weights = w, folds = 4, seed = 1)
  expect_near(a$table$mean, b$table$mean)
  z <- Matrix::Matrix(x, sparse = TRUE)
  own <- moe(z, mtcars$mpg, K = 2, z = mtcars$wt, control = few)
  expect_s3_class(quiet_cv(own, folds = 3, seed = 1), "moe_cv")
  bare <- moe(x, mtcars$mpg, K = 1, model = FALSE)
  expect_input_error(cv_moe(bare), "holds no data")
})

test_that("every kind of fit can be cross-validated, in a new process too", {
  kinds <- without_warnings(kinds_of_fits())
  one <- function(fit, new) {
    cv <- suppressWarnings(gatemix::cv_moe(
      fit, folds = 2, seed = 1,
      control = gatemix::moe_control(starts = 1, moves = 0)))
    cv$table$mean
  }
  here <- lapply(kinds, function(kind) one(kind[[1]], kind[[2]]))
  for (name in names(here)) {
    expect_true(all(is.finite(here[[name]])), info = name)
  }
  skip_on_cran()
  expect_equal(in_new_process(kinds, one), here)
})

test_that("the result prints, summarises and becomes tables", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 1,
                 repeats = 2)
  expect_output(print(cv), "2 models, 3 folds, 2 repeats, 272 rows")
  expect_output(print(cv), "\\*")
  s <- summary(cv, "crps")
  expect_s3_class(s, "summary.moe_cv")
  expect_output(print(s), "CRPS, smaller is better")
  expect_named(tidy(cv), c("model", "K", "gate", "expert", "df", "score",
                           "mean", "std.error", "difference", "difference.se",
                           "best", "one_se"))
  expect_equal(nrow(tidy(cv)), 6)
  expect_equal(as.data.frame(cv), cv$table)
  expect_equal(as.data.frame(cv, what = "folds"), cv$folds)
  rows <- as.data.frame(cv, what = "rows")
  expect_equal(nrow(rows), 272 * 2 * 2)
  expect_equal(rows$crps[rows$model == "K=2"], unname(cv$scores[, 2, "crps"]))
  expect_input_error(as.data.frame(cv, what = "all"), "`what`")
  expect_input_error(tidy(cv, 3), "Unknown argument")
  expect_input_error(summary(cv, "mse"), "`score`")
  one <- cv_moe(mpg ~ wt, mtcars, K = 1, folds = list(1:5))
  expect_output(print(one), "a mixture of experts|1 mixture of experts")
})

test_that("errors name the argument", {
  cv <- function(...) cv_moe(mpg ~ wt, mtcars, ...)
  expect_input_error(cv_moe(), "`formula` is missing")
  expect_input_error(cv_moe("mpg"), "`formula` must be a formula or a fit")
  expect_input_error(cv_moe(mpg ~ wt, mtcars), "`K` is missing")
  expect_input_error(cv(K = 1, fold = 3, start = 4), "Unknown.*`start`")
  expect_input_error(cv(K = 0), "`K`")
  expect_input_error(cv(K = 1, gate = 3), "`gate`")
  expect_input_error(cv(K = 1, control = 3), "`control`")
  expect_input_error(cv(K = 1, repeats = 0), "`repeats`")
  expect_input_error(cv(K = 1, seed = "a"), "`seed`")
  expect_input_error(cv(K = 1, folds = 1), "`folds`.*at least 2")
  expect_input_error(cv(K = 1, folds = 33), "`folds` = 33 .* rows, 32")
  expect_input_error(cv(K = 1, folds = "a"), "`folds` must be a number")
  expect_input_error(cv(K = 1, folds = rep(1, 32)), "one label for all rows")
  expect_input_error(cv(K = 1, folds = 1:30), "`folds`.*one value per row, 32")
  expect_input_error(cv(K = 1, folds = list(1:40)), "row numbers from 1 to 32")
  expect_input_error(cv(K = 1, folds = list(1:32)), "leaves all of the 32")
  expect_input_error(cv(K = 1, folds = list()), "no fold")
  expect_input_error(cv(K = 1, folds = rep(1:2, 16), repeats = 2), "`repeats`")
  expect_input_error(cv(K = 1, folds = Inf, repeats = 2), "`repeats`")
  expect_input_error(cv(K = 1, groups = 1:3), "`groups`.*one value per row")
  expect_input_error(cv(K = 1, groups = unknown), "`groups`.*not found")
  expect_input_error(cv(K = 1, groups = rep(1, 32)), "`groups` is the same")
  expect_input_error(cv(K = 1, groups = c(NA, rep(1:2, length = 31))),
                     "`groups` is NA in 1 row")
  expect_input_error(cv(K = 1, groups = cyl, folds = 4), "number of groups, 3")
  expect_input_error(cv(K = 1, groups = cyl, folds = rep(1:2, 16)),
                     "divides 3 of the `groups`")
  expect_input_error(cv_moe(mpg ~ nothing, mtcars, K = 1), "nothing")
})

test_that("pictures show every mean, its bar and the chosen models", {
  cv <- quiet_cv(eruptions ~ waiting, faithful, K = 1:2, folds = 3, seed = 1,
                 gate = list(gate_softmax(), gate_constant()))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  drawn <- plot(cv, score = c("log_score", "crps"))
  expect_equal(nrow(drawn$scores), 8)
  expect_equal(drawn$scores$upper - drawn$scores$mean,
               drawn$scores$std.error)
  expect_equal(drawn$limits$limit[1],
               with(drawn$scores, (mean + std.error)[best & score ==
                                                       "log_score"]))
  expect_silent(plot(cv, col = c("red", "blue"), legend = FALSE, main = "T"))
  expect_input_error(plot(cv, "mse"), "`score` must be some of")
  expect_input_error(plot(cv, col = "red"), "one colour per curve \\(2\\)")
  expect_input_error(plot(cv, lwd = 3), "see \\?plot.moe_cv")
  skip_if_not_installed("ggplot2", "3.4.0")
  picture <- ggplot2::autoplot(cv, score = c("log_score", "crps"))
  expect_s3_class(picture, "ggplot")
  expect_identical(attr(picture, "plotted"), drawn)
  expect_silent(print(picture))
  expect_silent(print(ggplot2::autoplot(cv)))
  expect_input_error(ggplot2::autoplot(cv, size = 2), "Unknown argument")
})

test_that("pictures do without standard errors and without failed models", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  cv <- quiet_cv(eruptions ~ waiting, faithful[1:20, ], K = c(1, 12),
                 folds = list(1:10), seed = 1)
  expect_equal(nrow(plot(cv)$scores), 1)
  expect_equal(nrow(plot(cv)$limits), 0)
  skip_if_not_installed("ggplot2", "3.4.0")
  expect_silent(print(ggplot2::autoplot(cv)))
})
