# Type "coefficients": estimates with confidence intervals.

#' @export
picture_data.type_coefficients <- function(type, object, term, level = 0.95,
                                           ...) {
  table <- chosen_terms(coefficient_table(object), term)
  intervals <- coefficient_intervals(object, level)
  found <- match(table$name, rownames(intervals$limits))
  table$lower <- intervals$limits[found, 1L]
  table$upper <- intervals$limits[found, 2L]
  rownames(table) <- NULL
  new_picture("coefficients", list(coefficients = table), object$K,
              level = level,
              remark = coefficient_remark(object, table, intervals$notes))
}

# Returns a row per coefficient with the part of the model that it belongs to
# and the panel that it is drawn in.
coefficient_table <- function(object) {
  table <- parameter_table(object)
  table <- table[table$component != "dispersion" & !is.na(table$estimate),
                 setdiff(names(table), "scale")]
  part <- c(gate = "gate: ", expert = "experts: ")[table$component]
  response <- ifelse(is.na(table$response), "", paste0(table$response, ": "))
  table$panel <- paste0(part, response, table$term)
  table
}

# Returns the rows of the terms that `term` names; NULL names all.
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

# Returns the `limits` of the intervals, a row per coefficient, and `notes` on
# them. Where standard errors are refused there are no rows, and the notes say
# why.
coefficient_intervals <- function(object, level) {
  none <- function(reason) {
    reason <- sub("^No [a-z ]+: ", "", first_sentence(reason))
    list(limits = matrix(NA_real_, 0L, 2L),
         notes = paste("No intervals:", reason))
  }
  if (is.null(object$model)) {
    return(none("the fit was made with model = FALSE and holds no data."))
  }
  notes <- character()
  limits <- tryCatch(
    withCallingHandlers(
      stats::confint(object, level = level),
      gatemix_warning_inference = function(w) {
        notes <<- c(notes, first_sentence(conditionMessage(w)))
        tryInvokeRestart("muffleWarning")
      }),
    gatemix_error_inference = function(e) conditionMessage(e))
  if (is.character(limits)) return(none(limits))
  shown <- paste0("Bars: ", band_percent(level), " confidence intervals.")
  list(limits = limits, notes = c(shown, notes))
}

first_sentence <- function(text) sub("[.] .*", ".", text)

# Returns the sentences below the panels.
coefficient_remark <- function(object, table, notes) {
  softmax <- inherits(object$gate, "gate_softmax")
  c(notes, if (softmax && "gate" %in% table$component) {
    paste0("Gate: log odds against expert ", object$K, ".")
  })
}

# Returns the number of columns of panels: as many as the gate, or one
# response's experts, have panels; four at most, and fewer where titles are long
# and the rows do not get too many.
coefficient_columns <- function(table) {
  groups <- paste(table$component, table$response)
  wanted <- max(tapply(table$panel, groups, function(v) length(unique(v))))
  for_titles <- floor(65 / max(nchar(table$panel)))
  for_rows <- ceiling(length(unique(table$panel)) / 5)
  min(4L, wanted, max(1L, for_titles, for_rows))
}
