#' Predictions of a mixture of experts
#'
#' @param object A fit from [moe()].
#' @param newdata A data frame with the predictors (for fits from matrices: a
#'   matrix `x`, or a list of `x`, `z` and `y`). `NULL`: the rows of the fit.
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
#'     \item{`"quantile"`}{quantiles of the response at `probs`}
#'     \item{`"interval"`}{central prediction interval of probability `level`,
#'       columns `lower` and `upper`}
#'   }
#'   `"posterior"` and `"density"` need the response in `newdata`.
#' @param log For `"density"`, `"gate"` and `"posterior"`: return logarithms.
#' @param probs Probabilities of the quantiles.
#' @param level Probability of the interval.
#' @param ... Not used.
#' @return A vector, matrix or array with one row per row of `newdata`. Rows
#'   with missing or infinite predictors give `NA`. Quantiles and intervals of
#'   several
#'   responses are those of each one alone, an array n x probs x q. They invert
#'   the distribution function of the mixture to 1e-12.
#' @section Errors: a factor level or a variable that the fit does not know is
#'   an error of class `gatemix_error_input` that names it.
#' @export
#' @examples
#' fit <- moe(accel ~ times, data = MASS::mcycle, K = 3)
#' new <- data.frame(times = c(10, 20, 30, NA))
#' predict(fit, new)
#' predict(fit, new, type = "gate")
#' predict(fit, new, type = "interval", level = 0.8)
#' head(predict(fit, type = "posterior"))
predict.moe <- function(object, newdata = NULL,
                        type = c("response", "variance", "expert", "gate",
                                 "posterior", "cluster", "density",
                                 "quantile", "interval"),
                        log = FALSE, probs = c(0.05, 0.5, 0.95),
                        level = 0.9, ...) {
  type <- check_prediction_type(type)
  if (...length()) check_dots(..., help = "?predict.moe")
  log <- check_flag(log, "log")
  if (log && !type %in% c("density", "gate", "posterior")) {
    abort_input("`log = TRUE` goes with type \"density\", \"gate\" and ",
                "\"posterior\", not with \"", type, "\".")
  }
  with_y <- type %in% c("posterior", "density") ||
    (type == "cluster" && has_response(object, newdata))
  if (type %in% c("posterior", "density")) {
    require_response(object, newdata, type)
  }
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
    quantile = predict_quantiles(object, values, probs),
    interval = predict_interval(object, values, level))
}

check_prediction_type <- function(type) {
  choices <- eval(formals(predict.moe)$type)
  if (identical(type, "class") || identical(type, "prob")) {
    abort_input("`type = \"", type, "\"` is for classification; the experts ",
                "of this fit are Gaussian. For the most probable expert use ",
                "\"cluster\", for its probabilities \"gate\" or ",
                "\"posterior\".")
  }
  check_choice(type, "type", choices)
}

has_response <- function(object, newdata) {
  if (is.null(newdata)) return(TRUE)
  if (is.null(object$blueprint)) {
    return(is.list(newdata) && !is.null(newdata$y))
  }
  all(response_variables(object) %in% names(newdata))
}

# The columns of the data that the response is made of (not constants).
response_variables <- function(object) {
  intersect(all.vars(formula(object)[[2L]]), object$blueprint$variables)
}

require_response <- function(object, newdata, type) {
  if (has_response(object, newdata)) return(invisible())
  needed <- if (is.null(object$blueprint)) "y"
    else response_variables(object)
  abort_input("`newdata` must hold the response (", quote_all(needed),
              ") for type \"", type, "\".")
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

predict_quantiles <- function(object, values, probs) {
  if (!is.numeric(probs) || !length(probs) || anyNA(probs) ||
      any(probs <= 0 | probs >= 1)) {
    abort_input("`probs` must be numbers between 0 and 1; found ",
                describe(probs), ".")
  }
  d <- dim(values$mean)
  out <- array(NA_real_, c(d[1L], length(probs), d[2L]),
               list(NULL, format_percent(probs), dimnames(values$mean)[[2L]]))
  for (j in seq_len(d[2L])) {
    law <- expert_law(object$expert, object$parameters$expert, j)
    mean <- matrix(values$mean[, j, ], d[1L], d[3L])
    for (i in seq_along(probs)) {
      out[, i, j] <- mixture_quantile(probs[i], values$gate, mean, law)
    }
  }
  if (d[2L] == 1L) {
    matrix(out, d[1L], length(probs), dimnames = dimnames(out)[1:2])
  } else {
    out
  }
}

format_percent <- function(probs) paste0(format(100 * probs, trim = TRUE,
                                                digits = 7L), "%")

# Root of sum_k gate_k F_k(q) = prob for each row: Newton's steps inside a
# bracket, bisection where they leave it. A row that is done is not touched
# again.
mixture_quantile <- function(prob, gate, mean, law) {
  each <- law$quantile(prob, mean)
  # the quantile lies between the smallest and largest expert's own
  each[gate < 1e-300] <- NA
  lower <- do.call(pmin, c(columns(each), na.rm = TRUE))
  upper <- do.call(pmax, c(columns(each), na.rm = TRUE))
  x <- (lower + upper) / 2
  todo <- which(!is.na(x))
  for (i in seq_len(200L)) {
    if (!length(todo)) break
    at <- x[todo]
    g <- gate[todo, , drop = FALSE]
    m <- mean[todo, , drop = FALSE]
    error <- rowSums(g * law$cdf(at, m)) - prob
    low <- ifelse(error < 0, at, lower[todo])
    high <- ifelse(error > 0, at, upper[todo])
    newton <- at - error / rowSums(g * law$density(at, m))
    inside <- is.finite(newton) & newton >= low & newton <= high
    to <- ifelse(inside, newton, (low + high) / 2)
    done <- abs(error) <= 1e-14 * prob | abs(to - at) <= 4e-16 * abs(at)
    lower[todo] <- low
    upper[todo] <- high
    x[todo[!done]] <- to[!done]
    todo <- todo[!done]
  }
  x
}

columns <- function(m) lapply(seq_len(ncol(m)), function(k) m[, k])

#' @export
fitted.moe <- function(object, ...) {
  drop_response(mixture_mean(evaluate_fit(object)))
}

#' Residuals of a mixture of experts
#'
#' @param object A fit from [moe()].
#' @param type `"response"`: response minus fitted mean; `"pearson"`: that,
#'   divided by the fitted standard deviation of the mixture.
#' @param ... Not used.
#' @return A vector, or a matrix with a column per response.
#' @export
#' @examples
#' fit <- moe(NOx ~ E, data = lattice::ethanol, K = 2)
#' head(residuals(fit, type = "pearson"))
residuals.moe <- function(object, type = c("response", "pearson"), ...) {
  type <- check_choice(type, "type", c("response", "pearson"))
  values <- evaluate_fit(object)
  y <- pad_rows(stored_matrices(object)$y, object$na.action)
  out <- y - mixture_mean(values)
  if (type == "pearson") out <- out / sqrt(mixture_variance(object, values))
  drop_response(out)
}
