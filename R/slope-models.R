# The models that a slope heuristic chooses from.

# Returns the models with a finite contrast, sorted by shape and then by
# contrast.
slope_table <- function(contrast, dimension, shape, model) {
  check_slope_column(contrast, "contrast", length(contrast))
  check_slope_column(dimension, "dimension", length(contrast), TRUE)
  check_slope_column(shape, "shape", length(contrast), TRUE)
  if (is.null(model)) model <- names(contrast)
  if (is.null(model)) model <- seq_along(contrast)
  if (length(model) != length(contrast)) {
    abort_input("`model` must have a name per model (", length(contrast),
                "); found ", length(model), ".")
  }
  table <- data.frame(model = as.character(model), row = seq_along(contrast),
                      dimension = as.numeric(dimension),
                      shape = as.numeric(shape),
                      contrast = as.numeric(contrast))
  lost <- !is.finite(table$contrast)
  refuse_few_models(sum(!lost))
  if (any(lost)) {
    warn("slope", sum(lost), " of ", length(lost), " models have no finite ",
         "contrast and are left out: ",
         quote_all(utils::head(table$model[lost], 5L)),
         if (sum(lost) > 5L) ", ...", ".")
  }
  table <- table[!lost, ]
  table <- table[order(table$shape, table$contrast), ]
  by_dimension <- order(table$dimension)
  if (is.unsorted(table$shape[by_dimension])) {
    at <- by_dimension[which(diff(table$shape[by_dimension]) < 0)[1L] + 0:1]
    abort_input("`shape` must not decrease in `dimension`: model ",
                quote_all(table$model[at[2L]]), " has dimension ",
                format(table$dimension[at[2L]]), " and shape ",
                format(table$shape[at[2L]]), ", model ",
                quote_all(table$model[at[1L]]), " dimension ",
                format(table$dimension[at[1L]]), " and shape ",
                format(table$shape[at[1L]]), ".")
  }
  table
}

check_slope_column <- function(x, name, n, finite = FALSE) {
  if (!is.numeric(x) || length(x) != n) {
    abort_input("`", name, "` must be a numeric vector with a number per ",
                "model", if (name != "contrast") paste0(" (", n, ")"),
                "; found ", describe(x), ".")
  }
  if (finite && !all(is.finite(x) & x >= 0)) {
    abort_input("`", name, "` must be finite and not negative; found ",
                format(x[!is.finite(x) | x < 0][1L]), " for model ",
                which(!is.finite(x) | x < 0)[1L], ".")
  }
}

refuse_few_models <- function(n) {
  if (n < 10L) {
    abort("slope", "The slope heuristic needs at least 10 models with a ",
          "finite contrast; found ", n, ". It finds the penalty from how the ",
          "contrast falls among models that are clearly too large, which a ",
          "few models cannot show. Add larger models, or choose by BIC or ",
          "cross-validation.", data = list(models = n))
  }
}

# Returns for each shape the model with the smallest contrast.
distinct_shapes <- function(table) {
  models <- table[!duplicated(table$shape), ]
  if (nrow(models) < 3L) {
    abort("slope", "The slope heuristic needs models of different shape; the ",
          nrow(table), " models have only ", nrow(models), ".",
          data = list(models = nrow(models)))
  }
  if (nrow(models) < 10L) {
    warn("slope", "Only ", nrow(models), " models of different shape remain, ",
         "since of those with the same shape only the best counts: look at ",
         "plot() before you trust the choice.")
  }
  rownames(models) <- NULL
  models
}

# Returns a row of `selected`; `at` is a row of `models`, or NA.
slope_choice <- function(method, models, at, kappa = NA_real_, scoef = NA) {
  data.frame(method = method,
             models[at, c("model", "row", "dimension", "shape", "contrast")],
             kappa = kappa, constant = scoef * kappa)
}
