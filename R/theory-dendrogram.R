#' Dendrogram of the experts of one over-fitted model
#'
#' A fit with more experts than the data need splits some of the true experts.
#' `moe_dendrogram()` merges the experts of one such fit, the closest pair
#' first, until one is left. The heights of the merges and the likelihoods of
#' the merged models tell how many experts there are, without fits of any other
#' size.
#'
#' @section Dissimilarity:
#' Expert \eqn{i} is an atom with weight \eqn{w_i} (\eqn{\sum_i w_i = 1}). The
#' height of a merge is
#' \deqn{d_{ij} = \frac{w_i w_j}{w_i + w_j} \left(\|\Delta_1\|^2 +
#'   \|\Delta_2\|\right),}
#' where \eqn{\Delta_1} holds the differences of the parameters that an
#' over-fitted model finds at the slowest rate and \eqn{\Delta_2} those of the
#' others (\eqn{\|\cdot\|} is the Euclidean norm, that of Frobenius for
#' matrices):
#' \describe{
#'   \item{softmax gate}{\eqn{\Delta_1}: the gate's slopes, the experts'
#'     intercepts, and their slopes for predictors that the gate does not have.
#'     \eqn{\Delta_2}: the slopes for predictors that it has, and the
#'     covariances.}
#'   \item{Gaussian gate}{\eqn{\Delta_1}: the gate's means, and intercepts and
#'     slopes as above. \eqn{\Delta_2}: the gate's covariances, the slopes as
#'     above, and the covariances of the response.}
#'   \item{constant gate}{\eqn{\Delta_1}: all coefficients. \eqn{\Delta_2}: the
#'     covariances.}
#' }
#' Terms of gate and experts are the same if they have the same name. With
#' `dissimilarity = "squared"`, \eqn{\Delta_2} holds covariances only.
#'
#' @section Merges:
#' The merged expert takes the place of two such that the moments that
#' over-fitted models find at the parametric rate stay as they are. With
#' shares \eqn{p_i = w_i / (w_i + w_j)}, intercepts \eqn{b}, slopes \eqn{a},
#' gate slopes \eqn{\omega} and covariances \eqn{\Sigma}, for a softmax or
#' constant gate
#' \deqn{\omega^* = \sum p_i \omega_i, \quad b^* = \sum p_i b_i, \quad
#'   a^* = \sum p_i \{a_i + (\omega_i - \omega^*)(b_i - b^*)'\}, \quad
#'   \Sigma^* = \sum p_i \{\Sigma_i + (b_i - b^*)(b_i - b^*)'\},}
#' where the product with \eqn{\omega} is for the predictors that gate and
#' experts share. With a Gaussian gate the two experts are Gaussian for the
#' predictors and the response together, and the merged one has their mean and
#' covariance. Experts without intercept are averaged. Covariances of a
#' restricted shape get the nearest of that shape (in the Kullback-Leibler
#' sense), and those that all experts share are pooled.
#'
#' @section Units and place:
#' These formulas depend on the units of the variables and, since intercepts
#' and the weights \eqn{\exp(\omega_{0i})} of a softmax gate are values at
#' \eqn{x = 0}, on where zero lies. With `standardise = TRUE` predictors are
#' measured in their standard deviations and responses in residual standard
#' deviations of one regression; intercepts and weights are taken at the mean of
#' the predictors over the rows of the two experts (weighted by the gate's
#' probabilities); and the weights in the height are the shares of the rows (the
#' means of the gate's probabilities). Heights then do not change with units or
#' origin, and an expert whose rows are far from \eqn{x = 0} counts by what it
#' explains. `standardise = FALSE` takes parameters and weights as they are, as
#' in the papers. Rates of convergence are the same.
#'
#' A Gaussian gate of the conditional likelihood, `gate_gaussian(likelihood =
#' "conditional")`, does not identify its weights, means and covariances: many
#' of them are the same gate. Heights and merges are those of the representative
#' that the fit reports (see [gate_gaussian()]), and another one would give
#' another tree. The tree of a joint likelihood, or of a softmax gate, involves
#' no such choice.
#'
#' @section Choosing the number of experts:
#' The dendrogram selection criterion for \eqn{\kappa \ge 2} experts is
#' \deqn{DSC(\kappa) = -\{h_\kappa + \omega_n \bar l_\kappa\},}
#' with the height \eqn{h_\kappa} of the merge that takes \eqn{\kappa} experts
#' to \eqn{\kappa - 1}, the average log-likelihood \eqn{\bar l_\kappa} of the
#' merged model and \eqn{\omega_n = \log n}; the smallest value is chosen.
#' Rescaled, it is
#' \deqn{-\{h_\kappa / \max_m h_m + \omega_n \bar l_\kappa / |\bar l_K|\}.}
#' Heights do not grow with n, and \eqn{\log n} does so slowly: where some true
#' experts are much closer to each other than others, the criterion picks too
#' few until the difference in likelihood is worth it. One expert has no next
#' merge and no value. [BIC()] of `best(x, K)` for neighbouring sizes, and of a
#' fit with `K = 1`, is a check on both.
#'
#' `best()` refits the chosen size, starting at the merged model; `merged()`
#' gives the merged model itself.
#'
#' @param object `moe_dendrogram()`: a fit from [moe()], with at least as many
#'   experts as the data may need; it must hold its data (`model = TRUE`).
#'   `dsc()`: a dendrogram.
#' @param standardise Measure in units of the data? See Units and place.
#' @param dissimilarity `"rate"` or `"squared"`, see Dissimilarity.
#' @param x A dendrogram.
#' @param K Number of experts, from 1 to that of the fit. For `best()`, `NULL`
#'   chooses by the criterion, with `omega` and `rescaled`.
#' @param omega Weight \eqn{\omega_n} of the likelihood; `NULL`: \eqn{\log n},
#'   n the number of rows with positive weight.
#' @param rescaled Use the rescaled criterion?
#' @param ... Not used; anything here is an error.
#' @return `moe_dendrogram()`: an object of class `moe_dendrogram`, a list with
#'   \item{K}{number of experts of the fit}
#'   \item{height}{heights of the K - 1 merges, in their order; they need not
#'     increase}
#'   \item{merge}{two columns, as in [hclust()]: in row i, negative numbers are
#'     experts of the fit, positive ones earlier merges}
#'   \item{membership}{a matrix with K rows: column k says which expert of the
#'     merged model with k experts each expert of the fit belongs to}
#'   \item{models}{a list: element k is the merged model with k experts, in the
#'     order of experts that [moe()] uses}
#'   \item{loglik}{their log-likelihoods (of the kind that was maximised)}
#'   \item{fit}{the fit}
#'
#'   `dsc()`: a data frame with the columns `K`, `height` (of the next merge),
#'   `loglik`, `dsc` and `chosen`. `best()`: a fit of class `moe`. `merged()`: a
#'   model of class `moe_model`, for [predict()] and as `start` of [moe()].
#'   `as.hclust()`: an object of class `hclust` for [cutree()] and the like;
#'   heights that fall are raised to the largest before them, as these functions
#'   need heights in increasing order.
#' @section Errors and warnings:
#' Errors of class `gatemix_error_input`: not a fit, no data in it, or a softmax
#' gate without intercept. `dsc()`, and `best()` where it chooses, raise a
#' warning of class `gatemix_warning_selection` where the choice is the largest
#' size, that of the fit: the best may be larger. A warning of class
#' `gatemix_warning_separation` where experts are separated: slopes of the gate
#' then have no finite estimate, and heights mean little. A penalised fit is an
#' error of class `gatemix_error_inference`: refit the terms that it chose.
#' @references Do, D., Do, L., McKinley, S. A., Terhorst, J. and Nguyen, X.
#'   (2025). Dendrogram of mixing measures: hierarchical clustering and model
#'   selection for finite mixture models. *Biometrika*. Thai, T. et al. (2025).
#'   Model selection for Gaussian-gated Gaussian mixture of experts using
#'   dendrograms of mixing measures. arXiv 2505.13052. Hai, D. T. et al. (2025).
#'   Dendrograms of mixing measures for softmax-gated Gaussian mixture of
#'   experts. arXiv 2510.12744.
#' @seealso [plot.moe_dendrogram()], [moe_select()]
#' @export
#' @examples
#' set.seed(1)
#' fit <- moe(eruptions ~ waiting, data = faithful, K = 4,
#'            gate = gate_gaussian(), control = moe_control(starts = 5))
#' tree <- moe_dendrogram(fit)
#' tree
#' plot(tree)
#' best(tree)
#' predict(merged(tree, 2), data.frame(waiting = c(50, 80)))
moe_dendrogram <- function(object, standardise = TRUE,
                           dissimilarity = c("rate", "squared"), ...) {
  check_dots(..., help = "?moe_dendrogram")
  if (!inherits(object, "moe")) {
    abort_input("`object` must be a fit from moe(); found ", describe(object),
                ".")
  }
  refuse_penalised(object, "No dendrogram", "which draws experts together, ",
                   "so that heights do not shrink at the rates on which ",
                   "dsc() rests")
  standardise <- check_flag(standardise, "standardise")
  dissimilarity <- check_choice(dissimilarity, "dissimilarity",
                                c("rate", "squared"))
  warn_separated(object)
  data <- dendrogram_data(object)
  layout <- atom_layout(object, standardise)
  atoms <- atoms_of(object, layout, if (standardise) data)
  steps <- merge_all(atoms, layout, dissimilarity)
  models <- lapply(steps$atoms, function(atoms) {
    model_of_atoms(atoms, layout, object)
  })
  loglik <- vapply(models, merged_log_likelihood, 0, data = data,
                   threads = object$control$threads)
  structure(
    list(K = object$K, height = steps$height, merge = steps$merge,
         membership = steps$membership, models = models, loglik = loglik,
         weight = sum(data$weights), standardise = standardise,
         dissimilarity = dissimilarity, fit = object),
    class = "moe_dendrogram")
}

