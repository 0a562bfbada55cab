#' Choose a model by the slope heuristic
#'
#' Calibrates the constant of a penalty from the data: from the slope at which
#' the contrast of the large models falls, and from the jump in the dimension
#' of the selected model as the constant grows.
#'
#' @details
#' Model \eqn{m} has the contrast \eqn{\gamma_m}, usually minus its maximised
#' log-likelihood, and a penalty known up to a constant,
#' \eqn{\kappa s_m} with the shape \eqn{s_m}, usually its dimension
#' \eqn{D_m}. The criterion selects
#' \deqn{m(\kappa) = \arg\min_m \; \gamma_m + \kappa s_m.}
#' There is a smallest constant \eqn{\kappa_{\min}} below which the
#' criterion selects among the largest models, and about twice that constant is
#' a good penalty. The heuristic finds \eqn{\kappa_{\min}} in two ways and
#' selects \eqn{m(c \, \kappa_{\min})}, where \eqn{c} is `scoef`. It is scale
#' free: contrasts that are sums and contrasts that are means over the
#' observations select the same model.
#'
#' **Dimension jump.** \eqn{D_{m(\kappa)}} is a falling staircase in
#' \eqn{\kappa}. Its largest step is at
#' \deqn{\hat\kappa = \arg\max_\kappa \; D_{m(\kappa-)} - D_{m(\kappa)},}
#' the largest such \eqn{\kappa} where steps are equally high. With a
#' `threshold` \eqn{T} it is instead
#' \eqn{\hat\kappa = \inf\{\kappa > 0 : D_{m(\kappa)} \le T\}}. A `window`
#' \eqn{a} adds another choice (method `"window"`), for staircases
#' with many small steps close together: of the intervals from
#' \eqn{(1 - a) \kappa} to \eqn{(1 + a) \kappa} the one over which the
#' dimension falls most; its upper end is \eqn{\hat\kappa}.
#'
#' **Slope estimation.** For each \eqn{p} among the shapes but the
#' largest, \eqn{\hat\kappa(p)} is the slope of the regression of
#' \eqn{-\gamma_m} on \eqn{s_m} over the models with \eqn{s_m \ge p}; it
#' selects
#' \deqn{\hat m(p) = m(c \, \hat\kappa(p)).}
#' Consecutive \eqn{p} with the same \eqn{\hat m(p)} are a plateau. The last
#' plateau (that of the largest \eqn{p}) that holds at least
#' the share `pct` of all \eqn{p}, or `point` of them, gives the selected
#' model; the slopes on it are the interval of the slope.
#'
#' **Ties.** Of models with the same shape only that with the smallest contrast
#' counts (the first of them in the table where contrasts are equal too).
#' Where the criterion has several minima, the smallest shape wins.
#'
#' **When it can be trusted.** The collection must reach models that are
#' clearly too large, so that the contrast falls along a line at the right end
#' of the picture. Look at `plot()`. The two methods should agree.
#'
#' @param contrast Numeric vector with the contrast of each model, smaller is
#'   better: minus the maximised log-likelihood (for a Gaussian gate also
#'   minus the conditional one), or that over the number of observations. Models
#'   whose contrast is not finite are left out, with a warning.
#' @param dimension Number of free parameters of each model.
#' @param shape Shape of the penalty of each model, up to a constant. It must
#'   not decrease in `dimension`.
#' @param model Names of the models; `NULL`: the names of `contrast`, or
#'   numbers.
#' @param scoef Ratio \eqn{c} of the penalty to the smallest one, at least 1.
#' @param pct Smallest share of the regressions that a plateau must hold,
#'   between 0 and 1.
#' @param point Smallest number of regressions that a plateau must hold; if
#'   positive, it replaces `pct`.
#' @param regression `"bisquare"`, `"huber"` or `"hampel"`: M-estimates with
#'   these weights, scaled by the median absolute residual (at most 20
#'   iterations from least squares, as `MASS::rlm()`); `"lm"`: least squares.
#' @param threshold Dimension \eqn{T} that counts as small: see Details. `NULL`:
#'   the largest jump.
#' @param window Relative half width \eqn{a} of the window, at least 0 and less
#'   than 1; `NULL`: no window. For \eqn{n} observations
#'   \eqn{\sqrt{\log(n) / n}} is usual.
#' @param n Number of observations, which adds the choices of AIC and BIC;
#'   `NULL`: leaves them out.
#' @param average For `n`: is `contrast` a mean over the observations (then
#'   AIC is \eqn{\gamma_m + D_m / n} and BIC \eqn{\gamma_m + D_m \log(n) /
#'   (2n)}) and not a sum (\eqn{\gamma_m + D_m} and
#'   \eqn{\gamma_m + D_m \log(n) / 2})?
#' @param ... Not used; anything here is an error.
#' @return An object of class `moe_slope_heuristic`, a list with
#'   \item{selected}{a data frame with a row per `method` (`"slope"`, `"jump"`,
#'     and where asked for `"window"`, `"AIC"`, `"BIC"`) and the columns
#'     `model`, `row` (in the table that was given), `dimension`, `shape`,
#'     `contrast`, `kappa` (the estimate of \eqn{\kappa_{\min}}) and
#'     `constant` (`scoef * kappa`). `NA` where a method selects none}
#'   \item{models}{the models that took part, by shape: `model`, `row`,
#'     `dimension`, `shape`, `contrast`}
#'   \item{jump}{`path`: a data frame with the constant `kappa` from which on
#'     each `model` is selected, its `dimension` and the `jump` in dimension to
#'     it; `chosen`: the row of \eqn{\hat\kappa}; `ties`: how many jumps are
#'     as large; `window`: its limits, its `jump`, and the `models` that
#'     `scoef` times the constants in it select}
#'   \item{slope}{`slopes`: a data frame with a row per regression:
#'     number of `points`, smallest `shape`, the `slope`, its `model`,
#'     `dimension` and `plateau`; `plateaus`: `model`, `size` and `share` of
#'     each; `chosen`: the number of the plateau; `interval`: the smallest and
#'     the largest slope on it; `line`: the regression in its middle}
#'   \item{options}{the arguments}
#'   `print()`, `summary()` (the path and the plateaus too), [tidy()] (the table
#'   `selected`), and [plots][plot.moe_slope_heuristic].
#' @section Errors and warnings: Fewer than 10 models are an error of class
#'   `gatemix_error_slope`; other arguments that cannot be used are one of class
#'   `gatemix_error_input`. A warning of class `gatemix_warning_slope` says that
#'   models were left out, fewer than 10 models of different shape remain, the
#'   dimension never jumps, no model is above the threshold, no plateau is long
#'   enough, or the selected slope is not positive.
#' @section The names in package capushe: `pct`, `point` and `scoef` are the
#'   same; `regression` is `psi.rlm`, `threshold` is `Ctresh` and `window` is
#'   `Careajump`; `average = TRUE` is what its AIC and BIC assume.
#' @references Birgé, L. and Massart, P. (2007). Minimal penalties for Gaussian
#'   model selection. *Probability Theory and Related Fields* 138, 33-73.
#'
#'   Arlot, S. and Massart, P. (2009). Data-driven calibration of penalties for
#'   least-squares regression. *Journal of Machine Learning Research* 10,
#'   245-279.
#'
#'   Baudry, J.-P., Maugis, C. and Michel, B. (2012). Slope heuristics: overview
#'   and implementation. *Statistics and Computing* 22, 455-470.
#' @export
#' @examples
#' # polynomials of degree 0 to 19 for a curve: the contrast is minus the
#' # log-likelihood over the number of observations
#' set.seed(1)
#' x <- seq(-1, 1, length.out = 200)
#' y <- sin(4 * x) + rnorm(200, sd = 0.3)
#' fits <- c(list(lm(y ~ 1)), lapply(1:19, function(d) lm(y ~ poly(x, d))))
#' contrast <- -vapply(fits, logLik, 0) / 200
#' dimension <- vapply(fits, function(fit) attr(logLik(fit), "df"), 0)
#' s <- slope_heuristic(contrast, dimension, model = paste("degree", 0:19),
#'                      n = 200, average = TRUE)
#' s
#' summary(s)
#' plot(s)
#' plot(s, type = "jump")
slope_heuristic <- function(contrast, dimension, shape = dimension, ...,
                            model = NULL, scoef = 2, pct = 0.15, point = 0,
                            regression = c("bisquare", "huber", "hampel",
                                           "lm"),
                            threshold = NULL, window = NULL, n = NULL,
                            average = FALSE) {
  check_dots(..., help = "?slope_heuristic")
  regression <- check_choice(regression, "regression",
                             c("bisquare", "huber", "hampel", "lm"))
  table <- slope_table(contrast, dimension, shape, model)
  options <- check_slope_options(scoef, pct, point, threshold, window, n,
                                 average, nrow(table))
  options$regression <- regression
  models <- distinct_shapes(table)
  jump <- dimension_jump(models, options)
  slope <- slope_estimation(models, options)
  selected <- rbind(slope$selected, jump$selected,
                    if (!is.null(n)) likelihood_choices(table, options))
  rownames(selected) <- NULL
  structure(list(selected = selected, models = models,
                 jump = jump[c("path", "chosen", "ties", "window")],
                 slope = slope[c("slopes", "plateaus", "chosen", "interval",
                                 "line")],
                 options = options, call = match.call()),
            class = "moe_slope_heuristic")
}

