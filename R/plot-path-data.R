# Coefficients and criteria of a path against lambda, and the scores of its
# cross-validation.

path_picture <- function(path, type, s, ratio, relax, standardize, label) {
  relax <- check_relax(path, relax)
  at <- drawn_point(path, s, ratio, relax)
  table <- if (relax) path$relaxed$table else path$table
  points <- data.frame(
    point = at$rows,
    table[at$rows, c("lambda", "lambda_gate", "ratio", "df", "status",
                     "gradient_norm")],
    log_lambda = log(table$lambda[at$rows]),
    chosen = at$rows %in% at$chosen, row.names = NULL)
  remark <- path_remark(path, points, s, relax)
  if (type == "criterion") return(criterion_picture(table, points, remark))
  coefficients <- drawn_coefficients(path, points, relax, standardize)
  named <- labelled_terms(coefficients, label)
  coefficients$curve <- match(coefficients$term, named)
  new_picture("path", list(coefficients = coefficients, points = points),
              length(named), labels = short_names(named), remark = remark,
              ylab = if (standardize) "standardised coefficient"
                else "coefficient")
}

# The points of one ratio, and the one that is marked (none for s = NULL).
drawn_point <- function(path, s, ratio, relax) {
  table <- if (relax) path$relaxed$table else path$table
  rows <- ratio_rows(table, ratio)
  if (is.null(s) && length(unique(table$ratio[rows])) > 1L) {
    abort_input("`ratio`: the path has several ratios of the gate's penalty; ",
                "give one of ", paste(format(unique(table$ratio)),
                                      collapse = ", "), ".")
  }
  chosen <- if (!is.null(s)) path_point(path, s, ratio, relax)
  if (all(is.na(table$ratio))) return(list(rows = rows, chosen = chosen))
  own <- table$ratio[c(chosen, rows)[1L]]
  list(rows = rows[table$ratio[rows] == own], chosen = chosen)
}

path_remark <- function(path, points, s, relax) {
  ratio <- points$ratio[1L]
  c(if (relax) "Refitted without the penalty.",
    if (length(unique(path$table$ratio)) > 1L)
      paste0("The gate's penalty is ", format(ratio), " times the experts'."),
    if (any(points$chosen)) {
      paste0("Line: lambda = ",
             format(points$lambda[points$chosen], digits = 3L),
             if (is.character(s)) paste0(", chosen by ", toupper(s)), ".")
    })
}

# A row per point and coefficient that is not 0 everywhere.
drawn_coefficients <- function(path, points, relax, standardize) {
  found <- path_coefficients(path, relax, zeros = FALSE, points$point)
  found <- found[!is.na(found$estimate), ]
  if (is.null(found$response)) found$response <- NA_character_
  found <- if (standardize) in_penalty_units(path, found)
    else path_slopes(path, found)
  found <- found[found$estimate != 0, ]
  if (!nrow(found)) {
    abort_input("All penalised coefficients are 0 at every point of the path; ",
                "there is nothing to draw. Use smaller `lambda`.")
  }
  key <- paste(found$component, found$expert, found$response, found$term)
  each <- found[!duplicated(key),
                c("component", "expert", "response", "term")]
  each$panel <- path_panels(path, each)
  each <- each[order(each$component == "gate", each$expert,
                     match(each$response, unique(each$response))), ]
  key_each <- paste(each$component, each$expert, each$response, each$term)
  n <- nrow(points)
  out <- data.frame(each[rep(seq_len(nrow(each)), each = n), ],
                    points[rep(seq_len(n), nrow(each)),
                           c("point", "lambda", "log_lambda", "df")],
                    estimate = 0, row.names = NULL)
  at <- match(paste(rep(key_each, each = n), out$point),
              paste(key, found$point))
  out$estimate[!is.na(at)] <- found$estimate[at[!is.na(at)]]
  out
}

