# A stand-in for parsnip, which is in no Debian release: it keeps what gatemix
# registers and does with it what parsnip would do.

stand_in <- function(modes = "regression", exports = character()) {
  kept <- new.env()
  kept$models <- character()
  keep <- function(what) {
    function(...) assign(what, c(kept[[what]], list(list(...))), kept)
  }
  list(kept = kept, all_modes = modes, exports = exports,
       get_model_env = function() kept,
       set_new_model = function(model) kept$models <- c(kept$models, model),
       set_model_mode = keep("modes"), set_model_engine = keep("engines"),
       set_dependency = keep("dependencies"), set_fit = keep("fits"),
       set_encoding = keep("encodings"), set_pred = keep("predictions"),
       set_model_arg = keep("arguments"),
       null_value = function(x) is.null(rlang::quo_get_expr(x)),
       new_model_spec = function(cls, ...) structure(list(...), class = cls),
       update_spec = function(object, ...) list(object = object, ...),
       matrix_to_quantile_pred = function(x, object) {
         list(x = x, levels = object$spec$quantile_levels)
       })
}

# The functions of R/with-parsnip.R, with the stand-in where they look parsnip
# up.
with_stand_in <- function(parsnip) {
  gatemix <- asNamespace("gatemix")
  env <- new.env(parent = gatemix)
  env$`::` <- function(package, name) {
    package <- as.character(substitute(package))
    name <- as.character(substitute(name))
    if (package == "parsnip") parsnip[[name]]
    else getExportedValue(package, name)
  }
  env$getNamespace <- function(name) parsnip
  env$getNamespaceExports <- function(name) parsnip$exports
  env$getExportedValue <- function(package, name) parsnip[[name]]
  names <- c("mixture_of_experts", "update.mixture_of_experts", "num_experts",
             "check_args.mixture_of_experts", "register_parsnip",
             "register_parsnip_mode", "parsnip_predictions", "parsnip_interval",
             "parsnip_quantiles")
  for (name in names) {
    f <- get(name, gatemix)
    environment(f) <- env
    assign(name, f, env)
  }
  env$need_package <- function(...) invisible()
  env
}

# What was registered for a mode, and for a type of prediction.
registered <- function(parsnip, what, mode, type = NULL) {
  found <- Filter(function(x) {
    x[[2L]] == mode && (is.null(type) || x[[4L]] == type)
  }, parsnip$kept[[what]])
  expect_length(found, 1L)
  found[[1L]]
}

# A fit as parsnip makes it: the registered function, its main argument by its
# own name.
fit_as_registered <- function(parsnip, formula, data, ..., num_experts,
                              mode = "regression") {
  fit <- registered(parsnip, "fits", mode)[[4L]]
  main <- parsnip$kept$arguments[[1L]]
  expect_identical(main$parsnip, "num_experts")
  moe <- getExportedValue(fit$func[["pkg"]], fit$func[["fun"]])
  arguments <- c(list(formula = formula, data = data), fit$defaults, list(...))
  arguments[[main$original]] <- num_experts
  list(fit = do.call(moe, arguments), spec = list())
}

# A prediction as parsnip makes it: the registered call, then what was
# registered to come after it. `values` are those that the call may name.
predict_as_registered <- function(parsnip, object, new_data, type, ...,
                                  opts = list(), mode = "regression") {
  value <- registered(parsnip, "predictions", mode, type)[[5L]]
  call <- as.call(c(as.name(value$func[["fun"]]), value$args, opts))
  out <- eval(call, list(object = object, new_data = new_data, ...))
  if (is.null(value$post)) out else value$post(out, object)
}
