# Comparing nested fits.

d <- old_faithful()
set.seed(1)
d$waiting <- runif(272, 40, 100)
d$label <- 1L + (runif(272) < plogis((d$waiting - 70) / 15))
d$eruptions <- c(1, 4)[d$label] + c(0.02, -0.01)[d$label] * d$waiting +
  0.3 * rnorm(272)
big <- moe(eruptions ~ waiting + site | 1, d, K = 2, start = d$label)
small <- moe(eruptions ~ waiting | 1, d, K = 2, start = d$label)

test_that("the likelihood ratio test is that of lm() for one expert", {
  one <- moe(eruptions ~ waiting, d, K = 1)
  two <- moe(eruptions ~ waiting + site, d, K = 1)
  table <- anova(two, one)
  reference <- c(logLik(lm(eruptions ~ waiting, d)),
                 logLik(lm(eruptions ~ waiting + site, d)))
  expect_equal(table$logLik, reference, tolerance = 1e-9)
  expect_equal(table$Chisq[2], 2 * diff(reference), tolerance = 1e-7)
  expect_equal(table$Df[2], 2)
  expect_equal(table[["Pr(>Chisq)"]][2],
               pchisq(2 * diff(reference), 2, lower.tail = FALSE),
               tolerance = 1e-6)
})

test_that("fits are sorted, however they are given, and print", {
  gate <- moe(eruptions ~ waiting + site | waiting, d, K = 2, start = d$label)
  expect_equal(anova(gate, small, big), anova(small, big, gate),
               ignore_attr = TRUE)
  expect_output(print(anova(big, small)), "Model 2: eruptions ~ waiting \\+")
  expect_equal(nrow(anova(small, big, gate)), 3)
})

test_that("the number of experts is not tested by chi-squared", {
  three <- without_warnings(moe(eruptions ~ waiting | 1, d, K = 3,
                                start = 1L + (d$waiting > 60) +
                                  (d$waiting > 80)))
  expect_input_error(suppressWarnings(anova(small, three)),
                     "boundary.*BIC.*simulate")
})

test_that("fits that are not nested are refused, and why", {
  site <- moe(eruptions ~ site | 1, d, K = 2, start = d$label)
  expect_input_error(anova(site, small), "terms of one are not among")
  half <- moe(eruptions ~ waiting + site | 1, d[-(1:9), ], K = 2,
              start = d$label[-(1:9)])
  expect_input_error(anova(small, half), "rows, response, weights")
  heavy <- update(big, weights = rep(1:2, 136))
  expect_input_error(anova(small, heavy), "rows, response, weights")
  gaussian <- moe(eruptions ~ waiting, d, K = 2, gate = gate_gaussian(),
                  start = d$label)
  expect_input_error(anova(small, gaussian), "special case")
  expect_input_error(anova(small, update(small)), "same model")
  expect_input_error(anova(small, lm(eruptions ~ 1, d)), "argument 2")
  shared <- moe(eruptions ~ waiting + site | 1, d, K = 2, start = d$label,
                expert = expert_gaussian(shared = TRUE))
  expect_input_error(anova(small, shared), "not a special case")
  gate <- moe(eruptions ~ waiting | site, d, K = 2, start = d$label)
  other <- moe(eruptions ~ waiting | waiting + I(waiting^2), d, K = 2,
               start = d$label)
  expect_input_error(suppressWarnings(anova(gate, other)), "gate's terms")
})

test_that("nested covariances, gates and bases are recognised", {
  shared <- moe(eruptions ~ waiting | 1, d, K = 2, start = d$label,
                expert = expert_gaussian(shared = TRUE))
  expect_equal(anova(shared, small)$Df[2], 1)
  cubic <- moe(eruptions ~ poly(waiting, 3) | 1, d, K = 2, start = d$label)
  expect_equal(anova(small, cubic)$Df[2], 4)
  soft <- moe(eruptions ~ waiting, d, K = 2, start = d$label)
  expect_equal(anova(small, soft)$Df[2], 1)
  bent <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
              gate = gate_gaussian(likelihood = "conditional"))
  expect_equal(anova(small, soft, bent)$Df[2:3], c(1, 1))
  joint <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
               gate = gate_gaussian())
  tied <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
              gate = gate_gaussian(shared = TRUE))
  expect_equal(anova(tied, joint)$Df[2], 1)
  round <- moe(eruptions ~ waiting, d, K = 2, start = d$label,
               gate = gate_gaussian("spherical"))
  expect_equal(anova(tied, round)$Df[2], 1)
})

