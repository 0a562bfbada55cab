# The fit of one fold with its scores, then those of all folds together.

# Fits a model to all rows but `test` and returns the scores of these, a row
# each, with what happened: errors and warnings are kept, not raised.
fold_result <- function(source, model, test, control) {
  notes <- character()
  note <- function(w) {
    notes <<- c(notes, warning_kind(w))
    tryInvokeRestart("muffleWarning")
  }
  scores <- matrix(NA_real_, length(test), length(cv_scores))
  result <- tryCatch(withCallingHandlers({
    rows <- setdiff(seq_len(source$n), test)
    fit <- source_fit(source, rows, model, control)
    newdata <- source_rows(source, test)
    known <- which(rep_len(known_rows(fit, newdata), length(test)))
    if (length(known)) {
      scores[known, ] <- proper_scores(fit, source_rows(source, test[known]))
    }
    list(df = fit$df[["conditional"]], status = "ok", message = "")
  }, warning = note, progression = hush_progress), error = function(e) {
    list(df = NA_real_, status = "failed", message = conditionMessage(e))
  })
  if (result$status == "ok" && length(notes)) {
    result$status <- paste(sort(unique(notes)), collapse = ", ")
  }
  if (result$status == "failed") scores[] <- NA
  c(list(scores = scores), result)
}

warning_kind <- function(w) {
  if (!inherits(w, "gatemix_warning")) return("other warning")
  sub("^gatemix_warning_", "", class(w)[1L])
}

proper_scores <- function(fit, newdata) {
  values <- evaluate_fit(fit, newdata, response = TRUE)
  cbind(-values$log_density,
        rowSums(each_response(fit, values, mixture_crps)),
        rowSums((values$y - mixture_mean(values))^2))
}

# Returns the object of class `moe_cv` and warns of fits and rows that went
# wrong.
finish_cv <- function(results, source, grid, plan, call) {
  models <- names(grid$models)
  status <- matrix(vapply(results, `[[`, "", "status"), length(models))
  if (all(status == "failed")) {
    abort("cv", "All ", length(status), " fits failed. The first error: ",
          results[[1L]]$message)
  }
  rows <- cv_rows(source, plan)
  scores <- stack_scores(results, models, plan)
  # a row that one model cannot score is dropped for all of them
  gap <- is.na(scores[, , 1L, drop = FALSE])
  gap[, rowSums(status == "failed") > 0, ] <- FALSE
  unscored <- rowSums(gap) > 0
  folds <- cv_folds(results, scores, rows, unscored, models, plan)
  table <- cv_table(grid$table, folds)
  out <- structure(
    list(table = table, models = grid$models, folds = folds, rows = rows,
         scores = scores, n = source$n, unscored = sum(unscored),
         formula = if (!is.null(source$formula))
           stats::formula(source$formula), call = call),
    class = "moe_cv")
  warn_cv(out)
  out
}

cv_rows <- function(source, plan) {
  sizes <- lengths(plan$test)
  test <- unlist(plan$test)
  weights <- if (is.null(source$weights)) rep(1, source$n) else source$weights
  data.frame(repetition = rep(plan$repeats, sizes),
             fold = rep(plan$fold, sizes), row = source$row[test],
             weight = weights[test])
}

# Returns the scores as an array, held-out rows x models x scores.
stack_scores <- function(results, models, plan) {
  sizes <- lengths(plan$test)
  out <- array(NA_real_, c(sum(sizes), length(models), length(cv_scores)),
               list(NULL, models, names(cv_scores)))
  first <- cumsum(c(0L, sizes))
  i <- 0L
  for (fold in seq_along(sizes)) {
    rows <- first[fold] + seq_len(sizes[fold])
    for (m in seq_along(models)) {
      i <- i + 1L
      out[rows, m, ] <- results[[i]]$scores
    }
  }
  out
}

# Returns a data frame with a row per fit, in the order of the tasks: models
# within folds.
cv_folds <- function(results, scores, rows, unscored, models, plan) {
  label <- paste(rows$repetition, rows$fold)
  index <- split(seq_len(nrow(rows)), factor(label, unique(label)))
  parts <- lapply(seq_along(index), function(f) {
    used <- index[[f]][!unscored[index[[f]]]]
    w <- rows$weight[used]
    means <- vapply(names(cv_scores), function(score) {
      colSums(scores[used, , score, drop = FALSE] * w) / sum(w)
    }, numeric(length(models)))
    data.frame(model = models, repetition = plan$repeats[f],
               fold = plan$fold[f], n = length(used), weight = sum(w),
               matrix(means, ncol = length(cv_scores),
                      dimnames = list(NULL, names(cv_scores))))
  })
  out <- do.call(rbind, parts)
  for (name in c("df", "status", "message")) {
    out[[name]] <- unname(unlist(lapply(results, `[[`, name)))
  }
  out
}

warn_cv <- function(cv) {
  counts <- status_counts_cv(cv$folds$status)
  failed <- cv$folds[cv$folds$status == "failed", ]
  if (length(counts)) {
    warn("cv", "Of ", nrow(cv$folds), " fits ", counts, ". ",
         if (nrow(failed)) {
           paste0("The first failure (", failed$model[1L], ", fold ",
                  failed$fold[1L], "): ", failed$message[1L], " ")
         },
         "See as.data.frame(x, what = \"folds\").")
  }
  if (cv$unscored) {
    warn("cv", cv$unscored, " held-out row(s) could not be predicted, for ",
         "instance for a factor level that no row of the fit has; they are ",
         "left out of all averages.")
  }
}

# Returns "1 failed, 3 gave warnings (2 convergence, 1 floor)", or NULL if all
# is well.
status_counts_cv <- function(status) {
  failed <- sum(status == "failed")
  warned <- status[!status %in% c("ok", "failed")]
  kinds <- status_counts(unlist(strsplit(warned, ", ", fixed = TRUE)))
  parts <- c(if (failed) paste(failed, "failed"),
             if (length(warned)) {
               paste0(length(warned), " gave warnings (", kinds, ")")
             })
  if (length(parts)) paste(parts, collapse = ", ")
}
