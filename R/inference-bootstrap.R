#' Bootstrap a mixture of experts
#'
#' Refits the model to `R` data sets that are like the data, to see how much the
#' estimates vary if normal approximations are in doubt.
#'
#' @details
#' * `"parametric"` draws responses from the fit at its own predictors.
#' * `"case"` draws rows with replacement.
#' * `"weighted"` gives rows random weights from the exponential distribution
#'   (the weighted likelihood bootstrap). Every row stays in the data, so that
#'   small experts do not lose all of theirs.
#'
#' Case weights count rows: a row of weight 2 is drawn, or gets weights, as two
#' rows would. `"parametric"` therefore takes whole weights only. Nor is it for
#' Gaussian gates with the joint likelihood, whose predictors are random, too;
#' there `"case"` is the default.
#'
#' Each replicate starts at the estimate, so that experts keep their numbers;
#' the search over starts is not repeated, and the bootstrap describes this
#' optimum.
#'
#' @section Parallel and repeatable: with package future.apply the replicates
#'   run under the `future::plan()` in force, otherwise one after the other.
#'   Each has a random stream of its own that is derived from the current seed:
#'   after the same `set.seed()` (or with the same `seed`) the result is the
#'   same under any plan. With package progressr, and a handler for it, there is
#'   a progress bar. A long run, and one on a cluster, is made durable by
#'   `checkpoint`; see [gatemix_parallel].
#'
#' @param object A fit from [moe()].
#' @param R Number of replicates.
#' @param type `"parametric"`, `"case"` or `"weighted"`; `NULL`:
#'   `"parametric"`, or `"case"` for a Gaussian gate with the joint likelihood.
#' @param seed A whole number for `set.seed()`, whose effect ends with the call;
#'   `NULL`: the current state of the generator.
#' @param control Settings of the refits from [moe_control()]: `max_iter`,
#'   `tol`, `accelerate` and `threads` are used.
#' @param checkpoint `NULL` or the name of a directory, which is made if need
#'   be. Each finished replicate is written there. The same call, made again
#'   after the process was killed, reads them and computes the others; with a
#'   larger `R`, the additional ones. A directory of another call is refused
#'   with an error of class `gatemix_error_checkpoint`.
#' @return An object of class `moe_bootstrap`: a list with `estimates` (a matrix
#'   with a row per replicate and a column per parameter, gate, expert and
#'   dispersion), `loglik`, `status` (of each refit), `table` (parameters and
#'   their estimates in the data), `type`, `R` and `call`. It has methods
#'   `print()`, `summary()` (a matrix of estimates, bias, standard errors and
#'   percentiles), `vcov()`, `confint()` (percentiles) and `as.data.frame()`.
#'   Refits that did not converge, touch the floor of the variances, or leave
#'   coefficients undetermined (the rows drawn for an expert may lack a level of
#'   a factor) are kept; `print()` counts them. One that could not be evaluated
#'   is `NA`. All raise a warning of class `gatemix_warning_bootstrap`.
#' @section Errors: a penalised fit is an error of class
#'   `gatemix_error_inference`. Its replicates repeat the bias of the penalty
#'   and, where coefficients are 0, do not have the distribution of the
#'   estimate (Chatterjee and Lahiri, 2011).
#' @references Chatterjee, A. and Lahiri, S. N. (2011). Bootstrapping lasso
#'   estimators. *JASA* 106, 608-625. Efron, B. and Tibshirani, R. J. (1993).
#'   *An Introduction to the Bootstrap*. Chapman & Hall. Newton, M. A. and
#'   Raftery, A. E. (1994). Approximate Bayesian inference with the weighted
#'   likelihood bootstrap. *JRSS B* 56, 3-48. O'Hagan, A., Murphy, T. B.,
#'   Scrucca, L. and Gormley, I. C. (2019). Investigation of parameter
#'   uncertainty in clustering using a Gaussian mixture model via jackknife,
#'   bootstrap and weighted likelihood bootstrap. *Computational Statistics* 34,
#'   1779-1813.
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(waiting ~ eruptions, data = faithful, K = 2)
#' b <- bootstrap_moe(fit, R = 50, seed = 1)
#' b
#' confint(b)
bootstrap_moe <- function(object, R = 200, type = NULL, seed = NULL,
                          control = object$control, checkpoint = NULL) {
  if (!inherits(object, "moe")) {
    abort_input("`object` must be a fit from moe(); found ", describe(object),
                ".")
  }
  refuse_penalised(object, "No bootstrap", "and replicates repeat their bias ",
                   "instead of measuring it")
  R <- check_count(R, "R", min = 2L)
  control <- check_control(control)
  type <- bootstrap_type(object, type)
  draw <- bootstrap_draws(object, type)
  seeds <- replicate_seeds(R, seed)
  replicates <- run_tasks(
    seq_len(R), function(i) bootstrap_replicate(object, draw(), control),
    seeds, checkpoint, label = "replicate",
    key = if (!is.null(checkpoint)) bootstrap_key(object, type, control))
  finish_bootstrap(object, replicates, type, match.call())
}

