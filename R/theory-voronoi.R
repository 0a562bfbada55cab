#' Voronoi loss between an estimated and a true mixture of experts
#'
#' The distance of a fitted mixture of experts from the true one in which
#' maximum likelihood converges at the rate \eqn{n^{-1/2}} (up to logarithms),
#' also when the fit has more experts than the truth. Each fitted expert belongs
#' to the cell of the true expert nearest to it; in cells with several fitted
#' experts, errors count with the powers that belong to their slower rates.
#'
#' @section Losses:
#' Cell \eqn{A_j} holds the fitted experts nearest to true expert \eqn{j} (by
#' the Euclidean distance of all parameters, ties to the first). Below,
#' \eqn{w_i = \exp(\beta_{0i})}, \eqn{\omega} are slopes of a softmax gate,
#' \eqn{a, b} slopes and intercepts of the experts, \eqn{\nu} **variances**
#' (covariance matrices), \eqn{\Delta} differences from the true expert of the
#' cell, and \eqn{r = \bar r(|A_j|)}, see [voronoi_exponents()].
#' \describe{
#'   \item{`"D1"`}{softmax gates, exact number of experts:
#'     \deqn{\inf_{t_1, t_2} \sum_j \Big[\sum_{i \in A_j} w_i \|(\Delta\omega_i
#'     - t_2, \Delta a_i, \Delta b_i, \Delta\nu_i)\| + \Big|\sum_{i \in A_j}
#'     w_i - w^*_j e^{t_1}\Big|\Big]}}
#'   \item{`"D2"`}{softmax gates, too many experts: as D1 for cells with one
#'     expert, and in others \eqn{w_i \{\|(\Delta\omega_i - t_2, \Delta
#'     b_i)\|^{r} + \|(\Delta a_i, \Delta\nu_i)\|^{r/2}\}}}
#'   \item{`"Dbar"`}{Gaussian gates with weights \eqn{\pi}, means \eqn{c} and
#'     covariances \eqn{\Gamma}: \eqn{\pi_i} times the sum of all five norms for
#'     cells with one expert, in others \eqn{\pi_i (\|\Delta c_i\|^r +
#'     \|\Delta\Gamma_i\|^{r/2} + \|\Delta a_i\|^2 + \|\Delta b_i\|^r +
#'     \|\Delta\nu_i\|^{r/2})}, and the errors of the cells' weights as
#'     above with \eqn{t_1 = 0}}
#'   \item{`"Dtilde"`}{as Dbar, with \eqn{\|\Delta a_i\|^{r/2}} in cells whose
#'     true gate has the mean 0}
#' }
#' A constant gate counts as a softmax gate without slopes; slopes of the
#' experts then have the exponent 2 in D2. Norms of several responses and of
#' covariances are those of Frobenius.
#'
#' @section Translations:
#' A softmax gate stays the same when \eqn{t_1} is added to all intercepts and
#' \eqn{t_2} to all slopes. Both models are brought to \eqn{\sum_i w_i = 1} and
#' \eqn{\sum_i w_i \omega_i = 0}, then the infimum is taken: \eqn{t_1} exactly
#' (a weighted median), \eqn{t_2} as a convex problem, in turn with the cells,
#' then by a simplex search, because cells change with it. Far from the truth,
#' where the loss has several minima in \eqn{t_2}, the value may be above the
#' infimum.
#' `translate = FALSE` leaves it out, as the code behind the published tables
#' does: the last true expert is the reference of the truth, and the heaviest
#' fitted expert of its cell that of the estimate. A cell with the reference and
#' a second expert then has a loss of about 1 however good the estimate is.
#'
#' The loss is about raw parameters and depends on the units of the data. The
#' theory is about bounded parameters: an estimate whose gate is separated
#' (`fit$separated`) has weights and slopes without finite limits, and its loss
#' means nothing.
#'
#' @param estimate,truth Fits from [moe()], or models given by their parameters,
#'   with the same kind of gate, terms and responses (by name). A Gaussian gate
#'   must be one of the joint likelihood, since the conditional one does not
#'   identify its parameters.
#' @param type The loss, see below. `"auto"`: D1 where `estimate` has at most as
#'   many experts as `truth`, else D2; for Gaussian gates Dtilde where a true
#'   mean is exactly 0, else Dbar.
#' @param translate Take the infimum over translations? Gaussian gates have
#'   none.
#' @param norm For D1 and D2: `"joint"` norms of several parameters, as in the
#'   definition and by default, or the sum of their `"separate"` norms, as in
#'   the published tables. Losses of Gaussian gates have separate norms;
#'   `"joint"` is an error there.
#' @param exponents \eqn{\bar r} for cells with 1, 2, ... fitted experts;
#'   `NULL`: `c(1, 4, 6)`. Beyond those given, `2 M` is used. D1 has no
#'   exponents, and giving some is an error.
#' @param ... Not used; anything here is an error.
#' @return An object of class `voronoi_loss`, a list with
#'   \item{loss}{the value}
#'   \item{type, norm, translate}{which loss}
#'   \item{untranslated}{the value with `translate = FALSE`}
#'   \item{translation}{`t1`, and the vector `t2`}
#'   \item{cells}{a data frame with a row per true expert: `cell`, `size`,
#'     `weight` of its fitted experts, `target` weight \eqn{w^*_j e^{t_1}},
#'     `exponent`, and `loss`}
#'   \item{parts}{a data frame of all summands: `cell`, `size`, `block` (of
#'     parameters; `"weight"` for the last term), `exponent`, `loss`}
#'   \item{experts}{a data frame with a row per fitted expert: its `cell`,
#'     `weight`, and the norms of its errors by block of parameters}
#'
#'   `as.data.frame()` and `tidy()` give `parts`.
#' @section Errors and warnings: Bad input is an error of class
#'   `gatemix_error_input`. A cell with four or more fitted experts, for which
#'   no exponent is given, brings a warning of class
#'   `gatemix_warning_exponent`: from 4 on, it is only known to be at least 7.
#' @references See [voronoi_exponents()].
#' @export
#' @examples
#' truth <- moe_truth("sgmoe")
#' d <- simulate(truth, n = 1000, seed = 2)
#' fit <- moe(y ~ x, data = d, K = 2)
#' voronoi_loss(fit, truth)
#' # one expert too many
#' set.seed(2)
#' three <- moe(y ~ x, data = d, K = 3, control = moe_control(starts = 4))
#' loss <- voronoi_loss(three, truth)
#' loss
#' as.data.frame(loss)
voronoi_loss <- function(estimate, truth,
                         type = c("auto", "D1", "D2", "Dbar", "Dtilde"),
                         translate = TRUE, norm = c("joint", "separate"),
                         exponents = NULL, ...) {
  check_dots(..., help = "?voronoi_loss")
  type <- check_choice(type, "type", c("auto", names(loss_kinds)))
  if (missing(norm)) norm <- NULL
  if (!is.null(norm)) norm <- check_choice(norm, "norm", c("joint", "separate"))
  translate <- check_flag(translate, "translate")
  exponents <- check_exponents(exponents)
  check_measure(estimate, "estimate")
  check_measure(truth, "truth")
  atoms <- match_atoms(voronoi_atoms(estimate), voronoi_atoms(truth))
  type <- loss_type(type, atoms)
  norm <- loss_norm(norm, type)
  if (type == "D1" && !is.null(exponents)) {
    abort_input("`exponents` are for cells with several fitted experts; the ",
                "loss D1, for the exact number of experts, has none. Leave ",
                "them out, or use type = \"D2\".")
  }
  settings <- list(type = type, norm = norm, exponents = exponents,
                   zero_mean = colSums(atoms$truth$blocks$gate != 0) == 0)
  both <- compare_atoms(normalised_gauge(atoms$estimate),
                        normalised_gauge(atoms$truth), settings)
  t2 <- if (atoms$truth$kind == "softmax") best_translation(both)
  plain <- untranslated_loss(atoms, both, t2)
  best <- if (is.null(t2) || !translate) plain else translated_loss(both, t2)
  if (type != "D1") warn_exponent(best$cells$size, exponents)
  structure(
    c(best["loss"], list(type = type, norm = norm, translate = translate,
                         untranslated = plain$loss),
      best[c("translation", "cells", "parts", "experts")]),
    class = "voronoi_loss")
}