test_that("gates are compared by the columns that span their linear predictors", {
  set.seed(2)
  d$z <- rnorm(272)
  d$sum <- d$waiting + d$z
  d$hours <- d$waiting / 60
  gate <- function(formula, ...) {
    without_warnings(moe(formula, d, K = 2, start = d$label, ...))
  }
  bent <- function(shape) gate_gaussian(shape, likelihood = "conditional")
  ball <- gate(eruptions ~ waiting | waiting, gate = bent("spherical"))
  wide <- gate(eruptions ~ waiting | waiting + z, gate = bent("spherical"))
  expect_input_error(anova(ball, wide), "with these terms")
  ellipse <- gate(eruptions ~ waiting | waiting + z, gate = bent("diagonal"))
  expect_equal(anova(ball, ellipse)$Df[2], 2)
  expect_equal(anova(wide, ellipse)$Df[2], 1)
  turned <- gate(eruptions ~ 1 | sum + z, gate = bent("diagonal"))
  expect_input_error(anova(turned, ellipse), "with these terms")
  # a linear predictor may be a parabola
  cubic <- gate(eruptions ~ waiting | poly(waiting, 3))
  expect_equal(anova(ball, cubic)$Df[2], 1)
  # equal probabilities at 0 only
  through <- gate(eruptions ~ waiting | 0 + waiting + z)
  expect_input_error(anova(small, through), "not a special case|gate's terms")
})

test_that("a joint likelihood needs the same gate's terms", {
  set.seed(2)
  d$z <- rnorm(272)
  d$sum <- d$waiting + d$z
  d$hours <- d$waiting / 60
  joint <- function(formula, shape = "full") {
    without_warnings(moe(formula, d, K = 2, start = d$label,
                         gate = gate_gaussian(shape)))
  }
  large <- joint(eruptions ~ waiting | hours + z)
  expect_input_error(anova(joint(eruptions ~ 1 | waiting + z), large),
                     "likelihood.*predictors.*terms")
  expect_equal(anova(joint(eruptions ~ 1 | z + hours), large)$Df[2], 2)
  expect_input_error(anova(joint(eruptions ~ 1 | waiting + sum, "diagonal"),
                           joint(eruptions ~ z | waiting + z, "diagonal")),
                     "predictors")
})

test_that("spherical experts with other terms are not nested", {
  f <- flowers()
  fit <- function(formula, shape) {
    without_warnings(moe(formula, f, K = 2, start = f$label,
                         expert = expert_gaussian(shape)))
  }
  none <- fit(cbind(Sepal.Length, Sepal.Width) ~ 1 | 1, "spherical")
  some <- fit(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length | 1, "spherical")
  free <- fit(cbind(Sepal.Length, Sepal.Width) ~ Petal.Length | 1, "diagonal")
  expect_input_error(suppressWarnings(anova(none, some)), "spherical.*diagonal")
  expect_equal(suppressWarnings(anova(none, free))$Df[2], 4 + 2)
})

test_that("what says the same in other words is the same", {
  one <- rep(1, 272)
  d$one <- 1
  expect_equal(anova(moe(eruptions ~ waiting | 1, d, K = 2, weights = one,
                         start = d$label), big)$Df[2], 4)
  sphere <- moe(eruptions ~ waiting + site | 1, d, K = 2, start = d$label,
                expert = expert_gaussian("spherical"))
  expect_equal(anova(small, sphere)$Df[2], 4)
  sparse <- function(z) {
    moe(Matrix::Matrix(as.matrix(d["waiting"]), sparse = TRUE), d$eruptions,
        z = Matrix::Matrix(z, sparse = TRUE), K = 2, start = d$label)
  }
  a <- sparse(as.matrix(d["one"] * (1:272 %% 2)))
  b <- sparse(cbind(1:272 %% 2, d$waiting))
  expect_silent(table <- anova(a, b))
  expect_equal(table$Df[2], 1)
  # a clock: large numbers that hardly vary
  d$clock <- 1.6e9 + d$waiting
  set.seed(3)
  d$other <- rnorm(272)
  expect_input_error(anova(moe(eruptions ~ clock | 1, d, K = 2,
                               start = d$label),
                           moe(eruptions ~ other + site | 1, d, K = 2,
                               start = d$label)), "terms of one")
})

