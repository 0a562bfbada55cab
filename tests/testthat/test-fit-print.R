d <- old_faithful()
fit <- faithful_fit()

test_that("print shows model, call, coefficients, likelihood and convergence", {
  expect_prints(fit, r"(
Mixture of 2 Gaussian experts, softmax gate
Call: moe(formula = eruptions ~ waiting, data = old_faithful(), K = 2, start = old_faithful()$label)

Experts:
            expert1 expert2
(Intercept) 1.34196 2.18068
waiting     0.01273 0.02637

Gate (log odds against expert2):
            expert1
(Intercept) 43.6577
waiting     -0.6615

Log-likelihood -96.05158 (8 parameters, 272 rows), AIC 208.103, BIC 236.95
Converged in N iterations, gradient G per observation)")
  expect_identical(suppressOutput(print(fit)), fit)
})

test_that("one expert has no gate to print", {
  one <- moe(eruptions ~ waiting, d, K = 1)
  expect_prints(one, r"(
Mixture of 1 Gaussian expert
Call: moe(formula = eruptions ~ waiting, data = d, K = 1)

Experts:
             expert1
(Intercept) -1.87402
waiting      0.07563

Log-likelihood -194.5079 (3 parameters, 272 rows), AIC 395.016, BIC 405.833
Converged in N iterations, gradient G per observation)")
  expect_no_match(capture.output(print(summary(one))), "[Gg]ate")
})

test_that("a Gaussian gate of one expert is printed, as its model prints it", {
  one <- moe(eruptions ~ waiting, d, K = 1, gate = gate_gaussian())
  gate_of <- function(x) {
    out <- capture.output(print(x))
    from <- match("Gate:", out)
    out[from:(from + nrow(coef(x, "gate")) + 1L)]
  }
  expect_false(anyNA(gate_of(one)))
  expect_identical(gate_of(one)[-1L], gate_of(as_moe_model(one))[-1L])
})

test_that("summary shows sizes, standard deviations and both coefficients", {
  s <- summary(fit)
  expect_s3_class(s, "summary.moe")
  expect_equal(s$experts$size, unname(fit$sizes))
  expect_equal(s$experts$share, unname(fit$sizes) / nrow(d))
  expect_equal(s$experts$sd, unname(sigma(fit)))
  expect_equal(coef(s)[, "Estimate"], coef(fit))
  expect_equal(s$bic, BIC(fit))
  expect_prints(s, r"(
Mixture of 2 Gaussian experts, softmax gate
Call: moe(formula = eruptions ~ waiting, data = old_faithful(), K = 2, start = old_faithful()$label)

Experts:
          size  share     sd
expert1  96.69 0.3555 0.2510
expert2 175.31 0.6445 0.3819

Expert 1:
            Estimate Std. Error z value Pr(>|z|)    
(Intercept)  1.34196    0.24898   5.390 7.05e-08 ***
waiting      0.01273    0.00457   2.786  0.00533 ** 

Expert 2:
            Estimate Std. Error z value Pr(>|z|)    
(Intercept) 2.180683   0.406512   5.364 8.12e-08 ***
waiting     0.026366   0.005058   5.213 1.86e-07 ***

Gate, expert 1 (log odds against expert 2):
            Estimate Std. Error z value Pr(>|z|)    
(Intercept)  43.6577    10.7364   4.066 4.78e-05 ***
waiting      -0.6615     0.1625  -4.071 4.67e-05 ***

Log-likelihood -96.05158 (8 parameters, 272 rows), AIC 208.103, BIC 236.95
Converged in N iterations, gradient G per observation)")
  expect_identical(suppressOutput(print(s)), s)
})

test_that("summary of several responses has a standard deviation for each", {
  s <- summary(two_response_fit())
  expect_equal(names(s$experts), c("size", "share", "sd(Sepal.Length)",
                                   "sd(Sepal.Width)"))
  expect_equal(as.matrix(s$experts[3:4]), t(sigma(two_response_fit())),
               ignore_attr = TRUE)
})

test_that("summary of a Gaussian gate shows both likelihoods and its moments", {
  s <- summary(faithful_fit(gate = gate_gaussian()))
  shown <- capture.output(print(s))
  expect_identical(tail(shown, 1L), paste(
    "This is the joint log-likelihood; conditional -96.19066,",
    "joint -1130.264"))
  expect_identical(shown[match("Gate, expert 1:", shown) + 1:4], c(
    "                     Estimate Std. Error",
    "weight                 0.3559    0.02909",
    "mean(waiting)         54.4785    0.59187",
    "cov(waiting,waiting)  33.6973    4.85472"))
})

test_that("summary of a search tells how many starts were tried and finished", {
  set.seed(1)
  fit <- moe(eruptions ~ waiting, d, K = 2)
  s <- summary(fit)
  finished <- sum(fit$starts$status == "converged")
  expect_equal(s$starts[["tried"]], nrow(fit$starts))
  expect_equal(s$starts[["finished"]], finished)
  expect_output(print(s), sprintf("Starts: %d tried, %d run to the end",
                                  nrow(fit$starts), finished))
})

test_that("a fit that did not converge says so in print", {
  early <- without_warnings(faithful_fit(control = moe_control(max_iter = 1)))
  expect_identical(tail(capture.output(print(early)), 1L),
                   "NOT converged: max_iter after 1 iterations")
})

test_that("digits are respected", {
  shown <- format(coef(fit, "expert")["waiting", 2], digits = 10)
  expect_output(print(fit, digits = 10), shown, fixed = TRUE)
  expect_false(any(grepl(shown, capture.output(print(fit)), fixed = TRUE)))
})

test_that("gates, experts, controls and problems print in words", {
  expect_prints(gate_softmax(), "\nsoftmax gate")
  expect_prints(gate_constant(), "\nconstant gate")
  expect_prints(gate_gaussian("diagonal", TRUE),
                "\nGaussian gate (diagonal shared covariance, joint likelihood)")
  expect_prints(expert_gaussian("spherical"),
                "\nGaussian experts (spherical covariance)")
  expect_prints(moe_control(), "
starts       = 10
moves        = NULL
init         = NULL
max_iter     = 2000
tol          = 1e-08
accelerate   = TRUE
gate_step    = newton
min_variance = 1e-06
threads      = 1
verbose      = FALSE")
  expect_prints(em_problem(eruptions ~ waiting, d, K = 2),
                "\nProblem of 272 rows for 2 experts: 2 terms per expert, 2 per gate")
})
