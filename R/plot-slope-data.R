# The slope estimation and the dimension jump of a slope heuristic.

slope_picture <- function(x) {
  models <- x$models
  slopes <- x$slope$slopes
  chosen <- slopes$plateau %in% x$slope$chosen
  line <- x$slope$line
  from <- if (is.null(line)) Inf else middle_shape(slopes, chosen)
  contrasts <- data.frame(models[c("model", "dimension", "shape")],
                          value = -models$contrast,
                          used = models$shape >= from,
                          selected = models$row %in% x$selected$row[1L])
  slopes <- data.frame(slopes[c("points", "slope", "model", "dimension",
                                "plateau")], chosen = chosen)
  drawn <- list(contrasts = contrasts, slopes = slopes,
                line = slope_ends(contrasts, line))
  new_picture("slope", drawn, 1L)
}

# Returns the smallest shape that the regression in the middle of the chosen
# plateau uses.
middle_shape <- function(slopes, chosen) {
  rows <- which(chosen)
  slopes$shape[rows[1L] + length(rows) %/% 2L]
}

# Returns the ends of the line over the whole axis, cut where it leaves the
# contrasts.
slope_ends <- function(contrasts, line) {
  if (is.null(line)) {
    return(data.frame(shape = numeric(), value = numeric()))
  }
  shape <- range(contrasts$shape)
  low <- min(contrasts$value)
  if (line[[2L]] > 0) {
    shape[1L] <- min(max(shape[1L], (low - line[[1L]]) / line[[2L]]),
                     min(contrasts$shape[contrasts$used]))
  }
  data.frame(shape = shape, value = line[[1L]] + line[[2L]] * shape)
}

jump_picture <- function(x) {
  path <- x$jump$path
  chosen <- x$jump$chosen
  selected <- x$selected[x$selected$method == "jump", ]
  end <- staircase_end(x)
  shown <- path$kappa <= end
  stairs <- data.frame(path[c("kappa", "model", "dimension", "jump")],
                       until = c(path$kappa[-1L], Inf))[shown, ]
  stairs$until <- pmin(stairs$until, end)
  stairs$chosen <- which(shown) %in% setdiff(chosen, 1L)
  marks <- data.frame(kappa = selected$constant, model = selected$model,
                      dimension = selected$dimension)
  drawn <- list(stairs = stairs, selected = marks[!is.na(marks$kappa), ])
  new_picture("jump", drawn, 1L,
              window = x$jump$window, threshold = x$options$threshold)
}

# Returns the constant where the staircase ends: somewhat beyond the selected
# model.
staircase_end <- function(x) {
  reach <- x$selected$constant[x$selected$method %in% c("jump", "window")]
  reach <- max(c(0, reach), na.rm = TRUE)
  if (reach > 0) return(1.5 * reach)
  last <- max(x$jump$path$kappa)
  if (last > 0) 1.2 * last else 1
}

slope_colours <- c(used = "#0072B2", other = "grey60", line = "#D55E00")

# Returns the limits of the slopes' axis. Slopes of the last few models can be
# wild: it shows those within three interquartile ranges of the middle half, and
# all of the chosen plateau.
slope_limits <- function(slopes) {
  values <- slopes$slope
  inner <- stats::quantile(values, c(0.25, 0.75), names = FALSE)
  inner <- inner + c(-3, 3) * diff(inner)
  limits <- range(values[values >= inner[1L] & values <= inner[2L]],
                  values[slopes$chosen])
  if (diff(limits) == 0) limits + c(-1, 1) * max(abs(limits), 1) / 10
  else limits
}

line_label <- function(contrasts) {
  paste("line of the last", sum(contrasts$used), "models")
}

# Returns the vertical parts of the staircase.
jump_steps <- function(stairs) {
  steps <- stairs[-1L, ]
  steps$above <- steps$dimension + steps$jump
  steps
}

jump_label <- function(picture) {
  stairs <- picture$drawn$stairs
  paste("jump at", format(stairs$kappa[stairs$chosen], digits = 3L))
}

selected_label <- function(picture) {
  selected <- picture$drawn$selected
  paste0("selected at ", format(selected$kappa, digits = 3L), ": ",
         selected$model)
}