loss_kinds <- c(D1 = "softmax", D2 = "softmax", Dbar = "gaussian",
                Dtilde = "gaussian")

check_measure <- function(object, name) {
  if (!inherits(object, "moe_model")) {
    abort_input("`", name, "` must be a fit from moe() or a model given by ",
                "its parameters; found ", describe(object), ".")
  }
  if (identical(object$gate$likelihood, "conditional")) {
    abort_input("`", name, "` has a Gaussian gate of the conditional ",
                "likelihood, whose parameters are not identified; use ",
                "gate_gaussian(likelihood = \"joint\").")
  }
}

loss_type <- function(type, atoms) {
  kind <- atoms$truth$kind
  if (type != "auto") {
    if (loss_kinds[[type]] == kind) return(type)
    abort_input("`type`: \"", type, "\" is a loss for ", loss_kinds[[type]],
                " gates; these models have a ", kind, " gate.")
  }
  gate <- atoms$truth$blocks$gate
  if (kind == "gaussian") {
    if (any(colSums(gate != 0) == 0)) "Dtilde" else "Dbar"
  } else {
    if (length(atoms$estimate$log_weight) > ncol(gate)) "D2" else "D1"
  }
}

# Checks the norm: losses of Gaussian gates are defined by separate norms.
loss_norm <- function(norm, type) {
  if (is.null(norm)) {
    norm <- if (loss_kinds[[type]] == "softmax") "joint" else "separate"
  }
  if (norm == "joint" && loss_kinds[[type]] == "gaussian") {
    abort_input("`norm`: the loss ", type, " is a sum of \"separate\" norms; ",
                "\"joint\" ones are for D1 and D2.")
  }
  norm
}

# Returns the loss of the parameters as they are: softmax gates are taken
# against the last true expert, whose cell is the one after the best
# translation.
untranslated_loss <- function(atoms, both, t2) {
  truth <- both$truth
  none <- numeric(nrow(truth$blocks$gate))
  if (truth$kind == "softmax") {
    last <- length(truth$weight)
    cell <- nearest_cells(both, t2)
    inside <- if (any(cell == last)) cell == last else TRUE
    heaviest <- which.max(ifelse(inside, both$estimate$weight, -1))
    both <- compare_atoms(reference_gauge(atoms$estimate, heaviest),
                          reference_gauge(atoms$truth, last), both$settings)
  }
  loss_in_cells(both, nearest_cells(both, none), 0, none)
}

translated_loss <- function(both, t2) {
  cell <- nearest_cells(both, t2)
  loss_in_cells(both, cell, weight_translation(both, cell), t2)
}
