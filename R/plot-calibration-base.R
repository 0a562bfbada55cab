# Types "pit" and "calibration" in base graphics.

#' @export
draw_base.picture_pit <- function(picture, style) {
  in_panels(picture$drawn, function(part, response) {
    bars <- part$bars
    open_panel(c(0, 1), c(0, 1.05 * max(bars$density, bars$upper)),
               paste("fitted probability below", response), "density", style,
               yaxs = "i")
    graphics::rect(bars$from, 0, bars$to, bars$density, col = bar_colour,
                   border = "white")
    graphics::segments(0, 1, 1, 1, col = mean_colour, lwd = 1.6)
    for (limit in c("lower", "upper")) {
      graphics::segments(0, bars[[limit]][1L], 1, bars[[limit]][1L],
                         col = mean_colour, lty = "42")
    }
    close_panel(style, top_legend(pit_entries(picture$level), style))
  })
}

pit_entries <- function(level) {
  rbind(legend_entry("uniform", lty = "solid", lwd = 1.6, col = mean_colour),
        legend_entry(band_label(level), lty = "42", col = mean_colour))
}

#' @export
draw_base.picture_calibration <- function(picture, style) {
  in_panels(picture$drawn, function(part, response) {
    shares <- part$shares
    open_panel(c(0, 1), c(0, 1), "nominal probability",
               paste("observed share of", response), style)
    band <- shares[shares$kind == calibration_kinds[1L], ]
    graphics::polygon(c(0, band$nominal, 1, rev(band$nominal)),
                      c(0, band$lower, 1, rev(band$upper)),
                      col = band_colour, border = NA)
    graphics::segments(0, 0, 1, 1, col = "grey60")
    for (i in 1:2) {
      line <- shares[shares$kind == calibration_kinds[i], ]
      graphics::lines(line$nominal, line$observed, lwd = 2,
                      col = calibration_lines$col[i],
                      lty = calibration_lines$lty[i])
    }
    entries <- legend_entry(calibration_kinds, lty = calibration_lines$lty,
                            lwd = 2, col = calibration_lines$col)
    close_panel(style, top_legend(rbind(entries, band_entry(picture$level)),
                                  style))
  })
}
