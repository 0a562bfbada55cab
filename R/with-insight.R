# Methods by which packages insight, performance and parameters read a model.

#' insight, performance and parameters for mixtures of experts
#'
#' Methods for generics of package insight, on which packages performance and
#' parameters build, and for `r2()` and `model_performance()` of performance.
#'
#' In formulas and parameters, the experts' part is the component
#' `"conditional"` and the gate's part is `"gate"`. [coef.moe()] says how
#' parameters are named. Predictors and response are the variables, so `log(y)`
#' gives `y`. The distribution of the response depends on the predictors of both
#' parts, so all of them are `"conditional"`, and those of the gate are `"gate"`
#' as well.
#'
#' The coefficient of determination is that of the fitted means
#' \eqn{\hat y_i} of the mixture, one value per response, with the case weights
#' \eqn{w_i}:
#' \deqn{R^2 = 1 - \frac{\sum_i w_i (y_i - \hat y_i)^2}
#'   {\sum_i w_i (y_i - \bar y)^2}, \qquad
#'   RMSE = \sqrt{\frac{\sum_i w_i (y_i - \hat y_i)^2}{\sum_i w_i}}.}
#' Both are `NA` for a fit made with `model = FALSE`. They measure the mean
#' only; a mixture can describe the distribution well around a mean that
#' explains little.
#'
#' @param x,model A fit from [moe()].
#' @param flatten `TRUE`: one vector in place of a list by component.
#' @param component `"all"`, `"conditional"` (the experts) or `"gate"`.
#' @param type The kind of degrees of freedom: `"residual"`, `"model"`, or
#'   another (infinite, as the statistics are normal).
#' @param metrics `"all"`, or some of `"AIC"`, `"BIC"`, `"R2"` and `"RMSE"`.
#' @param ... What the generics pass on; not used.
#' @return As the generics say. `find_formula()`, `find_predictors()` and
#'   `find_response()` of a fit from matrices are `NULL`. `get_data()` has the
#'   variables of the formula in the rows of the fit; those that the fit does
#'   not hold and whose data are gone are left out, with a warning of class
#'   `gatemix_warning_data`. `get_statistic()` is `NA` with a warning where
#'   [vcov.moe()] refuses standard errors.
#' @name insight-moe
#' @family tidy methods
#' @examples
#' fit <- moe(NOx ~ E | C, data = lattice::ethanol, K = 2)
#' if (requireNamespace("insight", quietly = TRUE)) {
#'   print(insight::find_predictors(fit))
#'   print(insight::get_parameters(fit))
#' }
#' if (requireNamespace("performance", quietly = TRUE)) {
#'   performance::model_performance(fit)
#' }
NULL

#' @rdname insight-moe
#' @method find_formula moe
#' @exportS3Method insight::find_formula moe
find_formula.moe <- function(x, ...) {
  if (is.null(x$blueprint)) return(NULL)
  env <- environment(x$blueprint$formula)
  side <- function(part) formula(x$blueprint[[paste0(part, "_terms")]])[[2L]]
  conditional <- eval(call("~", x$blueprint$formula[[2L]], side("expert")))
  gate <- eval(call("~", side("gate")))
  environment(conditional) <- environment(gate) <- env
  structure(list(conditional = conditional, gate = gate),
            class = c("insight_formula", "list"))
}

#' @rdname insight-moe
#' @method find_predictors moe
#' @exportS3Method insight::find_predictors moe
find_predictors.moe <- function(x, component = "all", flatten = FALSE, ...) {
  if (is.null(x$blueprint)) return(NULL)
  # the response depends on both parts; names such as df in bs(x, df = df) are
  # not variables
  variables <- function(part) {
    intersect(all.vars(x$blueprint[[paste0(part, "_terms")]]),
              x$blueprint$variables)
  }
  gate <- variables("gate")
  pick_components(list(conditional = union(variables("expert"), gate),
                       gate = gate), component, flatten)
}

