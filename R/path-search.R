# How a path is found: from the fit without penalised terms down, from several
# starts in the middle, then between neighbours until nothing improves.

# Objective per row by which a fit must be better to replace another.
path_gain <- 1e-7
# Starts of the fit without penalised terms, at least.
path_null_starts <- 10L
# Where on the path starts compete, as shares of its length.
path_anchors <- c(0.2, 0.35, 0.5, 0.65)
# Iterations of a start, and the difference in objective per row at which two
# fits are the same optimum.
path_start_steps <- 200L
path_same <- 1e-5
path_sweeps <- 10L
# Attempts to find the largest lambda.
path_tops <- 6L
# Points without a regular fit at which starts compete, at most.
path_holes <- 8L

# What takes less than `quiet` seconds reports no progress.
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

# The path for one ratio of the penalties.
fit_ratio <- function(problem, null, settings, ratio, meter) {
  lambda <- path_lambdas(problem, null, settings, ratio)
  at <- function(i) set_lambda(problem, lambda[i], ratio)
  runs <- search_path(at, length(lambda), null, settings$control, meter)
  free_top <- is.null(settings$lambda) && !begins_above_zero(problem)
  # again where the way up lost a fit that the way back finds
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
  # a null fit may be degenerate by itself: then there is nothing better
  if (!any(good)) good <- !vapply(runs, is.null, TRUE)
  if (!any(good)) {
    abort("numeric", "No fit of the path could be evaluated. Check the data ",
          "for extreme values, or try fewer experts.")
  }
  list(ratio = ratio, lambda = lambda[good], runs = runs[good],
       left_out = lambda[!good], null = null)
}

# The problem at a value of lambda.
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

# The best fit without penalised terms.
null_run <- function(problem, settings, meter) {
  meter$phase()
  control <- settings$control
  control$tol <- min(control$tol, 1e-9)
  # such fits are quick, and all of the path begins at the best of them
  control$starts <- max(control$starts, path_null_starts)
  withCallingHandlers(
    search_starts(set_lambda(problem, 1e8, 1), control),
    progression = function(p) {
      if (identical(p$type, "update")) meter$run()
      hush_progress(p)
    })
}

# The smallest lambda at which the null fit is stationary, for each block.
largest_lambdas <- function(problem, null) {
  excess <- with_engine(engine_excess(set_lambda(problem, 0, 1), null$theta))
  vapply(c(expert = "expert", gate = "gate"), function(block) {
    penalty <- problem$spec[[block]]$penalty
    if (is.null(penalty) || !length(excess[[block]])) return(0)
    scale <- penalty$factor
    if (penalty$name == "elastic_net") scale <- scale * max(penalty$alpha, 1e-3)
    if (penalty$name == "group_lasso") {
      scale <- scale * sqrt(tabulate(penalty$group)[penalty$group])
    }
    max(0, (excess[[block]] / scale)[scale > 0])
  }, 0)
}

path_lambdas <- function(problem, null, settings, ratio) {
  if (!is.null(settings$lambda)) return(settings$lambda)
  largest <- largest_lambdas(problem, null)
  if (!is.null(problem$spec$expert$penalty)) largest <- largest / c(1, ratio)
  # a little more, so that rounding leaves nothing at the first point
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
    # a ridge has no largest lambda; the stand-in is far above what matters
    if (begins_above_zero(problem)) share <- share / 100
  }
  exp(seq(log(top), log(top * share), length.out = settings$nlambda))
}

# A ridge has no lambda that makes its coefficients 0, and a net that is nearly
# one begins below it: the first point is better than the fit without them.
begins_above_zero <- function(problem) {
  any(vapply(problem$spec[c("expert", "gate")], function(part) {
    identical(part$penalty$name, "elastic_net") && part$penalty$alpha < 1e-3
  }, TRUE))
}

# Whether a fit with penalised terms is better than the one without. At the
# first point the latter is stationary, but not always the best.
beats_null <- function(run, null) {
  !run$degenerate && run$objective > null$objective + path_gain * run$weight
}

# The smallest lambda, to a thousandth, from which on the fit without penalised
# terms is the best known. That fit may itself be found on the way, better than
# the one that the starts gave.
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

# A path that was found at other values of lambda.
move_path <- function(at, lambda, null, old, control, meter) {
  state <- new_path_state(at, length(lambda), control, meter)
  try_point(state, 1L, null$theta)
  for (i in seq_along(lambda)[-1L]) {
    run <- old$runs[[which.min(abs(log(old$lambda / lambda[i])))]]
    if (!is.null(run) && !run$degenerate) try_point(state, i, run$theta)
  }
  sweep_path(state)
  state$runs
}

# The best run found at each point; at(i): the problem of point i.
search_path <- function(at, n_points, null, control, meter) {
  state <- new_path_state(at, n_points, control, meter)
  meter$phase()
  try_point(state, 1L, null$theta)
  follow(state, 1L, n_points)
  ended <- at(1L)$spec$K == 1L
  anchors <- ceiling(path_anchors * n_points)
  for (i in seq_along(anchors)) {
    meter$phase()
    if (!ended && !duplicated(anchors)[i]) {
      ended <- !search_point(state, anchors[i])
    }
  }
  meter$phase()
  sweep_path(state)
  # between good points there should be others
  good <- is_regular(state$runs)
  holes <- which(!good & seq_len(n_points) < max(which(good), 0L))
  if (length(holes)) {
    at <- unique(round(seq(1, length(holes), length.out = path_holes)))
    for (i in holes[at]) search_point(state, i)
    sweep_path(state)
  }
  state$runs
}

