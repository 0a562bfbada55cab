# Maximum likelihood: gates, experts, input.

few <- big$data[1:600, ]

# --- Softmax gate, one response -----------------------------------------------

for (K in 1:5) local({
  K <- K
  add_fit(paste("mcycle, K =", K), function(control) {
    moe(accel ~ times, MASS::mcycle, K = K, control = control)
  })
})
add_fit("ethanol, default search", function(control) {
  moe(NOx ~ E, lattice::ethanol, K = 3, control = control)
}, starts = 10, moves = NULL)
add_fit("faithful, shared variance", function(control) {
  moe(eruptions ~ waiting, faithful, K = 3, control = control,
      expert = expert_gaussian(shared = TRUE))
})
add_fit("Boston, gate with other predictors", function(control) {
  moe(medv ~ lstat + rm | lstat + dis, MASS::Boston, K = 2, control = control)
})
add_fit("Boston, all predictors", function(control) {
  moe(medv ~ ., MASS::Boston, K = 2, control = control)
})
for (K in c(2, 4)) local({
  K <- K
  add_fit(paste("5000 rows, K =", K), function(control) {
    moe(y ~ x1 + x2 + x3, big$data, K = K, control = control)
  })
})

# --- Input --------------------------------------------------------------------

add_fit("ToothGrowth, factor and interaction", function(control) {
  moe(len ~ supp * dose, ToothGrowth, K = 2, control = control)
})
add_fit("iris, factor", function(control) {
  moe(Sepal.Length ~ Petal.Length + Species | Petal.Width, iris, K = 2,
      control = control)
})
add_fit("GAGurine, poly()", function(control) {
  moe(log(GAG) ~ poly(Age, 3), MASS::GAGurine, K = 2, control = control)
})
add_fit("weights", function(control) {
  weights <- rep(c(0.5, 1, 2, 3), length.out = 600)
  moe(y ~ x1 + x2 | x1, few, K = 3, weights = weights, control = control)
})
add_fit("weights, Gaussian gate", function(control) {
  weights <- rep(c(0, 1, 2), length.out = 600)
  moe(y ~ x1 + x2 | x1, few, K = 2, weights = weights, control = control,
      gate = gate_gaussian())
})
add_fit("offset", function(control) {
  moe(y ~ x1 + x2 + offset(2 * x3) | x2, few, K = 2, control = control)
})
add_fit("airquality, missing rows and subset", function(control) {
  moe(Ozone ~ Temp + Wind, airquality, K = 2, subset = Month > 5,
      na.action = na.exclude, control = control)
})
add_fit("cars, no intercept", function(control) {
  moe(dist ~ speed - 1 | speed, cars, K = 2, control = control)
})
add_fit("dependent columns", function(control) {
  moe(y ~ x1 + x2 + I(x1 - x2) | x1, few, K = 2, control = control)
})
add_fit("matrices", function(control) {
  moe(big$x[, 1:2], big$y, K = 3, z = big$x[, 3, drop = FALSE],
      control = control)
})
add_fit("sparse matrix without penalty", function(control) {
  d <- sparse_lines(1500, 8)
  moe(d$x, d$y, K = 2, control = control)
})

# --- Starts and settings ------------------------------------------------------

add_fit("start: labels", function(control) {
  moe(y ~ ., big$data, K = 3, start = big$label, control = control)
})
add_fit("start: responsibilities", function(control) {
  share <- 0.2 + 0.4 * outer(big$label, 1:3, `==`)
  moe(y ~ ., big$data, K = 3, start = share, control = control)
})
add_fit("start: a fit", function(control) {
  first <- moe(waiting ~ eruptions, faithful, K = 2, control = control)
  moe(waiting ~ poly(eruptions, 2), faithful, K = 2, start = first,
      control = control)
})
add_fit("start: a model", function(control) {
  truth <- moe_truth("glome_ws")
  d <- simulate(truth, n = 2000, seed = 1)
  moe(y ~ x, d, K = 2, gate = gate_gaussian(), start = truth, control = control)
})
for (rule in c("kmeans", "kmeans_x", "segment", "residual", "random")) local({
  rule <- rule
  add_fit(paste("starts by", rule), function(control) {
    moe(y ~ x1 + x2, few, K = 3, control = control)
  }, init = rule)
})
add_fit("plain EM", function(control) {
  moe(y ~ x1 + x2, few, K = 3, control = control)
}, accelerate = FALSE, tol = 1e-6)
add_fit("stopped early", function(control) {
  moe(y ~ ., big$data, K = 3, control = control)
}, max_iter = 4)
add_fit("variances at their floor", function(control) {
  d <- data.frame(x = 1:60, y = c(1:30, 60 + sin(1:30)))
  moe(y ~ x, d, K = 2, start = rep(1:2, each = 30), control = control)
})

# --- Constant gate ------------------------------------------------------------

add_fit("tone, constant gate", function(control) {
  moe(tuned ~ stretch_ratio, tone, K = 2, gate = gate_constant(),
      control = control)
})
add_fit("galaxies, constant gate, means only", function(control) {
  moe(speed ~ 1, data.frame(speed = MASS::galaxies / 1000), K = 3,
      gate = gate_constant(), control = control)
})

# --- Gaussian gates -----------------------------------------------------------

shapes <- c("full", "diagonal", "spherical")
gaussian <- expand.grid(shape = shapes, shared = c(FALSE, TRUE),
                        likelihood = c("joint", "conditional"),
                        stringsAsFactors = FALSE)
for (i in seq_len(nrow(gaussian))) local({
  g <- gaussian[i, ]
  name <- paste0("Gaussian gate, ", g$shape, if (g$shared) " shared", ", ",
                 g$likelihood)
  add_fit(name, function(control) {
    moe(y ~ x1 + x2 + x3 | x1 + x2, big$data[1:2500, ], K = 3,
        gate = gate_gaussian(g$shape, g$shared, g$likelihood),
        control = control)
  }, starts = 2, moves = 1)
})
add_fit("Boston, Gaussian gate", function(control) {
  moe(medv ~ lstat + rm, MASS::Boston, K = 2, gate = gate_gaussian(),
      control = control)
})

# --- Several responses --------------------------------------------------------

several <- expand.grid(shape = shapes, shared = c(FALSE, TRUE),
                       stringsAsFactors = FALSE)
for (i in seq_len(nrow(several))) local({
  e <- several[i, ]
  name <- paste0("ais, two responses, ", e$shape, if (e$shared) " shared")
  add_fit(name, function(control) {
    moe(cbind(LBM, Ht) ~ Wt + sex | Wt, ais, K = 2, control = control,
        expert = expert_gaussian(e$shape, e$shared))
  })
})
add_fit("ais, three responses, Gaussian gate", function(control) {
  moe(cbind(LBM, Ht, Fe) ~ Wt, ais, K = 2, gate = gate_gaussian(),
      control = control)
})
add_fit("faithful, two responses, constant gate", function(control) {
  moe(cbind(eruptions, waiting) ~ 1, faithful, K = 3, gate = gate_constant(),
      control = control)
})
add_fit("4000 rows, two responses", function(control) {
  d <- transform(big$data[1:4000, ], y2 = y / 2 + x2 + sin(1:4000))
  moe(cbind(y, y2) ~ x1 + x2 | x1 + x3, d, K = 3, control = control)
})