# Without intercepts and what else is never penalised.
path_slopes <- function(path, table) {
  gate <- table$component == "gate" &
    path$problem$spec$gate$key == "gaussian"
  mean <- gate & startsWith(table$term, "mean(")
  table$term[mean] <- sub("^mean\\((.*)\\)$", "\\1", table$term[mean])
  table[table$term != "(Intercept)" & (mean | !gate), ]
}

# As if predictors and response had been divided by their standard deviations;
# as they are where the penalty takes them so.
in_penalty_units <- function(path, table) {
  design <- path$problem$design
  table <- path_slopes(path, table)
  gaussian <- path$problem$spec$gate$key == "gaussian"
  for (block in c("gate", "expert")) {
    own <- table$component == block
    penalty <- path$settings[[block]]$penalty
    if (!any(own) || isFALSE(penalty$standardize)) next
    at <- match(table$term[own], design[[block]]$terms)
    scale <- design[[block]]$scale[at]
    value <- table$estimate[own]
    table$estimate[own] <- if (block == "expert") {
      value * scale / response_spread(path, table$response[own])
    } else if (gaussian) {
      zero_below((value - design$gate$center[at]) / scale)
    } else value * scale
  }
  table
}

# Rounding on the way to the user's units and back.
zero_below <- function(v) ifelse(abs(v) < 1e-12, 0, v)

response_spread <- function(path, response) {
  problem <- path$problem
  spread <- if (!is.null(problem$spec$expert$penalty)) problem$y_scale
    else engine_summarise_columns(problem$y, problem$weights)$sd
  names <- problem$design$response$names
  if (length(names) == 1L) spread else spread[match(response, names)]
}

path_panels <- function(path, each) {
  gate <- if (path$problem$spec$gate$key == "gaussian") {
    paste("gate: means of expert", each$expert)
  } else if (path$K == 2L) "gate" else {
    paste0("gate: expert ", each$expert, " against ", path$K)
  }
  expert <- paste0("expert ", each$expert,
                   ifelse(is.na(each$response), "",
                          paste0(": ", each$response)))
  ifelse(each$component == "gate", gate, expert)
}

# The terms with the largest coefficients anywhere on the path.
labelled_terms <- function(coefficients, label) {
  size <- vapply(split(abs(coefficients$estimate), coefficients$term), max, 0)
  terms <- names(sort(size, decreasing = TRUE))
  utils::head(terms, label)
}

criterion_picture <- function(table, points, remark) {
  names <- c("AIC", "BIC", "EBIC")
  regular <- regular_points(points)
  parts <- lapply(seq_along(names), function(i) {
    value <- table[[names[i]]][points$point]
    least <- which(regular)[which.min(value[regular])]
    data.frame(points[c("point", "lambda", "log_lambda", "df")],
               criterion = names[i], value = value, curve = i,
               regular = regular, least = seq_along(value) %in% least)
  })
  new_picture("path_criterion",
              list(criteria = do.call(rbind, parts), points = points),
              length(names), labels = names,
              remark = c(remark, if (!all(regular))
                "Crosses: not at a regular maximum."))
}

cv_path_picture <- function(cv, score) {
  if (!is.character(score) || !length(score) || anyNA(score) ||
      !all(score %in% names(path_scores)) || anyDuplicated(score)) {
    abort_input("`score` must be some of ",
                paste0('"', names(path_scores), '"', collapse = ", "),
                "; found ", describe(score), ".")
  }
  table <- cv$table[cv$table$score %in% score & !is.na(cv$table$mean), ]
  table <- table[order(match(table$score, score), table$point), ]
  rownames(table) <- NULL
  table$log_lambda <- log(table$lambda)
  table$lower <- table$mean - table$std.error
  table$upper <- table$mean + table$std.error
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
                else "")
}

# Where the degrees of freedom stand above a panel: a few points, evenly. Those
# of a ridge are no whole numbers.
df_axis <- function(points, most = 7L) {
  points <- points[order(points$log_lambda), ]
  at <- unique(round(seq(1, nrow(points),
                         length.out = min(most, nrow(points)))))
  data.frame(log_lambda = points$log_lambda[at], df = round(points$df[at]))
}
