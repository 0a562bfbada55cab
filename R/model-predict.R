#' Predictions of a mixture of experts
#'
#' @param object A fit from [moe()], or a model from [moe_model()],
#'   [as_moe_model()] or [moe_truth()].
#' @param newdata A data frame with the predictors (for fits from matrices: a
#'   matrix `x`, or a list of `x`, `z` and `y`). `NULL`: the rows of the fit; a
#'   model has none.
#' @param type What to predict, one row (or element) per row of `newdata`:
#'   \describe{
#'     \item{`"response"`}{mean of the response, \eqn{\sum_k g_k m_k}}
#'     \item{`"variance"`}{its variance, within and between experts}
#'     \item{`"expert"`}{mean of each expert, n x K (n x q x K for q responses)}
#'     \item{`"gate"`}{gate probabilities, n x K}
#'     \item{`"posterior"`}{probability of each expert given the response}
#'     \item{`"cluster"`}{the most probable expert: by the posterior where
#'       `newdata` holds the response, else by the gate}
#'     \item{`"density"`}{density of the response given the predictors}
#'     \item{`"cdf"`}{distribution function of the response given the
#'       predictors, \eqn{F(y) = P(Y \le y) = \sum_k g_k F_k(y)}}
#'     \item{`"quantile"`}{quantiles of the response at `probs`}
#'     \item{`"interval"`}{central prediction interval of probability `level`,
#'       columns `lower` and `upper`}
#'   }
#'   `"posterior"`, `"density"` and `"cdf"` need the response in `newdata`.
#' @param log For `"density"`, `"cdf"`, `"gate"` and `"posterior"`: return
#'   logarithms.
#' @param probs Probabilities of the quantiles, between 0 and 1.
#' @param level Probability of the interval, between 0 and 1.
#' @param lower_tail `FALSE`: `"cdf"` is \eqn{P(Y > y)}, and `probs` are
#'   probabilities of exceeding the `"quantile"`. Accurate where
#'   \eqn{P(Y \le y)} is so close to 1 that its complement is lost.
#' @param ... Not used.
#' @return A vector, matrix or array with one row per row of `newdata`. Rows
#'   with missing or infinite predictors give `NA`, and so do rows with such a
#'   response where it is needed. With several responses `"density"` is that of
#'   all of them together; `"cdf"` (n x q), quantiles and intervals
#'   (n x probs x q) are those of each one alone.
#'
#'   Quantiles invert the distribution function: they are the root of
#'   \eqn{\log P(Y \le q) = \log p}, or of the same for the upper tail where
#'   that is smaller. So the probability at the returned quantile has a small
#'   relative error, also in the tails; all that remains is the rounding of `q`
#'   itself.
#' @section Errors: a factor level or a variable that the fit does not know is
#'   an error of class `gatemix_error_input` that names it. So is a model
#'   without `newdata`.
#' @seealso [crps()] and [log_score()] for the quality of predicted
#'   distributions, [residuals.moe()] for the probability integral transform.
#' @name predict.moe
#' @aliases predict.moe_model
#' @export
#' @examples
#' fit <- moe(accel ~ times, data = MASS::mcycle, K = 3)
#' new <- data.frame(times = c(10, 20, 30, NA))
#' predict(fit, new)
#' predict(fit, new, type = "gate")
#' predict(fit, new, type = "interval", level = 0.8)
#' head(predict(fit, type = "posterior"))
#'
#' # probabilities of exceeding 50 g
#' new$accel <- 50
#' predict(fit, new, type = "cdf", lower_tail = FALSE)
#'
#' # a model whose parameters are known
#' predict(moe_truth("glome_ws"), data.frame(x = 1:3 / 4), type = "interval")
predict.moe_model <- function(object, newdata = NULL,
                              type = c("response", "variance", "expert",
                                       "gate", "posterior", "cluster",
                                       "density", "cdf", "quantile",
                                       "interval"),
                              log = FALSE, probs = c(0.05, 0.5, 0.95),
                              level = 0.9, lower_tail = TRUE, ...) {
  type <- check_prediction_type(type)
  if (...length()) check_dots(..., help = "?predict.moe")
  log <- check_prediction_flag(log, "log", TRUE, type,
                               c("density", "cdf", "gate", "posterior"))
  lower_tail <- check_prediction_flag(lower_tail, "lower_tail", FALSE, type,
                                      c("cdf", "quantile"))
  if (!missing(probs)) refuse_other_types("probs", type, "quantile")
  if (!missing(level)) refuse_other_types("level", type, "interval")
  needs_y <- type %in% c("posterior", "density", "cdf")
  if (needs_y) require_response(object, newdata, paste0("type \"", type, "\""))
  with_y <- needs_y || (type == "cluster" && has_response(object, newdata))
  values <- evaluate_fit(object, newdata, with_y)
  raise <- if (log) identity else exp
  switch(type,
    response = drop_response(mixture_mean(values)),
    variance = drop_response(mixture_variance(object, values)),
    expert = expert_means(values),
    gate = if (log) base::log(values$gate) else values$gate,
    posterior = if (log) base::log(values$posterior) else values$posterior,
    cluster = most_probable(if (with_y) values$posterior else values$gate),
    density = raise(values$log_density),
    cdf = raise(predict_log_cdf(object, values, lower_tail)),
    quantile = predict_quantiles(object, values, probs, lower_tail),
    interval = predict_interval(object, values, level))
}

