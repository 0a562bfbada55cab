# Type "fit": the data with the experts and the mean over one predictor, the
# mean over two, or observed against fitted.

#' @export
picture_data.type_fit <- function(type, object, term, at, level = 0.9, newdata,
                                  ...) {
  rows <- plot_rows(object, newdata, at)
  variables <- model_variables(object, rows)
  if (!length(variables)) {
    if (!is.null(term)) {
      abort_input("The model has no predictor; leave `term` out.")
    }
    return(marginal_picture(object, rows, level))
  }
  if (is.null(term)) {
    if (length(variables) > 1L) return(observed_picture(object, rows))
    term <- variables
  }
  term <- check_term(term, variables, rows, most = 2L)
  if (length(term) == 1L) {
    return(curve_picture(object, rows, term, variables, level))
  }
  continuous <- vapply(rows$predictors[term], is_continuous, TRUE)
  if (!any(continuous)) {
    abort_input("`term`: one of two predictors must be numeric; ",
                quote_all(term), " are not. Give one, and hold the other at ",
                "a level by `at`.")
  }
  if (all(continuous)) plane_picture(object, rows, term, variables)
  else level_picture(object, rows, term[order(!continuous)], variables)
}

# Returns the picture over one predictor.
curve_picture <- function(object, rows, term, variables, level) {
  drawn <- c(list(data = term_data(rows, term, variables)),
             fit_curves(object, rows, term, level))
  new_picture("curves", drawn, object$K, term = term, level = level,
              remark = held_remark(rows, variables, term),
              continuous = is_continuous(rows$predictors[[term]]))
}

# Returns long data frames over the grid of the term: `mean` with its band, and
# `experts` with their gate probabilities.
fit_curves <- function(object, rows, term, level) {
  grid <- term_grid(rows, term, 401L)
  values <- evaluate_grid(object, grid)
  n <- nrow(grid)
  responses <- colnames(rows$y)
  q <- length(responses)
  x <- grid[[term]]
  band <- array(predict_interval(object, values, level), c(n, 2L, q))
  mean <- data.frame(rep(x, q), rep(responses, each = n),
                     as.vector(mixture_mean(values)),
                     as.vector(band[, 1L, ]), as.vector(band[, 2L, ]))
  names(mean) <- c(term_columns(term), "response", "mean", "lower", "upper")
  K <- object$K
  experts <- data.frame(rep(x, q * K), rep(rep(responses, each = n), K),
                        rep(seq_len(K), each = n * q), as.vector(values$mean),
                        as.vector(values$gate[rep(seq_len(n), q), ]))
  names(experts) <- c(term_columns(term), "response", "expert", "mean", "gate")
  list(mean = mean, experts = experts)
}

# Returns the rows of one response with columns `run` and `strength`: lines that
# fade with the gate are drawn in runs of about equal probability.
faded_runs <- function(experts, levels = 12) {
  runs <- lapply(split(experts, experts$expert), function(part) {
    strength <- ceiling(levels * part$gate - 0.02) / levels
    found <- rle(strength)
    last <- cumsum(found$lengths)
    first <- last - found$lengths + 1L
    lapply(which(found$values > 0 & first < nrow(part)), function(i) {
      at <- first[i]:min(last[i] + 1L, nrow(part))
      cbind(part[at, ], run = paste(part$expert[1L], i),
            strength = found$values[i])
    })
  })
  do.call(rbind, unlist(runs, recursive = FALSE, use.names = FALSE))
}

# Returns the picture of observed against fitted values.
observed_picture <- function(object, rows) {
  fitted <- mixture_mean(rows$values)
  data <- data.frame(response = rep(colnames(rows$y), each = nrow(fitted)),
                     fitted = as.vector(fitted),
                     observed = as.vector(rows$y), expert = rows$expert)
  new_picture("observed", list(data = data), object$K)
}
