#' The stages of the algorithm
#'
#' [moe()] is made of these stages; with them EM can be written by hand,
#' stopped, watched, changed, or run over pieces of the data.
#'
#' * `em_problem()` turns a formula and data into a problem: matrices, how
#'   their columns are standardised, and the model.
#' * `em_start()` gives parameters from labels or responsibilities: one M-step.
#' * `em_accumulate()` runs the E-step over rows and adds up their sufficient
#'   statistics, at the parameters `theta`.
#' * `em_merge()` adds statistics of different rows (at the same parameters).
#' * `em_solve()` is the M-step: new parameters from statistics.
#' * `em_score()` is the gradient of the log-likelihood (Fisher's identity),
#'   without the penalty of a penalised model: there it does not vanish at the
#'   maximum, but the `gradient_norm` of `em_finish()` does.
#' * `em_finish()` makes a fitted object of class `moe` from parameters.
#'
#' Statistics are one flat named vector that can only be added. The first two
#' elements are the objective, i.e. the log-likelihood of these rows at
#' `theta`, and their total weight. Responses are measured in units of their
#' residual standard deviation, predictors are standardised, so the objective
#' differs from `logLik()` by a constant.
#'
#' @param formula,data,K,gate,expert,weights,contrasts,control As in [moe()].
#' @param problem From `em_problem()`.
#' @param start Labels 1..K, an n x K matrix of responsibilities, or a fit.
#' @param theta Parameters: a named vector, from `em_start()` or `em_solve()`.
#' @param statistics From `em_accumulate()` or `em_merge()`.
#' @param rows First and last row to use; `NULL`: all.
#' @param newton_fraction The fraction of the Newton step of a softmax gate to
#'   take; a smaller one helps after a step that lowered the objective.
#' @param ... Statistics to merge.
#' @return See above. A problem is a plain list of class `moe_problem`.
#' @references Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977). Maximum
#'   likelihood from incomplete data via the EM algorithm. *JRSS B* 39, 1-38.
#' @export
#' @examples
#' problem <- em_problem(NOx ~ E, lattice::ethanol, K = 2)
#' theta <- em_start(problem, rep(1:2, length.out = 88))
#' repeat {
#'   first <- em_accumulate(problem, theta, rows = c(1, 40))
#'   second <- em_accumulate(problem, theta, rows = c(41, 88))
#'   statistics <- em_merge(first, second)
#'   if (max(abs(em_score(problem, theta, statistics))) < 1e-4) break
#'   theta <- em_solve(problem, theta, statistics)
#' }
#' em_finish(problem, theta)
em_problem <- function(formula, data, K, gate = gate_softmax(),
                       expert = expert_gaussian(), weights = NULL,
                       contrasts = NULL, control = moe_control()) {
  settings <- check_settings(if (missing(K)) NULL else K, gate, expert,
                             control)
  call <- quote(stats::model.frame(formula = NULL))
  if (!missing(data)) call$data <- quote(data)
  built <- moe_frame(formula, call, environment(), contrasts)
  parts <- frame_data(built)
  omitted <- built$na_action
  if (length(omitted) && length(weights) == nrow(parts$y) + length(omitted)) {
    weights <- weights[-omitted]
  }
  problem <- new_problem(parts$x, parts$z, parts$y, parts$offset,
                         case_weights(weights, nrow(parts$y)), settings$K,
                         settings$gate, settings$expert, settings$control,
                         parts$groups)
  if (problem$spec$gate$key == "softmax" &&
      settings$control$gate_step == "coordinate") {
    abort_input("`control`: gate_step = \"coordinate\" needs the rows in each ",
                "M-step, and em_solve() sees their statistics only; use ",
                "\"newton\" or \"bound\".")
  }
  structure(c(problem, list(settings = settings, built = built[
    c("frame", "na_action", "blueprint")])), class = "moe_problem")
}

# Returns the problem without the fields that em_problem() adds for the other
# stages.
bare_problem <- function(problem) {
  unclass(problem)[setdiff(names(problem), c("settings", "built"))]
}

