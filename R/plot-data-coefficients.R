# Type "coefficients": estimates with confidence intervals.

coefficient_picture <- function(object, term, level) {
  table <- coefficient_table(object)
  table <- table[!is.na(table$estimate), ]
  table <- chosen_terms(table, term)
  intervals <- coefficient_intervals(object, level)
  found <- match(table$name, rownames(intervals$limits))
  table$lower <- intervals$limits[found, 1L]
  table$upper <- intervals$limits[found, 2L]
  rownames(table) <- NULL
  new_picture("coefficients", list(coefficients = table), object$K,
              level = level,
              remark = coefficient_remark(object, table, intervals, level))
}

# One row per coefficient: what it belongs to, and the panel it is drawn in.
coefficient_table <- function(object) {
  responses <- object$engine$design$response$names
  parts <- lapply(c("gate", "expert"), function(component) {
    m <- coef(object, component)
    if (!length(m)) return(NULL)
    several <- component == "expert" && length(responses) > 1L
    each <- nrow(m) / length(responses)
    response <- if (several) rep(responses, each = each) else ""
    label <- if (component == "gate") "gate: " else "experts: "
    data.frame(name = names(flat_coef(m, component)), component = component,
               expert = rep(seq_len(ncol(m)), each = nrow(m)),
               response = response,
               term = if (several) object$engine$design$expert$all_terms
                 else rownames(m),
               panel = paste0(label, rownames(m)), estimate = as.vector(m))
  })
  do.call(rbind, parts)
}

chosen_terms <- function(table, term) {
  if (is.null(term)) return(table)
  known <- unique(table$term)
  if (!is.character(term) || !length(term)) {
    abort_input("`term` must be names of coefficients; found ",
                describe(term), ".")
  }
  unknown <- setdiff(term, known)
  if (length(unknown)) {
    abort_input("`term`: no coefficient ", quote_all(unknown),
                " here; choose from ", quote_all(known), ".")
  }
  table[table$term %in% term, ]
}

# Limits with a row per coefficient; none where standard errors are refused,
# with the reason.
coefficient_intervals <- function(object, level) {
  tryCatch(
    list(limits = stats::confint(object, level = level), refused = NULL),
    gatemix_error_inference = function(e) {
      list(limits = matrix(NA_real_, 0L, 2L), refused = conditionMessage(e))
    })
}

coefficient_remark <- function(object, table, intervals, level) {
  against <- if (inherits(object$gate, "gate_softmax") &&
                 any(table$component == "gate")) {
    paste0("gate: log odds against expert ", object$K)
  }
  if (!is.null(intervals$refused)) {
    reason <- sub("([.:]) .*", "\\1", intervals$refused)
    return(c(paste0("No intervals: ", sub("[.:]$", "", reason)), against))
  }
  paste(c(paste0("bars: ", band_percent(level), " confidence intervals"),
          against), collapse = "; ")
}
