# A collection of models in one call.

d <- old_faithful()
quick <- moe_control(starts = 3)

selection <- moe_select(waiting ~ eruptions, d, K = 1:4, seed = 1,
                        control = quick)

no_seconds <- function(sel) sel$table[names(sel$table) != "seconds"]

test_that("a selection has a row and a fit for each model", {
  expect_identical(selection$table$K, 1:4)
  expect_identical(names(selection$fits), selection$table$model)
  for (name in names(selection$fits)) {
    fit <- selection$fits[[name]]
    row <- selection$table[selection$table$model == name, ]
    expect_equal(row$logLik, as.numeric(logLik(fit)))
    expect_equal(row$AIC, AIC(fit))
    expect_equal(row$BIC, BIC(fit))
    expect_equal(row$ICL, glance(fit)$ICL)
  }
})

test_that("K = 1 is lm(), and the best by BIC is the smallest BIC", {
  expect_equal(selection$table$logLik[1],
               as.numeric(logLik(lm(waiting ~ eruptions, d))))
  expect_identical(BIC(best(selection)), min(selection$table$BIC))
  expect_identical(best(selection, criterion = "aic")$K,
                   which.min(selection$table$AIC))
})

test_that("fits of a selection are fits of moe(): they update and predict", {
  fit <- selection$fits[["K=2"]]
  alone <- moe(waiting ~ eruptions, d, K = 2, start = fit)
  expect_equal(coef(fit), coef(alone), tolerance = 1e-6)
  new <- d[1:3, ]
  expect_equal(predict(selection, new), predict(best(selection), new))
  expect_s3_class(update(fit, . ~ . | 1), "moe")
  expect_equal(sqrt(diag(vcov(fit))), sqrt(diag(vcov(alone))),
               tolerance = 1e-4)
})

test_that("the best model is a fit like any other, wherever it is used", {
  make <- function() {
    rows <- d
    most <- 2
    settings <- quick
    moe_select(waiting ~ eruptions, data = rows, K = seq_len(most), seed = 1,
               subset = eruptions > 1.7, control = settings,
               gate = list(gate_constant(), gate_gaussian(
                 covariance = "diagonal", likelihood = "conditional")),
               expert = expert_gaussian(shared = TRUE))
  }
  fit <- best(make())
  elsewhere <- new.env(parent = baseenv())
  elsewhere$fit <- fit
  elsewhere$update <- stats::update
  three <- without_warnings(eval(quote(update(fit, K = 3)), elsewhere))
  expect_identical(three$K, 3L)
  expect_identical(three$gate, fit$gate)
  expect_identical(three$expert, fit$expert)
  expect_identical(nobs(three), nobs(fit))
  expect_s3_class(anova(best(selection)), "anova")
  more <- update(best(selection), . ~ . + site | eruptions)
  expect_identical(anova(best(selection), more)$Df[2], 4)
  expect_output(print(summary(fit)), "Gate, expert 1")
  skip_if_not_installed("insight")
  expect_identical(insight::find_predictors(fit)$conditional, "eruptions")
})

test_that("the log-likelihood does not decrease in K", {
  kinds <- list(gate_softmax(), gate_gaussian(), gate_constant(),
                gate_gaussian(shared = TRUE, likelihood = "conditional"))
  for (gate in kinds) {
    sel <- suppressWarnings(moe_select(
      NOx ~ E, lattice::ethanol, K = 1:6, gate = gate, seed = 2,
      control = moe_control(starts = 2)))
    regular <- sel$table$status %in% c("converged", "separated")
    expect_true(all(diff(sel$table$logLik[regular]) > -1e-6),
                label = gate$label)
  }
})

