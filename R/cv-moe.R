#' Cross-validation of mixtures of experts
#'
#' Fits each model of a grid to all rows but those of one fold, predicts the
#' distribution of the response in that fold, scores it, and does so for each
#' fold in turn. The scores tell which number of experts, which gate and which
#' family of experts best predict rows that they have not seen.
#'
#' @section Scores:
#' Row \eqn{i} of fold \eqn{v} is scored by the fit \eqn{\hat s_{-v}}{s_-v} to
#' the rows outside the fold. For all scores **smaller is better**:
#' \describe{
#'   \item{`"log_score"`}{\eqn{-\log \hat s_{-v}(y_i \mid x_i)}{-log s_-v(y_i |
#'     x_i)}, of all responses together; see [log_score()]}
#'   \item{`"crps"`}{the continuous ranked probability score of [crps()], in
#'     the unit of the response}
#'   \item{`"squared_error"`}{\eqn{(y_i - \hat\mu_{-v}(x_i))^2}{(y_i -
#'     mu_-v(x_i))^2}, with the mean of the mixture}
#' }
#' With several responses the last two are sums over the responses in their own
#' units, so that the response with the largest numbers counts most: scale the
#' responses, or use the logarithmic score, whose comparisons do not depend on
#' units. A transformed response, as in `log(y) ~ x`, is scored on its
#' transformed scale.
#'
#' The mean of a model over the \eqn{V} folds, and its standard error, are
#' \deqn{\bar s = \frac{\sum_v W_v \bar s_v}{\sum_v W_v}, \qquad
#'   \mathrm{se}^2 = \frac{1}{V - 1}
#'   \frac{\sum_v W_v (\bar s_v - \bar s)^2}{\sum_v W_v},}{%
#'   s = sum W_v s_v / sum W_v,
#'   se^2 = (sum W_v (s_v - s)^2 / sum W_v) / (V - 1),}
#' where \eqn{\bar s_v}{s_v} is the weighted mean in fold \eqn{v} and
#' \eqn{W_v} the sum of the case weights in it (the number of rows, without
#' weights). For folds of one size, \eqn{\mathrm{se}} is the standard deviation
#' of the fold means over \eqn{\sqrt V}. With `repeats`, mean and squared
#' standard error are averages over the repeats: repeats remove the chance of
#' one division into folds, but the rows stay the same, so that the standard
#' error does not shrink with their number. Folds share most of the rows that
#' they are fitted to, which the formula neglects: the standard error is a
#' guide, not a basis for tests.
#'
#' @section Which model:
#' The best model has the smallest mean. The one-standard-error rule takes the
#' model with the fewest parameters among those whose mean is at most one
#' standard error (that of the best) above the smallest. Parameters are those of
#' the conditional density of the response, the largest number over the folds;
#' ties go to the smaller mean. [best()] returns either.
#'
#' @section Folds:
#' A number makes random folds of nearly equal size, each time anew for each of
#' the `repeats`. With `groups`, rows of one group stay together, and folds are
#' balanced by their number of rows. The folds are drawn before the work is
#' distributed. They depend on the seed, not on the models, so calls with the
#' same seed and rows use the same folds.
#'
#' Everything is done anew in each fold: transformations that depend on the
#' data, such as `poly()` or `scale()`, see only the rows of the fit.
#'
#' @section What can go wrong in a fold:
#' A fit that stops with an error is recorded, and the model has no mean (`NA`),
#' since it cannot be compared on the same rows as the others. Fits that raise
#' warnings (not converged, a variance at its floor, ...) count like others. A
#' row with a factor level that none of the rows of the fit has cannot be
#' predicted: it has the score `NA` and is left out of the averages of all
#' models. For each of these there is one warning of class
#' `gatemix_warning_cv` with counts; `as.data.frame(x, what = "folds")` has a
#' row for each fit. If all fits fail, that is an error of class
#' `gatemix_error_cv`.
#'
#' @section Parallel and repeatable: The fits are tasks that can run in parallel
#'   and be kept on disk, see [gatemix_parallel]. Each fold has a random stream
#'   of its own that is derived from the seed, so that numbers are the same
#'   under any plan, and those of a model do not depend on the other models of
#'   the grid.
#'
#' @param formula A formula `y ~ experts | gate` as in [moe()], or a fit from
#'   [moe()] whose model is to be cross-validated (also a fit from matrices).
#' @param data A data frame with the variables of the formula.
#' @param K Numbers of experts, for instance `1:5`.
#' @param gate,expert One gate and one family of experts as in [moe()], or
#'   lists of them: all combinations with `K` are compared. Names of the lists
#'   are the models' labels.
#' @param weights Case weights, not negative, used in the fits and in the
#'   averages.
#' @param subset,na.action,contrasts As in [lm()].
#' @param folds The number of folds, from 2 to the number of rows (or groups);
#'   `Inf`: leave one row (or group) out; a vector of labels, one per row, where
#'   rows labelled `NA` are never left out; or a list of vectors of row numbers,
#'   each a fold whose other rows are fitted to (they need not cover all rows,
#'   so that a single test set is possible). Labels and numbers are those of the
#'   rows of `data`.
#' @param repeats How often to repeat with new random folds.
#' @param groups A variable, looked up in `data` first, whose equal values mark
#'   rows to keep together, one per row. `NULL`: none.
#' @param control Settings of the fits from [moe_control()].
#' @param seed A whole number for `set.seed()`, whose effect ends with the call;
#'   `NULL`: the current state of the generator.
#' @param checkpoint A directory to which finished fits are written, and from
#'   which the same call reads them when it is made again after an
#'   interruption; give a `seed` then. A call with more models takes those that
#'   are there and fits the others. `NULL`: none.
#' @param object,x The result of `cv_moe()`.
#' @param score Which score to summarise.
#' @param what A table with a row per model and score (as `tidy()` gives), per
#'   fit, or per held-out row and model.
#' @param ... Not used; anything here is an error.
#' @return An object of class `moe_cv`. `print()` shows means and standard
#'   errors of all scores, `summary()` one score with the differences from the
#'   best model; see also [plot()][plot.moe_cv] and [best()]. It is a list with
#'   \item{table}{a row per model and score: `model` (its name), `K`, `gate`,
#'     `expert`, `df` (number of parameters), `score`, `mean`, `std.error`,
#'     `difference` (from the best model) and `difference.se` (the standard
#'     error of that difference, by the formula above for the differences of the
#'     fold means), and the flags `best` and `one_se`}
#'   \item{models}{the models: lists of `K`, `gate` and `expert`}
#'   \item{folds}{a row per fit: `model`, `repetition`, `fold`, number of rows
#'     `n` and `weight` that are scored, `log_score`, `crps`, `squared_error`
#'     (fold means), `df`, `status` (`"ok"`, kinds of warnings, or `"failed"`)
#'     and `message` (of the error)}
#'   \item{rows}{a row per held-out row: `repetition`, `fold`, `row` (its number
#'     in `data`; for a fit: among the rows that the fit saw, those with missing
#'     values included) and `weight`}
#'   \item{scores}{an array of the scores, rows of `rows` by models by scores}
#'   \item{n, formula, call}{number of rows used, formula and call}
#' @section Errors: bad input is an error of class `gatemix_error_input`.
#' @references Hastie, T., Tibshirani, R. and Friedman, J. (2009). *The Elements
#'   of Statistical Learning*, 2nd edition, section 7.10 (cross-validation,
#'   one-standard-error rule). Springer.
#'
#'   Gneiting, T. and Raftery, A. E. (2007). Strictly proper scoring rules,
#'   prediction, and estimation. *Journal of the American Statistical
#'   Association* 102, 359-378.
#' @seealso [crps()] and [log_score()] for one fit and rows that it has not
#'   seen.
#' @order 1
#' @export
#' @examples
#' cv <- cv_moe(eruptions ~ waiting, data = faithful, K = 1:3, folds = 5,
#'              control = moe_control(starts = 3), seed = 1)
#' cv
#' plot(cv)
#'
#' # the chosen model, fitted to all rows
#' chosen <- best(cv, score = "crps", rule = "one_se")
#' fit <- moe(eruptions ~ waiting, data = faithful, K = chosen$K)
#'
#' # grouped folds: predict chicks that were not seen
#' cv_moe(weight ~ Time, data = ChickWeight, K = 1:2, groups = Chick, folds = 5,
#'        control = moe_control(starts = 3), seed = 1)
cv_moe <- function(formula, ...) {
  if (missing(formula)) {
    abort_input("`formula` is missing: give a formula, as in cv_moe(y ~ x, ",
                "data, K = 1:5), or a fit from moe().")
  }
  UseMethod("cv_moe")
}