# Returns what the replicates depend on besides their seeds. `threads` is left
# out: it cannot change the result.
bootstrap_key <- function(object, type, control) {
  list(data = stored_problem(object), estimate = object$theta, type = type,
       control = unclass(control)[c("max_iter", "tol", "accelerate")])
}

bootstrap_type <- function(object, type) {
  generative <- gate_is_generative(object$gate)
  if (is.null(type)) type <- if (generative) "case" else "parametric"
  type <- check_choice(type, "type", c("parametric", "case", "weighted"))
  w <- object$weights
  if (type == "parametric" && generative) {
    abort_input("`type = \"parametric\"` draws responses at fixed predictors, ",
                "which are random in the joint likelihood of this Gaussian ",
                "gate; use \"case\" or \"weighted\".")
  }
  if (type == "parametric" && !is.null(w) && any(w != round(w))) {
    abort_input("`type = \"parametric\"` takes weights that count rows; ",
                "found weights that are not whole numbers. Use \"case\" or ",
                "\"weighted\".")
  }
  if (!is.null(w) && sum(w) < 2) {
    abort_input("The weights of this fit sum to ", signif(sum(w), 3L), "; a ",
                "bootstrap draws that many rows. Refit with weights that ",
                "count rows.")
  }
  type
}

# Returns a function without arguments that makes the problem of one replicate.
bootstrap_draws <- function(object, type) {
  problem <- stored_problem(object)
  w <- problem$weights
  n <- nrow(problem$x)
  if (type == "parametric") return(parametric_draws(object, problem))
  shape <- if (is.null(w)) rep(1, n) else w
  total <- sum(shape)
  if (type == "weighted") {
    return(function() {
      drawn <- stats::rgamma(n, shape)
      problem$weights <- drawn * (total / sum(drawn))
      problem
    })
  }
  size <- round(total)
  function() {
    problem$weights <- as.vector(stats::rmultinom(1L, size, shape)) *
      (total / size)
    subset_problem(problem, which(problem$weights > 0))
  }
}

parametric_draws <- function(object, problem) {
  w <- problem$weights
  object$na.action <- NULL
  values <- evaluate_fit(object)
  if (!is.null(w) && any(w != 1)) {
    rows <- rep(seq_along(w), w)
    problem["weights"] <- list(NULL)
    problem <- subset_problem(problem, rows)
    values$gate <- values$gate[rows, , drop = FALSE]
    values$mean <- values$mean[rows, , , drop = FALSE]
  }
  function() {
    problem$y <- as.matrix(draw_response(object, values)$y)
    problem
  }
}

# Refits one replicate. Experts keep the order of the fit, since the run starts
# there.
bootstrap_replicate <- function(object, problem, control) {
  run <- tryCatch(
    run_engine(problem, object$theta, NULL, engine_control(control)),
    gatemix_error_numeric = function(e) failed_run())
  if (run$status == "failed") {
    return(list(estimates = NULL, loglik = NA_real_, status = "failed"))
  }
  joint <- gate_is_generative(object$gate)
  list(estimates = parameters_at(object, unname(run$theta)),
       loglik = run$objective + run$weight * log_jacobian(problem, joint),
       status = if (any(run$floored)) "at the floor"
                else if (lost_terms(problem, run$theta)) "terms undetermined"
                else run$status)
}

