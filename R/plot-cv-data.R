# Scores of cross-validation against the number of experts.

cv_picture <- function(cv, score) {
  score <- check_choices(score, "score", names(cv_scores))
  table <- cv$table[cv$table$score %in% score, ]
  table <- table[order(match(table$score, score)), ]
  curves <- cv_curves(table)
  table$curve <- curves$index
  table$at <- table$K + cv_offset(table$K, curves$index)
  table <- with_bars(table)
  drawn <- is.finite(table$mean)
  if (!any(drawn)) {
    abort("cv", "No model has a finite mean score, so that there is nothing ",
          "to draw; see as.data.frame(x, what = \"folds\").")
  }
  missing <- unique(table$model[!drawn])
  table <- table[drawn, ]
  rownames(table) <- NULL
  remark <- c(if (any(!is.na(table$std.error))) cv_bars,
              if (length(missing)) {
                paste0("Without a finite mean: ",
                       paste(missing, collapse = "; "), ".")
              })
  new_picture("cv", list(scores = table, limits = cv_limits(table)),
              length(curves$labels), labels = curves$labels, remark = remark,
              group_name = "curve")
}

# Returns a table of scores with the ends of bars of one standard error.
with_bars <- function(table) {
  table$lower <- table$mean - table$std.error
  table$upper <- table$mean + table$std.error
  table
}

# Returns the number of each row's curve, one for each gate and family of
# experts, and the labels of the curves, which name what varies.
cv_curves <- function(table) {
  gates <- length(unique(table$gate)) > 1L
  experts <- length(unique(table$expert)) > 1L
  label <- paste0(if (gates) table$gate else "",
                  if (gates && experts) ", ", if (experts) table$expert)
  labels <- unique(label)
  list(labels = labels, index = match(label, labels))
}

# Returns the shifts that set curves side by side, so that their bars do not
# cover each other.
cv_offset <- function(K, curve) {
  n <- max(curve)
  steps <- diff(sort(unique(K)))
  step <- if (length(steps)) min(steps) else 1
  step * min(0.5, 0.12 * n) * ((curve - 0.5) / n - 0.5)
}

# Returns for each score how far one standard error of the best reaches.
cv_limits <- function(table) {
  best <- table[table$best & !is.na(table$upper), ]
  data.frame(score = best$score, limit = best$upper)
}

# The marks of the two chosen models, around their points.
cv_marks <- data.frame(
  flag = c("best", "one_se"), pch = c(1L, 0L), size = c(2.4, 2.9),
  label = c("best", "one-SE rule"))

cv_bars <- "Bars: one standard error (SE). Dashed: one SE above the best."
