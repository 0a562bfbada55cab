#' How well an estimate finds the terms of the truth
#'
#' Compares which coefficients are 0 in an estimate and in the truth, for each
#' expert and the gate. Intercepts do not count.
#'
#' Experts of the estimate are matched with those of the truth so that the sum
#' of squared differences of their coefficients is smallest. The coefficients
#' of a softmax gate are then taken against the last expert of the truth.
#' Terms that only one of the two models has are 0 in the other.
#'
#' @param estimate,truth Fits from [moe()], or models from [moe_model()],
#'   [moe_truth()] or [as_moe_model()], with the same number of experts and the
#'   same responses.
#' @param tol Coefficients of at most this size count as 0.
#' @return A data frame with a row for each expert of the truth and, where both
#'   gates are softmax gates, for each of its log odds against the last expert:
#'   \item{part, k}{`"expert"` or `"gate"`, and its number in the truth}
#'   \item{matched}{the number of that expert in the estimate}
#'   \item{nonzero, found}{coefficients that are not 0: in the truth, and of
#'     these in the estimate}
#'   \item{zero, excluded}{coefficients that are 0: in the truth, and of these
#'     in the estimate}
#'   \item{sensitivity, specificity}{`found / nonzero` and `excluded / zero`}
#'   \item{sign}{the share of the truth's nonzero coefficients that have their
#'     sign in the estimate}
#'
#'   A share of no coefficients is `NA`.
#' @section Errors: other objects, or models with different numbers of experts
#'   or responses, are an error of class `gatemix_error_input`.
#' @references Chamroukhi, F. and Huynh, B.-T. (2019). Regularized maximum
#'   likelihood estimation and feature selection in mixtures-of-experts models.
#'   *Journal de la Societe Francaise de Statistique* 160, 57-85, section 5.
#' @seealso [moe_path()], [moe_truth()]
#' @export
#' @examples
#' truth <- moe_truth("lasso_gaussian")
#' d <- simulate(truth, n = 300, seed = 1)
#' penalty <- penalty_lasso(0.05)
#' fit <- moe(formula(truth), data = d, K = 2,
#'            gate = gate_softmax(penalty = penalty),
#'            expert = expert_gaussian(penalty = penalty),
#'            control = moe_control(starts = 3, moves = 0))
#' support_recovery(fit, truth)
support_recovery <- function(estimate, truth, tol = 0) {
  tol <- check_number(tol, "tol")
  check_recovery(estimate, truth)
  expert <- align_terms(expert_support(estimate), expert_support(truth))
  order <- best_matching(expert_distances(estimate, truth))
  rows <- lapply(seq_len(truth$K), function(k) {
    recovery_row("expert", k, order[k], expert$estimate[, order[k]],
                 expert$truth[, k], tol)
  })
  if (truth$K > 1L && has_gate_slopes(estimate) && has_gate_slopes(truth)) {
    rows <- c(rows, gate_recovery(estimate, truth, order, tol))
  }
  do.call(rbind, rows)
}

check_recovery <- function(estimate, truth) {
  models <- list(estimate = estimate, truth = truth)
  for (name in names(models)) {
    if (!inherits(models[[name]], "moe_model")) {
      abort_input("`", name, "` must be a fit from moe() or a model given by ",
                  "its parameters; found ", describe(models[[name]]), ".")
    }
  }
  if (estimate$K != truth$K) {
    abort_input("`estimate` has ", estimate$K, " experts and `truth` has ",
                truth$K, "; experts cannot be matched one by one. See ",
                "voronoi_loss() for different numbers.")
  }
  responses <- vapply(models, function(m) {
    dim(m$parameters$expert$coefficients)[2L]
  }, 0L)
  if (responses[[1L]] != responses[[2L]]) {
    abort_input("`estimate` has ", responses[[1L]], " response(s) and `truth` ",
                "has ", responses[[2L]], ".")
  }
}

has_gate_slopes <- function(model) {
  !is.null(model$parameters$gate$coefficients)
}

gate_recovery <- function(estimate, truth, order, tol) {
  slopes <- function(model) {
    slopes_of(cbind(model$parameters$gate$coefficients, 0))
  }
  both <- align_terms(slopes(estimate)[, order, drop = FALSE], slopes(truth))
  K <- truth$K
  lapply(seq_len(K - 1L), function(k) {
    recovery_row("gate", k, order[k],
                 both$estimate[, k] - both$estimate[, K], both$truth[, k], tol)
  })
}

recovery_row <- function(part, k, matched, estimate, truth, tol) {
  used <- abs(truth) > tol
  chosen <- abs(estimate) > tol
  share <- function(x) if (length(x)) mean(x) else NA_real_
  data.frame(
    part = part, k = k, matched = matched, nonzero = sum(used),
    found = sum(chosen[used]), zero = sum(!used),
    excluded = sum(!chosen[!used]),
    sensitivity = share(chosen[used]), specificity = share(!chosen[!used]),
    sign = share((sign(estimate) == sign(truth) & chosen)[used]))
}

# Returns coefficients with a row for each response and term and a column for
# each expert.
expert_matrix <- function(model) {
  b <- model$parameters$expert$coefficients
  rows <- paste0(rep(seq_len(dim(b)[2L]), each = dim(b)[1L]), "\r",
                 dimnames(b)[[1L]])
  matrix(b, ncol = dim(b)[3L], dimnames = list(rows, NULL))
}

expert_support <- function(model) {
  b <- expert_matrix(model)
  b[!grepl("\r(Intercept)", rownames(b), fixed = TRUE), , drop = FALSE]
}

slopes_of <- function(m) m[rownames(m) != "(Intercept)", , drop = FALSE]

# Returns both matrices with the rows of both; rows that one lacks are 0 there.
align_terms <- function(estimate, truth) {
  rows <- union(rownames(truth), rownames(estimate))
  fill <- function(m) {
    out <- matrix(0, length(rows), ncol(m), dimnames = list(rows, NULL))
    out[rownames(m), ] <- m
    out
  }
  list(estimate = fill(estimate), truth = fill(truth))
}

# Returns squared distances of the experts' coefficients, intercepts included,
# with a row for each expert of the truth.
expert_distances <- function(estimate, truth) {
  both <- align_terms(expert_matrix(estimate), expert_matrix(truth))
  d <- vapply(seq_len(ncol(both$estimate)), function(l) {
    colSums((both$truth - both$estimate[, l])^2)
  }, numeric(ncol(both$truth)))
  matrix(d, ncol(both$truth))
}