pick_components <- function(parts, component, flatten) {
  if (!"all" %in% component) parts <- parts[names(parts) %in% component]
  parts <- parts[lengths(parts) > 0L]
  if (!length(parts)) return(NULL)
  if (flatten) unique(unlist(parts, use.names = FALSE)) else parts
}

# Returns the names of the response's variables.
#' @rdname insight-moe
#' @method find_response moe
#' @exportS3Method insight::find_response moe
find_response.moe <- function(x, ...) {
  if (is.null(x$blueprint)) return(NULL)
  response_variables(x)
}

#' @rdname insight-moe
#' @method find_parameters moe
#' @exportS3Method insight::find_parameters moe
find_parameters.moe <- function(x, component = "all", flatten = FALSE, ...) {
  table <- insight_table(x)
  parts <- split(table$name, factor(table$part, c("conditional", "gate")))
  pick_components(parts, component, flatten)
}

# Returns the coefficients that are not NA, those of the experts first.
insight_table <- function(x) {
  table <- parameter_table(x)
  table <- table[table$component != "dispersion" & !is.na(table$estimate), ]
  table$part <- ifelse(table$component == "expert", "conditional", "gate")
  table[order(table$part != "conditional"), ]
}

#' @rdname insight-moe
#' @method get_parameters moe
#' @exportS3Method insight::get_parameters moe
get_parameters.moe <- function(x, component = "all", ...) {
  table <- insight_table(x)
  if (!"all" %in% component) table <- table[table$part %in% component, ]
  data.frame(Parameter = table$name, Estimate = table$estimate)
}

#' @rdname insight-moe
#' @method get_varcov moe
#' @exportS3Method insight::get_varcov moe
get_varcov.moe <- function(x, component = "all", ...) {
  names <- get_parameters.moe(x, component)$Parameter
  stats::vcov(x)[names, names, drop = FALSE]
}

#' @rdname insight-moe
#' @method get_statistic moe
#' @exportS3Method insight::get_statistic moe
get_statistic.moe <- function(x, component = "all", ...) {
  table <- warned_inference(x)
  wanted <- get_parameters.moe(x, component)$Parameter
  at <- match(wanted, table$name)
  structure(data.frame(Parameter = wanted, Statistic = table$statistic[at]),
            statistic = "z-statistic")
}

#' @rdname insight-moe
#' @method find_statistic moe
#' @exportS3Method insight::find_statistic moe
find_statistic.moe <- function(x, ...) "z-statistic"

#' @rdname insight-moe
#' @method get_df moe
#' @exportS3Method insight::get_df moe
get_df.moe <- function(x, type = "residual", ...) {
  if (type == "model") return(attr(logLik(x), "df"))
  if (type == "residual") x$n - attr(logLik(x), "df") else Inf
}

# Returns a list whose fields depend on the version of insight: that of a linear
# model, with the fields that differ here replaced.
#' @rdname insight-moe
#' @method model_info moe
#' @exportS3Method insight::model_info moe
model_info.moe <- function(x, ...) {
  likeness <- stats::lm(dist ~ speed, data.frame(speed = 1:3, dist = 1:3 %% 2))
  out <- insight::model_info(likeness)
  out$n_obs <- x$n
  out$is_mixture <- TRUE
  out$is_multivariate <- length(x$problem$units$response$names) > 1L
  out
}

#' @rdname insight-moe
#' @method link_function moe
#' @exportS3Method insight::link_function moe
link_function.moe <- function(x, ...) function(mu) mu

#' @rdname insight-moe
#' @method link_inverse moe
#' @exportS3Method insight::link_inverse moe
link_inverse.moe <- function(x, ...) function(eta) eta

