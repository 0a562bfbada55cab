# Predictions, comparisons and slopes with package marginaleffects. It asks a
# model for its coefficients, for the model at other coefficients, for their
# covariance matrix and for predictions.

#' marginaleffects for mixtures of experts
#'
#' If package marginaleffects is installed, its functions take a fit from
#' [moe()]: `predictions()`, `comparisons()`, `slopes()`, their averages and
#' `hypotheses()`.
#'
#' Standard errors come from the delta method with the coefficients of gate and
#' experts (those of [coef.moe()] that are not `NA`) and their covariance
#' matrix [vcov.moe()]. The argument `vcov` of marginaleffects may be `TRUE`,
#' `FALSE`, a matrix, or `"information"` or `"sandwich"`. A matrix such as
#' `vcov(fit, type = "bootstrap", bootstrap = draws)` is needed for the
#' bootstrap.
#'
#' Types of prediction:
#' \describe{
#'   \item{`"response"`}{the mean; a group per response if there are several}
#'   \item{`"gate"`}{the gate probabilities, a group per expert}
#'   \item{`"expert"`}{the mean of each expert, a group per expert (for several
#'     responses `expert1:y1` and so on)}
#' }
#' Other types depend on the variances, which are not among the coefficients.
#'
#' Fits from matrices have no variables to vary; use the formula method.
#'
#' @param model A fit from [moe()].
#' @param coefs A vector of coefficients, named as `get_coef(model)` names
#'   them; those that are not in it stay as they are.
#' @param vcov `TRUE` or `NULL` (observed information), `FALSE`, a matrix, or
#'   a `type` of [vcov.moe()].
#' @param newdata A data frame.
#' @param type `"response"`, `"gate"` or `"expert"`.
#' @param ... Not used.
#' @return `get_coef()` a named vector, `set_coef()` a fit, `get_vcov()` a
#'   matrix, `get_predict()` a data frame with the columns `rowid`, `group`
#'   (where there are several) and `estimate`.
#' @section Errors: what [vcov.moe()] refuses is an error of class
#'   `gatemix_error_inference` here too; with `vcov = FALSE` there are
#'   estimates without standard errors.
#' @name marginaleffects-moe
#' @family tidy methods
#' @examples
#' # marginaleffects 1.0.0 needs R 4.4
#' if (getRversion() >= "4.4" &&
#'     requireNamespace("marginaleffects", quietly = TRUE)) {
#'   fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#'   new <- data.frame(waiting = c(50, 65, 80))
#'   print(marginaleffects::slopes(fit, newdata = new))
#'   marginaleffects::predictions(fit, newdata = new, type = "gate")
#' }
NULL

#' @rdname marginaleffects-moe
#' @method get_coef moe
#' @exportS3Method marginaleffects::get_coef moe
get_coef.moe <- function(model, ...) coef(model, complete = FALSE)

#' @rdname marginaleffects-moe
#' @method set_coef moe
#' @exportS3Method marginaleffects::set_coef moe
set_coef.moe <- function(model, coefs, ...) {
  all <- get_coef.moe(model)
  unknown <- setdiff(names(coefs), names(all))
  if (is.null(names(coefs)) || length(unknown)) {
    abort_input("`coefs` must be named as the coefficients of the fit; ",
                "unknown: ", quote_all(unknown), ".")
  }
  all[names(coefs)] <- coefs
  # dropped coefficients have neither a coordinate nor a value here
  table <- parameter_table(model)
  component <- table$component[match(names(all), table$name)]
  model$parameters$gate <- replace_gate(model, all[component == "gate"])
  model$parameters$expert$coefficients[] <- all[component == "expert"]
  model$theta[] <- problem_coordinates(model$problem, model$parameters,
                                       model$gate, model$expert)
  model
}

# Returns the gate's parameters with the values of gate_coefficients() replaced.
replace_gate <- function(model, values) {
  parameters <- model$parameters$gate
  if (!inherits(model$gate, "gate_gaussian")) {
    parameters$coefficients[] <- values
    return(parameters)
  }
  r <- nrow(parameters$means)
  values <- matrix(values, ncol = model$K)
  parameters$weights[] <- values[1L, ]
  # of a weight below the smallest number only the logarithm is known
  parameters$log_weights <- ifelse(values[1L, ] > 0, log(values[1L, ]),
                                   parameters$log_weights)
  parameters$means[] <- values[1L + seq_len(r), ]
  for (k in seq_len(model$K)) {
    m <- matrix(0, r, r)
    m[upper.tri(m, diag = TRUE)] <- values[-seq_len(1L + r), k]
    parameters$covariances[, , k] <- m + t(m) - diag(diag(m), r)
  }
  parameters
}

#' @rdname marginaleffects-moe
#' @method get_vcov moe
#' @exportS3Method marginaleffects::get_vcov moe
get_vcov.moe <- function(model, vcov = NULL, ...) {
  if (isFALSE(vcov)) return(NULL)
  b <- get_coef.moe(model)
  if (is.null(vcov) || isTRUE(vcov)) vcov <- "information"
  if (is.function(vcov)) vcov <- vcov(model)
  if (!is.matrix(vcov)) {
    vcov <- check_choice(vcov, "vcov", c("information", "sandwich"))
    vcov <- stats::vcov(model, type = vcov)
  }
  if (!all(names(b) %in% rownames(vcov))) {
    abort_input("`vcov` must have rows and columns named as the ",
                "coefficients; missing: ",
                quote_all(setdiff(names(b), rownames(vcov))), ".")
  }
  vcov[names(b), names(b), drop = FALSE]
}

#' @rdname marginaleffects-moe
#' @method get_predict moe
#' @exportS3Method marginaleffects::get_predict moe
get_predict.moe <- function(model, newdata, type = "response", ...) {
  if (is.null(type)) type <- "response"
  type <- check_choice(type, "type", c("response", "gate", "expert"))
  values <- predict(model, newdata = as.data.frame(newdata), type = type)
  rowid <- if ("rowid" %in% names(newdata)) newdata$rowid
    else seq_len(nrow(newdata))
  if (is.null(dim(values))) {
    return(data.frame(rowid = rowid, estimate = values))
  }
  groups <- if (length(dim(values)) == 2L) colnames(values)
    else as.vector(outer(dimnames(values)[[2L]], dimnames(values)[[3L]],
                         function(y, k) paste0(k, ":", y)))
  data.frame(rowid = rep(rowid, length(groups)),
             group = factor(rep(groups, each = length(rowid)), groups),
             estimate = as.vector(values))
}
