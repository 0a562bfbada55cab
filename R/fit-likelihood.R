#' Log-likelihood of a mixture of experts
#'
#' @param object A fit from [moe()].
#' @param type `"maximised"`: the likelihood that was maximised;
#'   `"conditional"`: of the response given the predictors; `"joint"`: of the
#'   response and the gate's predictors (Gaussian gates only).
#' @param ... Not used.
#' @return An object of class `logLik` with the attributes `df` and `nobs`, so
#'   that `AIC()` and `BIC()` work. `df` counts the parameters of the density
#'   in question: of a Gaussian gate, the conditional density only knows the
#'   ratios; for penalised parameters see [penalties]. `nobs` counts the rows
#'   with positive weight; `nobs()` gives it too, and `df.residual()` gives
#'   `nobs` less `df`.
#' @export
#' @examples
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2,
#'            gate = gate_gaussian())
#' logLik(fit)
#' logLik(fit, type = "conditional")
#' BIC(fit)
logLik.moe <- function(object, type = c("maximised", "conditional", "joint"),
                       ...) {
  type <- check_choice(type, "type", c("maximised", "conditional", "joint"))
  if (!type %in% names(object$loglik)) {
    abort_input("`type`: the joint likelihood exists for Gaussian gates only; ",
                "this fit has a ", object$gate$label, ".")
  }
  df <- object$df[[type]]
  structure(object$loglik[[type]], df = df, nobs = object$n, class = "logLik")
}

#' @export
nobs.moe <- function(object, ...) object$n

#' @importFrom stats df.residual
#' @export
df.residual.moe <- function(object, ...) object$n - object$df[["maximised"]]

#' @importFrom stats case.names
#' @export
case.names.moe <- function(object, ...) {
  frame <- model.frame(object)
  rownames(if (is.data.frame(frame)) frame else frame$x)
}

#' @export
weights.moe <- function(object, ...) stats::naresid(object$na.action,
                                                    object$weights)

#' @export
model.frame.moe <- function(formula, ...) {
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
