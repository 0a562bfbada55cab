#' Plots of a mixture of experts
#'
#' `plot()` draws in base graphics, `autoplot()` returns the same picture as a
#' ggplot2 object.
#'
#' The drawn data are those of the fit (or `newdata`). Experts have a colour
#' and a marker each; an observation has those of its most probable expert, by
#' the posterior. Several responses have a panel each.
#'
#' @param x,object A fit from [moe()].
#' @param type What to draw:
#'   \describe{
#'     \item{`"fit"`}{the data; the experts' lines, stronger where the gate
#'       favours them; the mean of the mixture and a prediction band. With
#'       several predictors and no `term`: observed against fitted. With two in
#'       `term`: the mean over the plane of two numeric predictors, with
#'       contours, or over a numeric one for each level of a factor. Without
#'       predictors: a histogram with the density, for two responses a scatter
#'       plot with the experts' ellipses of probability 0.5 and `level`.}
#'     \item{`"gate"`}{the gate's probabilities against its predictor. With two
#'       numeric predictors (or two in `term`): the most probable expert over
#'       the plane, with contours of its probability.}
#'     \item{`"density"`}{the density of the response given one predictor, with
#'       mean, median and the limits of the prediction band}
#'     \item{`"residuals"`}{Pearson residuals against fitted values, and a
#'       normal quantile plot of the quantile residuals: the fitted
#'       distribution function at the response, on the normal scale}
#'     \item{`"pit"`}{a histogram of the probability integral transform, the
#'       fitted distribution function at the response,
#'       \deqn{u_i = \sum_k g_k(x_i) F_k(y_i | x_i),}
#'       which is uniform if the model is right. A valley means that the fitted
#'       distributions are too narrow, a hill that they are too wide, a slope
#'       that they are biased.}
#'     \item{`"calibration"`}{the observed share of responses below the fitted
#'       quantile of each probability, and inside the central interval of each
#'       probability, against that probability}
#'     \item{`"trace"`}{how far the log-likelihood is below its last value
#'       after each iteration of the run that was kept (a straight line is
#'       linear convergence), and what each start reached}
#'     \item{`"coefficients"`}{the coefficients of gate and experts with the
#'       confidence intervals of [confint()], a panel with its own scale per
#'       term. Where `confint()` refuses (an error of class
#'       `gatemix_error_inference`), the estimates alone, with the reason
#'       below. Dropped terms are left out. With many terms choose some by
#'       `term`, or draw on a tall device.}
#'   }
#' @param term Name of the predictor on the horizontal axis; for `"fit"` and
#'   `"gate"` one or two. The other predictors are held at their median
#'   (factors: at their first level), which is written below the axis; data
#'   with another level of a held factor are drawn as grey circles. For
#'   `"coefficients"`: names of the terms to show, for instance
#'   `"(Intercept)"`; default all.
#' @param at A named list: other values to hold predictors at. For `"fit"`,
#'   `"gate"` and `"density"`.
#' @param level Probability of the prediction band (types `"fit"` and
#'   `"density"`), confidence of the intervals (`"coefficients"`), or
#'   probability with which a band holds each quantile residual, bar or share,
#'   if the model with the fitted parameters is right (`"residuals"`, `"pit"`,
#'   `"calibration"`); the parameters were estimated from the same data, so
#'   slightly fewer than `1 - level` fall outside. `NULL`: 0.9 for the
#'   prediction band, otherwise 0.95.
#' @param col One colour per expert; for curves per level of a factor, one per
#'   level. Type `"density"`, `"pit"`, `"calibration"` and `"trace"` have
#'   colours of their own.
#' @param legend Draw the legend, above the plot?
#' @param newdata Data to draw instead of those of the fit, with the response;
#'   needed for fits with `model = FALSE`. Not for `"trace"` and
#'   `"coefficients"`.
#' @param ... `plot()`: graphical parameters `main`, `sub`, `xlab`, `ylab`,
#'   `xlim`, `ylim`, `cex`, `las`, `bty`, and those that begin with `cex.`,
#'   `col.` and `font.`. `autoplot()`: nothing; add scales, labels and themes
#'   to what it returns.
#' @param n Not for fits, which draw the rows of their data or of `newdata`: an
#'   error of class `gatemix_error_input`. See [plot.moe_model()].
#' @return `plot()` returns, invisibly, what was drawn: a list of data frames.
#'   `autoplot()` returns a ggplot object: its `data` is the first of these
#'   data frames, and its attribute `"plotted"` the list.
#'
#'   The data frames have a row per point of a curve or per observation, and
#'   for several responses the column `response`. Predictors keep their names
#'   (with a dot added where another column has that name). Types `"pit"` and
#'   `"calibration"` weigh the observations by the weights of the fit; the band
#'   is then for \eqn{(\sum w)^2 / \sum w^2} observations.
#' @section Errors: of class `gatemix_error_input`, if an argument means nothing
#'   for the type, names no predictor, or data are needed; of class
#'   `gatemix_error_package`, if ggplot2 is not installed.
#' @references Czado, C., Gneiting, T. and Held, L. (2009). Predictive model
#'   assessment for count data. *Biometrics* 65, 1254-1261 (histograms of the
#'   probability integral transform). Dunn, P. K. and Smyth, G. K. (1996).
#'   Randomized quantile residuals. *Journal of Computational and Graphical
#'   Statistics* 5, 236-244.
#' @order 1
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 2)
#' plot(fit)
#' plot(fit, type = "gate")
#' plot(fit, type = "density")
#' plot(fit, type = "residuals")
#' plot(fit, type = "pit")
#' plot(fit, type = "calibration")
#' plot(fit, type = "trace")
#'
#' # several predictors: observed against fitted, or over one or two of them
#' cars <- moe(mpg ~ wt + hp, data = mtcars, K = 2, gate = gate_gaussian())
#' plot(cars)
#' plot(cars, term = "wt", at = list(hp = 100))
#' plot(cars, term = c("wt", "hp"))
#' plot(cars, type = "gate")
#' plot(cars, type = "coefficients")
#'
#' # the same pictures with ggplot2
#' if (requireNamespace("ggplot2", quietly = TRUE)) {
#'   picture <- ggplot2::autoplot(fit)
#'   picture + ggplot2::labs(title = "Two kinds of eruptions")
#'   names(attr(picture, "plotted"))
#' }
plot.moe <- function(x, type = c("fit", "gate", "density", "residuals", "pit",
                                 "calibration", "trace", "coefficients"),
                     term = NULL, at = NULL, level = NULL, col = NULL,
                     legend = TRUE, newdata = NULL, ..., n = NULL) {
  type <- if (missing(type)) "fit" else check_choice(type, "type", plot_types())
  refuse_row_count(n)
  plot_model(x, type, term, at, level, col, legend, newdata, ...,
             help_page = "?plot.moe")
}

#' @rdname plot.moe
#' @order 2
#' @method autoplot moe
#' @exportS3Method ggplot2::autoplot moe
autoplot.moe <- function(object,
                         type = c("fit", "gate", "density", "residuals", "pit",
                                  "calibration", "trace", "coefficients"),
                         term = NULL, at = NULL, level = NULL, col = NULL,
                         legend = TRUE, newdata = NULL, ..., n = NULL) {
  type <- if (missing(type)) "fit" else check_choice(type, "type", plot_types())
  refuse_row_count(n)
  autoplot_model(object, type, term, at, level, col, legend, newdata, ...,
                 help_page = "?autoplot.moe")
}

# Refuses the number of rows that a model without data simulates for a plot.
# Without this argument, `n` would be taken for the beginning of `newdata`.
refuse_row_count <- function(n) {
  if (is.null(n)) return(invisible())
  abort_input("`n` is for models without data, which simulate rows to draw. A ",
              "fit draws the rows of its data or of `newdata`.")
}