# Starts at one point; each optimum is followed up and down as long as it is
# another than the best known there. FALSE: all took too many coefficients, as
# they would further down.
search_point <- function(state, i) {
  problem <- state$at(i)
  control <- state$control
  rules <- rules_in_turn(problem, control)
  settings <- engine_control(control, min(control$max_iter, path_start_steps),
                             race_tol, stop_saturated = TRUE)
  starts <- lapply(rules, function(rule) {
    labels <- start_rules[[rule]](state$start_data, problem$spec$K)
    fill_labels(labels, problem$spec$K)
  })
  # all rows in one expert: where lambda is large, that is often the best
  starts <- c(starts, list(rep(1L, nrow(problem$x))))
  runs <- lapply(starts, function(labels) {
    state_run(state, i, engine_initial(problem), labels, settings)
  })
  useful <- vapply(runs[seq_along(rules)], function(run) {
    !is.null(run) && run$status != "saturated"
  }, TRUE)
  runs <- runs[is_regular(runs)]
  if (!length(runs)) return(any(useful))
  objective <- vapply(runs, `[[`, 0, "objective")
  runs <- runs[order(-objective)]
  gap <- -diff(sort(objective, decreasing = TRUE)) / runs[[1L]]$weight
  for (run in runs[c(TRUE, gap > path_same)]) {
    branch(state, i, run$theta, -1L)
    branch(state, i, run$theta, 1L)
  }
  TRUE
}

branch <- function(state, i, theta, step) {
  while (i >= 1L && i <= length(state$runs)) {
    run <- state_run(state, i, theta)
    if (is.null(run) || run$degenerate) return(invisible())
    known <- state$runs[[i]]
    keep_run(state, i, run)
    merged <- !is.null(known) && !known$degenerate &&
      abs(run$objective - known$objective) < path_same * run$weight
    if (merged) return(invisible())
    theta <- run$theta
    i <- i + step
  }
}

# With as many coefficients as half of the rows a fit is of no use.
path_control <- function(control) {
  engine_control(control, stop_saturated = TRUE)
}

# A run of a path. An expert without rows does not make it degenerate: it is the
# fit of a smaller mixture, which is the best of all where lambda is large.
run_or_null <- function(problem, theta, start, settings) {
  run <- tryCatch(run_engine(problem, theta, start, settings),
                  gatemix_error_numeric = function(e) NULL)
  if (!is.null(run)) run$degenerate <- !run$regular
  run
}

# A run at one point of the path.
state_run <- function(state, i, theta, start = NULL,
                      settings = path_control(state$control)) {
  run <- run_or_null(state$at(i), theta, start, settings)
  state$meter$run()
  run
}

# Up and down between neighbours until nothing improves.
sweep_path <- function(state) {
  n_points <- length(state$runs)
  for (sweep in seq_len(path_sweeps)) {
    before <- sum(state$version)
    follow(state, n_points, 1L)
    follow(state, 1L, n_points)
    if (sum(state$version) == before) break
  }
}

# `version` counts the improvements of each point, `seen` which version of its
# left and right neighbour a point has been tried from. What start rules see is
# the same at all points.
new_path_state <- function(at, n_points, control, meter) {
  state <- new.env(parent = emptyenv())
  state$at <- at
  state$control <- control
  state$meter <- meter
  state$runs <- vector("list", n_points)
  state$version <- integer(n_points)
  state$seen <- matrix(0L, n_points, 2L)
  delayedAssign("start_data", start_data(at(1L)), assign.env = state)
  state
}

# From neighbour to neighbour.
follow <- function(state, first, last) {
  step <- if (last > first) 1L else -1L
  side <- if (step > 0L) 1L else 2L
  for (i in seq(first, last, by = step)[-1L]) {
    from <- i - step
    known <- state$version[from]
    if (known == 0L || known == state$seen[i, side]) next
    state$seen[i, side] <- known
    if (state$runs[[from]]$degenerate) next
    try_point(state, i, state$runs[[from]]$theta)
  }
}

try_point <- function(state, i, theta) {
  run <- state_run(state, i, theta)
  if (!is.null(run)) keep_run(state, i, run)
}

keep_run <- function(state, i, run) {
  old <- state$runs[[i]]
  better <- is.null(old) || if (run$degenerate != old$degenerate)
    old$degenerate else run$objective > old$objective + path_gain * run$weight
  if (!better) return(invisible())
  state$runs[[i]] <- run
  state$version[i] <- state$version[i] + 1L
}

# Points to keep: a smaller lambda has no worse objective, so where the best
# regular fit is worse than one before it, the best of all is degenerate.
stays_good <- function(runs) {
  good <- is_regular(runs)
  objective <- vapply(runs[good], `[[`, 0, "objective")
  weight <- if (any(good)) runs[[which(good)[1L]]]$weight else 1
  good[good] <- objective >= cummax(objective) - path_same * weight
  good
}

# Points at which something other than degenerate fits was found.
is_regular <- function(runs) {
  vapply(runs, function(run) !is.null(run) && !run$degenerate, TRUE)
}