#' @export
print.moe_problem <- function(x, ...) {
  cat("Problem of ", nrow(x$x), " rows for ", x$spec$K, " experts: ",
      length(x$spec$expert_terms), " terms per expert, ",
      length(x$spec$gate_terms), " per gate\n", sep = "")
  invisible(x)
}

#' @rdname em_problem
#' @export
em_start <- function(problem, start) {
  check_problem(problem)
  given <- check_start(start, problem, problem$settings,
                       problem$built$na_action)
  theta <- engine_initial(problem)
  if (inherits(given, "moe_coordinates")) {
    theta[] <- unclass(given)
    return(theta)
  }
  stats <- engine_accumulate(problem, theta, given, 1, nrow(problem$x), 1L)
  engine_solve(problem, theta, stats, 1)
}

#' @rdname em_problem
#' @export
em_accumulate <- function(problem, theta, rows = NULL) {
  check_problem(problem, theta)
  n <- nrow(problem$x)
  if (is.null(rows)) rows <- c(1, n)
  if (!is.numeric(rows) || length(rows) != 2L || anyNA(rows) ||
      any(rows != round(rows)) || rows[1L] < 1 || rows[2L] > n ||
      rows[1L] > rows[2L]) {
    abort_input("`rows` must be a first and a last row between 1 and ", n,
                "; found ", paste(format(rows), collapse = ", "), ".")
  }
  engine_accumulate(problem, theta, NULL, rows[1L], rows[2L],
                    problem$settings$control$threads)
}

#' @rdname em_problem
#' @export
em_merge <- function(...) {
  parts <- list(...)
  same <- vapply(parts, function(part) {
    is.numeric(part) && identical(names(part), names(parts[[1L]])) &&
      length(part) == length(parts[[1L]])
  }, TRUE)
  if (!length(parts) || !all(same)) {
    abort_input("Only statistics of the same model, made by em_accumulate(), ",
                "can be merged; found lengths ",
                paste(lengths(parts), collapse = ", "), ".")
  }
  Reduce(`+`, parts)
}

#' @rdname em_problem
#' @export
em_solve <- function(problem, theta, statistics, newton_fraction = 1) {
  check_problem(problem, theta, statistics)
  engine_solve(problem, theta, statistics,
               check_number(newton_fraction, "newton_fraction", 0, 1))
}

#' @rdname em_problem
#' @export
em_score <- function(problem, theta, statistics) {
  check_problem(problem, theta, statistics)
  engine_score(problem, theta, statistics)
}

#' @rdname em_problem
#' @export
em_finish <- function(problem, theta) {
  check_problem(problem, theta)
  settings <- problem$settings
  built <- problem$built
  problem <- bare_problem(problem)
  run <- run_engine(problem, theta, NULL,
                    engine_control(settings$control, max_iter = 0L))
  # a fit made by hand is judged by the same gradient, but less strictly
  run$status <- if (run$gradient <= 1e-6) "converged" else "stopped"
  run$starts <- starts_table("given", list(run), 1L, list(run), run$weight)
  fit <- finish_fit(problem, run, settings)
  fit$call <- match.call()
  with_frame(fit, built)
}

# Refuses a problem, parameters or statistics that do not belong together.
check_problem <- function(problem, theta = NULL, statistics = NULL) {
  if (!inherits(problem, "moe_problem")) {
    abort_input("`problem` must be made by em_problem(); found ",
                describe(problem), ".")
  }
  if (is.null(theta)) return(invisible())
  size <- length(engine_initial(problem))
  if (!is.numeric(theta) || length(theta) != size || !all(is.finite(theta))) {
    abort_input("`theta` must be ", size, " finite numbers, made by ",
                "em_start() or em_solve(); found ", describe(theta), ".")
  }
  if (is.null(statistics)) return(invisible())
  size <- length(engine_accumulate(problem, theta, NULL, 1, 1, 1L))
  if (!is.numeric(statistics) || length(statistics) != size) {
    abort_input("`statistics` must be ", size, " numbers, made by ",
                "em_accumulate(); found ", describe(statistics), ".")
  }
}
