#' How fast maximum likelihood finds a mixture of experts: an experiment
#'
#' Simulates data sets of several sizes from a known model, fits a model with
#' `K` experts to each, and measures the [voronoi_loss()] of the fits and the
#' errors of their parameters. `summary()` estimates the rates, beside those of
#' the theory.
#'
#' @section Starts:
#' `"near"` is the papers' law of starts: every true expert is used at least
#' once, the others are drawn from them at random; experts that share a true one
#' get equal parts of its weight; then each coordinate is moved by Gaussian
#' noise of its own. Its standard deviation is \eqn{0.005 n^{-0.083}} for gates
#' (softmax coefficients, Gaussian means), \eqn{0.05 n^{-0.083}} for
#' coefficients of experts under a softmax gate and \eqn{0.005 n^{-0.083}} under
#' a Gaussian one; variances grow by the absolute value of noise with
#' \eqn{0.005 n^{-0.25}} or, with Gaussian gates, \eqn{0.0005 n^{-0.25}}, and so
#' do those of Gaussian gates. `tries` such starts are run to the end, and the
#' one with the highest likelihood is kept. Such starts are not available for
#' real data.
#'
#' `"default"` is the search of [moe()], which knows nothing of the truth.
#'
#' With both, they fit the same data sets.
#'
#' @section Which fits count:
#' The `status` of a fit is the first of these that applies:
#' \describe{
#'   \item{`"failed"`}{`moe()` or the loss raised an error, kept as `message`}
#'   \item{`"floored"`}{a variance is at `min_variance`: the likelihood has no
#'     maximum there}
#'   \item{`"separated"`}{slopes of the gate have no finite estimate}
#'   \item{`"not converged"`}{within `max_iter` iterations}
#'   \item{`"ok"`}{}
#' }
#' The theory is about maxima over a compact set of parameters. The first three
#' are none, and means and slopes leave them out; `print()` and `summary()` say
#' how many they are. `tidy()` has all fits.
#'
#' @section Errors of blocks:
#' In a cell of \eqn{M} fitted experts, the error of a block of parameters is
#' the mean that the loss takes of it,
#' \eqn{(\sum_i w_i \|\Delta_i\|^\rho / \sum_i w_i)^{1 / \rho}}, with its
#' exponent \eqn{\rho} in that cell (see [voronoi_exponents()]). The theory
#' gives it the rate \eqn{n^{-1 / (2 \rho)}}. The block `"weight"` is the error
#' of the sum of the weights in the cell, which has \eqn{n^{-1/2}}; under a
#' softmax gate the infimum over translations makes it zero in one cell.
#'
#' @section Parallel and durable:
#' A task is one data set, with all its fits. Tasks run under the
#' `future::plan()` in force and give the same numbers under any plan, except
#' for `seconds`. With a `checkpoint` a run that was killed goes on where it
#' stopped, and more `replicates` add to it. See [gatemix_parallel].
#'
#' @param truth The model to simulate from: one of [moe_truth()], or a
#'   [moe_model()] that has a law of its predictors.
#' @param K Number of experts to fit.
#' @param n Sizes of the data sets, at least two.
#' @param replicates Number of data sets of each size.
#' @param starts Any of `"near"` and `"default"`, see below.
#' @param tries Number of starts near the truth for each data set.
#' @param control Settings of the fits, from [moe_control()]. The published
#'   experiments end EM after a few iterations, near the start, as
#'   `moe_control(max_iter = 5, accelerate = FALSE)` does.
#' @param seed A whole number, or `NULL`: the current state of the generator.
#' @param checkpoint `NULL`, or the name of a directory that keeps finished
#'   tasks, see [gatemix_parallel].
#' @param ... Arguments of [voronoi_loss()]: `type`, `translate`, `norm`,
#'   `exponents`.
#' @return An object of class `rate_experiment`, a list with
#'   \item{fits}{a data frame with a row per fit: `n`, `replicate`, `start`,
#'     `status`, `loss`, `untranslated` (the loss with `translate = FALSE`),
#'     `loglik`, `iterations`, `cells` (numbers of fitted experts in the cells
#'     of the true ones), `seconds` of the fit, `message` of failed fits}
#'   \item{blocks}{a data frame with a row per fit, cell and block of
#'     parameters: `n`, `replicate`, `start`, `status`, `cell`, `size`, `block`,
#'     `exponent`, `error`}
#'   \item{truth, K, n, replicates, starts, tries, type}{what was done}
#'
#'   `tidy()` gives `fits`. `summary()` gives a list with `sizes` (per start and
#'   size: numbers of fits, mean, median and quartiles of the loss), `slopes` of
#'   the logarithms of mean and median loss on log n, by least squares, with
#'   confidence intervals that take deviations from the line as independent,
#'   beside the `theory`'s, the same for the median error of each block,
#'   `blocks`, and these medians, `errors`.
#' @section Errors: bad input is an error of class `gatemix_error_input`. Fits
#'   that fail are rows of `fits`, not errors. For checkpoints see
#'   [gatemix_parallel].
#' @references
#'   Nguyen, H., Nguyen, T. and Ho, N. (2023). Demystifying softmax gating
#'   function in Gaussian mixture of experts. *NeurIPS* 36.
#'
#'   Nguyen, H., Nguyen, T., Nguyen, K. and Ho, N. (2024). Towards convergence
#'   rates for parameter estimation in Gaussian-gated mixture of experts.
#'   *AISTATS*.
#' @seealso [plot.rate_experiment()], [voronoi_loss()], [moe_truth()]
#' @order 1
#' @export
#' @examples
#' rates <- rate_experiment(moe_truth("ggmoe_1"), K = 4, n = c(200, 1000, 5000),
#'                          replicates = 4, starts = "near", seed = 1)
#' rates
#' head(tidy(rates))
#' summary(rates)$blocks
rate_experiment <- function(truth, K, n, replicates = 20,
                            starts = c("near", "default"), tries = 1,
                            control = moe_control(), seed = NULL,
                            checkpoint = NULL, ...) {
  check_truth(truth)
  plan <- list(truth = truth, K = check_count(if (missing(K)) NULL else K, "K"),
               starts = check_starts(starts),
               tries = check_count(tries, "tries"),
               control = check_control(control),
               loss = list(...))
  if ("near" %in% plan$starts && plan$K < truth$K) {
    abort_input("`K` must be at least the true number of experts, ", truth$K,
                ", for starts near the truth; found ", plan$K, ".")
  }
  check_loss_options(plan)
  n <- check_sizes(if (missing(n)) NULL else n, plan)
  replicates <- check_count(replicates, "replicates")
  # replicates vary slowest, so that more of them leave the seeds of the others
  # as they are
  tasks <- Map(function(n, replicate) list(n = n, replicate = replicate),
               rep(n, replicates), rep(seq_len(replicates), each = length(n)))
  names(tasks) <- vapply(tasks, function(task) {
    paste0("n", format(task$n, scientific = FALSE), "-", task$replicate)
  }, "")
  done <- run_tasks(
    tasks, rate_worker(plan), replicate_seeds(length(tasks), seed), checkpoint,
    label = "data set", key = if (!is.null(checkpoint)) rate_key(plan))
  new_rate_experiment(plan, n, replicates, done, match.call())
}

