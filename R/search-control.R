#' Control the fit
#'
#' @param starts How many starts the search compares (a count). Each is run
#'   for a short while; the best are run to the end. See `fit$starts`.
#' @param moves How many moves in a row may fail before the search ends: from
#'   the best fit so far, one expert gives up its rows and another is split in
#'   two, or a border between two experts shifts. `NULL`: as many as `starts`,
#'   up to ten times as many where rows are few; 0: none.
#' @param init The rules that make the starts: any of `"kmeans"` (k-means on
#'   the standardised predictors of the gate and response), `"kmeans_x"` (on
#'   the gate's predictors), `"segment"` (cuts along a random direction of the
#'   gate's predictors), `"residual"` (the rows that one expert fits worst
#'   become the
#'   next one's) and `"random"` (random labels). They take turns, with more
#'   than 50 predictors the random labels first.
#' @param max_iter Largest number of EM iterations of the final runs.
#' @param tol Convergence: largest element of the gradient of the
#'   log-likelihood per observation, in standardised coordinates.
#' @param accelerate Use Anderson acceleration, and Newton's method where that
#'   is slow (safeguarded; the objective never decreases). `FALSE`: plain EM.
#' @param gate_step How a softmax gate (or a Gaussian one with the conditional
#'   likelihood) moves in each M-step: `"newton"`, one (proximal) step of
#'   Newton's method; `"bound"`, the minimum of a quadratic bound of the
#'   objective (Boehning 1992), the MM algorithm of the papers; `"coordinate"`,
#'   their coordinate ascent: steps of Newton's method in one coefficient after
#'   another, on the objective itself, which reads all rows for each. The last
#'   two are slower and are there for comparisons, with `accelerate = FALSE`.
#' @param min_variance Lower bound of the variances. For experts it is relative
#'   to the residual variance of one regression on all rows (or to 1e-4 times
#'   the variance of the response, if that is more), for Gaussian gates to the
#'   variance of the predictors. It keeps the likelihood bounded; a fit that
#'   touches it says so.
#' @param threads Number of threads. The result is the same to the last bit for
#'   any number.
#' @param verbose Print a line per iteration of the final runs.
#' @return A list of class `moe_control`.
#' @export
#' @examples
#' moe_control(starts = 20)
#' fit <- moe(NOx ~ E, data = lattice::ethanol, K = 2,
#'            control = moe_control(starts = 5))
#' fit$starts
moe_control <- function(starts = 10, moves = NULL, init = NULL,
                        max_iter = 2000, tol = 1e-8, accelerate = TRUE,
                        gate_step = c("newton", "bound", "coordinate"),
                        min_variance = 1e-6, threads = 1, verbose = FALSE) {
  rules <- names(start_rules)
  if (!is.null(init) && (!is.character(init) || !length(init) ||
                         !all(init %in% rules))) {
    abort_input("`init` must be NULL or some of ",
                paste0('"', rules, '"', collapse = ", "), "; found ",
                describe(init), ".")
  }
  structure(
    list(
      starts = check_count(starts, "starts"),
      moves = if (!is.null(moves)) check_count(moves, "moves", min = 0L),
      init = init,
      max_iter = check_count(max_iter, "max_iter", min = 0L),
      tol = check_number(tol, "tol"),
      accelerate = check_flag(accelerate, "accelerate"),
      gate_step = check_choice(gate_step, "gate_step",
                               c("newton", "bound", "coordinate")),
      min_variance = check_number(min_variance, "min_variance", open = TRUE,
                                  max = 1),
      threads = check_count(threads, "threads"),
      verbose = check_flag(verbose, "verbose")
    ),
    class = "moe_control"
  )
}

#' @export
print.moe_control <- function(x, ...) {
  shown <- vapply(x, function(v) if (is.null(v)) "NULL" else
    paste(format(v), collapse = ", "), "")
  cat(paste0(format(names(shown)), " = ", shown, "\n"), sep = "")
  invisible(x)
}

check_control <- function(control) {
  if (inherits(control, "moe_control")) return(control)
  if (is.list(control) && (length(control) == 0L ||
                           !is.null(names(control)))) {
    unknown <- setdiff(names(control), names(formals(moe_control)))
    if (!length(unknown)) return(do.call(moe_control, control))
    abort_input("`control` has no setting ", quote_all(unknown),
                "; see ?moe_control.")
  }
  abort_input("`control` must be made by moe_control(); found ",
              describe(control), ".")
}

# Returns the settings of one run of the engine.
engine_control <- function(control, max_iter = control$max_iter,
                           tol = control$tol, verbose = FALSE, shift = 0,
                           stop_saturated = FALSE) {
  list(max_iter = max_iter, tol = tol, accelerate = control$accelerate,
       threads = control$threads, trace_steps = verbose, shift = shift,
       stop_saturated = stop_saturated)
}
