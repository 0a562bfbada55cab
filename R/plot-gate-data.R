# Type "gate": probabilities of the experts over the gate's predictors.

#' @export
picture_data.type_gate <- function(type, object, term, at, newdata, ...) {
  rows <- plot_rows(object, newdata, at)
  variables <- part_variables(object, rows, "gate")
  if (!length(variables)) {
    if (!is.null(term)) {
      abort_input("The gate has no predictor; leave `term` out.")
    }
    return(share_picture(object, rows))
  }
  if (is.null(term)) term <- default_gate_term(rows, variables)
  term <- check_term(term, variables, rows, most = 2L)
  numeric <- vapply(rows$predictors[term], is_continuous, TRUE)
  if (length(term) == 2L && !all(numeric)) {
    abort_input("`term`: regions need two numeric predictors; ",
                quote_all(term[!numeric]), " is not. Give one `term`.")
  }
  grid <- term_grid(rows, term, if (length(term) == 2L) 151L else 401L)
  gate <- evaluate_grid(object, grid)$gate
  remark <- held_remark(rows, variables, term)
  if (length(term) == 2L) {
    return(region_picture(object, grid, gate, rows, term, remark))
  }
  curves <- gate_curves(grid[[term]], gate, term)
  data <- variables_frame(list(rows$predictors[[term]], rows$expert),
                          c(term_columns(term), "expert"),
                          length(rows$expert))
  new_picture(if (numeric) "gate_curves" else "gate_bars",
              list(curves = curves, data = data), object$K, term = term,
              remark = remark)
}

# Returns the predictors to draw where `term` is not given: all of the gate, if
# one picture has room for them.
default_gate_term <- function(rows, variables) {
  numeric <- vapply(rows$predictors[variables], is_continuous, TRUE)
  if (length(variables) == 1L || (length(variables) == 2L && all(numeric))) {
    return(variables)
  }
  abort_input("The gate has several predictors: choose one (or two numeric ",
              "ones) by `term`, from ", quote_all(variables), ".")
}

# Returns the probabilities of all experts over a predictor, in long form.
gate_curves <- function(x, gate, term) {
  K <- ncol(gate)
  out <- data.frame(rep(x, K), rep(seq_len(K), each = length(x)),
                    as.vector(gate))
  names(out) <- c(term_columns(term), "expert", "gate")
  out
}

# Returns the probabilities with NA where a curve runs along zero, so that it
# does not hide the others there.
without_zeros <- function(p) {
  zero <- p < 1e-3
  n <- length(p)
  p[zero & c(TRUE, zero[-n]) & c(zero[-1L], TRUE)] <- NA
  p
}

# Returns the picture of a gate without predictors.
share_picture <- function(object, rows) {
  first <- which(stats::complete.cases(rows$values$gate))[1L]
  K <- object$K
  # a model given by its parameters has the sizes of the rows that are drawn
  sizes <- if (is.null(object$sizes))
    colMeans(rows$values$posterior, na.rm = TRUE) else object$sizes
  shares <- data.frame(expert = seq_len(K), gate = rows$values$gate[first, ],
                       size = sizes / sum(sizes))
  new_picture("gate_bars", list(shares = shares), K, term = "")
}

# Returns the pieces of stacked bars, one bar per level of a factor or one for a
# gate without predictors: columns label, position, expert, gate, lower, upper.
share_bars <- function(picture) {
  shares <- picture$drawn$shares
  if (is.null(shares)) {
    curves <- picture$drawn$curves
    bars <- data.frame(label = as.character(curves[[1L]]),
                       curves[c("expert", "gate")])
  } else {
    bars <- data.frame(label = "all rows", shares[c("expert", "gate")])
  }
  bars$upper <- stats::ave(bars$gate, bars$label, FUN = cumsum)
  bars$lower <- bars$upper - bars$gate
  bars$position <- match(bars$label, unique(bars$label))
  bars
}

# Returns the picture of the most probable expert over a plane.
region_picture <- function(object, grid, gate, rows, term, remark) {
  best <- most_probable(gate)
  regions <- variables_frame(grid[term], term_columns(term), nrow(grid))
  regions$expert <- best
  regions$probability <- gate[cbind(seq_along(best), best)]
  data <- variables_frame(c(rows$predictors[term], list(rows$expert)),
                          c(term_columns(term), "expert"),
                          length(rows$expert))
  new_picture("regions", list(regions = regions, data = data), object$K,
              term = term, remark = remark)
}

region_levels <- 8L

# Returns for each cell the number of its colour among region_colours(), which
# says its expert and how certain it is.
region_step <- function(regions) {
  (regions$expert - 1L) * region_levels +
    pmin(region_levels, 1L + floor(region_levels * regions$probability))
}

# Returns `region_levels` colours per expert, from pale to strong.
region_colours <- function(col) {
  strength <- seq(0.05, 0.4, length.out = region_levels)
  unlist(lapply(col, function(colour) {
    rgb <- grDevices::col2rgb(colour) / 255
    mixed <- 1 - (1 - rgb) %*% t(strength)
    grDevices::rgb(mixed[1L, ], mixed[2L, ], mixed[3L, ])
  }))
}

region_contours <- c(0.6, 0.8, 0.95)
