# Gate, experts and problem at a point of a path: at its value of lambda, or
# refitted without the penalty.

# Returns the settings with the gate and the experts of a point of the path.
at_lambda <- function(settings, lambda, ratio) {
  if (!is.null(settings$expert$penalty)) {
    settings$expert <- with_penalty(settings$expert, lambda)
    lambda <- lambda * ratio
  }
  if (!is.null(settings$gate$penalty)) {
    settings$gate <- with_penalty(settings$gate, lambda)
  }
  settings
}

# Returns a gate or experts with another lambda or another kind of penalty.
with_penalty <- function(part, lambda, penalty = part$penalty) {
  label <- sub(paste0(", ", penalty_words(part$penalty)), "", part$label,
               fixed = TRUE)
  penalty$lambda <- lambda
  part$penalty <- penalty
  part$label <- paste0(label, ", ", penalty_words(penalty))
  part
}

# Returns the problem at a value of lambda.
set_lambda <- function(problem, lambda, ratio) {
  if (!is.null(problem$spec$expert$penalty)) {
    problem$spec$expert$penalty$lambda <- lambda
    lambda <- lambda * ratio
  }
  if (!is.null(problem$spec$gate$penalty)) {
    problem$spec$gate$penalty$lambda <- lambda
  }
  problem
}

relaxed_part <- function(part) {
  if (is.null(part$penalty)) return(part)
  support <- new_penalty("no", "support", 1, part$penalty$exclude,
                         part$penalty$factor, part$penalty$standardize)
  with_penalty(part, 1, support)
}

relaxed_settings <- function(settings) {
  settings$gate <- relaxed_part(settings$gate)
  settings$expert <- relaxed_part(settings$expert)
  settings
}

relaxed_problem <- function(problem) {
  for (block in c("gate", "expert")) {
    if (!is.null(problem$spec[[block]]$penalty)) {
      problem$spec[[block]]$penalty$key <- "support"
    }
  }
  problem
}
