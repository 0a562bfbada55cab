#' Log-likelihood of a mixture of experts
#'
#' @param object A fit from [moe()].
#' @param type `"maximised"`: the likelihood that was maximised;
#'   `"conditional"`: of the response given the predictors; `"joint"`: of the
#'   response and the gate's predictors (Gaussian gates only).
#' @param ... Not used.
#' @param data Other data: their likelihood under the fit is returned, as
#'   [logLik()][logLik.moe_model] of a model gives it. `NULL`: those of the fit.
#' @param weights Case weights, one per row of `data`.
#' @return An object of class `logLik` with the attributes `df` and `nobs`, so
#'   that `AIC()` and `BIC()` work. `df` counts the parameters of the density
#'   in question: of a Gaussian gate, the conditional density only knows the
#'   ratios; for penalised parameters see [penalties]. `nobs` counts the rows
#'   with positive weight; `nobs()` gives it too, and `df.residual()` gives
#'   `nobs` less `df`.
#' @section Errors: `type = "joint"` for another gate, `data` without the
#'   response, `weights` without `data` and unknown arguments are errors of
#'   class `gatemix_error_input`.
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2,
#'            gate = gate_gaussian())
#' logLik(fit)
#' logLik(fit, type = "conditional")
#' BIC(fit)
logLik.moe <- function(object, type = c("maximised", "conditional", "joint"),
                       ..., data = NULL, weights = NULL) {
  type <- check_likelihood_type(object, type)
  dots <- list(...)
  # performance gives REML to any model; there is but one likelihood here
  dots$REML <- NULL
  do.call(check_dots, c(dots, help = "?logLik.moe"))
  if (!is.null(data)) return(data_likelihood(object, data, type, weights))
  if (!is.null(weights)) {
    abort_input("`weights` are those of the rows of `data`; give both or ",
                "neither.")
  }
  df <- object$df[[type]]
  structure(object$loglik[[type]], df = df, nobs = object$n, class = "logLik")
}

# Takes any further arguments, since step() and others pass `use.fallback`.
#' @export
nobs.moe <- function(object, ...) object$n

#' @importFrom stats df.residual
#' @export
df.residual.moe <- function(object, ...) {
  check_dots(..., help = "?logLik.moe")
  object$n - object$df[["maximised"]]
}

#' @importFrom stats case.names
#' @export
case.names.moe <- function(object, ...) {
  check_dots(..., help = "?residuals.moe")
  frame <- model.frame(object)
  rownames(if (is.data.frame(frame)) frame else frame$x)
}

# Takes any further arguments, since insight passes its own on.
#' @export
weights.moe <- function(object, ...) stats::naresid(object$na.action,
                                                    object$weights)

# Takes the further arguments that tools give to model.frame() of any model,
# but not other data: it has no other frame to return.
#' @export
model.frame.moe <- function(formula, ...) {
  if ("data" %in% ...names()) {
    abort_input("`data`: model.frame() of a fit returns the frame of its own ",
                "data; the formula's for others is model.frame(terms(fit), ",
                "data).")
  }
  if (is.null(formula$model)) {
    abort_input("The fit was made with model = FALSE and holds no model ",
                "frame.")
  }
  formula$model
}

#' Design matrices of a fit
#'
#' @param object A fit from [moe()].
#' @param component The design of the `"expert"` part or of the `"gate"`.
#' @param ... Not used.
#' @return The design matrix of that part, all columns.
#' @export
#' @examples
#' fit <- moe(NOx ~ E | C, data = lattice::ethanol, K = 2)
#' head(model.matrix(fit), 2)
#' head(model.matrix(fit, component = "gate"), 2)
model.matrix.moe <- function(object, component = c("expert", "gate"), ...) {
  component <- check_choice(component, "component", c("expert", "gate"))
  check_dots(..., help = "?model.matrix.moe")
  parts <- stored_matrices(object)
  if (component == "expert" || is.null(parts$z)) parts$x else parts$z
}

#' @export
update.moe <- function(object, formula., ..., evaluate = TRUE) {
  call <- object$call
  if (identical(call[[1L]], quote(moe_path))) {
    abort_input("`object` is a point of a path: its call is that of ",
                "moe_path(). Fit it by moe() with the `gate` and `expert` ",
                "that it holds: moe(..., gate = fit$gate, expert = ",
                "fit$expert).")
  }
  if (!identical(call[[1L]], quote(moe))) {
    abort_input("`object` was made by em_finish(), not by moe(): there is no ",
                "call to update.")
  }
  if (is.null(object$blueprint)) {
    if (!missing(formula.)) {
      abort_input("`formula.`: this fit was made from matrices; update their ",
                  "arguments `x`, `y` or `z` instead.")
    }
  } else {
    new <- formula(object)
    if (!missing(formula.)) new <- update(new, formula.)
    call$formula <- formula(new)
  }
  env <- call_environment(call, formula(object), parent.frame())
  extras <- match.call(expand.dots = FALSE)$...
  for (name in names(extras)) call[[name]] <- extras[[name]]
  if (evaluate) eval(call, env) else call
}

# Returns an environment in which the call of a fit can be evaluated again.
# Names mean what they mean to the caller; those that the caller does not know
# are looked up where the formula was written. Our own functions are found even
# if gatemix is not attached.
call_environment <- function(call, formula, caller) {
  env <- new.env(parent = caller)
  home <- environment(formula)
  arguments <- as.list(call)[-1L]
  in_data <- names(arguments) %in% c("formula", "weights", "subset")
  used <- unique(unlist(lapply(arguments[!in_data], all.vars)))
  for (name in used) {
    here <- get0(name, envir = caller)
    # a function such as data() is not what the caller meant
    unknown <- is.null(here) || is.function(here)
    if (unknown && !is.null(home) && exists(name, envir = home)) {
      assign(name, get(name, envir = home), envir = env)
    }
  }
  own <- intersect(all.names(call), getNamespaceExports("gatemix"))
  for (name in own) {
    if (!exists(name, envir = caller, mode = "function")) {
      assign(name, getExportedValue("gatemix", name), envir = env)
    }
  }
  env
}
