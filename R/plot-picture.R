# Pictures: what plot() and autoplot() show, before either draws it. A picture
# of kind "curves" has the class picture_curves. Its data are made in a file
# plot-*-data.R, and its methods of draw_base() and draw_ggplot() stand beside
# it, in plot-*-base.R and plot-*-ggplot.R.

# Returns a picture: the data frames that are `drawn`, the number of `groups`
# that need a colour, the word for one of them in messages, and, by name, what
# the drawings say besides (`remark`: sentences below the picture).
new_picture <- function(kind, drawn, groups, ..., group_name = "expert") {
  structure(list(drawn = drawn, groups = groups, group_name = group_name, ...),
            class = c(paste0("picture_", kind), "picture"))
}

# Draws a picture in base graphics. Panels that the user has arranged are used,
# and par() is left as it was.
draw_base <- function(picture, style) UseMethod("draw_base")

# Returns a picture as a ggplot object.
draw_ggplot <- function(picture, style) UseMethod("draw_ggplot")

# Draws a picture for plot() and returns its data frames, invisibly. `dots` are
# the graphical parameters, `help` is the page that explains them.
plot_picture <- function(picture, col, legend, dots, help) {
  legend <- check_flag(legend, "legend")
  draw_base(picture, plot_style(picture, col, legend, dots, help))
  invisible(picture$drawn)
}

# Returns a picture as autoplot() does, with the data frames as an attribute.
autoplot_picture <- function(picture, col, legend) {
  require_ggplot2()
  legend <- check_flag(legend, "legend")
  out <- draw_ggplot(picture, plot_style(picture, col, legend))
  attr(out, "plotted") <- picture$drawn
  out
}

# Refuses to go on without a ggplot2 that is new enough.
require_ggplot2 <- function(found = requireNamespace("ggplot2",
                                                     quietly = TRUE)) {
  if (!found || utils::packageVersion("ggplot2") < "3.4.0") {
    abort("package", "autoplot() needs the package ggplot2 (3.4.0 or newer): ",
          "install it, or use plot().")
  }
}

# Returns data frames with their rows of one response alone.
of_response <- function(frames, response) {
  lapply(frames, function(d) d[d$response == response, , drop = FALSE])
}

# Returns the rows of each response, in the order of the responses.
split_responses <- function(d) {
  unname(split(d, factor(d$response, unique(d$response))))
}