test_that("nor where experts have few rows", {
  for (case in list(list(148, gate_softmax()), list(131, gate_softmax()))) {
    set.seed(case[[1]])
    n <- sample(12:40, 1)
    few <- data.frame(x = rnorm(n), z = rnorm(n), y = rt(n, 2))
    sel <- suppressWarnings(moe_select(
      y ~ x, few, K = 1:5, gate = case[[2]], seed = case[[1]],
      expert = expert_gaussian(shared = case[[1]] %% 2 == 0),
      control = moe_control(starts = 1, max_iter = 200)))
    regular <- sel$table$status %in% c("converged", "separated")
    expect_true(all(diff(sel$table$logLik[regular]) > -1e-6))
  }
})

test_that("several gates and experts make a grid with one table", {
  sel <- suppressWarnings(moe_select(
    waiting ~ eruptions, d, K = 1:2, seed = 1, control = quick,
    gate = list(gate_softmax(), gate_constant()),
    expert = list(own = expert_gaussian(), tied = expert_gaussian(
      shared = TRUE))))
  expect_identical(nrow(sel$table), 8L)
  expect_identical(anyDuplicated(sel$table$model), 0L)
  expect_output(print(sel), "Selection among 8")
  drawn <- plot(sel)$criteria
  expect_identical(nrow(drawn), 24L)
})

test_that("collections with joint and other gates compare the conditional", {
  sel <- moe_select(waiting ~ eruptions, d, K = 2, seed = 1, control = quick,
                    gate = list(gate_softmax(), gate_gaussian()))
  expect_equal(sel$table$logLik, sel$table$conditional)
})

test_that("the same seed gives the same selection, under any plan", {
  again <- function() {
    no_seconds(moe_select(waiting ~ eruptions, d, K = 1:3, seed = 4,
                          control = quick))
  }
  here <- again()
  local_workers()
  expect_identical(again(), here)
  # two nodes, both of them this machine
  future::plan("cluster", workers = c("localhost", "localhost"))
  expect_identical(again(), here)
})

kept_selection <- function(directory, K = 1:3) {
  moe_select(waiting ~ eruptions, d, K = K, seed = 4, control = quick,
             checkpoint = directory)
}

test_that("a selection goes on from its checkpoint", {
  directory <- tempfile()
  on.exit(unlink(directory, recursive = TRUE))
  run <- function() kept_selection(directory)
  a <- run()
  files <- list.files(directory, "rds$", recursive = TRUE, full.names = TRUE)
  expect_gte(length(files), 3 + 2)
  times <- file.mtime(files)
  unlink(files[length(files)])
  b <- run()
  expect_identical(file.mtime(files[-length(files)]), times[-length(files)])
  keep <- setdiff(names(a$table), "seconds")
  expect_identical(a$table[keep], b$table[keep])
})

kept_files <- function(directory) {
  files <- list.files(directory, "rds$", recursive = TRUE, full.names = TRUE)
  stats::setNames(file.mtime(files), files)
}

test_that("a checkpoint takes more numbers of experts and keeps what is done", {
  directory <- temporary_folder()
  small <- kept_selection(directory, 1:2)
  before <- kept_files(directory)
  large <- kept_selection(directory, 1:3)
  after <- kept_files(directory)
  expect_identical(after[names(before)], before)
  # of the new ones the first two are K = 3 alone and from K = 2
  added <- setdiff(names(after), names(before))
  expect_identical(basename(dirname(added))[c(1, length(added))],
                   c("exchange-1-down", "fresh"))
  expect_length(grep("fresh", added), 1)
  expect_length(grep("exchange-1-up", added), 1)
  expect_identical(no_seconds(large), no_seconds(kept_selection(NULL, 1:3)))
  expect_identical(no_seconds(kept_selection(directory, 1:2)),
                   no_seconds(small))
  expect_identical(kept_files(directory), after)
})

test_that("a checkpoint takes more gates, also under other names", {
  directory <- temporary_folder()
  run <- function(gate) {
    moe_select(waiting ~ eruptions, d, K = 1:2, gate = gate, seed = 4,
               control = quick, checkpoint = directory)
  }
  one <- run(gate_softmax())
  before <- kept_files(directory)
  two <- run(list(mine = gate_softmax(), other = gate_constant()))
  expect_identical(kept_files(directory)[names(before)], before)
  expect_length(kept_files(directory), 2 * length(before))
  expect_identical(two$table$logLik[1:2], one$table$logLik)
})

