# Penalised fits and their paths.

few_rows <- three_lines(250, p = 8, seed = 2)
many_rows <- three_lines(3000, p = 8, seed = 3)
sparse <- sparse_lines(1200, 40)
constructors <- list(
  lasso = penalty_lasso, "elastic net" = penalty_elastic_net,
  ridge = penalty_ridge, "group lasso" = penalty_group_lasso,
  SCAD = penalty_scad, MCP = penalty_mcp)

# Fits with the same penalty on gate and experts.
penalised <- function(x, y, K, penalty, control, ...) {
  moe(x, y, K = K, control = control, ...,
      gate = gate_softmax(penalty = penalty),
      expert = expert_gaussian(penalty = penalty))
}

for (kind in names(constructors)) local({
  penalty <- constructors[[kind]]
  add_fit(paste0(kind, ", dense"), function(control) {
    penalised(many_rows$x, many_rows$y, 3, penalty(0.04), control,
              start = many_rows$label)
  })
  add_fit(paste0(kind, ", dense, search"), function(control) {
    penalised(few_rows$x, few_rows$y, 2, penalty(0.06), control)
  }, moves = 1)
  add_fit(paste0(kind, ", sparse"), function(control) {
    penalised(sparse$x, sparse$y, 2, penalty(0.03), control,
              start = sparse$label)
  })
})

# --- What else a penalty can be -----------------------------------------------

add_fit("lasso as HDME has it", function(control) {
  penalty <- penalty_lasso(lambda_from_sum(5, 250), standardize = FALSE)
  moe(few_rows$x, few_rows$y, K = 2, gate = gate_softmax(penalty = penalty),
      expert = expert_gaussian(shared = TRUE, penalty = penalty),
      control = control)
})
add_fit("lasso, exclude and factor", function(control) {
  penalty <- penalty_lasso(0.05, exclude = "x1", factor = c(x2 = 2, x3 = 0.5))
  penalised(few_rows$x, few_rows$y, 2, penalty, control)
})
add_fit("group lasso with factors", function(control) {
  penalty <- penalty_group_lasso(0.02)
  moe(LBM ~ Wt + Ht + sport + sex | Wt + sport, ais, K = 2, control = control,
      gate = gate_softmax(penalty = penalty),
      expert = expert_gaussian(penalty = penalty))
}, starts = 2, moves = 0)
add_fit("lasso with weights and offset", function(control) {
  d <- few_rows$data
  weights <- rep(1:2, length.out = nrow(d))
  moe(y ~ . - x8 + offset(x8), d, K = 2, weights = weights, control = control,
      gate = gate_softmax(penalty = penalty_lasso(0.02)),
      expert = expert_gaussian(penalty = penalty_lasso(0.05)))
})
add_fit("lasso, two responses", function(control) {
  moe(cbind(LBM, Bfat) ~ Wt + Ht + BMI + SSF + RCC | Wt + Ht, ais, K = 2,
      gate = gate_softmax(penalty = penalty_lasso(0.02)), control = control,
      expert = expert_gaussian("diagonal", penalty = penalty_lasso(0.05)))
})
add_fit("lasso on the means of a Gaussian gate", function(control) {
  moe(few_rows$x, few_rows$y, K = 2, control = control,
      gate = gate_gaussian("diagonal", penalty = penalty_lasso(0.05)),
      expert = expert_gaussian(penalty = penalty_lasso(0.05)))
})
add_fit("MCP, constant gate", function(control) {
  moe(few_rows$x, few_rows$y, K = 2, gate = gate_constant(), control = control,
      expert = expert_gaussian(penalty = penalty_mcp(0.1)))
})
for (step in c("newton", "bound", "coordinate")) local({
  step <- step
  add_fit(paste("lasso, gate step", step), function(control) {
    penalised(few_rows$x, few_rows$y, 2, penalty_lasso(0.04), control,
              start = 1L + (few_rows$x[, 1] > 0))
  }, gate_step = step, accelerate = FALSE, tol = 1e-6)
})
add_fit("gate step bound without penalty", function(control) {
  moe(waiting ~ eruptions, faithful, K = 2, control = control)
}, gate_step = "bound", accelerate = FALSE, tol = 1e-6)
# From some 500 columns on the M-step works on rows.
add_fit("ridge, 510 columns", function(control) {
  d <- three_lines(700, p = 510, seed = 4)
  moe(d$x, d$y, K = 1, control = control,
      expert = expert_gaussian(penalty = penalty_ridge(0.5)))
})
add_fit("ridge, 505 columns, stopped early", function(control) {
  d <- three_lines(1500, p = 505, seed = 4)
  moe(d$x, d$y, K = 2, z = d$x[, 1:3], start = 1L + (d$label > 1),
      control = control,
      expert = expert_gaussian(shared = TRUE, penalty = penalty_ridge(1)))
}, max_iter = 30)
add_fit("lasso, more columns than rows", function(control) {
  d <- three_lines(200, p = 300, seed = 4)
  penalty <- penalty_lasso(0.2)
  moe(d$x, d$y, K = 2, start = 1L + (d$label > 1), control = control,
      gate = gate_softmax(penalty = penalty),
      expert = expert_gaussian(shared = TRUE, penalty = penalty))
})

