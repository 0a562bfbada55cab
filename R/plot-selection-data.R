# Criteria of a selection against the number of experts.

selection_picture <- function(x, criterion) {
  columns <- c(aic = "AIC", bic = "BIC", icl = "ICL", cv = "log_score")
  known <- names(columns)[columns %in% names(x$table)]
  criterion <- check_choices(criterion, "criterion", known)
  curves <- cv_curves(x$table)
  parts <- lapply(criterion, function(name) {
    data.frame(criterion = columns[[name]],
               x$table[c("model", "K", "gate", "expert", "status")],
               value = x$table[[columns[[name]]]], curve = curves$index,
               chosen = x$table$model %in% x$selected[[name]],
               eligible = is_eligible(x$table))
  })
  table <- do.call(rbind, parts)
  limits <- do.call(rbind, lapply(parts, criterion_limits))
  beyond <- is_beyond(table, limits)
  remark <- c(
    if (!all(table$eligible)) "Crosses: not at a regular maximum.",
    if (any(beyond)) {
      paste0("Beyond ", if (length(criterion) > 1L) "an" else "the", " axis: ",
             beyond_label(unique(table$model[beyond])), ".")
    })
  new_picture("selection", list(criteria = table, limits = limits),
              length(curves$labels), labels = curves$labels, remark = remark,
              group_name = "curve")
}

# Returns the limits of a criterion's axis. One expert is often so much worse
# that the others would look alike: the axis ends where a value is above the
# best by five times as much as the median is.
criterion_limits <- function(part) {
  regular <- if (any(part$eligible)) part[part$eligible, ] else part
  values <- regular$value[is.finite(regular$value)]
  if (!length(values)) values <- 0:1
  reach <- min(values) + 5 * (stats::median(values) - min(values))
  limits <- range(values[values <= reach])
  # a line that leaves the axis is seen to do so
  if (any(values > reach)) limits[2L] <- limits[2L] + 0.04 * diff(limits)
  data.frame(criterion = part$criterion[1L], lower = limits[1L],
             upper = limits[2L])
}

# Says which values lie outside the limits of their criterion.
is_beyond <- function(table, limits) {
  own <- limits[match(table$criterion, limits$criterion), ]
  is.finite(table$value) &
    (table$value < own$lower | table$value > own$upper)
}

# Returns the models that are beyond an axis in words, or their number.
beyond_label <- function(models) {
  named <- paste(models, collapse = "; ")
  if (nchar(named) <= 60L) named else paste(length(models), "models")
}

criterion_label <- function(name) {
  if (name == "log_score") "held-out log score" else name
}

# Returns the slope heuristic of a selection, or refuses where there is none.
drawn_slope <- function(x, type) {
  if (!is.null(x$slope)) return(x$slope)
  reason <- selection_slope(x$table, "bic")
  abort_input("`type = \"", type, "\"` draws the slope heuristics, and ",
              "there are none for the ", sum(is_eligible(x$table)),
              " fit(s) at a regular maximum: ", conditionMessage(reason))
}

# Refuses arguments that mean nothing for the pictures of the slope heuristic;
# `default` says that `criterion` is missing.
refuse_curves <- function(type, default, col) {
  if (default && is.null(col)) return(invisible())
  abort_input("`", if (default) "col" else "criterion", "` means nothing for ",
              "type \"", type, "\"; leave it out. It is for \"criteria\".")
}
