# The dimension jump: how the selected model shrinks as the constant grows.

dimension_jump <- function(models, options) {
  path <- selection_path(models)
  chosen <- jump_row(path, options$threshold)
  at <- path$index[1L]
  kappa <- NA_real_
  ties <- 0L
  if (is.na(chosen)) {
    warn("slope", "The dimension never jumps: model ",
         quote_all(path$model[1L]), " has the smallest contrast and the ",
         "smallest shape of all, so that every penalty selects it.")
  } else {
    kappa <- path$kappa[chosen]
    at <- path$index[path_row(path, options$scoef * kappa)]
    ties <- if (is.null(options$threshold))
      sum(path$jump == max(path$jump, na.rm = TRUE), na.rm = TRUE) - 1L
      else 0L
  }
  window <- if (!is.null(options$window)) jump_window(path, options)
  selected <- rbind(slope_choice("jump", models, at, kappa, options$scoef),
                    window_choice(models, path, window, options))
  list(path = path, chosen = chosen, ties = ties, window = window,
       selected = selected)
}

# Returns the corners of the lower convex hull of (shape, contrast): from the
# constant `kappa` on, the model in row `index` of `models` is selected.
selection_path <- function(models) {
  at <- which.min(models$contrast)
  index <- at
  kappa <- 0
  while (at > 1L) {
    smaller <- seq_len(at - 1L)
    crossing <- (models$contrast[smaller] - models$contrast[at]) /
      (models$shape[at] - models$shape[smaller])
    at <- which.min(crossing)
    index <- c(index, at)
    kappa <- c(kappa, crossing[at])
  }
  dimension <- models$dimension[index]
  data.frame(kappa = cummax(kappa), model = models$model[index],
             dimension = dimension, jump = c(NA, -diff(dimension)),
             index = index)
}

path_row <- function(path, kappa) max(which(path$kappa <= kappa))

# Returns the row of the path that ends the jump, or NA if there is none.
jump_row <- function(path, threshold) {
  if (nrow(path) == 1L) return(NA_integer_)
  if (is.null(threshold)) {
    return(max(which(path$jump == max(path$jump[-1L]))))
  }
  small <- which(path$dimension <= threshold)
  if (!length(small)) {
    abort_input("`threshold` must be at least the dimension that the largest ",
                "penalty selects, ", format(min(path$dimension)), "; found ",
                threshold, ".")
  }
  if (small[1L] == 1L) {
    warn("slope", "The model with the smallest contrast has dimension ",
         format(path$dimension[1L]), ", not more than the threshold ",
         threshold, ": the constant is zero, which is no penalty. Lower ",
         "`threshold`, or add larger models.")
  }
  small[1L]
}

# Returns the window from (1 - a) kappa to (1 + a) kappa over which the
# dimension falls most. It ends at a jump; of equal windows the last is taken.
jump_window <- function(path, options) {
  if (nrow(path) == 1L) return(NULL)
  narrowing <- (1 - options$window) / (1 + options$window)
  ends <- seq_len(nrow(path))[-1L]
  before <- vapply(path$kappa[ends] * narrowing, function(lower) {
    max(1L, which(path$kappa < lower))
  }, 0L)
  jump <- path$dimension[before] - path$dimension[ends]
  best <- max(which(jump == max(jump)))
  upper <- path$kappa[ends[best]]
  lower <- upper * narrowing
  reached <- seq(path_row(path, options$scoef * lower),
                 path_row(path, options$scoef * upper))
  list(lower = lower, upper = upper, jump = jump[best],
       models = path$model[reached])
}

window_choice <- function(models, path, window, options) {
  if (is.null(options$window)) return(NULL)
  kappa <- if (is.null(window)) NA_real_ else window$upper
  row <- if (is.null(window)) 1L else path_row(path, options$scoef * kappa)
  slope_choice("window", models, path$index[row], kappa, options$scoef)
}
