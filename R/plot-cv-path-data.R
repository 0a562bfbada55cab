# Scores of a cross-validated path against lambda.

cv_path_picture <- function(cv, score) {
  score <- check_choices(score, "score", names(path_scores))
  table <- cv$table[cv$table$score %in% score & !is.na(cv$table$mean), ]
  table <- table[order(match(table$score, score), table$point), ]
  rownames(table) <- NULL
  table$log_lambda <- log(table$lambda)
  table <- with_bars(table)
  ratios <- unique(cv$table$ratio)
  table$curve <- match(table$ratio, ratios)
  points <- cv$table[cv$table$score == score[1L], ]
  points$log_lambda <- log(points$lambda)
  lost <- sum(is.na(cv$table$mean[cv$table$score == score[1L]]))
  remark <- c("Bars: one standard error.",
              "Lines: best (solid), one-SE rule (dashed).",
              if (lost) paste0("Without a mean in some fold: ", lost,
                               " point(s)."))
  new_picture("cv_path", list(scores = table, points = points),
              length(ratios), remark = remark,
              labels = if (length(ratios) > 1L) paste("ratio", format(ratios))
                else "",
              group_name = "curve")
}
