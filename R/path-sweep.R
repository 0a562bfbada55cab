# How the points of one path are found: from several starts in the middle, then
# between neighbours until nothing improves.

# A fit must be better than another by this much per row to replace it.
path_gain <- 1e-7

# Where on the path starts compete, as shares of its length.
path_anchors <- c(0.2, 0.35, 0.5, 0.65)

# Iterations of a start, and the difference in objective per row below which two
# fits count as the same optimum.
path_start_steps <- 200L
path_same <- 1e-5

# Largest number of sweeps between neighbours.
path_sweeps <- 10L

# Largest number of points without a regular fit at which starts compete.
path_holes <- 8L

# Returns the runs of a path that was found at other values of lambda.
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

# Returns the best run found at each point; at(i) is the problem of point i.
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
  # points without a good fit that lie before one with a good fit
  good <- is_regular(state$runs)
  holes <- which(!good & seq_len(n_points) < max(which(good), 0L))
  if (length(holes)) {
    at <- unique(round(seq(1, length(holes), length.out = path_holes)))
    for (i in holes[at]) search_point(state, i)
    sweep_path(state)
  }
  state$runs
}

# Runs starts at one point and follows each optimum up and down as long as it
# differs from the best known there. Returns FALSE if all took too many
# coefficients, as they would further down.
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
  # all rows in one expert is often the best where lambda is large
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

# Follows an optimum from point to point until it meets the best known or is no
# longer regular.
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

# Returns the settings of a run. It stops with as many coefficients as half of
# the rows, where a fit is of no use.
path_control <- function(control) {
  engine_control(control, stop_saturated = TRUE)
}

# Returns a run at one point of the path.
state_run <- function(state, i, theta, start = NULL,
                      settings = path_control(state$control)) {
  run <- run_or_null(state$at(i), theta, start, settings)
  state$meter$run()
  run
}

# Goes up and down between neighbours until nothing improves.
sweep_path <- function(state) {
  n_points <- length(state$runs)
  for (sweep in seq_len(path_sweeps)) {
    before <- sum(state$version)
    follow(state, n_points, 1L)
    follow(state, 1L, n_points)
    if (sum(state$version) == before) break
  }
}

# Returns the state of a search. `version` counts the improvements of each
# point, and `seen` holds the version of its left and right neighbour that a
# point was last tried from. The start rules see the same data at all points.
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

# Carries fits from neighbour to neighbour.
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

# Returns which points to keep. The objective at a smaller lambda is no worse;
# so where the best regular fit is worse than one before it, the best fit of all
# is degenerate.
stays_good <- function(runs) {
  good <- is_regular(runs)
  objective <- vapply(runs[good], `[[`, 0, "objective")
  weight <- if (any(good)) runs[[which(good)[1L]]]$weight else 1
  good[good] <- objective >= cummax(objective) - path_same * weight
  good
}

# Returns at which points a fit was found that is not degenerate.
is_regular <- function(runs) {
  vapply(runs, function(run) !is.null(run) && !run$degenerate, TRUE)
}
