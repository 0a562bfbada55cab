# From the scores of folds to a table of points and the chosen ones.

path_scores <- c(log_score = "log score", squared_error = "squared error")

# Returns the object of class `moe_cv_path` and raises its warnings. `results`
# has for each fold a list with the result for each ratio.
finish_cv_path <- function(results, path, plan, source, relax, call) {
  folds <- path_fold_table(results, plan)
  out <- structure(
    list(table = path_score_table(folds, path, relax), lambda_min = NA_real_,
         lambda_1se = NA_real_, folds = folds, path = path, relax = relax,
         n = source$n,
         unscored = sum(vapply(results, function(fold) {
           fold[[1L]]$unscored
         }, 0L)), call = call),
    class = "moe_cv_path")
  if (!any(out$table$best)) stop_without_points(out, results)
  own <- out$table[out$table$score == "log_score", ]
  out$lambda_min <- own$lambda[own$best]
  out$lambda_1se <- c(own$lambda[own$one_se], NA)[1L]
  warn_cv_path(out, results)
  out
}

# Returns a data frame with a row per fold and point.
path_fold_table <- function(results, plan) {
  parts <- lapply(seq_along(results), function(f) {
    table <- do.call(rbind, lapply(results[[f]], `[[`, "table"))
    data.frame(repetition = plan$repeats[f], fold = plan$fold[f],
               point = seq_len(nrow(table)), table)
  })
  out <- do.call(rbind, parts)
  rownames(out) <- NULL
  out
}

path_score_table <- function(folds, path, relax) {
  points <- if (relax) path$relaxed$table else path$table
  # only points that are at a regular maximum for all rows, too, can be chosen
  regular <- regular_points(points)
  parts <- lapply(names(path_scores), function(score) {
    means <- matrix(folds[[score]], ncol = nrow(points), byrow = TRUE)
    first <- folds[folds$point == 1L, ]
    each <- apply(means, 2L, fold_mean, first$weight, first$repetition)
    out <- data.frame(point = seq_len(nrow(points)),
                      points[c("lambda", "lambda_gate", "ratio", "df")],
                      score = score, mean = each["mean", ],
                      std.error = each["se", ])
    choice <- choose_points(ifelse(regular, out$mean, NA), out$std.error,
                            out$df, out$lambda)
    out$best <- out$point %in% choice$best
    out$one_se <- out$point %in% choice$one_se
    out
  })
  out <- do.call(rbind, parts)
  rownames(out) <- NULL
  out
}

# Chooses as choose_models() does, except that ties go to the larger lambda.
choose_points <- function(mean, se, df, lambda) {
  best <- order(mean, df, -lambda)[1L]
  if (is.na(mean[best])) return(NULL)
  close <- which(mean <= mean[best] + se[best])
  list(best = best,
       one_se = if (length(close)) close[order(df[close], -lambda[close])[1L]])
}

stop_without_points <- function(cv, results) {
  messages <- fold_messages(results)
  abort("cv", "No point of the path has a mean over all folds",
        if (length(messages)) paste0("; the first error: ", messages[1L])
        else paste0(": each is left out in some fold, or not at a regular ",
                    "maximum for all rows. Fit fewer experts, larger ",
                    "`lambda`, or use more folds."),
        data = list(folds = cv$folds))
}

fold_messages <- function(results) {
  messages <- vapply(unlist(results, recursive = FALSE), `[[`, "", "message")
  messages[nzchar(messages)]
}

warn_cv_path <- function(cv, results) {
  missing <- cv_path_missing(cv)
  if (length(missing)) {
    messages <- fold_messages(results)
    warn("cv", missing, if (length(messages)) paste0(
      " The first error: ", sub("[.]?\\s*$", ".", messages[1L])),
      " See as.data.frame(x, what = \"folds\").")
  }
  if (cv$unscored) {
    warn("cv", cv$unscored, " held-out row(s) could not be predicted, for ",
         "instance for a factor level that no row of the fit has; they are ",
         "left out of all averages.")
  }
}

# Returns a sentence about points that have no mean, or NULL.
cv_path_missing <- function(cv) {
  lost <- cv$folds[is.na(cv$folds$log_score) & cv$folds$weight > 0 |
                     cv$folds$status == "failed", ]
  if (!nrow(lost)) return(NULL)
  failed <- unique(lost[lost$status == "failed", c("repetition", "fold")])
  points <- length(unique(lost$point))
  paste0(points, " of ", max(cv$folds$point), " point(s) have no mean: they ",
         "are left out in the path of some fold",
         if (nrow(failed)) paste0(", or the path failed (", nrow(failed),
                                  " fold(s))"), ".")
}
