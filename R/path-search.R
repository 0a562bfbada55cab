# How a path is found: the fit without penalised terms, the values of lambda,
# and one path for each ratio of the penalties.

# Smallest number of starts of the fit without penalised terms.
path_null_starts <- 10L

# Largest number of attempts to find the largest lambda.
path_tops <- 6L

# Returns the path. Progress is reported only if it takes longer than `quiet`
# seconds.
fit_path <- function(problem, settings, quiet = 2) {
  settings$control$moves <- 0L
  ratios <- settings$ratios
  meter <- phase_meter(1L + length(ratios) * (2L + length(path_anchors)) +
                         settings$relax, quiet)
  null <- null_run(problem, settings, meter)
  parts <- vector("list", length(ratios))
  for (i in seq_along(parts)) {
    parts[[i]] <- fit_ratio(problem, null, settings, ratios[i], meter)
    null <- parts[[i]]$null
  }
  out <- new_path(problem, parts, settings)
  if (settings$relax) out$relaxed <- relax_path(out, meter)
  meter$end()
  out
}

# Returns the path for one ratio of the penalties.
fit_ratio <- function(problem, null, settings, ratio, meter) {
  lambda <- path_lambdas(problem, null, settings, ratio)
  at <- function(i) set_lambda(problem, lambda[i], ratio)
  runs <- search_path(at, length(lambda), null, settings$control, meter)
  free_top <- is.null(settings$lambda) && !begins_above_zero(problem)
  # once more if the way back finds a fit that the way up lost
  for (attempt in seq_len(path_tops)) {
    if (!free_top || !beats_null(runs[[1L]], null)) break
    top <- higher_top(problem, runs[[1L]], null, lambda[1L], ratio,
                      settings$control, meter)
    null <- top$null
    old <- list(lambda = lambda, runs = runs)
    lambda <- lambda_sequence(top$lambda, problem, settings)
    at <- function(i) set_lambda(problem, lambda[i], ratio)
    runs <- move_path(at, lambda, null, old, settings$control, meter)
  }
  good <- stays_good(runs)
  # if the null fit itself is degenerate, there is nothing better
  if (!any(good)) good <- !vapply(runs, is.null, TRUE)
  if (!any(good)) {
    abort("numeric", "No fit of the path could be evaluated. Check the data ",
          "for extreme values, or try fewer experts.")
  }
  list(ratio = ratio, lambda = lambda[good], runs = runs[good],
       left_out = lambda[!good], null = null)
}

# Returns the best fit without penalised terms.
null_run <- function(problem, settings, meter) {
  meter$phase()
  control <- settings$control
  control$tol <- min(control$tol, 1e-9)
  # such fits are quick, and the whole path begins at the best of them
  control$starts <- max(control$starts, path_null_starts)
  withCallingHandlers(
    search_starts(set_lambda(problem, 1e8, 1), control),
    progression = function(p) {
      if (identical(p$type, "update")) meter$run()
      hush_progress(p)
    })
}

# Returns for each block the smallest lambda at which the null fit is
# stationary.
largest_lambdas <- function(problem, null) {
  excess <- engine_excess(set_lambda(problem, 0, 1), null$theta)
  vapply(c(expert = "expert", gate = "gate"), function(block) {
    penalty <- problem$spec[[block]]$penalty
    if (is.null(penalty) || !length(excess[[block]])) return(0)
    scale <- penalty_scale(penalty)
    max(0, (excess[[block]] / scale)[scale > 0])
  }, 0)
}

path_lambdas <- function(problem, null, settings, ratio) {
  if (!is.null(settings$lambda)) return(settings$lambda)
  largest <- largest_lambdas(problem, null)
  if (!is.null(problem$spec$expert$penalty)) largest <- largest / c(1, ratio)
  # a little more, so that rounding leaves no term in at the first point
  top <- max(largest) * (1 + 1e-6)
  if (!(top > 0)) {
    abort_input("No penalised term has any effect: the gradient of all is 0 ",
                "at the fit without them. Check that the predictors vary.")
  }
  lambda_sequence(top, problem, settings)
}

lambda_sequence <- function(top, problem, settings) {
  share <- settings$lambda_min_ratio
  if (is.null(share)) {
    p <- max(length(problem$spec$expert_terms),
             length(problem$spec$gate_terms))
    share <- if (2 * p * problem$spec$K > used_rows(problem)) 0.05 else 0.01
    # a ridge has no largest lambda; its stand-in is far above all values that
    # matter
    if (begins_above_zero(problem)) share <- share / 100
  }
  exp(seq(log(top), log(top * share), length.out = settings$nlambda))
}

# Returns whether the first point has penalised coefficients that are not 0: no
# lambda makes those of a ridge 0, and a net that is nearly a ridge begins below
# the lambda that does.
begins_above_zero <- function(problem) {
  any(vapply(problem$spec[c("expert", "gate")], function(part) {
    !is.null(part$penalty) && is_nearly_ridge(part$penalty)
  }, TRUE))
}

# Returns whether a fit with penalised terms is better than the one without. At
# the first point the latter is stationary, but not always the best.
beats_null <- function(run, null) {
  !run$degenerate && run$objective > null$objective + path_gain * run$weight
}

# Returns the smallest lambda, to a thousandth, from which on the fit without
# penalised terms is the best known. On the way a better one of these may be
# found than the starts gave; it takes its place.
higher_top <- function(problem, run, null, lambda, ratio, control, meter) {
  low <- lambda
  high <- Inf
  while (high / low > 1.0005) {
    middle <- if (is.finite(high)) sqrt(low * high) else 1.3 * low
    again <- run_or_null(set_lambda(problem, middle, ratio), run$theta, NULL,
                         path_control(control))
    meter$run()
    better <- !is.null(again) && beats_null(again, null)
    if (better && again$penalty > 0) {
      low <- middle
      run <- again
    } else {
      if (better) null <- again
      high <- middle
    }
  }
  list(lambda = high, null = null)
}

new_path <- function(problem, parts, settings) {
  runs <- unlist(lapply(parts, `[[`, "runs"), recursive = FALSE)
  lambda <- unlist(lapply(parts, `[[`, "lambda"))
  ratio <- rep(vapply(parts, `[[`, 0, "ratio"),
               lengths(lapply(parts, `[[`, "lambda")))
  points <- Map(function(run, lambda, ratio) {
    new_point(set_lambda(problem, lambda, ratio), run)
  }, runs, lambda, ratio)
  table <- path_table(points, lambda, ratio, problem, settings)
  for (at in split(seq_along(points), ratio)) {
    points[at] <- align_path(points[at], problem, settings, table[at, ])
  }
  structure(
    list(table = table, relaxed = NULL, points = points, problem = problem,
         settings = settings, K = settings$K,
         left_out = unlist(lapply(parts, `[[`, "left_out")), call = NULL),
    class = "moe_path")
}