#' @export
cv_moe.default <- function(formula, ...) {
  abort_input("`formula` must be a formula or a fit from moe(); found ",
              describe(formula), ".")
}

#' @rdname cv_moe
#' @order 2
#' @export
cv_moe.formula <- function(formula, data, K, gate = gate_softmax(),
                           expert = expert_gaussian(), weights, subset,
                           na.action, contrasts = NULL, folds = 10,
                           repeats = 1, groups = NULL,
                           control = moe_control(), seed = NULL,
                           checkpoint = NULL, ...) {
  check_dots(..., help = "?cv_moe")
  if (missing(K)) {
    abort_input("`K` is missing: give numbers of experts, as in K = 1:5.")
  }
  # evaluated only once, because the expression may draw random numbers
  data <- if (!missing(data)) data
  built <- numbered_frame(formula, match.call(expand.dots = FALSE), data,
                          parent.frame(), contrasts)
  source <- formula_source(built, data, contrasts)
  groups <- eval_groups(substitute(groups), data, parent.frame())
  grid <- model_grid(K, gate, expert)
  control <- check_control(control)
  plan <- fold_plan(folds, check_count(repeats, "repeats"), groups, source,
                    seed)
  cross_validate(source, grid, plan, control, checkpoint, match.call())
}

#' @rdname cv_moe
#' @order 3
#' @export
cv_moe.moe <- function(formula, K = formula$K, gate = formula$gate,
                       expert = formula$expert, folds = 10, repeats = 1,
                       groups = NULL, control = formula$control, seed = NULL,
                       checkpoint = NULL, ...) {
  check_dots(..., help = "?cv_moe")
  source <- fit_source(formula, parent.frame())
  env <- parent.frame()
  data <- tryCatch(call_data(formula, env),
                   gatemix_error_input = function(e) NULL)
  groups <- eval_groups(substitute(groups), data, env)
  grid <- model_grid(K, gate, expert)
  control <- check_control(control)
  plan <- fold_plan(folds, check_count(repeats, "repeats"), groups, source,
                    seed)
  cross_validate(source, grid, plan, control, checkpoint, match.call())
}

