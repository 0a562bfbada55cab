# Methods for a selection.

#' @rdname moe_select
#' @param x,object A selection from `moe_select()`.
#' @param ... For `predict()`: arguments of [predict.moe()].
#' @export
best.moe_selection <- function(x, criterion = x$criterion, ...) {
  check_dots(..., help = "?moe_select")
  criterion <- check_choice(criterion, "criterion", selection_criteria)
  name <- x$selected[[criterion]]
  if (is.na(name)) {
    others <- names(which(!is.na(x$selected)))
    abort_input("The criterion \"", criterion, "\" chooses no model here; ",
                if (length(others))
                  paste0("give `criterion`, one of those that do: ",
                         paste0('"', others, '"', collapse = ", "), ".")
                else no_regular_model)
  }
  x$fits[[name]]
}

#' @export
print.moe_selection <- function(x, digits = max(3L, getOption("digits") - 3L),
                                ...) {
  cat("Selection among ", nrow(x$table), " mixtures of experts\n", sep = "")
  cat("Call: ", paste(deparse(x$call, width.cutoff = 60L),
                      collapse = "\n      "), "\n\n", sep = "")
  columns <- c("model", "df", "logLik", "AIC", "BIC", "ICL",
               if (!is.null(x$table$log_score)) "log_score", "status")
  print(x$table[columns], digits = digits + 2L, row.names = FALSE)
  cat("\nChosen:", if (all(is.na(x$selected))) " none", "\n", sep = "")
  for (criterion in names(which(!is.na(x$selected)))) {
    cat("  ", format(criterion, width = 6L), x$selected[[criterion]],
        if (criterion == x$criterion) "  <- selected", "\n", sep = "")
  }
  invisible(x)
}

#' @export
summary.moe_selection <- function(object, ...) {
  summary(best(object), ...)
}

#' @export
as.data.frame.moe_selection <- function(x, ...) x$table

#' @export
tidy.moe_selection <- function(x, ...) {
  check_dots(..., help = "?moe_select")
  tidy_table(x$table)
}

#' @export
logLik.moe_selection <- function(object, ...) logLik(best(object), ...)

#' @export
coef.moe_selection <- function(object, ...) coef(best(object), ...)

#' @rdname moe_select
#' @param newdata,type As in [predict.moe()]; `type = "average"` is short for
#'   `type = "response", average = TRUE`.
#' @param average `FALSE`: predictions of the best model. `TRUE`: those of the
#'   average of all models that are at a regular maximum, see the section on
#'   averages, for the types `"response"`, `"variance"`, `"density"` and
#'   `"cdf"`.
#' @export
predict.moe_selection <- function(object, newdata = NULL, type = "response",
                                  criterion = object$criterion,
                                  average = FALSE, ...) {
  criterion <- check_choice(criterion, "criterion", selection_criteria)
  average <- check_flag(average, "average")
  if (identical(type, "average")) {
    average <- TRUE
    type <- "response"
  }
  if (!average) {
    return(predict(best(object, criterion), newdata, type = type, ...))
  }
  type <- check_prediction_type(type)
  if (!type %in% averaged_types) {
    abort_input("`type = \"", type, "\"` is not averaged over models, which ",
                "is done for ", paste0('"', averaged_types, '"',
                                       collapse = ", "), ". Use ",
                "predict(best(selection), type = \"", type, "\").")
  }
  averaged_prediction(object, newdata, criterion, type, ...)
}

averaged_types <- c("response", "variance", "density", "cdf")

averaged_prediction <- function(object, newdata, criterion, type, log = FALSE,
                                ...) {
  weights <- model_weights(object, criterion)
  weights <- weights[weights > 1e-12]
  weights <- weights / sum(weights)
  each <- function(type) {
    lapply(object$fits[names(weights)], predict, newdata, type = type,
           log = log, ...)
  }
  mean <- function(parts) Reduce(`+`, Map(`*`, parts, weights))
  parts <- each(type)
  if (isTRUE(log)) return(log_average(parts, weights))
  if (type != "variance") return(mean(parts))
  # the variance within the models and that between them
  means <- each("response")
  center <- mean(means)
  mean(Map(function(part, m) part + (m - center)^2, parts, means))
}

# Returns log(sum of w exp(part)), also where exp() would underflow.
log_average <- function(parts, weights) {
  top <- do.call(pmax, parts)
  shifted <- Map(function(part, w) {
    w * ifelse(part == top, 1, exp(part - top))
  }, parts, weights)
  top + log(Reduce(`+`, shifted))
}

model_weights <- function(object, criterion) {
  column <- c(aic = "AIC", bic = "BIC", icl = "ICL")
  if (!criterion %in% names(column)) {
    abort_input("`average = TRUE` goes with the criteria \"aic\", \"bic\" and ",
                "\"icl\"; found \"", criterion, "\".")
  }
  values <- object$table[[column[[criterion]]]]
  values[!is_eligible(object$table)] <- Inf
  if (all(values == Inf)) {
    abort_input("`average = TRUE` finds no model: ", no_regular_model)
  }
  weights <- exp(-(values - min(values)) / 2)
  stats::setNames(weights / sum(weights), object$table$model)
}