warn_separated <- function(object) {
  if (!isTRUE(object$separated)) return(invisible())
  warn("separation", "The experts of this fit are separated: slopes of its ",
       "gate have no finite estimate, and the heights depend on where the ",
       "algorithm stopped. The order of the merges may still inform; do not ",
       "choose the number of experts by dsc().")
}

# Returns the rows of a fit with their weights.
dendrogram_data <- function(object) {
  data <- stored_matrices(object)
  n <- nrow(data$x)
  if (!is.null(data$offset)) {
    data$offset <- matrix(as.double(data$offset), n, ncol(data$y))
  }
  data$weights <- if (is.null(object$weights)) rep(1, n) else object$weights
  data
}

# Merges down to one atom. `atoms` of the result is a list indexed by the number
# of atoms.
merge_all <- function(atoms, layout, dissimilarity) {
  K <- length(atoms$mass)
  all <- vector("list", K)
  all[[K]] <- atoms
  id <- -seq_len(K)
  groups <- as.list(seq_len(K))
  merge <- matrix(0L, K - 1L, 2L)
  height <- numeric(K - 1L)
  membership <- matrix(0L, K, K)
  membership[, K] <- seq_len(K)
  for (step in seq_len(K - 1L)) {
    d <- atom_dissimilarities(atoms, layout, dissimilarity)
    pair <- drop(arrayInd(which.min(d), dim(d)))
    height[step] <- d[pair[1L], pair[2L]]
    merge[step, ] <- hclust_pair(id[pair])
    one <- merge_pair(take_atoms(atoms, pair), layout)
    atoms <- restore_structure(join_atoms(take_atoms(atoms, -pair), one),
                               layout)
    id <- c(id[-pair], step)
    groups <- c(groups[-pair], list(unlist(groups[pair])))
    sorted <- order_experts(atoms$coefficients, layout$average)
    atoms <- take_atoms(atoms, sorted)
    id <- id[sorted]
    groups <- groups[sorted]
    for (k in seq_along(groups)) membership[groups[[k]], K - step] <- k
    all[[K - step]] <- atoms
  }
  list(atoms = all, height = height, merge = merge, membership = membership)
}

# Returns a pair as hclust() writes it: single observations first, then the
# earlier merge.
hclust_pair <- function(id) {
  if (all(id < 0L)) sort(id, decreasing = TRUE) else sort(id)
}

# Returns a model of the same kind with these atoms.
model_of_atoms <- function(atoms, layout, object) {
  K <- length(atoms$mass)
  atoms$log_weight <- atoms$log_weight - log_sum(atoms$log_weight)
  parameters <- parameters_of(atoms, layout, object)
  spec <- object$problem$spec
  problem <- set_model(object$problem, K,
                       gate_spec(object$gate, spec$gate_terms, K), spec$expert)
  new_moe_model(problem, parameters, object$gate, object$expert,
                has_own_gate_design(object), object$blueprint, design = NULL)
}

merged_log_likelihood <- function(model, data, threads) {
  problem <- replace_rows(model$problem, data$x, data$z, data$y, data$offset)
  problem$weights <- data$weights
  n <- nrow(data$x)
  objective <- engine_accumulate(problem, model$theta, NULL, 1, n,
                                 threads)[[1L]]
  joint <- problem$spec$gate$key == "gaussian"
  objective + sum(data$weights) * log_jacobian(problem, joint)
}
