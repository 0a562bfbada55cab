#' @rdname plot.moe
#' @order 2
#' @method autoplot moe
#' @exportS3Method ggplot2::autoplot moe
autoplot.moe <- function(object,
                         type = c("fit", "gate", "density", "residuals", "pit",
                                  "calibration", "trace", "coefficients"),
                         term = NULL, at = NULL,
                         level = if (type %in% c("fit", "density")) 0.9
                           else 0.95,
                         col = NULL, legend = TRUE, newdata = NULL, ...) {
  require_ggplot2()
  type <- check_choice(type, "type", plot_types)
  level <- check_number(level, "level", 0, 1, open = TRUE)
  legend <- check_flag(legend, "legend")
  if (...length()) check_dots(..., help = "?autoplot.moe")
  picture <- picture_of(object, type, term, at, level, newdata)
  gg_picture(picture, plot_style(picture, col, legend, list()))
}

require_ggplot2 <- function(found = requireNamespace("ggplot2",
                                                     quietly = TRUE)) {
  if (!found || utils::packageVersion("ggplot2") < "3.4.0") {
    abort("package", "autoplot() needs the package ggplot2 (3.4.0 or newer): ",
          "install it, or use plot().")
  }
}

gg_picture <- function(picture, style) {
  draw <- switch(picture$kind,
    curves = gg_curves, plane = gg_plane, levels = gg_levels,
    observed = gg_observed, histogram = gg_histograms, pair = gg_pair,
    gate_curves = gg_gate_curves, gate_bars = gg_gate_bars,
    regions = gg_regions, density = gg_densities, residuals = gg_residuals,
    pit = gg_pit, calibration = gg_calibration, trace = gg_trace,
    coefficients = gg_coefficients, cv = gg_cv,
    selection = gg_selection, path = gg_path,
    path_criterion = gg_path_criterion, cv_path = gg_cv_path)
  out <- draw(picture, style)
  attr(out, "plotted") <- picture$drawn
  out
}