test_that("a checkpoint refuses another seed or other data", {
  directory <- temporary_folder()
  kept_selection(directory, 1:2)
  run <- function(...) {
    moe_select(waiting ~ eruptions, ..., K = 1:3, control = quick,
               checkpoint = directory)
  }
  expect_error(run(d, seed = 5), "another seed.*Repeat that call",
               class = "gatemix_error_checkpoint")
  expect_error(run(d[-1, ], seed = 4), "different `data`",
               class = "gatemix_error_checkpoint")
})

test_that("fresh fits do not depend on the collection around them", {
  run <- function(K, ...) {
    moe_select(waiting ~ eruptions, d, K = K, seed = 1, exchange = 0,
               control = moe_control(starts = 1, init = "random"), ...) |>
      without_warnings()
  }
  alone <- run(3)
  among <- run(1:5, gate = list(gate_constant(), s = gate_softmax()))
  expect_identical(among$table$logLik[among$table$model == "K=3, s"],
                   alone$table$logLik)
})

test_that("without a seed the generator's state counts, and moves on", {
  run <- function() {
    moe_select(waiting ~ eruptions, d, K = 4, exchange = 0,
               control = moe_control(starts = 1, init = "random")) |>
      without_warnings()
  }
  set.seed(1)
  a <- run()
  b <- run()
  set.seed(1)
  expect_identical(run()$table$logLik, a$table$logLik)
  expect_false(identical(a$fits[[1]]$starts, b$fits[[1]]$starts))
})

test_that("ten models have a slope heuristic", {
  skip_on_cran()
  sel <- suppressWarnings(moe_select(
    NOx ~ E, lattice::ethanol, K = 1:10, gate = gate_gaussian(), seed = 1,
    control = quick))
  expect_s3_class(sel$slope, "moe_slope_heuristic")
  expect_identical(sel$table$dimension[1:4], c(3, 11, 17, 23))
  expect_false(is.na(sel$selected[["jump"]]))
  for (criterion in c("jump", "slope")) {
    expect_identical(sel$table$model[which.min(sel$table[[criterion]])],
                     sel$selected[[criterion]])
  }
  expect_type(plot(sel, type = "jump"), "list")
})

test_that("folds add held-out scores", {
  sel <- moe_select(waiting ~ eruptions, d, K = 1:2, seed = 1, folds = 3,
                    control = quick, criterion = "cv") |>
    suppressWarnings(classes = "gatemix_warning_cv")
  expect_true(all(is.finite(sel$table$log_score)))
  expect_identical(best(sel)$K, which.min(sel$table$log_score))
})

test_that("held-out scores are those of cv_moe() with the same seed", {
  # the variables are looked up again, since the frame holds logarithms
  data <- d
  formula <- log(waiting) ~ poly(eruptions, 2)
  sel <- without_warnings(
    moe_select(formula, data, K = 1:2, seed = 3, folds = 3, control = quick))
  cv <- without_warnings(
    cv_moe(formula, data, K = 1:2, seed = 3, folds = 3, control = quick))
  expect_identical(sel$cv$table, cv$table)
  plain <- moe_select(formula, data, K = 1:2, seed = 3, control = quick)
  expect_identical(sel$table$logLik, plain$table$logLik)
})

test_that("folds are looked at before anything is fitted", {
  none <- moe_control(starts = 1e4, max_iter = 1e6)
  expect_input_error(
    moe_select(waiting ~ eruptions, d[1:20, ], K = 1:12, folds = 2,
               control = none), "found K = 12, and fold 1 of 2 leaves 10 of 20")
  expect_input_error(moe_select(waiting ~ eruptions, d, folds = "a",
                                control = none), "`folds`")
})

