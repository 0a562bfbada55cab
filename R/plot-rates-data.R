# Errors of a rate experiment against the number of rows. Slopes are those of
# logarithms.

rate_picture <- function(x, type, statistic, start, size) {
  type <- check_choice(type, "type", c("loss", "blocks"))
  statistic <- check_choice(statistic, "statistic", c("mean", "median"))
  if (type == "loss") {
    if (!is.null(start) || !is.null(size)) {
      abort_input("`start` and `size` are for type \"blocks\"; leave them out.")
    }
    return(rate_loss_picture(x, statistic))
  }
  rate_block_picture(x, start, size)
}

rate_loss_picture <- function(x, statistic) {
  out <- summary(x)
  used <- !x$fits$status %in% left_out & is.finite(x$fits$loss)
  fits <- x$fits[used, c("n", "replicate", "start", "loss")]
  points <- out$sizes[c("start", "n", statistic)]
  names(points)[3L] <- "value"
  points <- points[is.finite(points$value) & points$value > 0, ]
  if (!nrow(points)) no_rates("no fit has a loss that counts")
  slopes <- out$slopes[out$slopes$statistic == statistic, ]
  starts <- x$starts
  points$group <- match(points$start, starts)
  fits$group <- match(fits$start, starts)
  lines <- rate_lines(points, slopes$slope[match(starts, slopes$start)],
                      slopes$theory[match(starts, slopes$start)])
  new_picture("rates", list(points = points, lines = lines,
                            fits = fits[fits$loss > 0, ]),
              length(starts), group_name = "kind of start",
              labels = slope_labels(starts, slopes$slope[match(starts,
                                                               slopes$start)]),
              ylab = paste(statistic, "loss", x$type))
}

rate_block_picture <- function(x, start, size) {
  start <- check_choice(if (is.null(start)) x$starts[1L] else start, "start",
                        x$starts)
  sizes <- block_sizes(x)
  sizes <- sizes[sizes$start == start, ]
  size <- block_cell_size(sizes$size, size)
  sizes <- sizes[sizes$size == size & is.finite(sizes$median) &
                   sizes$median > 0, ]
  if (!nrow(sizes)) no_rates("no fit has errors that count")
  slopes <- block_slopes(x, 0.95)
  slopes <- slopes[slopes$start == start & slopes$size == size, ]
  # an error that is always 0 cannot be drawn
  slopes <- slopes[paste(slopes$block, slopes$exponent) %in%
                     paste(sizes$block, sizes$exponent), ]
  several <- slopes$block[duplicated(slopes$block)]
  name <- function(d) {
    ifelse(d$block %in% several,
           paste0(d$block, " (", format(d$exponent), ")"), d$block)
  }
  names <- name(slopes)
  points <- data.frame(sizes[c("start", "n", "block", "exponent")],
                       value = sizes$median, group = match(name(sizes), names))
  lines <- rate_lines(points, slopes$slope, slopes$theory)
  new_picture("rates", list(points = points, lines = lines), length(names),
              group_name = "block", labels = slope_labels(names, slopes$slope,
                                                   slopes$theory),
              ylab = paste0("median error, ", size, " fitted expert",
                            if (size > 1) "s", " in a cell"))
}

block_cell_size <- function(sizes, size) {
  found <- sort(unique(sizes))
  if (is.null(size)) return(c(found[found > 1], found)[1L])
  size <- check_count(size, "size")
  if (!size %in% found) {
    abort_input("`size`: no cell has ", size, " fitted expert(s); found ",
                paste(found, collapse = ", "), ".")
  }
  size
}

no_rates <- function(why) {
  abort_input("There is nothing to draw: ", why, "; look at tidy(x).")
}

slope_labels <- function(names, slope, theory = NULL) {
  value <- function(v) formatC(v, digits = 2L, format = "f")
  paste0(names, ", slope ", value(slope),
         if (!is.null(theory)) paste0(" (theory ", format(round(theory, 3L),
                                                          trim = TRUE), ")"))
}

# Returns for each group the ends of the fitted line and of the theory's, which
# both go through the centre of its points.
rate_lines <- function(points, slope, theory) {
  rows <- lapply(unique(points$group), function(g) {
    own <- log10(as.matrix(points[points$group == g, c("n", "value")]))
    x <- range(own[, 1L])
    end <- function(slope) {
      10^(mean(own[, 2L]) + slope * (x - mean(own[, 1L])))
    }
    data.frame(group = g, kind = rep(c("fitted", "theory"), each = 2L),
               n = 10^x, value = c(end(slope[g]), end(theory[g])))
  })
  out <- do.call(rbind, rows)
  out[is.finite(out$value), ]
}

# Returns the limits of the vertical axis. Losses of single fits may be
# anywhere: it shows those within a factor of 100 of the lines and points.
rate_limits <- function(drawn) {
  main <- range(drawn$points$value, drawn$lines$value)
  fits <- drawn$fits$loss
  range(main, fits[fits > main[1L] / 100 & fits < main[2L] * 100])
}

log_breaks <- function(limits) {
  grDevices::axisTicks(log10(limits), log = TRUE, nint = 5L)
}

log_labels <- function(at) {
  vapply(at, function(v) {
    if (is.na(v)) return(NA_character_)
    plain <- v >= 1e-4 && v < 1e7
    format(v, scientific = !plain, big.mark = ",", digits = 3L)
  }, "")
}
