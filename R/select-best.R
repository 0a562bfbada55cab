#' The best model of a comparison
#'
#' @param x A comparison of models: the result of [moe_select()], [cv_moe()],
#'   [moe_path()], [cv_moe_path()] or [moe_dendrogram()].
#' @param score Which score decides, see [cv_moe()].
#' @param rule `"min"`: the smallest mean; `"one_se"`: the fewest parameters
#'   within one standard error of it.
#' @param ... Not used; anything here is an error.
#' @return For [cv_moe()] a list that describes the model, for a fit to all rows
#'   by [moe()]: `model` (its name), `K`, `gate`, `expert`, then `df`, `score`,
#'   `mean` and `std.error`.
#' @section Errors: `rule = "one_se"` without a standard error (from one fold
#'   alone) is an error of class `gatemix_error_input`.
#' @references Hastie, T., Tibshirani, R. and Friedman, J. (2009). *The Elements
#'   of Statistical Learning*, 2nd edition, section 7.10. Springer.
#' @order 1
#' @export
#' @examples
#' cv <- cv_moe(eruptions ~ waiting, data = faithful, K = 1:2, folds = 5,
#'              control = moe_control(starts = 3), seed = 1)
#' chosen <- best(cv, rule = "one_se")
#' moe(eruptions ~ waiting, data = faithful, K = chosen$K,
#'     gate = chosen$gate, expert = chosen$expert)
best <- function(x, ...) UseMethod("best")

#' @export
best.default <- function(x, ...) {
  abort_input("best() chooses from a comparison of models: the result of ",
              "moe_select(), cv_moe(), moe_path(), cv_moe_path() or ",
              "moe_dendrogram(); found ", describe(x), ".")
}
