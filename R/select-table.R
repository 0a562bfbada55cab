# The table of a selection, and the model that each criterion chooses.

new_selection <- function(fits, runs, grid, cv, criterion, call) {
  table <- selection_table(fits, runs, grid)
  if (!is.null(cv)) table <- add_held_out(table, cv)
  slope <- selection_slope(table, criterion)
  reason <- if (inherits(slope, "error")) conditionMessage(slope)
  if (!is.null(reason)) slope <- NULL
  table <- add_slope_criteria(table, slope)
  out <- structure(
    list(table = table, fits = fits, slope = slope, cv = cv,
         criterion = criterion, call = call),
    class = "moe_selection")
  out$selected <- vapply(selection_criteria, chosen_model, "", selection = out)
  if (is.na(out$selected[[criterion]])) {
    warn("selection", "The criterion \"", criterion, "\" chooses no model. ",
         if (criterion %in% c("slope", "jump") && !is.null(reason))
           paste0(reason, " "),
         if (all(is.na(out$selected))) paste0("Here ", no_regular_model)
         else "best(selection, criterion = ) takes another.")
  }
  out
}

selection_table <- function(fits, runs, grid) {
  of <- function(f, type) unname(vapply(fits, f, type))
  joint <- of(function(fit) gate_is_generative(fit$gate), NA)
  # likelihoods of different data, with and without the predictors, cannot be
  # compared
  use <- if (all(joint)) "maximised" else "conditional"
  loglik <- of(function(fit) fit$loglik[[use]], 0)
  df <- of(function(fit) fit$df[[use]], 0)
  n <- of(function(fit) as.numeric(fit$n), 0)
  bic <- -2 * loglik + df * log(n)
  data.frame(
    grid$table, df = df, logLik = loglik,
    dimension = of(slope_dimension, 0),
    conditional = of(function(fit) fit$loglik[["conditional"]], 0),
    AIC = -2 * loglik + 2 * df, BIC = bic,
    ICL = bic + 2 * of(posterior_entropy, 0),
    converged = of(function(fit) fit$converged, NA),
    status = of(selection_status, ""),
    seconds = vapply(grid$table$model, function(name) runs[[name]]$seconds, 0),
    row.names = NULL)
}

# Returns the dimension that the slope heuristics use. Without other experts a
# gate says nothing about the response.
slope_dimension <- function(fit) {
  fit$df[[if (fit$K == 1L) "conditional" else "maximised"]]
}

selection_status <- function(fit) {
  if (any(fit$floored)) return("at the floor")
  if (!fit$converged) return(fit$status)
  if (fit$separated) "separated" else "converged"
}

# Returns which models can be chosen: those at a maximum or, with a separated
# gate, at the supremum.
is_eligible <- function(table) {
  table$status %in% c("converged", "separated")
}

# Returns slope_heuristic() of a table, or the condition that says why there is
# none. Its warnings are raised only where it makes the choice.
selection_slope <- function(table, criterion) {
  rows <- which(is_eligible(table))
  heard <- criterion %in% c("jump", "slope")
  tryCatch(
    withCallingHandlers(
      slope_heuristic(-table$conditional[rows], table$dimension[rows],
                      model = table$model[rows]),
      gatemix_warning_slope = function(w) {
        if (!heard) tryInvokeRestart("muffleWarning")
      }),
    gatemix_error = identity)
}

# Adds minus twice the conditional log-likelihood with the penalties of the
# slope heuristics: the scale of AIC, whose constant would be 1.
add_slope_criteria <- function(table, slope) {
  values <- lapply(c(jump = "jump", slope = "slope"), function(method) {
    constant <- slope$selected$constant[match(method, slope$selected$method)]
    if (!length(constant)) constant <- NA_real_
    out <- -2 * table$conditional + 2 * constant * table$dimension
    ifelse(is_eligible(table), out, NA_real_)
  })
  at <- match("ICL", names(table))
  data.frame(table[seq_len(at)], values, table[-seq_len(at)],
             check.names = FALSE)
}

add_held_out <- function(table, cv) {
  scores <- cv$table
  scores <- scores[scores$score == "log_score", ]
  at <- match(table$model, scores$model)
  table$log_score <- scores$mean[at]
  table$log_score_se <- scores$std.error[at]
  table
}

# Returns the name of the model that a criterion chooses, or NA.
chosen_model <- function(criterion, selection) {
  table <- selection$table
  if (criterion %in% c("jump", "slope")) {
    found <- selection$slope$selected
    name <- found$model[found$method == criterion]
    return(if (length(name)) as.character(name[1L]) else NA_character_)
  }
  column <- c(bic = "BIC", aic = "AIC", icl = "ICL", cv = "log_score")
  values <- table[[column[[criterion]]]]
  if (is.null(values)) return(NA_character_)
  values[!is_eligible(table)] <- NA
  if (all(is.na(values))) NA_character_ else table$model[which.min(values)]
}

selection_criteria <- c("bic", "aic", "icl", "jump", "slope", "cv")

no_regular_model <- paste(
  "no fit is at a regular maximum (see `status` in the table). Fit fewer",
  "experts or simpler ones, or take a model from `$fits`.")
