#' Plots of a model given by its parameters
#'
#' The pictures of [plot()][plot.moe], for a model without data.
#'
#' @param x,object A model from [moe_model()], [as_moe_model()] or
#'   [moe_truth()].
#' @param type What to draw, see [plot()][plot.moe].
#' @param newdata Data to draw, which also give the range of the predictors. If
#'   it lacks the response, responses are simulated. `NULL`: `n` rows are
#'   simulated, with the model's own law of the predictors.
#' @param n Number of rows to simulate where `newdata` is `NULL`.
#' @param seed Seed of the simulated values; the state of the random numbers is
#'   left as it was.
#' @param ... Further arguments as for fits: `term`, `at`, `level`, `col`,
#'   `legend` and, for `plot()`, graphical parameters.
#' @return As for fits: `plot()` the data that were drawn, invisibly,
#'   `autoplot()` a ggplot object.
#' @section Errors: a model without a law of the predictors needs `newdata`; its
#'   absence is an error of class `gatemix_error_input`.
#' @references Czado, C., Gneiting, T. and Held, L. (2009). Predictive model
#'   assessment for count data. *Biometrics* 65, 1254-1261.
#' @export
#' @examples
#' truth <- moe_truth("sgmoe")
#' plot(truth)
#' plot(truth, type = "gate")
#' plot(truth, type = "density", n = 100)
plot.moe_model <- function(x, type = c("fit", "gate", "density", "residuals",
                                       "pit", "calibration"),
                           newdata = NULL, n = 500, seed = 1, ...) {
  type <- if (missing(type)) "fit" else check_model_type(type)
  plot_model(x, type, newdata = drawn_rows(x, newdata, n, seed), ...,
             help_page = "?plot.moe_model")
}

#' @rdname plot.moe_model
#' @method autoplot moe_model
#' @exportS3Method ggplot2::autoplot moe_model
autoplot.moe_model <- function(object, type = c("fit", "gate", "density",
                                                "residuals", "pit",
                                                "calibration"),
                               newdata = NULL, n = 500, seed = 1, ...) {
  type <- if (missing(type)) "fit" else check_model_type(type)
  autoplot_model(object, type, newdata = drawn_rows(object, newdata, n, seed),
                 ..., help_page = "?autoplot.moe_model")
}

# Draws a type for a fit or a model. The arguments are those of plot.moe(), with
# the page that errors name.
plot_model <- function(x, type, term = NULL, at = NULL, level = NULL,
                       col = NULL, legend = TRUE, newdata = NULL, ...,
                       help_page) {
  plot_picture(picture_of(x, type, term, at, level, newdata), col, legend,
               list(...), help_page)
}

# Does the same with ggplot2.
autoplot_model <- function(object, type, term = NULL, at = NULL, level = NULL,
                           col = NULL, legend = TRUE, newdata = NULL, ...,
                           help_page) {
  check_dots(..., help = help_page)
  autoplot_picture(picture_of(object, type, term, at, level, newdata), col,
                   legend)
}

# Refuses what a model has no picture of. It has those that are made of rows.
check_model_type <- function(type) {
  check_choice(type, "type", plot_types("newdata"))
}

# Returns the rows to draw: `newdata`, with simulated responses where it has
# none, or n rows of the model's own law.
drawn_rows <- function(object, newdata, n, seed) {
  given <- !is.null(newdata)
  if (given && has_response(object, newdata)) return(newdata)
  refuse_computed_response(object)
  if (!given) return(simulate.moe_model(object, n = n, seed = seed))
  y <- simulate(object, newdata = newdata, seed = seed)$sim_1
  if (is.null(object$blueprint)) {
    return(c(if (is.list(newdata)) newdata else list(x = newdata),
             list(y = y)))
  }
  newdata[object$problem$units$response$names] <-
    if (is.matrix(y)) columns(y) else list(y)
  newdata
}

# Refuses to simulate a response that the formula computes: of log(y), no
# variable y can be made to draw.
refuse_computed_response <- function(object) {
  if (is.null(object$blueprint)) return(invisible())
  names <- object$problem$units$response$names
  computed <- setdiff(all.vars(formula(object)[[2L]]), names)
  if (length(computed)) {
    abort_input("`newdata` must hold ", quote_all(computed), ": the response ",
                "of the model, `", deparse_one(formula(object)[[2L]]),
                "`, is computed from it and cannot be simulated for plots.")
  }
}
