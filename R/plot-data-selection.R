# Criteria of a selection against the number of experts.

selection_picture <- function(x, criterion) {
  columns <- c(aic = "AIC", bic = "BIC", icl = "ICL", cv = "log_score")
  known <- names(columns)[columns %in% names(x$table)]
  if (!is.character(criterion) || !length(criterion) ||
      !all(criterion %in% known) || anyDuplicated(criterion)) {
    abort_input("`criterion` must be some of ",
                paste0('"', known, '"', collapse = ", "), "; found ",
                describe(criterion), ".")
  }
  curves <- cv_curves(x$table)
  parts <- lapply(criterion, function(name) {
    data.frame(criterion = columns[[name]],
               x$table[c("model", "K", "gate", "expert", "status")],
               value = x$table[[columns[[name]]]], curve = curves$index,
               chosen = x$table$model %in% x$selected[[name]],
               eligible = is_eligible(x$table))
  })
  table <- do.call(rbind, parts)
  remark <- if (!all(table$eligible)) "Crosses: not at a regular maximum."
  new_picture("selection", list(criteria = table), length(curves$labels),
              labels = curves$labels, remark = remark)
}