test_that("progress is one step for a model and stage, then for a fold", {
  skip_if_not_installed("progressr")
  steps <- numeric()
  withCallingHandlers(
    progressr::with_progress(
      without_warnings(
        moe_select(waiting ~ eruptions, d, K = 1:3, seed = 1, folds = 2,
                   exchange = 2, control = moe_control(starts = 2))),
      handlers = progressr::handler_void(), enable = TRUE),
    progression = function(p) {
      if (identical(p$type, "initiate")) steps <<- c(steps, 0)
      if (identical(p$type, "update")) {
        steps[length(steps)] <<- steps[length(steps)] + p$amount
      }
    })
  # three alone, twice K = 2, 3 from the smaller and K = 2 from the larger; then
  # 2 folds of 3 models
  expect_identical(steps, c(3 + 2 * 3, 6))
})

test_that("averages of models weigh them by their criterion", {
  p <- predict(selection, d[1:3, ], average = TRUE)
  w <- exp(-(selection$table$BIC - min(selection$table$BIC)) / 2)
  parts <- vapply(selection$fits, predict, numeric(3), newdata = d[1:3, ])
  expect_equal(p, drop(parts %*% w) / sum(w), tolerance = 1e-8,
               ignore_attr = TRUE)
  expect_input_error(predict(selection, d, average = TRUE,
                             criterion = "jump"), "average")
  expect_identical(predict(selection, d[1:3, ], type = "average"), p)
  expect_input_error(predict(selection, d, average = TRUE, type = "gate"),
                     "not averaged.*best\\(selection\\), type = .gate")
  expect_input_error(predict(selection, d, type = "mean"), "`type`")
  expect_input_error(predict(selection, d, type = "average", log = TRUE),
                     "`log = TRUE` goes with")
})

test_that("the average of models is a distribution", {
  one <- d[1, ]
  at <- function(y, ...) {
    predict(selection, transform(one[rep(1, length(y)), ], waiting = y),
            average = TRUE, criterion = "aic", ...)
  }
  density <- function(y) at(y, type = "density")
  moment <- function(f) stats::integrate(f, 20, 140, rel.tol = 1e-9)$value
  mean <- moment(function(y) y * density(y))
  expect_equal(moment(density), 1, tolerance = 1e-7)
  expect_equal(at(0)[[1]], mean, tolerance = 1e-7)
  expect_equal(at(0, type = "variance")[[1]],
               moment(function(y) (y - mean)^2 * density(y)),
               tolerance = 1e-6)
  expect_equal(at(60, type = "cdf")[[1]],
               stats::integrate(density, 20, 60, rel.tol = 1e-9)$value,
               tolerance = 1e-7)
  expect_equal(at(60, type = "cdf") + at(60, type = "cdf",
                                         lower_tail = FALSE), 1)
  expect_equal(at(60, type = "cdf", log = TRUE), log(at(60, type = "cdf")))
})

test_that("averages do for several responses", {
  sel <- moe_select(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length, flowers(),
                    K = 1:2, seed = 1, control = quick)
  new <- flowers()[1:4, ]
  expect_identical(dim(predict(sel, new, type = "average")), c(4L, 2L))
  expect_identical(dim(predict(sel, new, type = "variance", average = TRUE)),
                   c(4L, 2L))
  expect_length(predict(sel, new, type = "density", average = TRUE), 4L)
})

test_that("methods go to the table or to the best model", {
  expect_identical(as.data.frame(selection), selection$table)
  expect_identical(nrow(tidy(selection)), 4L)
  expect_identical(coef(selection), coef(best(selection)))
  expect_identical(logLik(selection), logLik(best(selection)))
  expect_s3_class(summary(selection), "summary.moe")
  expect_output(print(selection), "<- selected")
})

