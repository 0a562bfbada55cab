# Coefficients and criteria of a path against lambda.

# Returns the picture of a type. The point `s` is marked; `label` is the number
# of terms with a name.
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
                else "coefficient",
              group_name = "term")
}

# Returns the `rows` of the table with one ratio, and the `chosen` one, which is
# marked (none for s = NULL).
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

# Returns the sentences below the panels.
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

# Returns a row per point and coefficient, of those that are not 0 everywhere.
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

# Returns the name of the panel of each coefficient.
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

# Returns the terms with the largest coefficients anywhere on the path.
labelled_terms <- function(coefficients, label) {
  size <- vapply(split(abs(coefficients$estimate), coefficients$term), max, 0)
  terms <- names(sort(size, decreasing = TRUE))
  utils::head(terms, label)
}

# Returns the picture of the criteria.
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
                "Crosses: not at a regular maximum."),
              group_name = "curve")
}

# Returns the degrees of freedom that stand above a panel, of a few points,
# evenly chosen. They are rounded, since those of a ridge are no whole numbers.
df_axis <- function(points, most = 7L) {
  points <- points[order(points$log_lambda), ]
  at <- unique(round(seq(1, nrow(points),
                         length.out = min(most, nrow(points)))))
  data.frame(log_lambda = points$log_lambda[at], df = round(points$df[at]))
}

# Returns the numbers of rows and columns of n panels.
path_panel_grid <- function(n) {
  if (n <= 3L) c(1L, n) else rev(grDevices::n2mfrow(n))
}

# Returns the types of lines of K terms; two of one colour have different ones.
path_linetypes <- function(K) rep(c("solid", "42"), each = 6L)[seq_len(K)]

# Refuses arguments that mean nothing for a type; `standardize` and `label` say
# that they are missing.
refuse_terms <- function(type, standardize, label) {
  if (type == "coefficients" || (standardize && label)) return(invisible())
  abort_input("`", if (standardize) "label" else "standardize", "` means ",
              "nothing for type \"criterion\"; leave it out.")
}

check_label <- function(label) {
  ok <- is.numeric(label) && length(label) == 1L && label %in% 0:12
  if (!ok) {
    abort_input("`label` must be a number of terms from 0 to 12; found ",
                describe(label), ".")
  }
  as.integer(label)
}
