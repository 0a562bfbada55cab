# Choosing the model: selections, cross-validation, slopes, dendrograms.

two_lines <- function(n) simulate(moe_truth("glome_ws"), n = n, seed = 1)

# --- Selections ---------------------------------------------------------------

model_name <- function(fit) {
  about <- glance(fit)
  paste(about$gate, "gate, K =", about$K, "with", about$df, "parameters")
}

# Returns the criteria of all models and what each criterion chooses.
selection_record <- function(selection, criteria) {
  table <- as.data.frame(selection)
  columns <- intersect(c("df", "AIC", "BIC", "ICL", "jump", "slope",
                         "dimension", "log_score"), names(table))
  numbers <- unlist(lapply(table[columns], function(x) x[is.finite(x)]))
  names(criteria) <- criteria
  picked <- lapply(criteria, function(by) best(selection, criterion = by))
  list(loglik = table$logLik, criteria = numbers,
       coefficients = lapply(picked, coef),
       values = list(average = some(predict(selection, type = "response"))),
       choices = c(vapply(picked, model_name, ""),
                   status = toString(table$status)))
}

add_case("select: faithful by BIC", function(threads) {
  selection_record(moe_select(waiting ~ eruptions, faithful, K = 1:4, seed = 1,
                              control = short(threads, starts = 2)),
                   c("bic", "aic", "icl"))
})
add_case("select: gates and experts by ICL", function(threads) {
  selection_record(
    moe_select(medv ~ lstat, MASS::Boston, K = 2:3, criterion = "icl",
               gate = list(gate_softmax(), gate_gaussian()),
               expert = list(own = expert_gaussian(),
                             shared = expert_gaussian(shared = TRUE)),
               seed = 1, control = short(threads, starts = 2)),
    c("bic", "icl"))
})
add_case("select: slope heuristics", function(threads) {
  selection_record(moe_select(y ~ x, two_lines(500), K = 1:12, seed = 1,
                              gate = gate_gaussian(), criterion = "slope",
                              control = short(threads, starts = 1)),
                   c("slope", "jump", "bic"))
})
add_case("select: held-out scores", function(threads) {
  selection_record(moe_select(NOx ~ E, lattice::ethanol, K = 1:3, seed = 1,
                              criterion = "cv", folds = 3,
                              control = short(threads, starts = 2)),
                   c("cv", "bic"))
})

# --- Cross-validation ---------------------------------------------------------

cv_record <- function(cv) {
  table <- as.data.frame(cv)
  scores <- c(log = "log_score", crps = "crps", squared = "squared_error")
  pick <- function(rule) {
    vapply(scores, function(by) best(cv, score = by, rule = rule)$model, "")
  }
  c(list(loglik = table$mean,
         choices = c(min = pick("min"), one_se = pick("one_se"))),
    values(error = table$std.error, difference = table$difference,
           folds = as.data.frame(cv, what = "folds")$log_score))
}

add_case("cv: ethanol", function(threads) {
  cv_record(cv_moe(NOx ~ E, lattice::ethanol, K = 1:3, folds = 4, repeats = 2,
                   control = short(threads), seed = 1))
})
add_case("cv: ChickWeight by groups", function(threads) {
  cv_record(cv_moe(weight ~ Time, ChickWeight, K = 1:2, groups = Chick,
                   folds = 4, control = short(threads), seed = 1))
})

# --- The slope heuristic on a table -------------------------------------------

polynomials <- function() {
  x <- seq(-1, 1, length.out = 200)
  y <- sin(4 * x) + stats::rnorm(200, sd = 0.3)
  fits <- lapply(1:19, function(degree) stats::lm(y ~ poly(x, degree)))
  data.frame(contrast = -vapply(fits, stats::logLik, 0), dimension = 3:21)
}

for (by in c("bisquare", "huber", "hampel", "lm")) local({
  by <- by
  add_case(paste("slope heuristic,", by), function() {
    table <- polynomials()
    s <- slope_heuristic(table$contrast, table$dimension, regression = by,
                         window = 0.2, n = 200)
    found <- tidy(s)
    list(criteria = unlist(found[c("dimension", "kappa", "constant")]),
         choices = stats::setNames(as.character(found$model), found$method))
  })
})

# --- Dendrograms --------------------------------------------------------------

# Returns heights and likelihoods of all merges, and the numbers chosen.
tree_record <- function(tree) {
  plain <- suppressWarnings(dsc(tree))
  rescaled <- suppressWarnings(dsc(tree, rescaled = TRUE))
  list(loglik = plain$loglik,
       coefficients = list(two = coef(merged(tree, 2)),
                           refitted = coef(best(tree, K = 2))),
       values = list(heights = flat(as.data.frame(tree)$height),
                     dsc = plain$dsc, rescaled = rescaled$dsc),
       choices = c(K = toString(plain$K[which(plain$chosen)]),
                   rescaled = toString(rescaled$K[which(rescaled$chosen)]),
                   order = toString(as.hclust(tree)$order)))
}

add_tree <- function(name, fit, ...) {
  force(fit)
  arguments <- list(...)
  add_case(paste("dendrogram:", name), function(threads) {
    tree_record(do.call(moe_dendrogram,
                        c(list(fit(short(threads))), arguments)))
  })
}

softmax_tree <- function(control) {
  d <- simulate(moe_truth("dendro_5"), n = 1500, seed = 1)
  moe(y ~ x, d, K = 4, control = control)
}
add_tree("softmax gate", softmax_tree)
add_tree("softmax gate, raw", softmax_tree, standardise = FALSE)
add_tree("softmax gate, squared", softmax_tree, dissimilarity = "squared")
add_tree("Gaussian gate", function(control) {
  moe(eruptions ~ waiting, faithful, K = 4, gate = gate_gaussian(),
      control = control)
})
add_tree("constant gate", function(control) {
  moe(tuned ~ stretch_ratio, tone, K = 4, gate = gate_constant(),
      control = control)
})