test_that("wrong arguments are named", {
  expect_input_error(moe_select(waiting ~ eruptions, d, K = 0), "`K`")
  expect_input_error(moe_select(waiting ~ eruptions, d, criterion = "dic"),
                     "`criterion`")
  expect_input_error(moe_select(waiting ~ eruptions, d, criterion = "cv"),
                     "folds")
  expect_input_error(best(selection, criterion = "jump"), "chooses no model")
  expect_input_error(plot(selection, type = "slope"), "at least 10 models")
  expect_input_error(plot(selection, criterion = "jump"), "`criterion`")
})

test_that("averages of log densities are logs of averaged densities", {
  p <- predict(selection, d[1:9, ], average = TRUE, type = "density")
  l <- predict(selection, d[1:9, ], average = TRUE, type = "density",
               log = TRUE)
  expect_equal(l, log(p))
  far <- transform(d[1:2, ], waiting = 1e4)
  expect_true(all(is.finite(predict(selection, far, average = TRUE,
                                    type = "density", log = TRUE))))
})

test_that("names of gates and experts may be any", {
  gates <- list(a = gate_constant(), A = gate_gaussian(),
                a.b = gate_softmax())
  experts <- list(b.c = expert_gaussian(), c = expert_gaussian(shared = TRUE))
  sel <- suppressWarnings(moe_select(
    waiting ~ eruptions, d, K = 1:2, gate = gates, expert = experts, seed = 1,
    control = moe_control(starts = 1)))
  expect_identical(nrow(sel$table), 12L)
  expect_identical(sel$fits[["K=2, a.b, c"]]$gate, gate_softmax())
})

test_that("a model that is lost from a checkpoint is fitted again", {
  directory <- tempfile()
  on.exit(unlink(directory, recursive = TRUE))
  run <- function() kept_selection(directory)
  a <- run()
  lost <- list.files(file.path(directory, "fresh"), "^K=2_",
                     full.names = TRUE)
  expect_identical(unlink(lost), 0L)
  expect_length(lost, 1)
  b <- run()
  keep <- setdiff(names(a$table), "seconds")
  expect_identical(a$table[keep], b$table[keep])
})

test_that("what is wrong with a model is said before any is fitted", {
  expect_input_error(moe_select(waiting ~ 1, d, gate = gate_gaussian()),
                     "at least one predictor")
  expect_input_error(moe_select(waiting ~ eruptions, d[1:5, ]),
                     "K = 6 for 5 row")
  expect_input_error(moe_select(waiting ~ eruptions, d, K = 1e10), "`K`")
  expect_input_error(moe_select(waiting ~ eruptions, d, checkpoint = 3),
                     "`checkpoint`")
})

test_that("a collection without a regular fit says so", {
  constant <- transform(d, waiting = 1)
  sel <- suppressWarnings(moe_select(waiting ~ eruptions, constant, K = 1:2,
                                     seed = 1, control = quick))
  expect_true(all(is.na(sel$selected)))
  expect_input_error(best(sel), "no fit is at a regular maximum")
  expect_input_error(predict(sel, average = TRUE), "finds no model")
  expect_output(print(sel), "Chosen: none")
})

test_that("slope heuristics that cannot be had give their reason", {
  table <- data.frame(conditional = -12:-1, dimension = rep(c(3, 8), 6),
                      model = letters[1:12], status = "converged")
  reason <- gatemix:::selection_slope(table, "bic")
  expect_match(conditionMessage(reason), "different shape")
  expect_warning(
    moe_select(waiting ~ eruptions, d, K = 1:2, seed = 1, control = quick,
               criterion = "jump"),
    "at least 10 models.*best\\(selection", class = "gatemix_warning_selection")
})

test_that("for slope heuristics each model is searched on its own", {
  by <- function(...) {
    no_seconds(moe_select(waiting ~ eruptions, d, K = 1:3, seed = 2,
                          control = quick, ...))
  }
  slope <- suppressWarnings(by(criterion = "slope"),
                            classes = "gatemix_warning_selection")
  expect_identical(slope, by(exchange = 0))
  expect_identical(by(criterion = "aic"), by(exchange = 2))
})
