# From the scores of folds to a table of models: means, standard errors, the
# best model and the choice of the one-standard-error rule.

# Returns a data frame with a row per score and model. `models` is the table of
# the grid; `folds` has a row per fit (see ?cv_moe).
cv_table <- function(models, folds) {
  models$df <- vapply(models$model, function(model) {
    known <- folds$df[folds$model == model & !is.na(folds$df)]
    if (length(known)) max(known) else NA_real_
  }, 0, USE.NAMES = FALSE)
  parts <- lapply(names(cv_scores), function(score) {
    score_table(models, folds, score)
  })
  out <- do.call(rbind, parts)
  rownames(out) <- NULL
  out
}

score_table <- function(models, folds, score) {
  # folds x models
  means <- matrix(folds[[score]], ncol = nrow(models), byrow = TRUE)
  first <- folds[folds$model == models$model[1L], ]
  spread <- function(v) fold_mean(v, first$weight, first$repetition)
  each <- apply(means, 2L, spread)
  out <- data.frame(models, score = score, mean = each["mean", ],
                    std.error = each["se", ])
  choice <- choose_models(out$mean, out$std.error, out$df)
  difference <- apply(means - means[, choice$best[1L]], 2L, spread)
  out$difference <- difference["mean", ]
  out$difference.se <- difference["se", ]
  out$best <- seq_len(nrow(out)) %in% choice$best
  out$one_se <- seq_len(nrow(out)) %in% choice$one_se
  out
}

# Returns the weighted mean over the folds and its standard error, both averaged
# over the repeats. Folds without weight do not count.
fold_mean <- function(v, w, repeats) {
  v <- v[w > 0]
  parts <- split(seq_along(v), repeats[w > 0])
  w <- w[w > 0]
  each <- vapply(parts, function(i) {
    mean <- sum(w[i] * v[i]) / sum(w[i])
    squares <- sum(w[i] * (v[i] - mean)^2) / sum(w[i])
    c(mean, squares / (length(i) - 1L))
  }, numeric(2L))
  se <- sqrt(mean(each[2L, ]))
  c(mean = mean(each[1L, ]), se = if (is.finite(se)) se else NA_real_)
}

# Returns the positions of the best model (NA if none has a mean) and of the
# choice of the one-standard-error rule (NULL if the best has no standard
# error).
choose_models <- function(mean, se, df) {
  best <- order(mean, df)[1L]
  if (is.na(mean[best])) return(list(best = NA, one_se = NULL))
  limit <- mean[best] + se[best]
  close <- which(mean <= limit)
  list(best = best,
       one_se = if (length(close)) close[order(df[close], mean[close])[1L]])
}

#' @rdname best
#' @order 2
#' @export
best.moe_cv <- function(x, score = c("log_score", "crps", "squared_error"),
                        rule = c("min", "one_se"), ...) {
  check_dots(..., help = "?best")
  score <- check_choice(score, "score", names(cv_scores))
  rule <- check_choice(rule, "rule", c("min", "one_se"))
  table <- x$table[x$table$score == score, ]
  chosen <- which(table[[c(min = "best", one_se = "one_se")[[rule]]]])
  if (!any(table$best)) {
    abort("cv", "Every model failed in some fold, so that there is none to ",
          "choose; see as.data.frame(x, what = \"folds\").")
  }
  if (!length(chosen)) {
    abort_input("`rule = \"one_se\"` needs a standard error, which one fold ",
                "does not give; use more folds, or rule = \"min\".")
  }
  c(list(model = table$model[chosen]), x$models[[table$model[chosen]]],
    as.list(table[chosen, c("df", "score", "mean", "std.error")]))
}

cv_scores <- c(log_score = "log score", crps = "CRPS",
               squared_error = "squared error")