#' @rdname insight-moe
#' @method get_data moe
#' @exportS3Method insight::get_data moe
get_data.moe <- function(x, ...) {
  if (is.null(x$blueprint)) {
    return(if (!is.null(x$model)) matrix_base(x, NULL))
  }
  names <- x$blueprint$variables
  if (is.null(x$model)) return(data_of_call(x, names))
  found <- lapply(names, function(name) {
    tryCatch(model_variable(name, x), gatemix_error_input = function(e) NULL)
  })
  gone <- vapply(found, is.null, TRUE)
  if (any(gone)) {
    warn("data", "The fit holds the terms of ", quote_all(names[gone]),
         ", not the variables themselves, and its data are gone.")
  }
  out <- variables_frame(found[!gone], names[!gone], nrow(x$model))
  attr(out, "row.names") <- attr(x$model, "row.names")
  out
}

# Returns a variable of the fit, or a column of a response such as cbind(a, b).
model_variable <- function(name, x) {
  y <- stats::model.response(x$model)
  if (is.matrix(y) && name %in% colnames(y) &&
      !name %in% names(x$model)) {
    return(as.vector(y[, name]))
  }
  stored_variable(name, x)
}

# Returns the data that the call of a fit without data names, if they are still
# there.
data_of_call <- function(x, names) {
  data <- tryCatch(eval(x$call$data, environment(x$blueprint$formula)),
                   error = function(e) NULL)
  if (!is.data.frame(data) || !all(names %in% names(data))) {
    warn("data", "The fit was made with model = FALSE, and its data are gone.")
    return(NULL)
  }
  data <- as.data.frame(data)[names]
  data[stats::complete.cases(data), , drop = FALSE]
}

#' @rdname insight-moe
#' @method r2 moe
#' @exportS3Method performance::r2 moe
r2.moe <- function(model, ...) {
  r2 <- mean_errors(model)$r2
  out <- list(R2 = stats::setNames(r2, r2_names(model, "R2")))
  # the class is printed as one number
  if (length(r2) == 1L) class(out) <- c("r2_generic", "list")
  out
}

r2_names <- function(model, stem) {
  responses <- model$problem$units$response$names
  if (length(responses) == 1L) stem else paste0(stem, "_", responses)
}

# Returns R2 and root mean squared error of the fitted means, per response; NA
# for a fit without data.
mean_errors <- function(model) {
  if (is.null(model$model)) {
    none <- rep(NA_real_, length(model$problem$units$response$names))
    return(list(r2 = none, rmse = none))
  }
  model$na.action <- NULL
  y <- stored_matrices(model)$y
  w <- if (is.null(model$weights)) rep(1, nrow(y)) else model$weights
  residual <- as.matrix(residuals(model))
  squares <- colSums(w * residual^2)
  center <- colSums(w * y) / sum(w)
  list(r2 = 1 - squares / colSums(w * sweep(y, 2L, center)^2),
       rmse = sqrt(squares / sum(w)))
}

#' @rdname insight-moe
#' @method model_performance moe
#' @exportS3Method performance::model_performance moe
model_performance.moe <- function(model, metrics = "all", ...) {
  choices <- c("AIC", "BIC", "R2", "RMSE")
  if (identical(metrics, "all") || identical(metrics, "common")) {
    metrics <- choices
  }
  if (!is.character(metrics) || !all(metrics %in% choices)) {
    abort_input("`metrics` must be \"all\", or some of ",
                paste0('"', choices, '"', collapse = ", "), "; found ",
                describe(metrics), ".")
  }
  errors <- mean_errors(model)
  named <- function(values, stem) {
    stats::setNames(as.list(unname(values)), r2_names(model, stem))
  }
  all <- list(AIC = list(AIC = stats::AIC(model)),
              BIC = list(BIC = stats::BIC(model)),
              R2 = named(errors$r2, "R2"), RMSE = named(errors$rmse, "RMSE"))
  out <- as.data.frame(do.call(c, unname(all[metrics])), optional = TRUE)
  class(out) <- c("performance_model", "data.frame")
  out
}
