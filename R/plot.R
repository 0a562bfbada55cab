#' Plots of a mixture of experts
#'
#' @param x A fit from [moe()].
#' @param type What to draw:
#'   \describe{
#'     \item{`"fit"`}{the data, marked by their most probable expert (by the
#'       posterior); the experts' lines, stronger where the gate favours them;
#'       the mean of the mixture and a prediction band. With several
#'       predictors and no `term`: observed against fitted. Without predictors:
#'       a histogram with the density, for two responses a scatter plot with
#'       the experts' ellipses of probability 0.5 and `level`.}
#'     \item{`"gate"`}{the gate's probabilities against its predictor. With two
#'       numeric predictors (or two in `term`): the most probable expert over
#'       the plane, with contours of its probability.}
#'     \item{`"density"`}{the density of the response given one predictor, with
#'       mean, median and the limits of the prediction band}
#'     \item{`"residuals"`}{Pearson residuals against fitted values, and a
#'       normal quantile plot of the quantile residuals: the fitted
#'       distribution function at the response, on the normal scale. Their
#'       band holds each of them with probability 0.95 if the model is right.}
#'     \item{`"trace"`}{how far the log-likelihood is below its last value
#'       after each iteration of the run that was kept (a straight line is
#'       linear convergence), and what each start reached}
#'   }
#'   Several responses have a panel each.
#' @param term Name of the predictor on the horizontal axis. The others are
#'   held at their median (factors: at their first level), which is written
#'   below the axis.
#' @param at A named list: other values to hold predictors at.
#' @param level Probability of the prediction band.
#' @param col One colour per expert.
#' @param legend Draw the legend, above the plot?
#' @param newdata Data to draw instead of those of the fit, with the response;
#'   needed for fits with `model = FALSE`.
#' @param ... Graphical parameters: `main`, `sub`, `xlab`, `ylab`, `xlim`,
#'   `ylim`, `cex`, `las`, `bty`, and those that begin with `cex.`, `col.` and
#'   `font.`.
#' @return Invisibly, what was drawn: a list of data frames.
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(accel ~ times, data = MASS::mcycle, K = 4)
#' plot(fit)
#' plot(fit, type = "gate")
#' plot(fit, type = "density")
#' plot(fit, type = "residuals")
#' plot(fit, type = "trace")
#'
#' # several predictors: observed against fitted, or against one of them
#' cars <- moe(mpg ~ wt + hp, data = mtcars, K = 2, gate = gate_gaussian())
#' plot(cars)
#' plot(cars, term = "wt", at = list(hp = 100))
#' plot(cars, type = "gate")
plot.moe <- function(x, type = c("fit", "gate", "density", "residuals",
                                 "trace"),
                     term = NULL, at = NULL, level = 0.9, col = NULL,
                     legend = TRUE, newdata = NULL, ...) {
  type <- check_choice(type, "type", eval(formals(plot.moe)$type))
  level <- check_number(level, "level", 0, 1, open = TRUE)
  style <- plot_style(x$K, col, check_flag(legend, "legend"), list(...))
  if (type == "trace") return(invisible(plot_trace(x, style)))
  rows <- plot_rows(x, newdata)
  rows$reference <- reference_row(rows$predictors, at)
  invisible(switch(type,
    fit = plot_fit(x, rows, term, level, style),
    gate = plot_gate(x, rows, term, style),
    density = plot_density(x, rows, term, level, style),
    residuals = plot_residuals(x, rows, style)))
}