# Returns whether an expert's rows leave some of its coefficients undetermined,
# for instance because a factor level is missing there.
lost_terms <- function(problem, theta) {
  stats <- engine_accumulate(problem, theta, NULL, 1, nrow(problem$x), 1L)
  p <- length(problem$spec$expert_terms)
  each <- take_array(problem$packing$statistics$expert$gram, stats)
  any(apply(each, 2L, function(packed) {
    gram <- matrix(0, p, p)
    gram[upper.tri(gram, diag = TRUE)] <- packed
    unit <- 1 / sqrt(pmax(diag(gram), .Machine$double.xmin))
    gram <- (gram + t(gram * upper.tri(gram))) * outer(unit, unit)
    min(eigen(gram, TRUE, only.values = TRUE)$values) < singular_share
  }))
}

finish_bootstrap <- function(object, replicates, type, call) {
  table <- parameter_table(object)
  estimates <- matrix(NA_real_, length(replicates), nrow(table),
                      dimnames = list(NULL, table$name))
  kept <- which(!is.na(table$estimate))
  for (i in seq_along(replicates)) {
    if (!is.null(replicates[[i]]$estimates)) {
      estimates[i, kept] <- replicates[[i]]$estimates
    }
  }
  out <- structure(
    list(estimates = estimates,
         loglik = vapply(replicates, `[[`, 0, "loglik"),
         status = vapply(replicates, `[[`, "", "status"), table = table,
         type = type, R = length(replicates), call = call),
    class = "moe_bootstrap")
  bad <- out$status != "converged"
  if (any(bad)) {
    warn("bootstrap", sum(bad), " of ", out$R, " refits ",
         "did not end at a regular maximum (", status_counts(out$status[bad]),
         "); look at `$status`.")
  }
  out
}

# Returns the bootstrap to use: the given one, or a new one.
bootstrap_of <- function(object, bootstrap, ...) {
  if (is.null(bootstrap)) return(bootstrap_moe(object, ...))
  check_dots(..., help = "?vcov.moe")
  same <- inherits(bootstrap, "moe_bootstrap") &&
    identical(bootstrap$table, parameter_table(object))
  if (!same) {
    abort_input("`bootstrap` must be the result of bootstrap_moe() for this ",
                "fit; found ", if (inherits(bootstrap, "moe_bootstrap"))
                  "one of another fit" else describe(bootstrap), ".")
  }
  bootstrap
}

#' @export
print.moe_bootstrap <- function(x, digits = max(3L, getOption("digits") - 3L),
                                level = 0.95, ...) {
  cat("Bootstrap (", x$type, ") of a mixture of experts, ", x$R,
      " replicates", sep = "")
  bad <- x$status != "converged"
  if (any(bad)) cat(" (", status_counts(x$status[bad]), ")", sep = "")
  cat("\n\n")
  print(summary(x, level = level), digits = digits)
  invisible(x)
}

# Returns estimate, bias, standard error and percentiles of each parameter.
#' @export
summary.moe_bootstrap <- function(object, level = 0.95, ...) {
  check_dots(..., help = "?bootstrap_moe")
  table <- object$table[!is.na(object$table$estimate), ]
  draws <- object$estimates[, table$name, drop = FALSE]
  out <- cbind(estimate = table$estimate,
               bias = colMeans(draws, na.rm = TRUE) - table$estimate,
               std.error = apply(draws, 2L, stats::sd, na.rm = TRUE),
               confint(object, table$name, level))
  rownames(out) <- table$name
  out
}

#' @export
as.data.frame.moe_bootstrap <- function(x, ...) {
  data.frame(replicate = seq_len(x$R), status = x$status, loglik = x$loglik,
             x$estimates, check.names = FALSE)
}
