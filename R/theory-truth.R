#' Models of the literature
#'
#' The mixtures of experts from which the papers on their theory simulate, by
#' name, each with the law of its predictors.
#'
#' `simulate(moe_truth("glome_ws"), n = 2000, seed = 1)` draws predictors and
#' response; all other methods of [moe_model()] work too. Models hold variances;
#' a paper's standard deviations are squared.
#'
#' @param name One of the names in `moe_truth()`.
#' @return Without `name`, a data frame with a row per model: `name`, `K`,
#'   `gate`, `expert`, `design` (the law of the predictors, in words) and
#'   `source`. With a name, an object of class `moe_truth`, which is a
#'   `moe_model` with the fields `name`, `design_label` and `source`.
#' @section Errors: an unknown name is an error of class `gatemix_error_input`.
#' @references
#'   Nguyen, H., Nguyen, T. and Ho, N. (2023). Demystifying softmax gating
#'   function in Gaussian mixture of experts. *NeurIPS* 36.
#'
#'   Nguyen, H., Nguyen, T., Nguyen, K. and Ho, N. (2024). Towards convergence
#'   rates for parameter estimation in Gaussian-gated mixture of experts.
#'   *AISTATS*.
#'
#'   Nguyen, T. T., Nguyen, H. D., Chamroukhi, F. and Forbes, F. (2022). A
#'   non-asymptotic approach for model selection via penalization in
#'   high-dimensional mixture of experts models. *Electronic Journal of
#'   Statistics* 16, 4742-4822.
#'
#'   Hai, D. T., Mai, T. T., Nguyen, T. T., Ho, N., Nguyen, B. and Drovandi, C.
#'   (2025). Dendrograms of mixing measures for softmax-gated Gaussian mixture
#'   of experts. arXiv 2510.12744.
#'
#'   Chamroukhi, F. and Huynh, B.-T. (2019). Regularized maximum likelihood
#'   estimation and feature selection in mixtures-of-experts models. *Journal de
#'   la Societe Francaise de Statistique* 160, 57-85.
#' @seealso [moe_model()].
#' @export
#' @examples
#' moe_truth()
#' truth <- moe_truth("glome_ws")
#' truth
#' d <- simulate(truth, n = 300, seed = 1)
#' plot(truth, newdata = d)
moe_truth <- function(name) {
  if (missing(name)) return(truth_table())
  name <- check_choice(name, "name", names(truths))
  made <- truths[[name]]()
  model <- made$model
  model$name <- name
  model$design_label <- made$design
  model$source <- made$source
  class(model) <- c("moe_truth", class(model))
  model
}

truth_table <- function() {
  rows <- lapply(names(truths), function(name) {
    truth <- moe_truth(name)
    data.frame(name = name, K = truth$K, gate = truth$gate$name,
               expert = truth$expert$name, design = truth$design_label,
               source = truth$source)
  })
  do.call(rbind, rows)
}

#' @export
print.moe_truth <- function(x, ...) {
  cat("Truth \"", x$name, "\", ", x$source, "\n", sep = "")
  NextMethod()
  invisible(x)
}

# Returns a formula that does not keep the frame it was made in.
truth_formula <- function(text) stats::as.formula(text, globalenv())

# Returns a law of the predictors without the frame that made it.
free_law <- function(f) {
  environment(f) <- asNamespace("gatemix")
  f
}

sgmoe_truth <- function(design, label, source) {
  list(model = moe_model(truth_formula("y ~ x"),
                         gate_coef = cbind(c(-8, 25), c(0, 0)),
                         expert_coef = cbind(c(15, -20), c(-5, 20)),
                         variance = c(0.3, 0.4)^2, design = free_law(design)),
       design = label, source = source)
}