# Returns a function of a task that takes only the plan along to workers.
rate_worker <- function(plan) {
  force(plan)
  function(task) rate_task(plan, task)
}

# Returns what the tasks depend on besides their sizes and seeds.
rate_key <- function(plan) {
  truth <- plan$truth
  list(truth = truth[c("parameters", "gate", "expert")],
       design = list(truth$design, truth$blueprint$formula), K = plan$K,
       starts = list(plan$starts, plan$tries),
       control = unclass(plan$control)[names(plan$control) != "threads"],
       loss = plan$loss)
}

new_rate_experiment <- function(plan, n, replicates, done, call) {
  parts <- function(name) {
    out <- do.call(rbind, lapply(unname(done), `[[`, name))
    rownames(out) <- NULL
    out
  }
  fits <- parts("fits")
  fits <- fits[order(match(fits$start, plan$starts), fits$n, fits$replicate), ]
  rownames(fits) <- NULL
  types <- unique(stats::na.omit(vapply(done, `[[`, "", "type")))
  structure(
    list(fits = fits, blocks = parts("blocks"), truth = plan$truth, K = plan$K,
         n = n, replicates = replicates, starts = plan$starts,
         tries = plan$tries, call = call,
         type = if (length(types)) types[1L] else NA_character_),
    class = "rate_experiment")
}

# --- Arguments ---------------------------------------------------------------

check_truth <- function(truth) {
  if (!inherits(truth, "moe_model") || inherits(truth, "moe")) {
    abort_input("`truth` must be a model given by its parameters, from ",
                "moe_truth() or moe_model(); found ", describe(truth), ".")
  }
  if (is.null(truth$blueprint)) {
    abort_input("`truth` must have a formula; this model was made from a fit ",
                "to matrices. Use moe_model().")
  }
  # drawing two rows fails if the model has no law of its predictors
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(restore_seed(old))
  design_rows(truth, 2L)
}

check_starts <- function(starts) {
  known <- c("near", "default")
  if (!is.character(starts) || !length(starts) || !all(starts %in% known)) {
    abort_input("`starts` must be \"near\", \"default\" or both; found ",
                if (is.character(starts)) quote_all(starts)
                else describe(starts), ".")
  }
  unique(starts)
}

check_sizes <- function(n, plan) {
  ok <- is.numeric(n) && length(n) > 1L && all(is.finite(n)) &&
    all(n == round(n)) && all(n >= plan$K) && !anyDuplicated(n)
  if (!ok) {
    abort_input("`n` must be two or more different whole numbers of at least ",
                "K = ", plan$K, "; found ",
                if (is.numeric(n) && length(n)) paste(n, collapse = ", ")
                else describe(n), ".")
  }
  sort(as.double(n))
}

# Checks arguments for voronoi_loss() by trying them on a model with K experts.
check_loss_options <- function(plan) {
  known <- c("type", "translate", "norm", "exponents")
  names <- names(plan$loss)
  if (is.null(names)) names <- rep("", length(plan$loss))
  if (!all(names %in% known)) {
    abort_input("Unknown argument(s) ",
                quote_all(ifelse(names == "", "(unnamed)",
                                 names)[!names %in% known]),
                "; see ?rate_experiment.")
  }
  old <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(restore_seed(old))
  truth <- plan$truth
  estimate <- if (plan$K > truth$K) near_start(truth, plan$K, 100) else truth
  suppressWarnings(do.call(voronoi_loss, c(list(estimate, truth), plan$loss)),
                   classes = "gatemix_warning_exponent")
}