# Returns the values of `groups`, a column of the data or an expression.
eval_groups <- function(groups, data, env) {
  input_error(eval(groups, if (is.list(data)) data, env), "`groups`")
}

# Runs one task for each fold and model. All models of a fold have the same
# stream of random numbers, so that a model's result does not depend on the
# others.
cross_validate <- function(source, grid, plan, control, checkpoint, call) {
  check_rows_left(plan, source, grid)
  at <- expand.grid(model = seq_along(grid$models),
                    fold = seq_along(plan$test))
  tasks <- lapply(seq_len(nrow(at)), function(i) {
    list(model = grid$models[[at$model[i]]], test = plan$test[[at$fold[i]]])
  })
  names(tasks) <- sprintf("%s_%d-%d", file_labels(names(grid$models))[at$model],
                          plan$repeats[at$fold], plan$fold[at$fold])
  results <- run_tasks(tasks, fold_work(source, control), plan$seeds[at$fold],
                       checkpoint, "fold", key = cv_key(source, control),
                       globals = cv_globals(source))
  finish_cv(results, source, grid, plan, call)
}

# Returns the function that does a task; its environment holds only what it
# needs, because it is sent to workers.
fold_work <- function(source, control) {
  force(source)
  force(control)
  function(task) fold_result(source, task$model, task$test, control)
}

# Returns what the results depend on besides the task. The formula is given as
# text, because its environment differs between sessions.
cv_key <- function(source, control) {
  source$formula <- deparse_one(source$formula)
  c(list(data = source[names(source) != "formula"]),
    formula = source$formula, list(control = unclass(control)))
}

# Returns what workers need to evaluate the formula, besides the variables.
cv_globals <- function(source) {
  if (is.null(source$formula)) return(list())
  found <- formula_globals(source$formula)
  found$objects <- found$objects[setdiff(names(found$objects),
                                         names(source$data))]
  found
}