test_that("warnings of a likelihood ratio test are about the test", {
  s <- data.frame(x = c(seq(0, 1, 0.05), seq(2, 3, 0.05)))
  set.seed(1)
  s$label <- 1L + (s$x > 1.5)
  s$y <- 5 * s$label - s$x + 0.1 * rnorm(42)
  fit <- function(formula) {
    without_warnings(moe(formula, s, K = 2, start = s$label))
  }
  flat <- fit(y ~ 1 | x)
  steep <- fit(y ~ x)
  expect_true(steep$separated)
  said <- character()
  table <- withCallingHandlers(anova(flat, steep),
    gatemix_warning_inference = function(w) {
      said <<- c(said, conditionMessage(w))
      tryInvokeRestart("muffleWarning")
    })
  expect_match(said[1], "Model 1 of the table: the gate switches abruptly")
  expect_false(any(grepl("standard error", said)))
  early <- without_warnings(update(big, control = moe_control(max_iter = 3)))
  early$converged <- FALSE
  early$loglik <- big$loglik
  expect_warning(anova(small, early), "Model 2 .* did not converge",
                 class = "gatemix_warning_inference")
  expect_warning(terms <- anova(steep), "no finite estimate")
  expect_identical(is.na(terms$Chisq), c(FALSE, TRUE))
  expect_input_error(anova(small, big, type = "sandwich"), "`type`")
})

test_that("a larger model in a worse optimum is not tested", {
  worse <- big
  worse$loglik[["maximised"]] <- small$loglik[["maximised"]] - 1
  expect_input_error(anova(small, worse), "another optimum")
})

test_that("Wald tests of one fit are about terms in all experts", {
  table <- anova(big)
  expect_identical(rownames(table), c("expert: waiting", "expert: site"))
  expect_equal(table$Df, c(2, 4))
  names <- c("expert1:waiting", "expert2:waiting")
  b <- coef(big)[names]
  expect_equal(table$Chisq[1],
               drop(b %*% solve(vcov(big)[names, names], b)),
               tolerance = 1e-8)
  robust <- anova(big, type = "sandwich")
  expect_false(isTRUE(all.equal(robust$Chisq, table$Chisq)))
  gate <- anova(moe(eruptions ~ site | waiting, d, K = 2, start = d$label))
  expect_identical(rownames(gate), c("expert: site", "gate: waiting"))
  expect_equal(gate$Df, c(4, 1))
  matrices <- anova(moe(as.matrix(d["waiting"]), d$eruptions, K = 2,
                        start = d$label))
  expect_identical(rownames(matrices), c("expert: waiting", "gate: waiting"))
  bent <- anova(moe(eruptions ~ poly(waiting, 2) | log(waiting), d, K = 2,
                    start = d$label))
  expect_identical(rownames(bent), c("expert: poly(waiting, 2)",
                                     "gate: log(waiting)"))
  expect_equal(bent$Df, c(4, 1))
  text <- anova(moe(eruptions ~ two * waiting | two, d, K = 2,
                    start = d$label))
  expect_identical(rownames(text), c("expert: two", "expert: waiting",
                                     "expert: two:waiting", "gate: two"))
  expect_equal(text$Df, c(2, 2, 2, 1))
  text <- anova(moe(eruptions ~ two + waiting | 1, d, K = 2, start = d$label))
  expect_identical(rownames(text), c("expert: two", "expert: waiting"))
  expect_input_error(anova(moe(eruptions ~ 1, d, K = 2, start = d$label)),
                     "no terms")
})
