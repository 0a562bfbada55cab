# The model in tidymodels. Functions of parsnip are looked up when they are
# called, so that gatemix works without it.

#' Mixture of experts for tidymodels
#'
#' A model specification for package parsnip: regression by a mixture of
#' experts, fitted by [moe()].
#'
#' @param mode `"regression"`, or (parsnip 1.3.0 or newer)
#'   `"quantile regression"`, best set by `parsnip::set_mode()`, which takes
#'   the `quantile_levels`.
#' @param engine `"gatemix"`.
#' @param num_experts Number of experts, the argument `K` of [moe()]. It may be
#'   `tune()`, see [num_experts()].
#'
#' @details All other arguments of [moe()] are arguments of the engine:
#'   `set_engine("gatemix", gate = gate_gaussian(), control = moe_control())`.
#'
#'   `fit()` takes the formula of [moe()], `y ~ experts | gate`. In a workflow
#'   give it as `add_model(formula = )`, after `add_variables()`:
#'   `add_formula()` and recipes would take the bar for the logical "or".
#'   `fit_xy()` uses all predictors for experts and gate. Case weights
#'   (`hardhat::importance_weights()`, `hardhat::frequency_weights()`) become
#'   `weights`. Factors are handled by [moe()] itself and need no dummy
#'   variables.
#'
#'   Types of `predict()`: `"numeric"` (the mean, column `.pred`; `.pred_y1`
#'   and so on for several responses), `"pred_int"` (central prediction
#'   intervals of probability `level`), `"quantile"` (at `quantile_levels`) and
#'   `"raw"` (what [predict.moe()] returns; `opts = list(type = "gate")` and so
#'   on).
#' @return `mixture_of_experts()`: a model specification of class
#'   `mixture_of_experts`.
#' @section Errors: of class `gatemix_error_package` without package parsnip;
#'   of class `gatemix_error_input` when a specification without `num_experts`
#'   is fitted.
#' @family tidy methods
#' @export
#' @examples
#' if (requireNamespace("parsnip", quietly = TRUE)) {
#'   spec <- mixture_of_experts(num_experts = 2)
#'   fit <- parsnip::fit(spec, eruptions ~ waiting, data = faithful)
#'   new <- data.frame(waiting = c(50, 80))
#'   print(predict(fit, new))
#'   predict(fit, new, type = "pred_int", level = 0.9)
#' }
mixture_of_experts <- function(mode = "regression", engine = "gatemix",
                               num_experts = NULL) {
  need_package("parsnip", "mixture_of_experts()")
  register_parsnip()
  parsnip::new_model_spec(
    "mixture_of_experts",
    args = list(num_experts = rlang::enquo(num_experts)), eng_args = NULL,
    mode = mode, user_specified_mode = !missing(mode), method = NULL,
    engine = engine, user_specified_engine = !missing(engine))
}

#' @param object A specification made by `mixture_of_experts()`.
#' @param parameters A one-row tibble or named list with values for the
#'   arguments, as `tune::select_best()` returns.
#' @param fresh `TRUE`: replace all arguments; `FALSE`: only those given.
#' @param ... New values for arguments that `parsnip::set_engine()` has set.
#' @rdname mixture_of_experts
#' @export
update.mixture_of_experts <- function(object, parameters = NULL,
                                      num_experts = NULL, fresh = FALSE,
                                      ...) {
  parsnip::update_spec(
    object = object, parameters = parameters,
    args_enquo_list = list(num_experts = rlang::enquo(num_experts)),
    fresh = fresh, cls = "mixture_of_experts", ...)
}

#' The number of experts as a tuning parameter
#'
#' @param range Smallest and largest number of experts of the grid.
#' @param trans A transformation of package scales, or `NULL`.
#' @return A parameter object of package dials.
#' @section Errors: of class `gatemix_error_package` without package dials.
#' @family tidy methods
#' @export
#' @examples
#' if (requireNamespace("dials", quietly = TRUE)) {
#'   dials::value_seq(num_experts(c(1, 4)), n = 4)
#' }
num_experts <- function(range = c(1L, 6L), trans = NULL) {
  need_package("dials", "num_experts()")
  new_quant_param <- getExportedValue("dials", "new_quant_param")
  new_quant_param(type = "integer", range = range,
                  inclusive = c(TRUE, TRUE), trans = trans,
                  label = c(num_experts = "# Experts"), finalize = NULL)
}

