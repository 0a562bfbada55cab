#' @rdname plot.moe_slope_heuristic
#' @order 2
#' @method autoplot moe_slope_heuristic
#' @exportS3Method ggplot2::autoplot moe_slope_heuristic
autoplot.moe_slope_heuristic <- function(object, type = c("slope", "jump"),
                                         legend = TRUE, ...) {
  type <- check_choice(type, "type", c("slope", "jump"))
  check_dots(..., help = "?autoplot.moe_slope_heuristic")
  picture <- if (type == "slope") slope_picture(object)
    else jump_picture(object)
  autoplot_picture(picture, NULL, legend)
}

# All panels share one horizontal scale. The second and third run backwards,
# over minus the number of models, so that breaks and labels are known by their
# sign.
#' @export
draw_ggplot.picture_slope <- function(picture, style) {
  panels <- c("minus the contrast", "slope", "dimension selected")
  drawn <- picture$drawn
  by <- call("factor", as.name(".panel"), panels)
  gg_open(picture, style, paste("shape of the penalty (first panel), models",
                                "in the regression (others)")) +
    gg_contrasts(drawn$contrasts, drawn$line, panels[1L]) +
    gg_regressions(drawn$slopes, panels[2:3]) +
    gg_slope_scales(drawn, style) +
    ggplot2::facet_wrap(do.call(ggplot2::vars, list(by)), scales = "free",
                        nrow = 1L, strip.position = "left") +
    ggplot2::scale_x_continuous(breaks = slope_breaks, labels = function(at) {
      format(abs(at), trim = TRUE)
    })
}

# Returns the breaks of a panel; numbers of models are whole.
slope_breaks <- function(limits) {
  if (mean(limits) > 0) return(pretty(limits, 4L))
  at <- unique(round(pretty(limits, 4L)))
  at[at < 0]
}

gg_contrasts <- function(contrasts, line, panel) {
  contrasts$.panel <- panel
  contrasts$.role <- ifelse(contrasts$used, "used", "other")
  line$.panel <- rep(panel, nrow(line))
  best <- contrasts[contrasts$selected, ]
  across <- function(...) gg_map(x = "shape", y = "value", ...)
  list(ggplot2::geom_point(across(colour = ".role"), contrasts, size = 1.3),
       ggplot2::geom_line(across(), line, linewidth = 0.6,
                          colour = slope_colours[["line"]]),
       ggplot2::geom_point(across(), best, shape = 1L, size = 3.4,
                           stroke = 0.8))
}

gg_regressions <- function(slopes, panels) {
  limits <- slope_limits(slopes)
  slopes$.role <- ifelse(slopes$chosen, "used", "other")
  slopes$.points <- -slopes$points
  shown <- slopes[slopes$slope >= limits[1L] & slopes$slope <= limits[2L], ]
  shown$.panel <- panels[1L]
  slopes$.panel <- panels[2L]
  list(ggplot2::geom_line(gg_map(x = ".points", y = "slope"), shown,
                          colour = "grey60", linewidth = 0.4),
       ggplot2::geom_point(gg_map(x = ".points", y = "slope",
                                  colour = ".role"), shown, size = 1.2),
       ggplot2::geom_point(gg_map(x = ".points", y = "dimension",
                                  colour = ".role"), slopes, size = 1.2))
}

gg_slope_scales <- function(drawn, style) {
  best <- drawn$contrasts$model[drawn$contrasts$selected]
  labels <- c(used = paste0("chosen plateau, models of the line (",
                            sum(drawn$contrasts$used), ")"),
              other = "others")
  list(ggplot2::scale_colour_manual(
         name = NULL, values = slope_colours[c("used", "other")],
         limits = c("used", "other"), labels = labels),
       if (length(best) && style$legend) ggplot2::labs(caption = paste0(
         "Circle: the selected model, ", best,
         ". Line: the regression in the middle of the plateau.")))
}

#' @export
draw_ggplot.picture_jump <- function(picture, style) {
  stairs <- picture$drawn$stairs
  steps <- jump_steps(stairs)
  vertical <- function(data, ...) {
    ggplot2::geom_segment(gg_map(x = "kappa", xend = "kappa", y = "above",
                                 yend = "dimension"), data, ...)
  }
  gg_open(picture, style, "constant of the penalty",
          "dimension of the selected model") +
    gg_jump_marks(picture, style) +
    ggplot2::geom_segment(
      gg_map(x = "kappa", xend = "until", y = "dimension",
             yend = "dimension"), stairs, linewidth = 0.8,
      colour = slope_colours[["used"]]) +
    vertical(steps[!steps$chosen, ], linewidth = 0.3, colour = "grey60") +
    vertical(steps[steps$chosen, ], linewidth = 0.8, linetype = "42",
             colour = slope_colours[["line"]]) +
    ggplot2::geom_point(gg_map(x = "kappa", y = "dimension"),
                        picture$drawn$selected, shape = 4L, size = 3,
                        stroke = 1.1)
}

gg_jump_marks <- function(picture, style) {
  window <- picture$window
  words <- c(if (any(picture$drawn$stairs$chosen))
               paste("Dashed:", jump_label(picture)),
             if (nrow(picture$drawn$selected))
               paste("Cross:", selected_label(picture)),
             if (!is.null(window)) "Band: window",
             if (!is.null(picture$threshold)) "Dotted: threshold")
  list(
    if (!is.null(window)) ggplot2::annotate(
      "rect", xmin = window$lower, xmax = window$upper, ymin = -Inf,
      ymax = Inf, fill = band_colour),
    if (!is.null(picture$threshold)) ggplot2::geom_hline(
      yintercept = picture$threshold, linetype = "13", colour = mean_colour),
    if (length(words) && style$legend) ggplot2::labs(
      caption = paste0(paste(words, collapse = ". "), ".")))
}
