#' Choose a mixture of experts
#'
#' Fits a whole collection of models, every combination of numbers of experts,
#' gates and families of experts, and compares them by the usual criteria.
#'
#' @section How the collection is fitted:
#' The data are read and standardised once. Each model is first fitted from
#' fresh starts (`control$starts`, without the moves of [moe()]). Then models
#' that differ only in K exchange fits, `exchange` times up and down: from K = 2
#' upwards the best fit with one expert less gets another one, in
#' `control$starts` attempts by splitting an expert and as many by giving the
#' rows of a small neighbourhood to a new one; from the largest K downwards the
#' best fit with one expert more gives up each of its experts in turn. A model
#' keeps the best of all. A model with more experts contains those with fewer,
#' so its maximum cannot be lower: if it still is, the larger model starts again
#' at the smaller fit with one expert doubled, so that in the end the
#' log-likelihood does not decrease in K.
#'
#' The likelihood of many experts has many maxima, and the highest are often
#' experts for a handful of rows that happen to lie on a line. The exchange
#' finds them, for small K more surely than for large ones. The slope heuristics
#' read their constant from how much the large models gain, so each K should be
#' searched equally hard: with `criterion = "jump"` or `"slope"` the default is
#' `exchange = 0`. See `vignette("glome")` for what that changes.
#'
#' @section Criteria:
#' With \eqn{\ell} the log-likelihood that was maximised, \eqn{d} the number of
#' its parameters and \eqn{n} the number of rows,
#' \deqn{AIC = -2 \ell + 2 d, \quad BIC = -2 \ell + d \log n, \quad
#'   ICL = BIC + 2 E,}
#' with the entropy \eqn{E} of the posterior probabilities. The criteria of the
#' slope heuristics use the contrast \eqn{-\ell_c} of the conditional
#' log-likelihood of the response given the predictors and a penalty
#' proportional to the dimension, see [slope_heuristic()]; they need at least
#' ten models. `"cv"` is the held-out log score of [cv_moe()], which is computed
#' where `folds` is given.
#'
#' AIC, BIC and ICL compare models by the likelihood that was maximised. That of
#' Gaussian gates with the joint likelihood includes the density of the
#' predictors and cannot be compared with that of other gates. Where a
#' collection has both kinds, the criteria are computed from the conditional
#' log-likelihood and its number of parameters, for all models.
#'
#' @section Held-out scores:
#' In each fold every model is fitted as [moe()] does it, from fresh starts and
#' with moves. The fits to all rows are not among the starts, although that
#' would save time: they have seen the held-out rows. Where the likelihood has
#' several maxima, the choice among them is part of the fit; an expert that
#' owes its place to a few held-out rows would still be there, and models with
#' many experts would look better than they are. The price is that a fold's fit
#' of a difficult model may be a poor maximum: raise `starts` in
#' [moe_control()] where the scores of neighbours in K differ wildly.
#'
#' @section Averages of models:
#' With `average = TRUE`, `predict()` takes the average
#' \eqn{\sum_m w_m \hat s_m(y \mid x)}{sum_m w_m s_m(y | x)} of the models that
#' are at a regular maximum, which is again a mixture of experts. The weights
#' \deqn{w_m = \frac{\exp(-c_m / 2)}{\sum_l \exp(-c_l / 2)}}{%
#'   w_m = exp(-c_m / 2) / sum_l exp(-c_l / 2)}
#' come from the values \eqn{c_m} of `criterion`: `"bic"` (then they
#' approximate posterior probabilities of the models), `"aic"` or `"icl"`.
#' Means, densities and distribution functions are averages of those of the
#' models; the variance is that of the average, with the part between the
#' models' means.
#'
#' @param formula,data,weights,subset,na.action,contrasts As in [moe()].
#' @param K Numbers of experts.
#' @param gate,expert A gate and a family of experts, or lists of them
#'   (optionally named).
#' @param criterion By which the selection is made: `"bic"`, `"aic"`, `"icl"`,
#'   `"jump"` (dimension jump), `"slope"` (slope estimation) or `"cv"`. All are
#'   computed; [best()] takes any.
#' @param exchange How many times fits are exchanged between numbers of experts,
#'   see above; 0: each model is fitted on its own.
#' @param folds `NULL`, or the folds of a cross-validation of all models, as in
#'   [cv_moe()]; with the same `seed` the scores are those of [cv_moe()].
#' @param seed A whole number for `set.seed()`, whose effect ends with the call;
#'   `NULL`: the current state of the generator.
#' @param checkpoint `NULL` or a directory. Finished work is kept there; after a
#'   crash the same call goes on from it. A call with more `K`, gates or experts
#'   (and the same `seed`) takes from it all that does not depend on the
#'   additions: every fresh fit, and with larger `K` the first exchange upwards.
#'   Other data, another `seed` or `control`, and `exchange = 0` after another
#'   number, need another directory.
#' @param control Settings from [moe_control()].
#' @return An object of class `moe_selection`: a list with
#'   \item{table}{a data frame with a row per model: `model`, `K`, `gate`,
#'     `expert`, `df`, `logLik`, `dimension` and `conditional` (the dimension
#'     and the conditional log-likelihood that the slope heuristics use),
#'     `AIC`, `BIC`, `ICL`, `jump` and `slope` (the penalised contrasts of the
#'     slope heuristics, times two), `log_score` (with `folds`), `converged`,
#'     `status`, `seconds`}
#'   \item{fits}{the fitted models, objects of class `moe`, by name}
#'   \item{selected}{for each criterion the name of the model that it chooses}
#'   \item{criterion, slope, cv, call}{the criterion in force, the results of
#'     [slope_heuristic()] and [cv_moe()] (or `NULL`), the call}
#'
#'   Methods: `print()`, `summary()`, `plot()`, `predict()`, `tidy()`,
#'   `as.data.frame()`, [best()], `logLik()`, `coef()`. A single warning of
#'   class `gatemix_warning_selection` counts fits that did not converge or that
#'   touch the floor of the variances; they are not selected.
#' @section Parallel and repeatable: The fits are tasks that can run in parallel
#'   and be kept on disk, see [gatemix_parallel]. Each stage of each model (its
#'   fresh fit, an exchange, a repair) has a random stream of its own that is
#'   derived from the seed and the model, so that numbers are the same under any
#'   plan. Fresh fits do not depend on the other models of the collection; after
#'   an exchange fits do, because they take from their neighbours.
#' @references Nguyen, T. T., Nguyen, H. D., Chamroukhi, F. and Forbes, F.
#'   (2022). A non-asymptotic approach for model selection via penalization in
#'   high-dimensional mixture of experts models. *Electronic Journal of
#'   Statistics* 16, 4742-4822. Biernacki, C., Celeux, G. and Govaert, G.
#'   (2000). Assessing a mixture model for clustering with the integrated
#'   completed likelihood. *IEEE Transactions on Pattern Analysis and Machine
#'   Intelligence* 22, 719-725.
#' @export
#' @examples
#' sel <- moe_select(waiting ~ eruptions, data = faithful, K = 1:4, seed = 1)
#' sel
#' plot(sel)
#' best(sel)
moe_select <- function(formula, data, K = 1:10, gate = gate_softmax(),
                       expert = expert_gaussian(), weights, subset, na.action,
                       contrasts = NULL, criterion = "bic",
                       exchange = if (criterion %in% c("jump", "slope")) 0
                                  else 2,
                       folds = NULL, seed = NULL, checkpoint = NULL,
                       control = moe_control()) {
  call <- match.call()
  call[[1L]] <- quote(moe_select)
  control <- check_control(control)
  criterion <- check_choice(criterion, "criterion", selection_criteria)
  if (criterion == "cv" && is.null(folds)) {
    abort_input("`criterion = \"cv\"` needs `folds`, as in folds = 10.")
  }
  exchange <- check_count(exchange, "exchange", min = 0L)
  grid <- model_grid(K, gate, expert)
  built <- moe_frame(formula, match.call(expand.dots = FALSE), parent.frame(),
                     contrasts)
  held_out <- if (!is.null(folds)) {
    held_out_rows(folds, built, grid, call, seed, parent.frame())
  }
  local_seed(seed)
  data <- selection_data(built, grid, control)
  check_models(data, grid)
  check_directory(checkpoint)
  runs <- with_one_progress(
    collection_steps(grid$table, exchange),
    fit_collection(data, grid, exchange, control, checkpoint))
  fits <- finish_collection(runs, data, grid, control, built, call)
  cv <- if (!is.null(folds)) {
    cross_validate(held_out$source, grid, held_out$plan, control,
                   stage_directory(checkpoint, "folds"), call)
  }
  new_selection(fits, runs, grid, cv, criterion, call)
}