# Returns one of the four models of the rates with Gaussian gates, with d
# predictors. In type I all gate means are away from zero, in type II the first
# is zero.
ggmoe_truth <- function(d, type) {
  first <- type == 1L
  center <- c(if (first) -0.1 else 0, 0.1, 0.5)
  intercept <- c(if (first) 0.340454 else 0.3, -0.328571, 0.2)
  slope <- c(0.404540, -0.714286, 0)
  text <- if (d == 1L) "y ~ x" else "y ~ x1 + x2"
  model <- moe_model(
    truth_formula(text), gate = gate_gaussian(),
    gate_coef = list(weights = c(0.3, 0.4, 0.3),
                     means = matrix(center, d, 3L, byrow = TRUE),
                     covariances = c(0.042824, 0.0175, 0.01)),
    expert_coef = rbind(intercept, matrix(slope, d, 3L, byrow = TRUE),
                        deparse.level = 0),
    variance = c(if (first) 0.00887672 else 0.00116766, 0.02642857, 0.0175))
  list(model = model, design = "the gate's mixture",
       source = "Nguyen, Nguyen, Nguyen, Ho (2024), arXiv 2305.07572")
}

glome_truth <- function(text, expert_coef) {
  model <- moe_model(
    truth_formula(text), gate = gate_gaussian(),
    gate_coef = list(weights = c(0.5, 0.5), means = c(0.2, 0.8),
                     covariances = c(0.1, 0.15)),
    expert_coef = expert_coef, variance = c(0.09, 0.09))
  list(model = model, design = "the gate's mixture",
       source = paste("Nguyen, Nguyen, Chamroukhi, Forbes (2022),",
                      "arXiv 2104.02640"))
}

dendro_source <- paste("Hai, Mai, Nguyen, Ho, Nguyen, Drovandi (2025),",
                       "arXiv 2510.12744")

# Returns a model with three experts in two dimensions with overlapping gates.
dendro_truth <- function(slope, sd) {
  model <- moe_model(
    truth_formula("y ~ x1 + x2"),
    gate_coef = cbind(c(0.3, 1, -1), c(0.5, 1, 0.5), c(0, 0, 0)),
    expert_coef = cbind(c(0.5, slope, 0.9), c(0.5, 0.6, 0.5),
                        c(0.5, 1.1, -0.3)),
    variance = sd^2,
    design = free_law(function(n) {
      data.frame(x1 = stats::runif(n), x2 = stats::runif(n))
    }))
  list(model = model, design = "x1, x2 uniform on (0, 1)",
       source = dendro_source)
}

lasso_truth <- function() {
  model <- moe_model(
    truth_formula("y ~ x1 + x2 + x3 + x4 + x5 + x6"),
    gate_coef = c(1, 2, 0, 0, -1, 0, 0),
    expert_coef = cbind(c(0, 0, 1.5, 0, 0, 0, 1), c(0, 1, -1.5, 0, 0, 2, 0)),
    variance = c(1, 1),
    design = free_law(function(n) {
      sigma <- 0.5^abs(outer(1:6, 1:6, `-`))
      x <- matrix(stats::rnorm(6L * n), n) %*% chol(sigma)
      colnames(x) <- paste0("x", 1:6)
      as.data.frame(x)
    }))
  list(model = model, design = "Gaussian, correlations 0.5^|i - j|",
       source = "Chamroukhi, Huynh (2019)")
}

truths <- list(
  sgmoe = function() {
    sgmoe_truth(function(n) data.frame(x = seq(0, 1, length.out = n)),
                "x equispaced on [0, 1]",
                "Nguyen, Nguyen, Ho (2023), arXiv 2305.03288")
  },
  ggmoe_1 = function() ggmoe_truth(1L, 1L),
  ggmoe_2 = function() ggmoe_truth(1L, 2L),
  ggmoe_3 = function() ggmoe_truth(2L, 1L),
  ggmoe_4 = function() ggmoe_truth(2L, 2L),
  glome_ws = function() glome_truth("y ~ x", cbind(c(2, -5), c(0, 0.1))),
  glome_ms = function() {
    glome_truth("y ~ x + I(x^2) | x", cbind(c(1, -6, 1), c(0, 0, -0.4)))
  },
  dendro_2 = function() dendro_truth(-1.5, c(0.8, 0.2, 1.2)),
  dendro_3 = function() dendro_truth(1.5, c(0.9, 0.5, 1.2)),
  dendro_5 = function() {
    sgmoe_truth(function(n) data.frame(x = stats::runif(n)),
                "x uniform on (0, 1)",
                dendro_source)
  },
  dendro_6 = function() dendro_truth(1.5, c(0.2, 0.3, 0.2)),
  lasso_gaussian = lasso_truth
)
