# Type "fit" over two predictors in base graphics.

# Draws the mean over a plane: darker is higher, with labelled contours.
#' @export
draw_base.picture_plane <- function(picture, style) {
  in_panels(picture$drawn, function(part, response) {
    plane <- part$plane
    axes <- lapply(plane[1:2], unique)
    z <- matrix(plane$mean, length(axes[[1L]]), length(axes[[2L]]))
    open_panel(range(axes[[1L]]), range(axes[[2L]]), picture$term[1L],
               picture$term[2L], style, xaxs = "i", yaxs = "i")
    if (diff(range(z)) > 0) {
      draw_cells(axes[[1L]], axes[[2L]], plane$mean, col = plane_colours())
      graphics::contour(as.numeric(axes[[1L]]), as.numeric(axes[[2L]]), z,
                        add = TRUE, col = "grey25",
                        lwd = 0.8, labcex = 0.75, vfont = NULL)
    }
    data <- part$data
    draw_points(data[[1L]], data[[2L]], data$expert, style, data$held)
    graphics::box(bty = "l")
    label <- legend_entry(paste("mean of", response), lty = "solid", lwd = 0.8,
                          col = "grey25")
    close_panel(style, top_legend(rbind(expert_entries(style), label), style),
                picture$remark)
  })
}

# Draws a curve of the mean for each level of a factor.
#' @export
draw_base.picture_levels <- function(picture, style) {
  levels <- picture$levels
  lines <- k_lines(length(levels))
  in_panels(picture$drawn, function(part, response) {
    data <- part$data
    open_panel(range(data[[1L]], na.rm = TRUE),
               range(data$observed, part$mean$mean, na.rm = TRUE),
               picture$term[1L], response, style)
    draw_points(data[[1L]], data$observed,
                match(as.character(data[[2L]]), levels), style, data$held)
    for (i in seq_along(levels)) {
      curve <- part$mean[as.character(part$mean[[2L]]) == levels[i], ]
      graphics::lines(curve[[1L]], curve$mean, col = style$col[i], lwd = 2.5,
                      lty = lines[i])
    }
    entries <- legend_entry(paste(picture$term[2L], "=", levels),
                            pch = style$pch, lty = lines, lwd = 2.5,
                            col = style$col, bg = faded(style$col, 0.5))
    close_panel(style, top_legend(entries, style), picture$remark)
  })
}