# Returns what the models have in common, from the model frame.
selection_data <- function(built, grid, control) {
  data <- frame_data(built)
  problem <- data_problem(data$x, data$z, data$y, data$offset,
                          data$weights, control,
                          lapply(grid$models, `[[`, "gate"),
                          lapply(grid$models, `[[`, "expert"), data$groups)
  warn_dropped(problem)
  problem
}

# Returns the rows of a cross-validation and its folds: those of cv_moe() with
# the same seed, whatever was fitted before.
held_out_rows <- function(folds, built, grid, call, seed, env) {
  frame <- built$frame
  fit <- list(weights = case_weights(stats::model.weights(frame), nrow(frame)),
              call = model_call(call, grid$models[[1L]]))
  source <- fit_source(with_frame(fit, built), env)
  plan <- fold_plan(folds, 1L, NULL, source, seed)
  check_rows_left(plan, source, grid)
  list(source = source, plan = plan)
}

# Raises the error of any model before the first is fitted.
check_models <- function(data, grid) {
  for (model in grid$models) {
    model_problem(data, model$K, model$gate, model$expert)
  }
}

# Returns the number of steps of progress: a fit from fresh starts for each
# model, and one from each neighbour in K and each exchange.
collection_steps <- function(table, exchange) {
  chain <- split(table$K, table[c("gate", "expert")], drop = TRUE)
  sum(vapply(chain, function(K) {
    up_and_down <- sum(K > 1L & K > min(K)) + sum(K > 1L & K < max(K))
    length(K) + exchange * up_and_down
  }, 0))
}

# Returns fitted objects, as moe() makes them, and counts their warnings in one.
finish_collection <- function(runs, data, grid, control, built, call) {
  doubtful <- character()
  fits <- lapply(grid$table$model, function(name) {
    model <- grid$models[[name]]
    settings <- c(model, list(control = control))
    problem <- model_problem(data, model$K, model$gate, model$expert)
    fit <- withCallingHandlers(
      finish_fit(problem, runs[[name]], settings),
      gatemix_warning = function(w) {
        if (!inherits(w, "gatemix_warning_separation")) {
          doubtful <<- union(doubtful, name)
        }
        tryInvokeRestart("muffleWarning")
      })
    fit$call <- model_call(call, model)
    with_frame(fit, built)
  })
  if (length(doubtful)) {
    warn("selection", "Not at a regular maximum and not selected: ",
         quote_all(doubtful), "; see `status` in the table.")
  }
  stats::setNames(fits, grid$table$model)
}