# --- Paths --------------------------------------------------------------------

# Returns all points of a path and the fit that BIC chooses.
path_record <- function(path) {
  table <- as.data.frame(path)
  chosen <- best(path, criterion = "bic")
  point <- which.min(table$BIC)
  c(fit_record(chosen)[c("coefficients", "values")],
    list(loglik = table$logLik, iterations = table$iterations,
         criteria = unlist(table[c("lambda", "df", "AIC", "BIC", "EBIC")]),
         choices = c(points = as.character(nrow(table)),
                     smallest_BIC = as.character(point),
                     nonzero = toString(table$nonzero_expert),
                     nonzero_gate = toString(table$nonzero_gate),
                     status = toString(table$status))))
}

add_path <- function(name, run) {
  force(run)
  add_case(paste("path:", name), function(threads) {
    path_record(run(short(threads, starts = 2)))
  })
}

for (kind in names(constructors)) local({
  penalty <- constructors[[kind]]
  add_path(kind, function(control) {
    moe_path(few_rows$x, few_rows$y, K = 2, nlambda = 8,
             lambda_min_ratio = 0.05,
             gate = gate_softmax(penalty = penalty()), control = control,
             expert = expert_gaussian(shared = TRUE, penalty = penalty()))
  })
})
add_path("Boston, two ratios, relaxed", function(control) {
  moe_path(medv ~ lstat + rm + dis + tax + ptratio, MASS::Boston, K = 2,
           nlambda = 6, lambda_ratio_gate = c(0.5, 1), relax = TRUE,
           control = control)
})
add_case("path: relaxed, at a value of lambda", function(threads) {
  path <- moe_path(few_rows$x, few_rows$y, K = 2, nlambda = 6, relax = TRUE,
                   control = short(threads, starts = 2))
  list(coefficients = list(bic = coef(path, relax = TRUE),
                           value = coef(path, s = 0.1)),
       values = list(mean = some(predict(path, relax = TRUE))))
})
add_path("sparse", function(control) {
  moe_path(sparse$x, sparse$y, K = 2, nlambda = 8, lambda_min_ratio = 0.1,
           control = control)
})
add_path("more columns than rows", function(control) {
  d <- three_lines(100, p = 150, seed = 5)
  moe_path(d$x, d$y, K = 2, nlambda = 8, control = control)
})
add_path("Gaussian gate", function(control) {
  moe_path(few_rows$x, few_rows$y, K = 2, nlambda = 6, control = control,
           gate = gate_gaussian("diagonal", penalty = penalty_lasso()))
})
add_case("path: cross-validation", function(threads) {
  path <- moe_path(few_rows$x, few_rows$y, K = 2, nlambda = 6,
                   control = short(threads, starts = 2))
  cv <- cv_moe_path(path, folds = 3, seed = 1)
  table <- as.data.frame(cv)
  c(list(loglik = table$mean, coefficients = list(all = coef(cv)),
         choices = c(best = toString(which(table$best)),
                     one_se = toString(which(table$one_se)))),
    values(error = table$std.error))
})