check_prediction_type <- function(type) {
  choices <- eval(formals(predict.moe_model)$type)
  if (identical(type, "class") || identical(type, "prob")) {
    abort_input("`type = \"", type, "\"` is for classification; the experts ",
                "of this fit are Gaussian. For the most probable expert use ",
                "\"cluster\", for its probabilities \"gate\" or ",
                "\"posterior\".")
  }
  check_choice(type, "type", choices)
}

# Checks a flag whose value `special` goes with some types only.
check_prediction_flag <- function(flag, name, special, type, types) {
  flag <- check_flag(flag, name)
  if (flag == special) {
    refuse_other_types(paste(name, "=", special), type, types)
  }
  flag
}

# Refuses an argument that means nothing for a type instead of ignoring it.
refuse_other_types <- function(argument, type, types) {
  if (type %in% types) return(invisible())
  abort_input("`", argument, "` goes with type ",
              paste0('"', types, '"', collapse = ", "), ", not with \"", type,
              "\".")
}

has_response <- function(object, newdata) {
  if (is.null(newdata)) return(TRUE)
  if (is.null(object$blueprint)) {
    return(is.list(newdata) && !is.null(newdata$y))
  }
  all(response_variables(object) %in% names(newdata))
}

# Returns the columns of the data that the response is made of (not constants).
response_variables <- function(object) {
  intersect(all.vars(formula(object)[[2L]]), object$blueprint$variables)
}

# Refuses data that lack the response; `argument` is what they are called.
require_response <- function(object, newdata, purpose, argument = "newdata") {
  if (has_response(object, newdata)) return(invisible())
  needed <- if (is.null(object$blueprint)) "y"
    else response_variables(object)
  abort_input("`", argument, "` must hold the response (", quote_all(needed),
              ") for ", purpose, ".")
}

expert_means <- function(values) {
  d <- dim(values$mean)
  if (d[2L] > 1L) return(values$mean)
  matrix(values$mean, d[1L], d[3L],
         dimnames = list(NULL, dimnames(values$mean)[[3L]]))
}

most_probable <- function(m) {
  out <- rep(NA_integer_, nrow(m))
  complete <- !is.na(m[, 1L])
  out[complete] <- max.col(m[complete, , drop = FALSE],
                           ties.method = "first")
  out
}

predict_interval <- function(object, values, level) {
  level <- check_number(level, "level", 0, 1, open = TRUE)
  out <- predict_quantiles(object, values, c(1 - level, 1 + level) / 2)
  dimnames(out)[[2L]] <- c("lower", "upper")
  out
}

predict_log_cdf <- function(object, values, lower_tail) {
  drop_response(each_response(object, values, function(y, gate, mean, law) {
    mixture_log_cdf(y, gate, mean, law, lower_tail)
  }))
}

predict_quantiles <- function(object, values, probs, lower_tail = TRUE) {
  if (!is.numeric(probs) || !length(probs) || anyNA(probs) ||
      any(probs <= 0 | probs >= 1)) {
    abort_input("`probs` must be numbers between 0 and 1; found ",
                describe(probs), ".")
  }
  d <- dim(values$mean)
  out <- array(NA_real_, c(d[1L], length(probs), d[2L]),
               list(NULL, format_percent(probs), dimnames(values$mean)[[2L]]))
  for (i in seq_along(probs)) {
    out[, i, ] <- each_response(object, values, function(y, gate, mean, law) {
      mixture_quantile(probs[i], gate, mean, law, lower_tail)
    })
  }
  if (d[2L] == 1L) {
    matrix(out, d[1L], length(probs), dimnames = dimnames(out)[1:2])
  } else {
    out
  }
}