check_slope_options <- function(scoef, pct, point, threshold, window, n,
                                average, n_models) {
  average <- check_flag(average, "average")
  if (average && is.null(n)) {
    abort_input("`average = TRUE` is for AIC and BIC: give the number of ",
                "observations `n`, or leave it out. The slope heuristic is ",
                "the same for sums and means.")
  }
  point <- check_count(point, "point", min = 0L)
  if (point >= n_models) {
    abort_input("`point` must be less than the number of models (", n_models,
                "); found ", point, ".")
  }
  if (!is.null(window)) {
    window <- check_number(window, "window", 0)
    if (window >= 1) {
      abort_input("`window` must be less than 1; found ", window, ".")
    }
  }
  list(scoef = check_number(scoef, "scoef", 1),
       pct = check_number(pct, "pct", 0, 1), point = point,
       threshold = if (!is.null(threshold))
         check_number(threshold, "threshold"),
       window = window, n = if (!is.null(n)) check_count(n, "n"),
       average = average)
}

likelihood_choices <- function(table, options) {
  table <- table[order(table$row), ]
  unit <- if (options$average) options$n else 1
  at <- function(weight) {
    which.min(table$contrast + weight * table$dimension / unit)
  }
  rbind(slope_choice("AIC", table, at(1)),
        slope_choice("BIC", table, at(log(options$n) / 2)))
}