# Rejects impossible specifications before moe() is called.
#' @exportS3Method parsnip::check_args
check_args.mixture_of_experts <- function(object, ...) {
  if (parsnip::null_value(object$args$num_experts)) {
    abort_input("`num_experts` is missing: give the number of experts, as in ",
                "mixture_of_experts(num_experts = 3).")
  }
  invisible(object)
}

# Tells parsnip about the model, once, when parsnip is loaded.
register_parsnip <- function() {
  model <- "mixture_of_experts"
  known <- parsnip::get_model_env()
  if (model %in% known$models) return(invisible(FALSE))
  parsnip::set_new_model(model)
  modes <- intersect(c("regression", "quantile regression"),
                     getNamespace("parsnip")$all_modes)
  for (mode in modes) register_parsnip_mode(model, mode)
  parsnip::set_model_arg(
    model = model, eng = "gatemix", parsnip = "num_experts", original = "K",
    func = list(pkg = "gatemix", fun = "num_experts"), has_submodel = FALSE)
  invisible(TRUE)
}

register_parsnip_mode <- function(model, mode) {
  parsnip::set_model_mode(model, mode)
  parsnip::set_model_engine(model, mode, "gatemix")
  parsnip::set_dependency(model, "gatemix", "gatemix", mode)
  parsnip::set_fit(model, mode, "gatemix", list(
    interface = "formula", protect = c("formula", "data", "weights"),
    func = c(pkg = "gatemix", fun = "moe"), defaults = list()))
  parsnip::set_encoding(model, mode, "gatemix", list(
    predictor_indicators = "none", compute_intercept = FALSE,
    remove_intercept = FALSE, allow_sparse_x = FALSE))
  types <- if (mode == "regression") names(parsnip_predictions())
    else c("quantile", "raw")
  for (type in types) {
    parsnip::set_pred(model, mode, "gatemix", type,
                      parsnip_predictions()[[type]])
  }
}

# Returns for each type of parsnip the call of predict() that makes it and what
# is done with the result.
parsnip_predictions <- function() {
  prediction <- function(..., post = NULL) {
    list(pre = NULL, post = post, func = c(fun = "predict"),
         args = list(object = quote(object$fit), newdata = quote(new_data),
                     ...))
  }
  list(
    numeric = prediction(type = "response"),
    pred_int = prediction(type = "interval", level = quote(level),
                          post = parsnip_interval),
    # before parsnip 1.3.0 the levels were an argument `quantile`
    quantile = prediction(
      type = "quantile",
      probs = quote(if (is.null(object$spec$quantile_levels)) quantile
                    else object$spec$quantile_levels),
      post = parsnip_quantiles),
    raw = prediction())
}

# Returns a data frame from intervals, n x 2 or, for several responses,
# n x 2 x q.
parsnip_interval <- function(x, object) {
  stems <- c(".pred_lower", ".pred_upper")
  if (length(dim(x)) == 2L) {
    colnames(x) <- stems
    return(as.data.frame(x))
  }
  out <- matrix(x, dim(x)[1L])
  colnames(out) <- paste0(stems, "_", rep(dimnames(x)[[3L]], each = 2L))
  as.data.frame(out)
}

# Returns one column that holds all quantiles of a row: of hardhat's class or,
# before parsnip 1.3.0, a list of data frames.
parsnip_quantiles <- function(x, object) {
  if (length(dim(x)) == 3L) {
    abort_input("`type = \"quantile\"` is for one response; this fit has ",
                dim(x)[3L], ". Use type = \"raw\" with ",
                "opts = list(type = \"quantile\").")
  }
  if ("matrix_to_quantile_pred" %in% getNamespaceExports("parsnip")) {
    convert <- getExportedValue("parsnip", "matrix_to_quantile_pred")
    return(convert(unname(x), object))
  }
  nested_quantiles(x)
}

nested_quantiles <- function(x) {
  levels <- as.numeric(sub("%", "", colnames(x), fixed = TRUE)) / 100
  out <- data.frame(row.names = seq_len(nrow(x)))
  out$.pred <- lapply(seq_len(nrow(x)), function(i) {
    data.frame(.quantile = levels, .pred_quantile = unname(x[i, ]))
  })
  out
}
